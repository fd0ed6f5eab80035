# ruff: noqa: PLR0912 (compiled loops gain nothing from being split)
"""Which names of the list may reach the gate for one query (compiled by numba).

The gate: a pair is scored only when the matched weight reaches a share `gate` of the query's, and another share of
the name's. A unit u that agrees with a unit of the other side, with similarity s and pair weight p, gains
p * (s - gate) + gate * w(u); a pair can pass only if the gains of each side add up to gate * w(side). Units of the
query whose largest gains together stay below that cannot bring in a name alone: their postings, the longest ones,
are never walked. What is gathered is then compared with the largest gains of its own units.

The entries of a query are the units of the list that its own units resemble, in the columns of `Work`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from screening.compiled import compiled
from screening.matching.words import JOINED
from screening.names.lexicon import LEGAL
from screening.names.tokens import MAX_TOKENS

CUT_OFF = 0.9
"""Similarity of the beginning of a word, at the end of a cut name, to the word."""
SPANS = 3
"""Units of the query are counted as single words, pairs, and whatever is longer."""
EVERY_NAME, PERSONS, OTHERS = range(3)
"""Which names of the list are gathered."""
MARGIN = 1e-4
"""For sums of 32-bit weights."""


class Cut(NamedTuple):
    """Which queries end where a field of a payment message ends; the words `ids[offsets[i]:offsets[i + 1]]` begin like
    the last word of query i."""

    is_cut: NDArray[np.bool_]
    offsets: NDArray[np.int64]
    ids: NDArray[np.int32]


class Work(NamedTuple):
    """Scratch space of one thread."""

    reached: NDArray[np.float32]  # per name: gains so far, zeros between uses
    touched: NDArray[np.int32]
    head: NDArray[np.int32]  # per unit of the list: its newest entry, or -1
    unit: NDArray[np.int32]  # per entry: the unit of the list
    begin: NDArray[np.int8]  # per entry: first position in the query
    span: NDArray[np.int8]
    alike: NDArray[np.float32]
    following: NDArray[np.int32]  # per entry: the next entry with the same unit
    gains: NDArray[np.float32]
    own: NDArray[np.float32]  # per entry: weight of its positions in the query
    letters: NDArray[np.uint8]  # two rows of 64
    masks: NDArray[np.uint64]  # per letter, zeros between uses


def scratch(names: int, units: int, entries: int) -> Work:
    """Allocate scratch space for a list of `names` names over `units` units and queries of at most `entries`."""
    return Work(
        np.zeros(names, np.float32), np.empty(names + 1, np.int32),
        np.full(units, -1, np.int32), np.empty(entries, np.int32), np.empty(entries, np.int8),
        np.empty(entries, np.int8), np.empty(entries, np.float32), np.empty(entries, np.int32),
        np.empty(entries, np.float32), np.empty(entries, np.float32), np.empty((2, 64), np.uint8),
        np.zeros(256, np.uint64),
    )  # fmt: skip


@compiled
def count_entries(queries, words, cut, same_word):  # type: ignore[no-untyped-def]
    """Return the most entries that a query of the batch can make; `same_word` words at most are written alike."""
    most = 0
    for query in range(len(queries.offsets) - 1):
        entries = cut.offsets[query + 1] - cut.offsets[query]
        entries += (same_word + 1) * (queries.join_offsets[query + 1] - queries.join_offsets[query])
        for at in range(queries.offsets[query], queries.offsets[query + 1]):
            entries += 2
            spelling = queries.spelling[at]
            if spelling >= 0:
                entries += words.near_offsets[spelling + 1] - words.near_offsets[spelling]
        most = max(most, entries)
    return most


@compiled
def within_reach(query, queries, words, cut, postings, worth, gate):  # type: ignore[no-untyped-def]
    """Say whether the words of a query, each with the likest of the whole list, may gain what its gate asks for.

    A gain is at most the worth of its positions times the similarity, or the gate where that is more. This alone rules
    out most queries against a short list.
    """
    start, end = queries.offsets[query], queries.offsets[query + 1]
    total, gains = 0.0, 0.0
    for at in range(start, end):
        token, spelling, alike = queries.ids[at], queries.spelling[at], 0.0
        total += worth[at]
        if words.kind[token] == LEGAL:
            continue
        if token < postings.size and postings.posting_offsets[token] < postings.posting_offsets[token + 1]:
            alike = 1.0
        elif spelling >= 0:
            alike = words.likest[spelling]
        if alike > 0.0:
            gains += worth[at] * max(alike, gate)
    if cut.offsets[query] < cut.offsets[query + 1]:
        gains += worth[end - 1] * CUT_OFF
    need = gate * total - MARGIN
    for at in range(queries.join_offsets[query], queries.join_offsets[query + 1]):
        if gains >= need:
            break
        if _contains(postings.word_keys, queries.join_hash[at]) or _contains(
            postings.join_keys, queries.join_hash[at]
        ):
            first = start + queries.join_first[at]
            for i in range(first, first + queries.join_span[at]):
                gains += worth[i] * JOINED
    return gains >= need


@compiled
def _contains(keys, key):  # type: ignore[no-untyped-def]
    """Say whether a key is among sorted ones."""
    at = np.searchsorted(keys, key)
    return at < len(keys) and keys[at] == key


@compiled
def _add(work, count, unit, begin, span, similarity):  # type: ignore[no-untyped-def]
    """Write entry number `count`; return the number of the next."""
    work.unit[count] = unit
    work.begin[count] = begin
    work.span[count] = span
    work.alike[count] = similarity
    work.following[count] = work.head[unit]
    work.head[unit] = count
    return count + 1


@compiled
def enter(query, queries, words, cut, postings, work):  # type: ignore[no-untyped-def]
    """Enter every unit of the list that a unit of the query resembles; return how many entries were made."""
    start, end = queries.offsets[query], queries.offsets[query + 1]
    count = 0
    for at in range(start, end):
        token, spelling, position = queries.ids[at], queries.spelling[at], at - start
        if words.kind[token] == LEGAL:
            continue
        if token < postings.size:
            count = _add(work, count, token, position, 1, 1.0)
        if spelling >= 0:
            for i in range(words.near_offsets[spelling], words.near_offsets[spelling + 1]):
                if words.near_ids[i] != token:
                    count = _add(work, count, words.near_ids[i], position, 1, words.near_similarity[i])
            if words.join_unit[spelling] >= 0:
                count = _add(work, count, words.join_unit[spelling], position, 1, JOINED)
    for at in range(queries.join_offsets[query], queries.join_offsets[query + 1]):
        key = queries.join_hash[at]
        i = np.searchsorted(postings.word_keys, key)
        while i < len(postings.word_keys) and postings.word_keys[i] == key:
            count = _add(
                work, count, postings.word_ids[i], queries.join_first[at], queries.join_span[at], JOINED
            )
            i += 1
        if queries.join_short[at]:
            i = np.searchsorted(postings.join_keys, key)
            if i < len(postings.join_keys) and postings.join_keys[i] == key:
                count = _add(
                    work, count, postings.size + i, queries.join_first[at], queries.join_span[at], JOINED
                )
    for at in range(cut.offsets[query], cut.offsets[query + 1]):
        count = _add(work, count, cut.ids[at], end - start - 1, 1, CUT_OFF)
    return count


@compiled
def leave(entries, work):  # type: ignore[no-untyped-def]
    """Forget the entries of a query."""
    for entry in range(entries):
        work.head[work.unit[entry]] = -1


@compiled
def gather(  # type: ignore[no-untyped-def]
    query, queries, listed, worth, worth_n, weight, postings, entries, mode, gates, work
):
    """Collect the names whose gains may reach the gates in `work.touched`; return how many.

    `worth` and `worth_n` weigh the positions of the queries and of the names, `weight` the tokens; `gates` are those
    of query and name; `mode` is EVERY_NAME, PERSONS or OTHERS.
    """
    gate = gates[0]
    start, end = queries.offsets[query], queries.offsets[query + 1]
    total = 0.0
    for at in range(start, end):
        total += worth[at]
    if total <= 0.0:
        return 0
    need = gate * total - MARGIN
    # the largest gain and the number of postings behind each unit of the query, by span and first position
    best = np.zeros((SPANS, MAX_TOKENS))
    cost = np.zeros((SPANS, MAX_TOKENS), np.int64)
    for entry in range(entries):
        begin, span, unit = work.begin[entry], work.span[entry], work.unit[entry]
        own = 0.0
        for at in range(start + begin, start + begin + span):
            own += worth[at]
        span = min(span, SPANS)
        pair = own if unit >= postings.size else min(own, weight[unit])
        gain = pair * (work.alike[entry] - gate) + gate * own
        work.gains[entry], work.own[entry] = gain, own
        best[span - 1, begin] = max(best[span - 1, begin], gain)
        cost[span - 1, begin] += postings.posting_offsets[unit + 1] - postings.posting_offsets[unit]
    skipped = np.zeros((SPANS, MAX_TOKENS), np.bool_)
    slack = 0.0
    while True:
        pick_span, pick_begin, most = -1, -1, -1
        for span in range(SPANS):
            for begin in range(end - start):
                fits = slack + best[span, begin] < need and cost[span, begin] > most
                if fits and not skipped[span, begin] and best[span, begin] > 0.0:
                    pick_span, pick_begin, most = span, begin, cost[span, begin]
        if pick_span < 0:
            break
        skipped[pick_span, pick_begin] = True
        slack += best[pick_span, pick_begin]
    found = 0
    for entry in range(entries):
        if skipped[min(work.span[entry], SPANS) - 1, work.begin[entry]] or work.gains[entry] <= 0.0:
            continue
        unit, gain = work.unit[entry], work.gains[entry]
        first, last = postings.posting_offsets[unit], postings.posting_offsets[unit + 1]
        if mode == PERSONS:
            last = first + postings.posting_persons[unit]
        elif mode == OTHERS:
            first += postings.posting_persons[unit]
        for at in range(first, last):
            name = postings.names[at]
            before = work.reached[name]
            work.reached[name] = before + gain
            work.touched[found] = name
            found += before == 0.0
    count = 0
    for i in range(found):
        name = work.touched[i]
        reached, work.reached[name] = work.reached[name], 0.0
        if reached + slack >= need and _may_pass(name, listed, worth_n, postings, work, need, gates[1]):
            work.touched[count] = name
            count += 1
    return count


@compiled
def _may_pass(name, listed, worth, postings, work, need, gate):  # type: ignore[no-untyped-def]
    """Say whether the largest gains of a name's units, each with the best of its entries, reach both gates."""
    total, gains_q, gains_n = 0.0, 0.0, 0.0
    first = listed.offsets[name]
    for at in range(first, listed.offsets[name + 1]):
        total += worth[at]
        entry, best_q, best_n = work.head[listed.ids[at]], 0.0, 0.0
        while entry >= 0:
            best_q = max(best_q, work.gains[entry])
            best_n = max(
                best_n, min(work.own[entry], worth[at]) * (work.alike[entry] - gate) + gate * worth[at]
            )
            entry = work.following[entry]
        gains_q += best_q
        gains_n += best_n
    for at in range(listed.join_offsets[name], listed.join_offsets[name + 1]):
        entry, best_q, best_n = work.head[postings.join_units[at]], 0.0, 0.0
        if entry >= 0:
            theirs = 0.0
            for i in range(
                first + listed.join_first[at], first + listed.join_first[at] + listed.join_span[at]
            ):
                theirs += worth[i]
            while entry >= 0:
                best_q = max(best_q, work.gains[entry])
                best_n = max(
                    best_n, min(work.own[entry], theirs) * (work.alike[entry] - gate) + gate * theirs
                )
                entry = work.following[entry]
        gains_q += best_q
        gains_n += best_n
    return gains_q >= need and gains_n >= gate * total - MARGIN
