"""Phrases of the lexicon in sequences of token ids (compiled by numba; import it only where names are read)."""

from __future__ import annotations

import numpy as np

from screening.compiled import compiled

LETTERS = 26
"""The first ids of a lexicon are the single letters."""


@compiled
def merge_phrases(offsets, ids, spans, tokens, root, keys, states, stands_for, persons, most):  # type: ignore[no-untyped-def]
    """Replace each phrase of the lexicon, leftmost and longest first, by the token that stands for it.

    `offsets` and `ids` are names as sequences, `spans[i]:spans[i + 1]` the words behind id i; `root` to `stands_for`
    are the trie of a `Lexicon` of so many `tokens`; at most `most` tokens a name are written. A phrase of single
    letters does not end before another single letter: `a s p` is no Turkish company. Nor are two single letters at the
    start of a name a phrase: `a g vysokinsky` is a person with initials; in a person's name none are. Returns new
    offsets, ids, the first word behind each, and for each a phrase number (0 where the id is not a merged phrase).
    """
    names = len(offsets) - 1
    out_offsets = np.zeros(names + 1, np.int64)
    out = np.empty(len(ids), np.int32)
    begin = np.empty(len(ids) + 1, np.int64)
    merged = np.zeros(len(ids), np.int32)
    written = 0
    for name in range(names):
        at, end = offsets[name], offsets[name + 1]
        while at < end and written - out_offsets[name] < most:
            token, length, phrase = ids[at], 1, 0
            ahead, letters = at + 1, token < LETTERS
            state = root[token] if token < tokens else -1
            if state >= 0 and stands_for[state] >= 0:
                token = stands_for[state]
            while state >= 0 and ahead < end and ids[ahead] < tokens:
                key = np.int64(state) * tokens + ids[ahead]
                where = np.searchsorted(keys, key)
                if where == len(keys) or keys[where] != key:
                    break
                state = states[where]
                letters = letters and ids[ahead] < LETTERS
                ahead += 1
                initials = letters and (
                    persons[name]
                    or (ahead < end and ids[ahead] < LETTERS)
                    or (at == offsets[name] and ahead - at == 2 and ahead < end)
                )
                if stands_for[state] >= 0 and not initials:
                    token, length, phrase = stands_for[state], ahead - at, state
            out[written] = token
            begin[written] = spans[at]
            merged[written] = phrase
            written += 1
            at += length
        out_offsets[name + 1] = written
        begin[written] = spans[end]
    return out_offsets, out[:written].copy(), begin[: written + 1].copy(), merged[:written].copy()
