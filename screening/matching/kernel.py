"""A batch of queries against the list: gather, align, score, keep each party's best name (compiled by numba)."""

from __future__ import annotations

import numpy as np

from screening.compiled import compiled
from screening.matching.align import COLUMNS, MOST_PAIRS, NAME_BEGIN, QUERY_BEGIN, align, passes
from screening.matching.candidates import EVERY_NAME, OTHERS, PERSONS, enter, gather, leave, within_reach
from screening.matching.feature_table import COUNT
from screening.matching.features import write_features
from screening.matching.postings import EITHER, PERSON
from screening.matching.score import score_pair

CUT_NAMES = 0.2
"""The share of a name's gate that is left for a query that is cut off."""


@compiled
def match_batch(queries, listed, words, cut, postings, work, models, gates, limit, least):  # type: ignore[no-untyped-def]
    """Match every query with `limit` parties at most (below 0: all), and none that scores below `least`.

    `queries`, `listed`: `postings.Names`. `models` and `gates`: those of persons, then of organizations. Returns four
    arrays, one place a pair: query, name (rows of the list), score, similarity; in no particular order.
    """
    out_query = np.empty(1024, np.int32)
    out_name = np.empty(1024, np.int32)
    out_score = np.empty(1024, np.float64)
    out_similarity = np.empty(1024, np.float64)
    pairs = np.empty((MOST_PAIRS, COLUMNS), np.float64)
    features = np.empty(COUNT, np.float64)
    written = 0
    for query in range(len(queries.offsets) - 1):
        kind = queries.kind[query]
        first = written
        if not (
            (
                kind in (EITHER, PERSON)
                and within_reach(query, queries, words, cut, postings, queries.person, gates[0, 0])
            )
            or (
                kind != PERSON
                and within_reach(query, queries, words, cut, postings, queries.organization, gates[1, 0])
            )
        ):
            continue
        entries = enter(query, queries, words, cut, postings, work)
        for turn in range(2 if kind == EITHER else 1):
            as_person = kind == PERSON or (kind == EITHER and turn == 0)
            mode = EVERY_NAME if kind != EITHER else (PERSONS if as_person else OTHERS)
            worth_q = queries.person if as_person else queries.organization
            worth_n = listed.person if as_person else listed.organization
            gate = gates[0].copy() if as_person else gates[1].copy()
            if cut.is_cut[query]:
                gate[1] *= CUT_NAMES
            names = gather(
                query, queries, listed, worth_q, worth_n, words.person if as_person else words.organization, postings,
                entries, mode, gate, work,
            )  # fmt: skip
            for i in range(names):
                name = work.touched[i]
                count, taken_q, taken_n = align(
                    query, name, queries, listed, worth_q, worth_n, words, postings, work, pairs
                )
                if not (
                    passes(query, queries, worth_q, QUERY_BEGIN, pairs, count, gate[0])
                    and passes(name, listed, worth_n, NAME_BEGIN, pairs, count, gate[1])
                ):
                    continue
                write_features(
                    query, name, queries, listed, worth_q, worth_n, words, postings, work, cut.is_cut[query], pairs,
                    count, taken_q, taken_n, as_person, features,
                )  # fmt: skip
                similarity, score = score_pair(features, models[0] if as_person else models[1])
                if score < least:
                    continue
                if written == len(out_query):
                    out_query = np.concatenate((out_query, np.empty_like(out_query)))
                    out_name = np.concatenate((out_name, np.empty_like(out_name)))
                    out_score = np.concatenate((out_score, np.empty_like(out_score)))
                    out_similarity = np.concatenate((out_similarity, np.empty_like(out_similarity)))
                out_query[written], out_name[written] = query, name
                out_score[written], out_similarity[written] = score, similarity
                written += 1
        leave(entries, work)
        written = first + _best_names(
            postings.party,
            limit,
            out_name[first:written],
            out_score[first:written],
            out_similarity[first:written],
        )
    return (
        out_query[:written].copy(), out_name[:written].copy(),
        out_score[:written].copy(), out_similarity[:written].copy(),
    )  # fmt: skip


@compiled
def _best_names(party, limit, names, scores, similarity):  # type: ignore[no-untyped-def]
    """Move the best name of each party to the front, best party first; return how many parties remain.

    Parties that tie with the last one within the limit remain as well: who stays is not for the kernel to say.
    """
    order = np.argsort(names, kind="mergesort")
    order = order[np.argsort(-scores[order], kind="mergesort")]
    names_then, scores_then, similarity_then = names[order], scores[order], similarity[order]
    count = 0
    for i in range(len(order)):
        if 0 <= limit <= count and scores_then[i] < scores[limit - 1]:
            break
        again = False
        for j in range(count):
            if party[names[j]] == party[names_then[i]]:
                again = True
                break
        if not again:
            names[count], scores[count], similarity[count] = names_then[i], scores_then[i], similarity_then[i]
            count += 1
    return count
