# ruff: noqa: PLR0912 (compiled loops gain nothing from being split)
"""How alike two folded spellings are, and the keys that similar spellings share (compiled by numba).

Every function works on letters as bytes. Hashes are polynomial, so that the hash of a spelling without some of
its letters follows from the hashes of its beginnings.
"""

from __future__ import annotations

import numpy as np

from screening.compiled import compiled

BASE = np.uint64(0x9E3779B97F4A7C15)
ONE = np.uint64(1)
LONGEST = 24
"""Letters of a word beyond these do not count."""
SHORT, LONG = 3, 7
"""From so many letters on, one and two edits are allowed."""
CUT = 0.6
"""Words less alike than this are different words."""


@compiled
def mixed(value):  # type: ignore[no-untyped-def]
    """Spread a hash over all its bits (the finalizer of SplitMix64)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@compiled
def hash_on(letters, start, end, value):  # type: ignore[no-untyped-def]
    """Carry a hash on over letters[start:end]."""
    for i in range(start, end):
        value = value * BASE + np.uint64(letters[i] + 1)
    return value


@compiled
def word_hashes(letters, offsets):  # type: ignore[no-untyped-def]
    """Hash every word; 0 for a word of one letter."""
    hashes = np.zeros(len(offsets) - 1, np.uint64)
    for word in range(len(hashes)):
        if offsets[word + 1] - offsets[word] > 1:
            hashes[word] = mixed(hash_on(letters, offsets[word], offsets[word + 1], np.uint64(0)))
    return hashes


@compiled
def letter_bits(letters, offsets, table):  # type: ignore[no-untyped-def]
    """Return the bits of every word by the likeliness of its letters; `table` is that of `rarity.letter_table`."""
    bits = np.zeros(len(offsets) - 1, np.float64)
    for word in range(len(bits)):
        a, b = 26, 26
        for i in range(offsets[word], offsets[word + 1] + 1):
            c = 27
            if i < offsets[word + 1]:
                c = letters[i] - 97
                if c < 0 or c > 25:  # a digit is one of ten, wherever it stands
                    bits[word] += 3.3
                    a, b = 26, 26
                    continue
            bits[word] += table[a, b, c]
            a, b = b, c
    return bits


@compiled
def stems(letters, offsets):  # type: ignore[no-untyped-def]
    """Number the first four letters of every word."""
    numbers = np.zeros(len(offsets) - 1, np.uint32)
    for word in range(len(numbers)):
        for i in range(offsets[word], min(offsets[word + 1], offsets[word] + 4)):
            numbers[word] = numbers[word] * np.uint32(256) + np.uint32(letters[i])
    return numbers


@compiled
def is_vowel(letter):  # type: ignore[no-untyped-def]
    """Say whether a letter is one of a, e, i, o, u."""
    return letter in (97, 101, 105, 111, 117)


@compiled
def skeleton_hash(letters):  # type: ignore[no-untyped-def]
    """Hash the first letter (any vowel alike) and the consonants after it; 0 when fewer than three."""
    value, count, last = np.uint64(17), 0, 0
    for i in range(len(letters)):
        letter = letters[i]
        if i and (is_vowel(letter) or (letter == 104 and i == len(letters) - 1)):
            continue
        if i == 0 and is_vowel(letter):
            letter = 97
        if letter == last:
            continue
        value = value * BASE + np.uint64(letter)
        last = letter
        count += 1
    return mixed(value) if count >= 3 else np.uint64(0)


@compiled
def misread(a, b):  # type: ignore[no-untyped-def]
    """Return what a scanner reads for the pair `ab`: m for rn, n for ri, d for cl (folded kl); 0: nothing else."""
    if a == 114:
        return 109 if b == 110 else (110 if b == 105 else 0)
    return 100 if a == 107 and b == 108 else 0


@compiled
def scanned_hash(letters):  # type: ignore[no-untyped-def]
    """Hash the spelling as a scanner may read it, so that `rn` and `m` come out alike."""
    value, i = np.uint64(29), 0
    while i < len(letters):
        letter = letters[i]
        if i + 1 < len(letters):
            other = misread(letter, letters[i + 1])
            if other:
                letter = other
                i += 1
        value = value * BASE + np.uint64(letter)
        i += 1
    return mixed(value)


@compiled
def allowed_edits(length):  # type: ignore[no-untyped-def]
    """Return how many edits a spelling of this length may have against a similar one."""
    return 0 if length < SHORT else (1 if length < LONG else 2)


@compiled
def variants(letters, out):  # type: ignore[no-untyped-def]
    """Write the hashes of the spelling with up to its allowed number of letters left out; return how many."""
    n = min(len(letters), LONGEST)
    prefix = np.empty(n + 1, np.uint64)
    power = np.empty(n + 1, np.uint64)
    prefix[0], power[0] = np.uint64(0), ONE
    for i in range(n):
        prefix[i + 1] = prefix[i] * BASE + np.uint64(letters[i] + 1)
        power[i + 1] = power[i] * BASE
    edits = allowed_edits(n)
    count = 1
    out[0] = mixed(prefix[n])
    if edits >= 1:
        for i in range(n):
            tail = prefix[n] - prefix[i + 1] * power[n - i - 1]
            out[count] = mixed(prefix[i] * power[n - i - 1] + tail)
            count += 1
    if edits >= 2:
        for i in range(n):
            for j in range(i + 1, n):
                middle = prefix[j] - prefix[i + 1] * power[j - i - 1]
                head = prefix[i] * power[j - i - 1] + middle
                tail = prefix[n] - prefix[j + 1] * power[n - j - 1]
                out[count] = mixed(head * power[n - j - 1] + tail)
                count += 1
    return count


@compiled
def swap_cost(x, y):  # type: ignore[no-untyped-def]
    """Return the cost of one letter for another: vowels half, letters that sound or look alike less than one edit."""
    if is_vowel(x) and is_vowel(y):
        return 0.5
    a, b = min(x, y), max(x, y)
    pair = np.int64(a) * 256 + b
    # bp bv dt fp fv gj gk hb il jz lr mn sz ft uv Ss Cj kC ek hk
    if pair in (
        25200, 25206, 25716, 26224, 26230, 26474, 26475, 25192, 26988, 27258, 27762, 28014, 29562,
        26228, 30070, 21363, 17258, 17259, 25963, 26731,
    ):  # fmt: skip
        return 0.6
    return 1.0


@compiled
def _consonants(letters):  # type: ignore[no-untyped-def]
    """Count the consonants."""
    count = 0
    for i in range(len(letters)):
        count += not is_vowel(letters[i])
    return count


@compiled
def _unvowelled(letters):  # type: ignore[no-untyped-def]
    """Say whether a word of three letters or more has at most one vowel after its first letter."""
    count = 0
    for i in range(1, len(letters)):
        count += is_vowel(letters[i])
    return len(letters) > 2 and count <= (1 if len(letters) > 4 else 0)


@compiled
def alike(a, b, same_skeleton, row0, row1, row2):  # type: ignore[no-untyped-def]
    """Return the similarity of two folded spellings from 0 to 1, by a weighted edit distance; symmetric.

    A vowel for a vowel costs half an edit, a change of the first letter more than one; where the consonants
    are the same, vowels cost a third, less where one side writes none. The rows are scratch space of at least
    `LONGEST` + 1.
    """
    n, m = min(len(a), LONGEST), min(len(b), LONGEST)
    vowel = 0.6
    if same_skeleton:  # of three consonants only where one side writes no vowels, as in Arabic
        unvowelled = _unvowelled(a) or _unvowelled(b)
        same_skeleton = unvowelled or _consonants(a) > 3
        vowel = 0.2 if unvowelled else (0.35 if same_skeleton else 0.6)
    for j in range(m + 1):
        row1[j] = 0.0 if j == 0 else row1[j - 1] + (vowel if is_vowel(b[j - 1]) and j > 1 else 1.0)
    for i in range(1, n + 1):
        gap = vowel if is_vowel(a[i - 1]) and i > 1 else 1.0
        row0[0] = row1[0] + gap
        for j in range(1, m + 1):
            x, y = a[i - 1], b[j - 1]
            if x == y:
                best = row1[j - 1]
            else:
                swap = swap_cost(x, y)
                if same_skeleton and swap == 0.5:
                    swap = 0.3
                if i == 1 and j == 1:
                    swap *= 1.2
                best = row1[j - 1] + swap
                best = min(best, row1[j] + gap)
                best = min(best, row0[j - 1] + (vowel if is_vowel(y) and j > 1 else 1.0))
                if j > 1 and misread(b[j - 2], y) == x:
                    best = min(best, row1[j - 2] + 0.6)
                if i > 1:
                    if misread(a[i - 2], x) == y:
                        best = min(best, row2[j - 1] + 0.6)
                    if j > 1 and x == b[j - 2] and a[i - 2] == y:
                        best = min(best, row2[j - 2] + 0.8)
            row0[j] = best
        for j in range(m + 1):
            row2[j] = row1[j]
            row1[j] = row0[j]
    size = max(n, m)
    if row1[m] == 0.0:  # folded alike, written otherwise: tells less the shorter it is
        return 0.97 if size > 4 else (0.88 if size == 4 else 0.75)
    return 0.97 * max(0.0, 1.0 - 1.5 * row1[m] * (0.75 + 2.0 / size) / size)
