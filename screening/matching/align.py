# ruff: noqa: PLR0912 (compiled loops gain nothing from being split)
"""One query beside one name: which words agree, and what that leaves (compiled by numba)."""

from __future__ import annotations

import numpy as np

from screening.compiled import compiled
from screening.names.lexicon import NUMBER
from screening.names.tokens import MAX_TOKENS

SAME_STEM = 0.98  # technology, technologies
SAME_MEANING = 0.93  # technology, jishu
COLUMNS = 7  # of an alignment: begin, span (query), begin, span (name), similarity, weight, meaning only
MOST_PAIRS = 256


@compiled
def align(query, name, queries, listed, worth_q, worth_n, words, postings, work, found):  # type: ignore[no-untyped-def]
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
        entry = work.head[postings.join_units[at]]
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


@compiled
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
