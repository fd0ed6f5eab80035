# ruff: noqa: PLR0912, PLR0915 (compiled loops gain nothing from being split)
"""One query beside one name: which words agree, and what that leaves (compiled by numba)."""

from __future__ import annotations

import numpy as np
from numba import njit

from screening.matching.book import CRAFT
from screening.names.lexicon import GENERIC, LEGAL, NUMBER, PLACE, STOP
from screening.names.tokens import MAX_TOKENS

SAME_STEM = 0.98  # technology, technologies
SAME_MEANING = 0.93  # technology, jishu
DISTINCTIVE = 0.45  # a word of this weight or more is one by which a name is known
AFTER_CUT = 0.15  # what words are worth that a cut query could not show
COLUMNS = 7  # of an alignment: begin, span (query), begin, span (name), similarity, weight, meaning only
MOST_PAIRS = 256


@njit(cache=True, nogil=True)
def align(query, name, queries, listed, worth_q, worth_n, words, book, work, found):  # type: ignore[no-untyped-def]
    """Pair the units of a query with those of a name, the weightiest first, each position at most once.

    Writes one row of `found` per pair and returns how many, with the taken positions of both as bits.
    """
    start = queries.offsets[query]
    first, last = listed.offsets[name], listed.offsets[name + 1]
    options = MAX_TOKENS
    for at in range(first, last):
        entry = work.head[listed.ids[at]]
        while entry >= 0:
            own, position = 0.0, start + work.begin[entry]
            for i in range(position, position + work.span[entry]):
                own += worth_q[i]
            if options < len(found):
                row = found[options]
                row[0], row[1], row[2], row[3] = work.begin[entry], work.span[entry], at - first, 1
                row[4], row[5], row[6] = work.alike[entry], min(own, worth_n[at]), 0.0
                same = work.span[entry] == 1 and queries.ids[position] == listed.ids[at]
                if (
                    same
                    and words.kind[listed.ids[at]] != NUMBER
                    and queries.spelling[position] != listed.spelling[at]
                ):
                    row[4] = SAME_STEM if queries.stem[position] == listed.stem[at] else SAME_MEANING
                    row[6] = 0.0 if row[4] == SAME_STEM else 1.0
                options += 1
            entry = work.following[entry]
    for at in range(listed.join_offsets[name], listed.join_offsets[name + 1]):
        entry = work.head[book.join_units[at]]
        begin, span = listed.join_first[at], listed.join_span[at]
        while entry >= 0:
            own, theirs = 0.0, 0.0
            for i in range(work.begin[entry], work.begin[entry] + work.span[entry]):
                own += worth_q[start + i]
            for i in range(first + begin, first + begin + span):
                theirs += worth_n[i]
            if options < len(found):
                row = found[options]
                row[0], row[1], row[2], row[3] = work.begin[entry], work.span[entry], begin, span
                row[4], row[5], row[6] = work.alike[entry], min(own, theirs), 0.0
                options += 1
            entry = work.following[entry]
    taken_q, taken_n, pairs = np.int64(0), np.int64(0), 0
    while pairs < MAX_TOKENS:
        pick, value, far = -1, -1.0, 0.0
        for i in range(MAX_TOKENS, options):
            row = found[i]
            bits_q = ((np.int64(1) << np.int64(row[1])) - 1) << np.int64(row[0])
            bits_n = ((np.int64(1) << np.int64(row[3])) - 1) << np.int64(row[2])
            if taken_q & bits_q or taken_n & bits_n:
                continue
            value_here = (row[5] + 1e-3 * (row[1] + row[3])) * row[4]
            distance = abs(row[0] - row[2])
            if value_here > value + 1e-9 or (value_here > value - 1e-9 and distance < far):
                pick, value, far = i, value_here, distance
        if pick < 0:
            break
        row = found[pick]
        taken_q |= ((np.int64(1) << np.int64(row[1])) - 1) << np.int64(row[0])
        taken_n |= ((np.int64(1) << np.int64(row[3])) - 1) << np.int64(row[2])
        for j in range(COLUMNS):
            found[pairs, j] = row[j]
        pairs += 1
    return pairs, taken_q, taken_n


