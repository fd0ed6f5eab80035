"""A batch of queries against the list: gather, align, score, keep each party's best name (compiled by numba)."""

from __future__ import annotations

import numpy as np

from screening.compiled import compiled
from screening.matching.align import COLUMNS, MOST_PAIRS, align, passes
from screening.matching.candidates import enter, gather, leave, within_reach
from screening.matching.features import measure
from screening.matching.postings import EITHER, PERSON
from screening.matching.score import FEATURES, score_pair

CUT_NAMES = 0.2  # of a name's gate is left for a query that is cut off


@compiled
def match_batch(queries, listed, words, cut, postings, work, model, gate, limit, least):  # type: ignore[no-untyped-def]
    """Match every query; `limit` parties each at most (below 0: all), none that scores below `least`.

    `model` and `gate` hold what counts for persons, then for organizations. Returns query, name (row of the
    list), score, similarity.
    """
    out_query = np.empty(1024, np.int32)
    out_name = np.empty(1024, np.int32)
    out_score = np.empty(1024, np.float64)
    out_similarity = np.empty(1024, np.float64)
    found = np.empty((MOST_PAIRS, COLUMNS), np.float64)
    measures = np.empty(FEATURES, np.float64)
    written = 0
    for query in range(len(queries.offsets) - 1):
        kind = queries.kind[query]
        first = written
        if not (
            (
                kind in (EITHER, PERSON)
                and within_reach(query, queries, words, cut, postings, queries.person, gate[0, 0])
            )
            or (
                kind != PERSON
                and within_reach(query, queries, words, cut, postings, queries.organization, gate[1, 0])
            )
        ):
            continue
        entries = enter(query, queries, words, cut, postings, work)
        for turn in range(2 if kind == EITHER else 1):
            as_person = kind == PERSON or (kind == EITHER and turn == 0)
            worth_q = queries.person if as_person else queries.organization
            worth_n = listed.person if as_person else listed.organization
            gates = gate[0].copy() if as_person else gate[1].copy()
            if cut.is_cut[query]:
                gates[1] *= CUT_NAMES
            names = gather(
                query, queries, listed, worth_q, worth_n, words.person if as_person else words.organization, postings,
                entries, 0 if kind != EITHER else turn + 1, gates, work,
            )  # fmt: skip
            for i in range(names):
                name = work.touched[i]
                pairs, taken_q, taken_n = align(
                    query, name, queries, listed, worth_q, worth_n, words, postings, work, found
                )
                if not (
                    passes(query, queries, worth_q, 0, pairs, found, gates[0])
                    and passes(name, listed, worth_n, 2, pairs, found, gates[1])
                ):
                    continue
                measure(
                    query, name, queries, listed, worth_q, worth_n, words, postings, work, cut.is_cut[query], pairs,
                    found, taken_q, taken_n, as_person, measures,
                )  # fmt: skip
                similarity, score = score_pair(measures, model[0] if as_person else model[1])
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
        written = first + _best_of_parties(
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
def _best_of_parties(party, limit, names, scores, similarity):  # type: ignore[no-untyped-def]
    """Move the best name of each party to the front, best party first; return how many parties are kept.

    Parties that tie with the last one within the limit are kept as well: who stays is not for the kernel to say.
    """
    order = np.argsort(names, kind="mergesort")
    order = order[np.argsort(-scores[order], kind="mergesort")]
    names_then, scores_then, similarity_then = names[order], scores[order], similarity[order]
    kept = 0
    for i in range(len(order)):
        if 0 <= limit <= kept and scores_then[i] < scores[limit - 1]:
            break
        again = False
        for j in range(kept):
            if party[names[j]] == party[names_then[i]]:
                again = True
                break
        if not again:
            names[kept], scores[kept], similarity[kept] = names_then[i], scores_then[i], similarity_then[i]
            kept += 1
    return kept
