# ruff: noqa: PLR0912, PLR0915 (compiled loops: what is split into calls is copied back by the compiler)
"""One query against the list: gather the names that may reach the cut, align each, score it (compiled by numba).

The gate. A pair's similarity can only reach `gate` if the matched weight is at least the share `gate` of the query's.
A query unit u that meets a name unit of similarity s with pair weight p gains p * (s - gate) + gate * w(u); a
name can pass only if its gains add up to gate * w(query). Units whose largest gains together stay below that need
not be looked up to find new names: their postings are never walked.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from screening.matching.book import CRAFT, EITHER, PERSON
from screening.matching.score import FEATURES, score_pair
from screening.names.lexicon import LEGAL, NUMBER, PLACE

JOINED = 0.95  # similarity of two words to the same written as one
MOST_ENTRIES = 16384
MOST_UNITS = 64


class Queries(NamedTuple):
    """The names of a batch over the vocabulary of the index and, after it, of the batch."""

    offsets: NDArray[np.int64]
    tokens: NDArray[np.int32]
    join_offsets: NDArray[np.int64]
    join_hashes: NDArray[np.uint64]
    join_first: NDArray[np.int8]
    party_kind: NDArray[np.uint8]
    country: NDArray[np.int32]


class Words(NamedTuple):
    """What the kernel needs to know of each token of the batch's vocabulary."""

    kind: NDArray[np.uint8]
    legal_class: NDArray[np.int8]
    organization: NDArray[np.float32]
    person: NDArray[np.float32]
    letter: NDArray[np.uint8]
    length: NDArray[np.int32]
    join_unit: NDArray[np.int32]  # the joined pair of the list that is spelled like this token, or -1
    near_offsets: NDArray[np.int64]
    near_ids: NDArray[np.int32]
    near_similarity: NDArray[np.float32]


class Work(NamedTuple):
    """Scratch space of one thread."""

    reached: NDArray[np.float32]  # per name: gains so far
    stamp: NDArray[np.int32]  # per name: the pass that touched it
    touched: NDArray[np.int32]
    head: NDArray[np.int32]  # per unit of the list: its newest entry, or -1
    unit: NDArray[np.int32]  # per entry: the unit of the list
    begin: NDArray[np.int8]  # per entry: first position in the query
    span: NDArray[np.int8]
    alike: NDArray[np.float32]
    following: NDArray[np.int32]  # per entry: the next entry with the same unit


