"""Two names letter by letter, however their words are cut (compiled by numba)."""

from __future__ import annotations

import numpy as np

from screening.compiled import compiled
from screening.names.lexicon import GENERIC, LEGAL, PLACE, STOP


@compiled
def spell_out(name, names, words, skip, letters):  # type: ignore[no-untyped-def]
    """Write the folded letters of a name without blanks to `letters`; return how many, at most 64.

    Words with equivalents are written as the word that stands for them. Legal forms, stop words and the positions
    whose bits are set in `skip` are left out.
    """
    size = 0
    first = names.offsets[name]
    for position in range(first, names.offsets[name + 1]):
        kind = words.kind[names.ids[position]]
        if kind in (LEGAL, STOP) or skip >> (position - first) & 1:
            continue
        translatable = kind in (GENERIC, PLACE)
        for at in range(names.begin[position], names.begin[position + 1]):
            if translatable and at > names.begin[position]:
                break
            word = names.ids[position] if translatable else names.words[at]
            for i in range(words.fold_offsets[word], words.fold_offsets[word + 1]):
                if size < len(letters):
                    letters[size] = words.folds[i]
                    size += 1
    return size


@compiled
def write_out(name, names, words, letters):  # type: ignore[no-untyped-def]
    """Write the letters of a name as they are written, without blanks, to `letters`; return how many, at most 64."""
    size = 0
    for at in range(names.begin[names.offsets[name]], names.begin[names.offsets[name + 1]]):
        word = names.words[at]
        for i in range(words.plain_offsets[word], words.plain_offsets[word + 1]):
            if size < len(letters):
                letters[size] = words.plain[i]
                size += 1
    return size


@compiled
def common_letters(ours, size, theirs, other, masks):  # type: ignore[no-untyped-def]
    """Return the share of letters that two spellings have in common in the same order, from 0 to 1 (bit-parallel).

    That is twice the length of the longest common subsequence over the sum of the lengths `size` and `other`.
    `masks` is scratch space of 256 zeros, and is left as such.
    """
    for i in range(size):
        masks[ours[i]] |= np.uint64(1) << np.uint64(i)
    rows = ~np.uint64(0)
    for i in range(other):
        matching = rows & masks[theirs[i]]
        rows = (rows + matching) | (rows - matching)
    for i in range(size):
        masks[ours[i]] = 0
    if size + other == 0:
        return 0.0
    common = 0
    for i in range(size):
        if not (rows >> np.uint64(i)) & np.uint64(1):
            common += 1
    return 2.0 * common / (size + other)
