"""Known phrases in sequences of token ids (compiled by numba; import it only where names are read)."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def merge_phrases(offsets, ids, known, root, keys, states, stands_for, most):  # type: ignore[no-untyped-def]
    """Replace each known phrase, leftmost and longest first, by the token that stands for it.

    Arguments are a `Tokens` and the trie of a `Lexicon` with `known` tokens; at most `most` tokens a name are
    kept. Returns new offsets and ids.
    """
    names = len(offsets) - 1
    out_offsets = np.zeros(names + 1, np.int64)
    out = np.empty(len(ids), np.int32)
    written = 0
    for name in range(names):
        at, end = offsets[name], offsets[name + 1]
        while at < end and written - out_offsets[name] < most:
            token, length = ids[at], 1
            state = root[token] if token < known else -1
            if state >= 0 and stands_for[state] >= 0:
                token = stands_for[state]
            ahead = at + 1
            while state >= 0 and ahead < end and ids[ahead] < known:
                key = np.int64(state) * known + ids[ahead]
                where = np.searchsorted(keys, key)
                if where == len(keys) or keys[where] != key:
                    break
                state = states[where]
                ahead += 1
                if stands_for[state] >= 0:
                    token, length = stands_for[state], ahead - at
            out[written] = token
            written += 1
            at += length
        out_offsets[name + 1] = written
    return out_offsets, out[:written].copy()
