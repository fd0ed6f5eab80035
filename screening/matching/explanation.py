"""Why a name matches: the aligned words with their weights, what found no partner, and what speaks for or against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.matching.align import COLUMNS, MOST_PAIRS, align
from screening.matching.batch import Batch
from screening.matching.candidates import Work, count_entries, enter, leave, scratch
from screening.matching.contributions import contributions
from screening.matching.features import measure
from screening.matching.postings import EITHER, PERSON, Names, Postings
from screening.matching.score import FEATURES, MEASURES, models, score_pair
from screening.names.tables import table
from screening.names.tokens import written_words


@dataclass(frozen=True, slots=True)
class Part:
    """Words of the query paired with words of the name."""

    query: str
    name: str
    similarity: float
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A match of names taken apart; `str()` of it is the waterfall to read.

    `contributions`: what each measure adds to the log odds of `score`, beginning at `start`.
    """

    query_name: str
    party_id: str
    matched_name: str
    score: float
    similarity: float
    parts: tuple[Part, ...]
    measures: dict[str, float]
    start: float
    contributions: dict[str, float]

    def __str__(self) -> str:
        lines = [
            f"{self.query_name!r} against {self.matched_name!r} ({self.party_id}): score {self.score:.3f}"
        ]
        lines += [
            f"  {part.query:<24} = {part.name:<24} similarity {part.similarity:.2f}, weight {part.weight:.2f}"
            for part in self.parts
        ]
        said = dict(table("measures").select("measure", "text").rows())
        lines += [f"  {self.start:+7.2f}  log odds from which every pair of names starts"]
        lines += [
            f"  {added:+7.2f}  {said[name]}: {self.measures[name]:.2f}"
            for name, added in sorted(self.contributions.items(), key=lambda each: -abs(each[1]))
            if added
        ]
        return "\n".join([*lines, f"  {self.start + sum(self.contributions.values()):+7.2f}  in all"])


class _Aligned(NamedTuple):
    """A query of a batch beside one row of the list."""

    row: int
    score: float
    similarity: float
    pairs: NDArray[np.float64]
    measures: NDArray[np.float64]
    contributions: NDArray[np.float64]  # of each measure, then the start


def explain_pairs(
    asked: Batch,
    queries: pl.Series,
    parties: list[NDArray[np.int64]],
    rows: pl.DataFrame,
    listed: Names,
    postings: Postings,
) -> list[Explanation]:
    """Explain query i of the batch by the best-scoring of the names `parties[i]` (rows of the list), for every i."""
    most = max(1, count_entries(asked.names, asked.words, asked.cut, postings.most_alike))
    work = scratch(0, len(postings.posting_persons), most)
    best = []
    for query, names in enumerate(parties):
        entries = enter(query, asked.names, asked.words, asked.cut, postings, work)
        every = [_align(query, int(row), asked, listed, postings, work) for row in names]
        best.append(max(every, key=lambda each: each.score))
        leave(entries, work)
    found = rows[[each.row for each in best]]
    ours, theirs = written_words(queries), written_words(found["name"])
    return [
        Explanation(
            query_name=queries[query],
            party_id=found["party_id"][query],
            matched_name=found["name"][query],
            score=each.score,
            similarity=each.similarity,
            parts=tuple(
                Part(
                    _words(ours[query], asked.names, query, int(pair[0]), int(pair[1])),
                    _words(theirs[query], listed, each.row, int(pair[2]), int(pair[3])),
                    float(pair[4]),
                    float(pair[5]),
                )
                for pair in each.pairs
            ),
            measures=dict(zip(MEASURES, each.measures.tolist(), strict=True)),
            start=float(each.contributions[FEATURES]),
            contributions=dict(zip(MEASURES, each.contributions[:FEATURES].tolist(), strict=True)),
        )
        for query, each in enumerate(best)
    ]


def _align(query: int, row: int, asked: Batch, listed: Names, postings: Postings, work: Work) -> _Aligned:
    """Align and score a pair as the kernel does."""
    batch, words, cut = asked.names, asked.words, asked.cut
    as_person = bool(
        batch.kind[query] == PERSON or (batch.kind[query] == EITHER and listed.kind[row] == PERSON)
    )
    worth_q = batch.person if as_person else batch.organization
    worth_n = listed.person if as_person else listed.organization
    found, measures = np.empty((MOST_PAIRS, COLUMNS)), np.empty(FEATURES)
    pairs, taken_q, taken_n = align(query, row, batch, listed, worth_q, worth_n, words, postings, work, found)
    measure(
        query, row, batch, listed, worth_q, worth_n, words, postings, work, cut.is_cut[query], pairs, found,
        taken_q, taken_n, as_person, measures,
    )  # fmt: skip
    model = models()[0 if as_person else 1]
    similarity, score = score_pair(measures, model)
    return _Aligned(
        row, float(score), float(similarity), found[:pairs], measures, contributions(measures, model)
    )


def _words(written: list[str], names: Names, name: int, begin: int, span: int) -> str:
    first: NDArray[Any] = names.begin[names.offsets[name] :]
    return " ".join(written[first[begin] - first[0] : first[begin + span] - first[0]])
