"""Which tokens of the index are spelled like a given token: every pair above the cut is found, none is compared twice.

Two spellings within k edits of each other share a spelling that leaves out at most k letters of each. Both sides
are filed under the hashes of all such spellings, and under the hash of their consonants; who shares a key is compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from screening.matching.spelling import CUT, LONGEST, alike, skeleton_hash, variants
from screening.names.lexicon import LEGAL, NUMBER, STOP, TITLE
from screening.names.tokens import Tokens
from screening.names.vocabulary import Vocabulary

_KEYS = 2 + LONGEST + LONGEST * (LONGEST - 1) // 2
_SHIFT_BITS = 20


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`ids[offsets[i]:offsets[i + 1]]` are the index tokens like token i, ascending, itself included."""

    offsets: NDArray[np.int64]
    ids: NDArray[np.int32]
    similarity: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SpellingIndex:
    """The spellings of a vocabulary filed under their keys; `starts` gives the first key of each bucket."""

    keys: NDArray[np.uint64]
    tokens: NDArray[np.int32]
    starts: NDArray[np.int64]


def spelled(vocabulary: Vocabulary) -> NDArray[np.bool_]:
    """Say which tokens may be compared by spelling: not numbers, legal forms, titles or stop words."""
    return ~np.isin(vocabulary.kind, (NUMBER, STOP, TITLE, LEGAL))


def file_spellings(vocabulary: Vocabulary, listed: Tokens) -> SpellingIndex:
    """File the words of a vocabulary that occur in `listed` under all their keys."""
    usable = spelled(vocabulary) & (np.bincount(listed.ids, minlength=len(vocabulary)) > 0)
    keys, tokens = _file(vocabulary.folds, vocabulary.fold_offsets, usable)
    order = np.argsort(keys, kind="stable")
    keys, tokens = keys[order], tokens[order]
    buckets = np.arange((1 << _SHIFT_BITS) + 1, dtype=np.uint64)
    starts = np.searchsorted(keys >> np.uint64(64 - _SHIFT_BITS), buckets)
    return SpellingIndex(keys, tokens, starts)


def neighbours(queries: Vocabulary, index: SpellingIndex, vocabulary: Vocabulary) -> Neighbours:
    """Find the tokens of `vocabulary` (filed as `index`) that are spelled like each token of `queries`."""
    offsets, ids, similarity = _search(
        queries.folds, queries.fold_offsets, spelled(queries),
        index.keys, index.tokens, index.starts, vocabulary.folds, vocabulary.fold_offsets,
    )  # fmt: skip
    return Neighbours(offsets, ids, similarity)


@njit(cache=True, nogil=True)
def _file(folds, offsets, usable):  # type: ignore[no-untyped-def]
    count = len(offsets) - 1
    buffer = np.empty(_KEYS, np.uint64)
    total = 0
    for token in range(count):
        n = min(offsets[token + 1] - offsets[token], LONGEST)
        total += 2 + (n if n >= 4 else 0) + (n * (n - 1) // 2 if n >= 8 else 0)
    keys = np.empty(total, np.uint64)
    tokens = np.empty(total, np.int32)
    at = 0
    for token in range(count):
        letters = folds[offsets[token] : offsets[token + 1]]
        if not usable[token] or len(letters) == 0:
            continue
        found = variants(letters, buffer)
        buffer[found] = skeleton_hash(letters)
        if buffer[found] != 0:
            found += 1
        for i in range(found):
            keys[at] = buffer[i]
            tokens[at] = token
            at += 1
    return keys[:at].copy(), tokens[:at].copy()


@njit(cache=True, nogil=True)
def _search(folds, offsets, usable, keys, tokens, starts, list_folds, list_offsets):  # type: ignore[no-untyped-def]
    count = len(offsets) - 1
    seen = np.full(len(list_offsets) - 1, -1, np.int32)
    buffer = np.empty(_KEYS, np.uint64)
    rows = np.empty((3, LONGEST + 1), np.float64)
    out_offsets = np.zeros(count + 1, np.int64)
    ids = np.empty(max(64, count * 4), np.int32)
    similarity = np.empty(len(ids), np.float32)
    shift = np.uint64(64 - _SHIFT_BITS)
    written = 0
    for token in range(count):
        letters = folds[offsets[token] : offsets[token + 1]]
        first = written
        if usable[token] and len(letters):
            found = variants(letters, buffer)
            skeleton = skeleton_hash(letters)
            buffer[found] = skeleton
            if skeleton != 0:
                found += 1
            for k in range(found):
                key = buffer[k]
                bucket = np.int64(key >> shift)
                for at in range(starts[bucket], starts[bucket + 1]):
                    other = tokens[at]
                    if keys[at] != key or seen[other] == token:
                        continue
                    seen[other] = token
                    theirs = list_folds[list_offsets[other] : list_offsets[other + 1]]
                    same = skeleton != 0 and skeleton == skeleton_hash(theirs)
                    value = alike(letters, theirs, same, rows[0], rows[1], rows[2])
                    if value >= CUT:
                        if written == len(ids):
                            ids = np.concatenate((ids, np.empty_like(ids)))
                            similarity = np.concatenate((similarity, np.empty_like(similarity)))
                        ids[written] = other
                        similarity[written] = value
                        written += 1
            order = np.argsort(ids[first:written], kind="mergesort")
            ids[first:written] = ids[first:written][order]
            similarity[first:written] = similarity[first:written][order]
        out_offsets[token + 1] = written
    return out_offsets, ids[:written].copy(), similarity[:written].copy()
