"""The words of a query aligned with those of a listed name (compiled by numba).

A unit is one word, or neighbouring words written as one. An alignment is an array with one row a pair of units, in the
columns named below. Positions are counted from the beginning of each name, and taken at most once.
"""

from __future__ import annotations

import numpy as np

from screening.compiled import compiled
from screening.names.lexicon import NUMBER
from screening.names.tokens import MAX_TOKENS

COLUMNS = 7
QUERY_BEGIN, QUERY_SPAN, NAME_BEGIN, NAME_SPAN, ALIKE, WEIGHT, TRANSLATED = range(COLUMNS)
"""First position and number of positions on each side; similarity from 0 to 1; weight, the smaller of both sides';
1 where the units agree in meaning only."""
MOST_PAIRS = 256
"""Rows of an alignment array: the pairs that are chosen, then those to choose from."""
SAME_STEM = 0.98
"""Similarity of technology and technologies."""
SAME_MEANING = 0.93
"""Similarity of technology and jishu."""


@compiled
def align(query, name, queries, listed, worth_q, worth_n, words, postings, work, pairs):  # type: ignore[no-untyped-def]
    """Pair the units of a query with those of a name, the weightiest first, each position at most once.

    `query` and `name` are rows of `queries` and `listed` (`postings.Names`); `worth_q` and `worth_n` weigh their
    positions. `candidates.enter` must have filled `work` with the entries of the query. Writes the alignment to
    `pairs`; returns the number of its rows, and the positions taken of the query and of the name as bits.
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
            if options < len(pairs):
                row = pairs[options]
                row[QUERY_BEGIN], row[QUERY_SPAN] = work.begin[entry], work.span[entry]
                row[NAME_BEGIN], row[NAME_SPAN] = at - first, 1
                row[ALIKE], row[WEIGHT], row[TRANSLATED] = work.alike[entry], min(own, worth_n[at]), 0.0
                same = work.span[entry] == 1 and queries.ids[position] == listed.ids[at]
                if (
                    same
                    and words.kind[listed.ids[at]] != NUMBER
                    and queries.spelling[position] != listed.spelling[at]
                ):
                    row[ALIKE] = SAME_STEM if queries.stem[position] == listed.stem[at] else SAME_MEANING
                    row[TRANSLATED] = 0.0 if row[ALIKE] == SAME_STEM else 1.0
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
            if options < len(pairs):
                row = pairs[options]
                row[QUERY_BEGIN], row[QUERY_SPAN] = work.begin[entry], work.span[entry]
                row[NAME_BEGIN], row[NAME_SPAN] = begin, span
                row[ALIKE], row[WEIGHT], row[TRANSLATED] = work.alike[entry], min(own, theirs), 0.0
                options += 1
            entry = work.following[entry]
    return _choose(pairs, options)


@compiled
def _choose(pairs, options):  # type: ignore[no-untyped-def]
    """Move the weightiest options that overlap no other to the front, of equal ones the nearest in place."""
    taken_q, taken_n, count = np.int64(0), np.int64(0), 0
    while count < MAX_TOKENS:
        pick, best, far = -1, -1.0, 0.0
        for i in range(MAX_TOKENS, options):
            row = pairs[i]
            if taken_q & _bits(row[QUERY_BEGIN], row[QUERY_SPAN]):
                continue
            if taken_n & _bits(row[NAME_BEGIN], row[NAME_SPAN]):
                continue
            value = (row[WEIGHT] + 1e-3 * (row[QUERY_SPAN] + row[NAME_SPAN])) * row[ALIKE]
            distance = abs(row[QUERY_BEGIN] - row[NAME_BEGIN])
            if value > best + 1e-9 or (value > best - 1e-9 and distance < far):
                pick, best, far = i, value, distance
        if pick < 0:
            break
        row = pairs[pick]
        taken_q |= _bits(row[QUERY_BEGIN], row[QUERY_SPAN])
        taken_n |= _bits(row[NAME_BEGIN], row[NAME_SPAN])
        for column in range(COLUMNS):
            pairs[count, column] = row[column]
        count += 1
    return count, taken_q, taken_n


@compiled
def _bits(begin, span):  # type: ignore[no-untyped-def]
    """Return the positions of a unit as bits."""
    return ((np.int64(1) << np.int64(span)) - 1) << np.int64(begin)


@compiled
def passes(item, names, worth, side, pairs, count, gate):  # type: ignore[no-untyped-def]
    """Say whether an alignment reaches the gate of one side: by its own gains, not the bound of `candidates.gather`.

    `item` is the query or the name, a row of `names`; `side` is QUERY_BEGIN for a query, NAME_BEGIN for a name.
    """
    start, end = names.offsets[item], names.offsets[item + 1]
    total, gains = 0.0, 0.0
    for at in range(start, end):
        total += worth[at]
    for i in range(count):
        own = 0.0
        for at in range(int(pairs[i, side]), int(pairs[i, side] + pairs[i, side + 1])):
            own += worth[start + at]
        gains += pairs[i, WEIGHT] * (pairs[i, ALIKE] - gate) + gate * own
    return gains >= gate * total
