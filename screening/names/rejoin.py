"""Words of the lexicon that were torn apart put together: `limi ted`, `co mpany` (compiled by numba)."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from screening.compiled import compiled
from screening.names.lexicon import lexicon
from screening.names.rarity import common
from screening.names.spelling import BASE, hash_on

SHORTEST = 6
"""Letters of a word that is put together again."""


def rejoin(
    offsets: NDArray[np.int64], codes: NDArray[np.int32], words: list[str], ids: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Put torn words together in names: codes[offsets[i]:offsets[i + 1]] are name i, codes are rows of `words`.

    Two neighbours become one where they make a word of the lexicon and one of them is no word by itself: neither in the
    lexicon nor common in names.
    Returns the offsets and ids (`ids` of the words, or those of the lexicon) of the names.
    """
    in_lexicon, in_organizations, in_persons = lexicon().ids, common("organization"), common("person")
    odd = np.fromiter(
        (w not in in_lexicon and w not in in_organizations and w not in in_persons for w in words),
        np.bool_,
        len(words),
    )
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    letters = np.frombuffer("".join(words).encode("ascii"), np.uint8)
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    keys, targets = _lexicon_keys()
    rejoined: tuple[NDArray[np.int64], NDArray[np.int32]] = _rejoin(
        offsets, codes, odd, letters, bounds, ids, keys, targets
    )
    return rejoined


@cache
def _lexicon_keys() -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Return the hashes of the words of the lexicon that are long enough, sorted, and their ids."""
    ids = [i for i, token in enumerate(lexicon().tokens) if len(token) >= SHORTEST and token.isalpha()]
    words = [np.frombuffer(lexicon().tokens[i].encode("ascii"), np.uint8) for i in ids]
    keys = np.array([hash_on(word, 0, len(word), np.uint64(0)) for word in words], np.uint64)
    order = np.argsort(keys)
    return keys[order], np.array(ids, np.int32)[order]


@compiled
def _rejoin(offsets, codes, odd, letters, bounds, ids, keys, targets):  # type: ignore[no-untyped-def]
    hashes = np.empty(len(odd), np.uint64)
    powers = np.ones(len(odd), np.uint64)
    for word in range(len(odd)):
        hashes[word] = hash_on(letters, bounds[word], bounds[word + 1], np.uint64(0))
        for _ in range(bounds[word], bounds[word + 1]):
            powers[word] *= BASE
    out_offsets = np.zeros(len(offsets), np.int64)
    out = np.empty(len(codes), np.int32)
    written = 0
    for name in range(len(offsets) - 1):
        at = offsets[name]
        while at < offsets[name + 1]:
            a = codes[at]
            out[written] = ids[a]
            at += 1
            if at < offsets[name + 1] and (odd[a] or odd[codes[at]]):
                b = codes[at]
                if bounds[a + 1] - bounds[a] + bounds[b + 1] - bounds[b] >= SHORTEST:
                    key = hashes[a] * powers[b] + hashes[b]
                    where = np.searchsorted(keys, key)
                    if where < len(keys) and keys[where] == key:
                        out[written] = targets[where]
                        at += 1
            written += 1
        out_offsets[name + 1] = written
    return out_offsets, out[:written].copy()
