"""Why a name matches: the aligned words with their weights, what found no partner, and what speaks for or against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.matching.align import (
    ALIKE,
    COLUMNS,
    MOST_PAIRS,
    NAME_BEGIN,
    NAME_SPAN,
    QUERY_BEGIN,
    QUERY_SPAN,
    WEIGHT,
    align,
)
from screening.matching.batch import Batch, encode
from screening.matching.candidates import Work, count_entries, enter, leave, scratch
from screening.matching.contributions import contributions
from screening.matching.feature_table import COUNT, FEATURES, SENTENCES
from screening.matching.features import write_features
from screening.matching.index_data import IndexData
from screening.matching.postings import EITHER, PERSON, Names
from screening.matching.score import models, score_pair
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

    `features`: value of each feature of `features.csv`. `contributions`: what each adds to the log odds of `score`,
    beginning at `start`.
    """

    query_name: str
    party_id: str
    matched_name: str
    score: float
    similarity: float
    parts: tuple[Part, ...]
    features: dict[str, float]
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
        lines += [f"  {self.start:+7.2f}  log odds from which every pair of names starts"]
        lines += [
            f"  {added:+7.2f}  {SENTENCES[name]}: {self.features[name]:.2f}"
            for name, added in sorted(self.contributions.items(), key=lambda each: -abs(each[1]))
            if added
        ]
        return "\n".join([*lines, f"  {self.start + sum(self.contributions.values()):+7.2f}  in all"])


class _Aligned(NamedTuple):
    """A query of a batch aligned with one row of the list."""

    row: int
    score: float
    similarity: float
    pairs: NDArray[np.float64]  # columns as in `align`
    features: NDArray[np.float64]
    contributions: NDArray[np.float64]  # of each feature, then the start


def explain_pairs(data: IndexData, asked: pl.DataFrame) -> list[Explanation]:
    """Explain each row of `asked` (name, party_id, party_type, country, matched_name) by the best of the party's names.

    Only `matched_name` counts where it is one of them. Every party must be in the index.
    """
    batch, postings = encode(data, asked), data.postings
    most = max(1, count_entries(batch.names, batch.words, batch.cut, postings.most_alike))
    work = scratch(0, len(postings.posting_persons), most)
    best = []
    for query, names in enumerate(_name_rows(data, asked)):
        entries = enter(query, batch.names, batch.words, batch.cut, postings, work)
        aligned = [_align(query, int(row), batch, data, work) for row in names]
        best.append(max(aligned, key=lambda each: each.score))
        leave(entries, work)
    listed = data.rows[[each.row for each in best]]
    ours, theirs = written_words(asked["name"]), written_words(listed["name"])
    return [
        Explanation(
            query_name=asked["name"][query],
            party_id=listed["party_id"][query],
            matched_name=listed["name"][query],
            score=each.score,
            similarity=each.similarity,
            parts=tuple(
                Part(
                    _words(ours[query], batch.names, query, int(pair[QUERY_BEGIN]), int(pair[QUERY_SPAN])),
                    _words(theirs[query], data.names, each.row, int(pair[NAME_BEGIN]), int(pair[NAME_SPAN])),
                    float(pair[ALIKE]),
                    float(pair[WEIGHT]),
                )
                for pair in each.pairs
            ),
            features=dict(zip(FEATURES, each.features.tolist(), strict=True)),
            start=float(each.contributions[COUNT]),
            contributions=dict(zip(FEATURES, each.contributions[:COUNT].tolist(), strict=True)),
        )
        for query, each in enumerate(best)
    ]


def _name_rows(data: IndexData, asked: pl.DataFrame) -> list[NDArray[np.int64]]:
    """Return the rows of each party's names; only of `matched_name` where it is one of them."""
    party = data.parties.search_sorted(asked["party_id"]).to_numpy()
    order = np.argsort(data.postings.party, kind="stable")
    first, last = (np.searchsorted(data.postings.party[order], party, side) for side in ("left", "right"))
    found = []
    for a, b, wanted in zip(first, last, asked["matched_name"], strict=True):
        own = order[a:b]
        same = own[data.rows["name"][own].is_in([wanted]).to_numpy()]
        found.append(same if len(same) else own)
    return found


def _align(query: int, row: int, batch: Batch, data: IndexData, work: Work) -> _Aligned:
    """Align and score a pair as the kernel does."""
    queries, listed, words, postings = batch.names, data.names, batch.words, data.postings
    kind = queries.kind[query]
    as_person = bool(kind == PERSON or (kind == EITHER and listed.kind[row] == PERSON))
    worth_q = queries.person if as_person else queries.organization
    worth_n = listed.person if as_person else listed.organization
    pairs, features = np.empty((MOST_PAIRS, COLUMNS)), np.empty(COUNT)
    count, taken_q, taken_n = align(
        query, row, queries, listed, worth_q, worth_n, words, postings, work, pairs
    )
    write_features(
        query, row, queries, listed, worth_q, worth_n, words, postings, work, batch.cut.is_cut[query], pairs, count,
        taken_q, taken_n, as_person, features,
    )  # fmt: skip
    model = models()[0 if as_person else 1]
    similarity, score = score_pair(features, model)
    added = contributions(features, model)
    return _Aligned(row, float(score), float(similarity), pairs[:count], features, added)


def _words(written: list[str], names: Names, name: int, begin: int, span: int) -> str:
    """Return the words behind some positions of a name."""
    first: NDArray[Any] = names.begin[names.offsets[name] :]
    return " ".join(written[first[begin] - first[0] : first[begin + span] - first[0]])