def scratch(names: int, units: int) -> Work:
    """Allocate scratch space for a list of `names` names over `units` units."""
    return Work(
        np.zeros(names, np.float32), np.full(names, -1, np.int32), np.empty(names, np.int32),
        np.full(units, -1, np.int32), np.empty(MOST_ENTRIES, np.int32), np.empty(MOST_ENTRIES, np.int8),
        np.empty(MOST_ENTRIES, np.int8), np.empty(MOST_ENTRIES, np.float32), np.empty(MOST_ENTRIES, np.int32),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _add(work, count, unit, begin, span, similarity):  # type: ignore[no-untyped-def]
    if count < MOST_ENTRIES:
        work.unit[count] = unit
        work.begin[count] = begin
        work.span[count] = span
        work.alike[count] = similarity
        work.following[count] = work.head[unit]
        work.head[unit] = count
        count += 1
    return count


@njit(cache=True, nogil=True)
def enter(query, queries, words, book, size, work):  # type: ignore[no-untyped-def]
    """List every unit of the list that a unit of the query meets; return how many entries were made."""
    start, end = queries.offsets[query], queries.offsets[query + 1]
    count = 0
    for at in range(start, end):
        token = queries.tokens[at]
        kind = words.kind[token]
        if kind == LEGAL:
            continue
        position = at - start
        if token < size:
            count = _add(work, count, token, position, 1, 1.0)
        for i in range(words.near_offsets[token], words.near_offsets[token + 1]):
            if words.near_ids[i] != token:
                count = _add(work, count, words.near_ids[i], position, 1, words.near_similarity[i])
        if words.join_unit[token] >= 0:
            count = _add(work, count, words.join_unit[token], position, 1, JOINED)
    for at in range(queries.join_offsets[query], queries.join_offsets[query + 1]):
        key = queries.join_hashes[at]
        i = np.searchsorted(book.fold_keys, key)
        while i < len(book.fold_keys) and book.fold_keys[i] == key:
            count = _add(work, count, book.fold_tokens[i], queries.join_first[at], 2, JOINED)
            i += 1
    return count


@njit(cache=True, nogil=True)
def gather(query, queries, weight, book, entries, mode, gate, size, work, stamp):  # type: ignore[no-untyped-def]
    """Collect the names whose gains may reach the gate; return how many stand in `work.touched`.

    `mode` is 0 for all names, 1 for persons only, 2 for all others.
    """
    start, end = queries.offsets[query], queries.offsets[query + 1]
    total = 0.0
    for at in range(start, end):
        total += weight[queries.tokens[at]]
    need = gate * total
    if total <= 0.0:
        return 0
    # the largest gain and the number of postings behind each unit of the query (spans apart)
    best = np.zeros((2, MOST_UNITS))
    cost = np.zeros((2, MOST_UNITS), np.int64)
    gains = np.empty(entries, np.float32)
    for entry in range(entries):
        begin, span, unit = work.begin[entry], work.span[entry], work.unit[entry]
        own = 0.0
        for at in range(start + begin, start + begin + span):
            own += weight[queries.tokens[at]]
        pair = own if unit >= size else min(own, weight[unit])
        gains[entry] = pair * (work.alike[entry] - gate) + gate * own
        best[span - 1, begin] = max(best[span - 1, begin], gains[entry])
        cost[span - 1, begin] += book.posting_offsets[unit + 1] - book.posting_offsets[unit]
    skipped = np.zeros((2, MOST_UNITS), np.bool_)
    slack = 0.0
    while True:
        pick_span, pick_begin, most = -1, -1, -1
        for span in range(2):
            for begin in range(end - start):
                fits = slack + best[span, begin] < need - 1e-5 and cost[span, begin] > most
                if fits and not skipped[span, begin] and best[span, begin] > 0.0:
                    pick_span, pick_begin, most = span, begin, cost[span, begin]
        if pick_span < 0:
            break
        skipped[pick_span, pick_begin] = True
        slack += best[pick_span, pick_begin]
    found = 0
    for entry in range(entries):
        if skipped[work.span[entry] - 1, work.begin[entry]] or gains[entry] <= 0.0:
            continue
        unit = work.unit[entry]
        first, last = book.posting_offsets[unit], book.posting_offsets[unit + 1]
        if mode == 1:
            last = first + book.posting_persons[unit]
        elif mode == 2:
            first += book.posting_persons[unit]
        for at in range(first, last):
            name = book.postings[at]
            if work.stamp[name] != stamp:
                work.stamp[name] = stamp
                work.reached[name] = 0.0
                work.touched[found] = name
                found += 1
            work.reached[name] += gains[entry]
    kept = 0
    for i in range(found):
        name = work.touched[i]
        if work.reached[name] + slack >= need - 1e-5:
            work.touched[kept] = name
            kept += 1
    return kept


@njit(cache=True, nogil=True)
def align(query, name, queries, weight, words, book, size, work, matched_q, matched_n, found):  # type: ignore[no-untyped-def]
    """Pair the units of a query with those of a name, the weightiest first, each position at most once.

    Writes, per pair, begin and span on both sides, similarity and weight into `found` (rows of 6), the matched
    positions as bits into `matched_q[0]`, `matched_n[0]`; returns how many pairs.
    """
    start = queries.offsets[query]
    first, last = book.offsets[name], book.offsets[name + 1]
    options = 0
    most = len(found) // 2
    for at in range(first, last):
        entry = work.head[book.tokens[at]]
        while entry >= 0:
            own = 0.0
            for i in range(work.begin[entry], work.begin[entry] + work.span[entry]):
                own += weight[queries.tokens[start + i]]
            pair = min(own, weight[book.tokens[at]])
            if options < most:
                row = found[most + options]
                row[0], row[1], row[2], row[3] = work.begin[entry], work.span[entry], at - first, 1
                row[4], row[5] = work.alike[entry], pair
                options += 1
            entry = work.following[entry]
    for at in range(book.join_offsets[name], book.join_offsets[name + 1]):
        entry = work.head[book.join_units[at]]
        begin = book.join_first[at]
        while entry >= 0:
            own = 0.0
            for i in range(work.begin[entry], work.begin[entry] + work.span[entry]):
                own += weight[queries.tokens[start + i]]
            theirs = weight[book.tokens[first + begin]] + weight[book.tokens[first + begin + 1]]
            if options < most:
                row = found[most + options]
                row[0], row[1], row[2], row[3] = work.begin[entry], work.span[entry], begin, 2
                row[4], row[5] = work.alike[entry], min(own, theirs)
                options += 1
            entry = work.following[entry]
    taken_q, taken_n, pairs = np.int64(0), np.int64(0), 0
    while True:
        pick, value, far = -1, -1.0, 0.0
        for i in range(options):
            row = found[most + i]
            bits_q = ((1 << np.int64(row[1])) - 1) << np.int64(row[0])
            bits_n = ((1 << np.int64(row[3])) - 1) << np.int64(row[2])
            if taken_q & bits_q or taken_n & bits_n:
                continue
            worth = (row[5] + 1e-3) * row[4]
            distance = abs(row[0] - row[2])
            if worth > value + 1e-9 or (worth > value - 1e-9 and distance < far):
                pick, value, far = i, worth, distance
        if pick < 0:
            break
        row = found[most + pick]
        taken_q |= ((1 << np.int64(row[1])) - 1) << np.int64(row[0])
        taken_n |= ((1 << np.int64(row[3])) - 1) << np.int64(row[2])
        for j in range(6):
            found[pairs, j] = row[j]
        pairs += 1
    matched_q[0] = taken_q
    matched_n[0] = taken_n
    return pairs


@njit(cache=True, nogil=True)
def passes(query, queries, weight, pairs, found, gate):  # type: ignore[no-untyped-def]
    """Say whether an alignment reaches the gate: its own gains, not the bound that `gather` worked with."""
    start, end = queries.offsets[query], queries.offsets[query + 1]
    total, gains = 0.0, 0.0
    for at in range(start, end):
        total += weight[queries.tokens[at]]
    for i in range(pairs):
        own = 0.0
        for at in range(int(found[i, 0]), int(found[i, 0] + found[i, 1])):
            own += weight[queries.tokens[start + at]]
        gains += found[i, 5] * (found[i, 4] - gate) + gate * own
    return gains >= gate * total


@njit(cache=True, nogil=True)
def measure(query, name, queries, weight, words, book, pairs, found, taken_q, taken_n, as_person, out):  # type: ignore[no-untyped-def]
    """Measure an alignment: write the features that `score_pair` reads."""
    start, end = queries.offsets[query], queries.offsets[query + 1]
    first, last = book.offsets[name], book.offsets[name + 1]
    matched, lost = 0.0, 0.0
    for i in range(pairs):
        matched += found[i, 5] * found[i, 4]
        lost += found[i, 5] * (1.0 - found[i, 4])
    left_q, left_n, most_q, most_n = 0.0, 0.0, 0.0, 0.0
    number_q, number_n, place_q, place_n = 0, 0, 0, 0
    legal_q, legal_n = -1, -1
    spare_n = np.int64(0)
    for at in range(first, last):
        token = book.tokens[at]
        if words.kind[token] == LEGAL:
            legal_n = words.legal_class[token]
    initials = 0
    for at in range(start, end):
        token = queries.tokens[at]
        kind = words.kind[token]
        if kind == LEGAL:
            legal_q = words.legal_class[token]
        if taken_q >> (at - start) & 1:
            continue
        w = weight[token]
        if as_person and words.length[token] >= 1:
            hit = False
            for other in range(first, last):
                bit = np.int64(1) << (other - first)
                theirs = book.tokens[other]
                if (taken_n | spare_n) & bit or words.letter[theirs] != words.letter[token]:
                    continue
                if words.length[token] == 1 or words.length[theirs] == 1:
                    spare_n |= bit
                    hit = True
                    break
            if hit:
                initials += 1
                continue
        left_q += w
        most_q = max(most_q, w)
        if kind == NUMBER:
            number_q += 1
        elif kind == PLACE:
            place_q += 1
    for at in range(first, last):
        if (taken_n | spare_n) >> (at - first) & 1:
            continue
        token = book.tokens[at]
        w = weight[token]
        left_n += w
        most_n = max(most_n, w)
        if words.kind[token] == NUMBER:
            number_n += 1
        elif words.kind[token] == PLACE:
            place_n += 1
    out[0], out[1], out[2], out[3], out[4], out[5] = matched, lost, left_q, left_n, most_q, most_n
    out[6] = 2.0 if number_q and number_n else (1.0 if number_q or number_n else 0.0)
    out[7] = 1.0 if place_q and place_n else 0.0
    out[8] = 0.0 if legal_q < 0 or legal_n < 0 else (1.0 if legal_q == legal_n else -1.0)
    out[9] = initials
    out[10] = 1.0 if book.weak[name] else 0.0
    kind_q, kind_n = queries.party_kind[query], book.party_kind[name]
    out[11] = 1.0 if kind_q and kind_n and kind_q != kind_n else 0.0
    out[12] = 1.0 if kind_n >= CRAFT and kind_q != kind_n else 0.0
    ours, theirs = queries.country[query], book.country[name]
    out[13] = 0.0 if ours < 0 or theirs < 0 else (1.0 if ours == theirs else -1.0)


@njit(cache=True, nogil=True)
def match_range(queries, words, book, size, work, model, gate, begin, end, limit, least):  # type: ignore[no-untyped-def]
    """Match the queries of a range; `limit` parties each at most (below 0: all), none that scores below `least`.

    Returns query, name (row of the book), score, similarity.
    """
    room = 1024
    out_query = np.empty(room, np.int32)
    out_name = np.empty(room, np.int32)
    out_score = np.empty(room, np.float64)
    out_similarity = np.empty(room, np.float64)
    written = 0
    matched_q, matched_n = np.zeros(1, np.int64), np.zeros(1, np.int64)
    found = np.empty((256, 6), np.float64)
    features = np.empty(FEATURES, np.float64)
    stamp = 0
    for query in range(begin, end):
        entries = enter(query, queries, words, book, size, work)
        kind = queries.party_kind[query]
        first = written
        for turn in range(2):
            if kind != EITHER and turn == 1:
                break
            mode = 0 if kind != EITHER else turn + 1
            as_person = kind == PERSON or (kind == EITHER and turn == 0)
            weight = words.person if as_person else words.organization
            stamp += 1
            names = gather(
                query,
                queries,
                weight,
                book,
                entries,
                mode,
                gate[0] if as_person else gate[1],
                size,
                work,
                stamp + begin * 2,
            )
            for i in range(names):
                name = work.touched[i]
                pairs = align(
                    query, name, queries, weight, words, book, size, work, matched_q, matched_n, found
                )
                measure(
                    query, name, queries, weight, words, book, pairs, found, matched_q[0], matched_n[0],
                    as_person, features,
                )  # fmt: skip
                reach = passes(query, queries, weight, pairs, found, gate[0] if as_person else gate[1])
                similarity, score = score_pair(features, model[0] if as_person else model[1])
                if not reach or score < least:
                    continue
                if written == len(out_query):
                    out_query = np.concatenate((out_query, np.empty_like(out_query)))
                    out_name = np.concatenate((out_name, np.empty_like(out_name)))
                    out_score = np.concatenate((out_score, np.empty_like(out_score)))
                    out_similarity = np.concatenate((out_similarity, np.empty_like(out_similarity)))
                out_query[written] = query
                out_name[written] = name
                out_score[written] = score
                out_similarity[written] = similarity
                written += 1
        for entry in range(entries):
            work.head[work.unit[entry]] = -1
        # the best name of each party, best party first
        order = np.argsort(-out_score[first:written], kind="mergesort")
        names_here = out_name[first:written][order]
        scores_here = out_score[first:written][order]
        similar_here = out_similarity[first:written][order]
        kept = 0
        for i in range(len(order)):
            party = book.party[names_here[i]]
            again = False
            for j in range(kept):
                if book.party[out_name[first + j]] == party:
                    again = True
                    break
            if again:
                continue
            if limit >= 0 and kept >= limit and scores_here[i] < out_score[first + limit - 1]:
                break
            out_name[first + kept] = names_here[i]
            out_score[first + kept] = scores_here[i]
            out_similarity[first + kept] = similar_here[i]
            kept += 1
        written = first + kept
    return (
        out_query[:written].copy(), out_name[:written].copy(),
        out_score[:written].copy(), out_similarity[:written].copy(),
    )  # fmt: skip