@njit(cache=True, nogil=True)
def passes(item, names, worth, side, pairs, found, gate):  # type: ignore[no-untyped-def]
    """Say whether an alignment reaches the gate of one side: its own gains, not the bound that `gather` worked with.

    `side` is the first column of `found` that tells of it: 0 for the query, 2 for the name.
    """
    start, end = names.offsets[item], names.offsets[item + 1]
    total, gains = 0.0, 0.0
    for at in range(start, end):
        total += worth[at]
    for i in range(pairs):
        own = 0.0
        for at in range(int(found[i, side]), int(found[i, side] + found[i, side + 1])):
            own += worth[start + at]
        gains += found[i, 5] * (found[i, 4] - gate) + gate * own
    return gains >= gate * total


@njit(cache=True, nogil=True)
def spell_out(name, names, words, skip, letters):  # type: ignore[no-untyped-def]
    """Write the folded letters of a name without blanks, words with equivalents as the word that stands for them,
    save legal forms, stop words and the positions whose bits `skip` holds; return how many, at most 64.
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


@njit(cache=True, nogil=True)
def write_out(name, names, words, letters):  # type: ignore[no-untyped-def]
    """Write the letters of a name as they are written, without blanks; return how many, at most 64."""
    size = 0
    for at in range(names.begin[names.offsets[name]], names.begin[names.offsets[name + 1]]):
        word = names.words[at]
        for i in range(words.plain_offsets[word], words.plain_offsets[word + 1]):
            if size < len(letters):
                letters[size] = words.plain[i]
                size += 1
    return size


@njit(cache=True, nogil=True)
def common_letters(ours, size, theirs, other, masks):  # type: ignore[no-untyped-def]
    """Share of letters that two spellings have in common in the same order, from 0 to 1 (bit-parallel).

    `masks` is scratch space of 256 zeros, and is left as such.
    """
    for i in range(size):
        masks[ours[i]] |= np.uint64(1) << np.uint64(i)
    rows = ~np.uint64(0)
    for i in range(other):
        hit = rows & masks[theirs[i]]
        rows = (rows + hit) | (rows - hit)
    for i in range(size):
        masks[ours[i]] = 0
    if size + other == 0:
        return 0.0
    common = 0
    for i in range(size):
        if not (rows >> np.uint64(i)) & np.uint64(1):
            common += 1
    return 2.0 * common / (size + other)


@njit(cache=True, nogil=True)
def measure(  # type: ignore[no-untyped-def]
    query,
    name,
    queries,
    listed,
    worth_q,
    worth_n,
    words,
    book,
    work,
    is_cut,
    pairs,
    found,
    taken_q,
    taken_n,
    as_person,
    out,
):
    """Measure an alignment: write what `score.MEASURES` names."""
    start, end = queries.offsets[query], queries.offsets[query + 1]
    first, last = listed.offsets[name], listed.offsets[name + 1]
    out[:] = 0.0
    bits = words.bits_person if as_person else words.bits
    furthest = -1
    for i in range(pairs):
        agree = found[i, 5] * found[i, 4]
        out[0] += agree
        out[1] += found[i, 5] - agree
        out[14] += found[i, 5] * found[i, 6]
        out[15] += agree >= DISTINCTIVE
        out[16] = max(out[16], agree)
        ours, theirs = 0.0, 0.0
        for at in range(start + int(found[i, 0]), start + int(found[i, 0] + found[i, 1])):
            ours += bits[queries.ids[at]] if worth_q[at] > 0.0 else 0.0
        for at in range(first + int(found[i, 2]), first + int(found[i, 2] + found[i, 3])):
            theirs += bits[listed.ids[at]] if worth_n[at] > 0.0 else 0.0
        out[25] += min(ours, theirs) * found[i, 4] * found[i, 4]
        furthest = max(furthest, int(found[i, 2] + found[i, 3]))
    number_q, number_n, place_q, place_n = 0, 0, 0, 0
    legal_q, legal_n = -1, -1
    for at in range(first, last):
        if words.kind[listed.ids[at]] == LEGAL:
            legal_n = words.legal_class[listed.ids[at]]
    for at in range(start, end):
        token = queries.ids[at]
        kind = words.kind[token]
        if kind == LEGAL:
            legal_q = words.legal_class[token]
        if taken_q >> (at - start) & 1:
            continue
        if as_person and kind not in (LEGAL, STOP) and words.length[token]:
            hit = False
            for other in range(first, last):
                bit = np.int64(1) << (other - first)
                theirs = listed.ids[other]
                if taken_n & bit or words.letter[theirs] != words.letter[token]:
                    continue
                if words.length[token] == 1 or words.length[theirs] == 1:
                    taken_n |= bit
                    hit = True
                    break
            if hit:
                out[9] += 1.0
                continue
        out[2] += worth_q[at]
        out[4] = max(out[4], worth_q[at])
        number_q += kind == NUMBER
        place_q += kind == PLACE
    for at in range(first, last):
        if taken_n >> (at - first) & 1:
            continue
        worth = worth_n[at]
        if is_cut and at - first >= furthest:
            worth *= AFTER_CUT
        else:
            number_n += words.kind[listed.ids[at]] == NUMBER
            place_n += words.kind[listed.ids[at]] == PLACE
        out[3] += worth
        out[5] = max(out[5], worth)
    out[6] = 2.0 if number_q and number_n else (1.0 if number_q or number_n else 0.0)
    out[7] = 1.0 if place_q and place_n else 0.0
    out[8] = 0.0 if legal_q < 0 or legal_n < 0 else (1.0 if legal_q == legal_n else -1.0)
    out[10] = book.weak[name]
    kind_q, kind_n = queries.kind[query], listed.kind[name]
    out[11] = kind_q > 0 and kind_n > 0 and kind_q != kind_n
    out[12] = kind_n >= CRAFT and kind_q != kind_n
    here, there = queries.country[query], listed.country[name]
    out[13] = 0.0 if here < 0 or there < 0 else (1.0 if here == there else -1.0)
    letters_q, letters_n = work.letters[0], work.letters[1]
    size = spell_out(query, queries, words, 0, letters_q)
    other = spell_out(name, listed, words, 0, letters_n)
    out[17] = common_letters(letters_q, size, letters_n, other, work.masks)
    size = spell_out(query, queries, words, taken_q, letters_q)
    other = spell_out(name, listed, words, taken_n, letters_n)
    out[18] = common_letters(letters_q, size, letters_n, other, work.masks) if size and other else 1.0
    size = write_out(query, queries, words, letters_q)
    other = write_out(name, listed, words, letters_n)
    out[26] = common_letters(letters_q, size, letters_n, other, work.masks)
    out[19] = _out_of_order(pairs, found)
    out[20] = is_cut
    aligned = out[0] + out[1]
    out[21] = out[0] / (aligned + out[2] + out[3]) if aligned > 0.0 else 0.0
    out[22] = out[0] / (aligned + out[2]) if aligned > 0.0 else 0.0
    out[23] = out[0] / (aligned + out[3]) if aligned > 0.0 else 0.0
    out[24] = out[1] / aligned if aligned > 0.0 else 0.0


@njit(cache=True, nogil=True)
def _out_of_order(pairs, found):  # type: ignore[no-untyped-def]
    """Share of the pairs that, read in the order of the query, step back in the name."""
    back, before, begin = 0, -1.0, -1.0
    for _ in range(pairs):
        here, there = 1e9, 0.0
        for i in range(pairs):
            if begin < found[i, 0] < here:
                here, there = found[i, 0], found[i, 2]
        back += there < before
        begin, before = here, there
    return back / (pairs - 1) if pairs > 1 else 0.0
