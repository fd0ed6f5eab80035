"""Why a name matches: the aligned words with their weights, what found no partner, and what speaks for or against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.matching.align import COLUMNS, MOST_PAIRS, align, measure
from screening.matching.batch import Batch
from screening.matching.book import EITHER, PERSON, Book, Names
from screening.matching.gather import count_entries, enter, scratch
from screening.matching.score import FEATURES, MEASURES, models, score_pair
from screening.names.clean import clean


@dataclass(frozen=True, slots=True)
class Part:
    """Words of the query paired with words of the name."""

    query: str
    name: str
    similarity: float
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A match taken apart; `str()` of it is the waterfall to read."""

    query_name: str
    party_id: str
    matched_name: str
    score: float
    similarity: float
    parts: tuple[Part, ...]
    measures: dict[str, float]

    def __str__(self) -> str:
        lines = [
            f"{self.query_name!r} against {self.matched_name!r} ({self.party_id}): score {self.score:.3f}"
        ]
        lines += [
            f"  {part.query:<24} = {part.name:<24} similarity {part.similarity:.2f}, weight {part.weight:.2f}"
            for part in self.parts
        ]
        lines += [f"  {name:<24} {value:+.2f}" for name, value in self.measures.items() if value]
        return "\n".join(lines)


def explain_pair(
    query_name: str,
    rows: pl.DataFrame,
    listed: Names,
    book: Book,
    asked: Batch,
) -> Explanation:
    """Explain the best-scoring of a party's names; `listed` holds that party alone, `asked` one query."""
    batch, words, cut = asked.names, asked.words, asked.cut
    work = scratch(
        len(rows), len(book.posting_persons), max(1, count_entries(batch, words, cut, book.most_alike))
    )
    enter(0, batch, words, cut, book, work)
    best: Explanation | None = None
    for row in range(len(rows)):
        as_person = bool(batch.kind[0] == PERSON or (batch.kind[0] == EITHER and listed.kind[row] == PERSON))
        worth_q = batch.person if as_person else batch.organization
        worth_n = listed.person if as_person else listed.organization
        found = np.empty((MOST_PAIRS, COLUMNS))
        pairs, taken_q, taken_n = align(0, row, batch, listed, worth_q, worth_n, words, book, work, found)
        measures = np.empty(FEATURES)
        measure(
            0, row, batch, listed, worth_q, worth_n, words, book, work, cut.is_cut[0], pairs, found, taken_q, taken_n,
            as_person, measures,
        )  # fmt: skip
        similarity, score = score_pair(measures, models()[0 if as_person else 1])
        if best is None or score > best.score:
            ours, theirs = _written(query_name), _written(rows["name"][row])
            parts = tuple(
                Part(
                    _words(ours, batch, 0, int(f[0]), int(f[1])),
                    _words(theirs, listed, row, int(f[2]), int(f[3])),
                    float(f[4]),
                    float(f[5]),
                )
                for f in found[:pairs]
            )
            best = Explanation(
                query_name,
                rows["party_id"][row],
                rows["name"][row],
                float(score),
                float(similarity),
                parts,
                dict(zip(MEASURES, measures.tolist(), strict=True)),
            )
    assert best is not None
    return best


def _written(name: str) -> list[str]:
    words: list[str] = clean(pl.Series([name]))[0].split(" ")
    return words


def _words(written: list[str], names: Names, name: int, begin: int, span: int) -> str:
    first: NDArray[Any] = names.begin[names.offsets[name] :]
    return " ".join(written[first[begin] - first[0] : first[begin + span] - first[0]])
