"""Which words of a set are spelled like a given word: every pair above the cut is found, none compared twice.

Two spellings within k edits of each other share a spelling that leaves out at most k letters of each. Both sides
are filed under the hashes of all such spellings, of their consonants, and of what a scanner may have read; words that
share a key are compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from screening.arrays import range_numbers
from screening.compiled import compiled
from screening.names.spelling import CUT, LONGEST, alike, scanned_hash, skeleton_hash, variants

_KEYS = 3 + LONGEST + LONGEST * (LONGEST - 1) // 2


@dataclass(frozen=True, slots=True)
class Folds:
    """Folded spellings: `letters[offsets[i]:offsets[i + 1]]` are those of word i."""

    offsets: NDArray[np.int64]
    letters: NDArray[np.uint8]

    def followed_by(self, other: Folds) -> Folds:
        """Return these spellings and, after them, the other ones."""
        return Folds(
            np.concatenate([self.offsets, other.offsets[1:] + self.offsets[-1]]),
            np.concatenate([self.letters, other.letters]),
        )

    def take(self, rows: NDArray[np.int64]) -> Folds:
        """Return the spellings of some rows, in their order."""
        first, last = self.offsets[:-1][rows], self.offsets[1:][rows]
        offsets = np.concatenate([[0], np.cumsum(last - first)]).astype(np.int64)
        return Folds(offsets, self.letters[range_numbers(first, last)])


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`ids[offsets[i]:offsets[i + 1]]` are what the words like word i stand for, ascending."""

    offsets: NDArray[np.int64]
    ids: NDArray[np.int32]
    similarity: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SpellingIndex:
    """Spellings filed under their keys: row r of `folds` stands for `targets[r]`; `starts` are 2**bits buckets."""

    folds: Folds
    targets: NDArray[np.int32]
    keys: NDArray[np.uint64]
    rows: NDArray[np.int32]
    starts: NDArray[np.int64]

    @classmethod
    def build(cls, folds: Folds, targets: NDArray[np.int32]) -> SpellingIndex:
        """File spellings under all their keys."""
        keys, rows = _all_keys(folds.letters, folds.offsets)
        order = np.argsort(keys, kind="stable")
        keys, rows = keys[order], rows[order]
        bits = max(4, len(keys).bit_length())
        starts = np.searchsorted(keys >> np.uint64(64 - bits), np.arange((1 << bits) + 1, dtype=np.uint64))
        return cls(folds, targets, keys, rows, starts)

    def search(self, words: Folds, cut: float = CUT) -> Neighbours:
        """Find what the filed spellings that are like each word stand for, with the similarity of the likest."""
        offsets, ids, similarity = _search(
            words.letters, words.offsets, self.keys, self.rows, self.starts, self.targets,
            self.folds.letters, self.folds.offsets, cut,
        )  # fmt: skip
        return Neighbours(offsets, ids, similarity)


@compiled
def _word_keys(letters, buffer):  # type: ignore[no-untyped-def]
    """Write the keys of a spelling to `buffer`; return how many."""
    found = variants(letters, buffer)
    skeleton = skeleton_hash(letters)
    if skeleton != 0:
        buffer[found] = skeleton
        found += 1
    if len(letters) > 3:
        buffer[found] = scanned_hash(letters)
        found += 1
    return found


@compiled
def _all_keys(folds, offsets):  # type: ignore[no-untyped-def]
    """Return the keys of all spellings, and the row of each."""
    count = len(offsets) - 1
    buffer = np.empty(_KEYS, np.uint64)
    keys = np.empty(max(2 * _KEYS, count * 16), np.uint64)  # doubling once always makes room for one word
    rows = np.empty(len(keys), np.int32)
    at = 0
    for row in range(count):
        letters = folds[offsets[row] : offsets[row + 1]]
        if len(letters) == 0:
            continue
        found = _word_keys(letters, buffer)
        if at + found > len(keys):
            keys = np.concatenate((keys, np.empty_like(keys)))
            rows = np.concatenate((rows, np.empty_like(rows)))
        for i in range(found):
            keys[at] = buffer[i]
            rows[at] = row
            at += 1
    return keys[:at].copy(), rows[:at].copy()


@compiled
def _search(folds, offsets, keys, rows, starts, targets, list_folds, list_offsets, cut):  # type: ignore[no-untyped-def]
    """Return offsets, targets and similarities of the filed spellings that are like each word."""
    count = len(offsets) - 1
    compared = np.full(len(list_offsets) - 1, -1, np.int32)
    buffer = np.empty(_KEYS, np.uint64)
    scratch = np.empty((3, LONGEST + 1), np.float64)
    out_offsets = np.zeros(count + 1, np.int64)
    ids = np.empty(max(64, count * 4), np.int32)
    similarity = np.empty(len(ids), np.float32)
    bits = 0
    while (1 << bits) < len(starts) - 1:
        bits += 1
    shift = np.uint64(64 - bits)
    written = 0
    for word in range(count):
        letters = folds[offsets[word] : offsets[word + 1]]
        first = written
        found = _word_keys(letters, buffer) if len(letters) else 0
        skeleton = skeleton_hash(letters) if len(letters) else np.uint64(0)
        for k in range(found):
            key = buffer[k]
            bucket = np.int64(key >> shift)
            for at in range(starts[bucket], starts[bucket + 1]):
                row = rows[at]
                if keys[at] != key or compared[row] == word:
                    continue
                compared[row] = word
                theirs = list_folds[list_offsets[row] : list_offsets[row + 1]]
                same = skeleton != 0 and skeleton == skeleton_hash(theirs)
                value = alike(letters, theirs, same, scratch[0], scratch[1], scratch[2])
                if value < cut:
                    continue
                target, again = targets[row], False
                for other in range(first, written):
                    if ids[other] == target:
                        similarity[other] = max(similarity[other], value)
                        again = True
                        break
                if again:
                    continue
                if written == len(ids):
                    ids = np.concatenate((ids, np.empty_like(ids)))
                    similarity = np.concatenate((similarity, np.empty_like(similarity)))
                ids[written] = target
                similarity[written] = value
                written += 1
        order = np.argsort(ids[first:written], kind="mergesort")
        ids[first:written] = ids[first:written][order]
        similarity[first:written] = similarity[first:written][order]
        out_offsets[word + 1] = written
    return out_offsets, ids[:written].copy(), similarity[:written].copy()
