"""Why a name matches: the aligned words with their weights, what found no partner, and what speaks for or against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from screening.matching.book import EITHER, PERSON, Book
from screening.matching.kernel import Queries, Words, align, enter, measure, scratch
from screening.matching.score import FEATURES, MEASURES, parameters, score_pair
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
    query_name: str, names: pl.DataFrame, batch: Queries, words: Words, book: Book, size: int
) -> Explanation:
    """Explain the best-scoring of a party's names; `book` holds that party alone, `batch` one query."""
    work = scratch(len(names), len(book.posting_persons))
    entries = enter(0, batch, words, book, size, work)
    del entries
    best: Explanation | None = None
    for row in range(len(names)):
        kind, theirs = batch.party_kind[0], book.party_kind[row]
        as_person = bool(kind == PERSON or (kind == EITHER and theirs == PERSON))
        weight = words.person if as_person else words.organization
        found = np.empty((256, 6))
        taken_q, taken_n = np.zeros(1, np.int64), np.zeros(1, np.int64)
        pairs = align(0, row, batch, weight, words, book, size, work, taken_q, taken_n, found)
        features = np.empty(FEATURES)
        measure(0, row, batch, weight, words, book, pairs, found, taken_q[0], taken_n[0], as_person, features)
        similarity, score = score_pair(features, parameters()[0 if as_person else 1])
        if best is None or score > best.score:
            ours = clean(pl.Series([query_name]))[0].split(" ")
            listed = clean(pl.Series([names["name"][row]]))[0].split(" ")
            parts = tuple(
                Part(
                    _words(ours, int(f[0]), int(f[1])),
                    _words(listed, int(f[2]), int(f[3])),
                    float(f[4]),
                    float(f[5]),
                )
                for f in found[:pairs]
            )
            measures = dict(zip(MEASURES, features.tolist(), strict=True))
            best = Explanation(
                query_name,
                names["party_id"][row],
                names["name"][row],
                float(score),
                float(similarity),
                parts,
                measures,
            )
    assert best is not None
    return best


def _words(words: list[str], begin: int, span: int) -> str:
    return " ".join(words[begin : begin + span])
