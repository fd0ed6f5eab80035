"""Whether a pair that passes the gate is ever missed: a sample of queries, each scored against every name.

python -m benchmarks.matching.gate
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numba import njit

from benchmarks.matching import cases
from benchmarks.matching.pairs import measures
from screening.matching import NameIndex
from screening.matching.score import MEASURES, gates, models, score_pair

QUERIES, AT_ONCE = 60, 10
QUERY, NAME = MEASURES.index("covered_query"), MEASURES.index("covered_name")
CUTS = (0.05, 0.5)


@dataclass(frozen=True, slots=True)
class Left:
    """Pairs (query, party) that pass the gate and reach a score, and how many of them the index finds."""

    score: float
    pairs: int
    found: int


def left_out(made: cases.Cases, queries: int = QUERIES) -> list[Left]:
    """Compare a sample of the test half: two thirds positives, one third clean names."""
    of_half = pl.col("half") == "test"
    uncut = pl.col("name").str.len_chars() != 35  # a cut name has another gate
    asked = pl.concat([
        made.positives.filter(of_half & uncut).sample(queries * 2 // 3, seed=4).select("name"),
        made.negatives.filter(of_half & uncut).sample(queries // 3, seed=4).select("name"),
    ]).with_columns(query_id=pl.format("{}", pl.int_range(pl.len())))  # fmt: skip
    index = NameIndex.build(made.index)
    every = pl.concat([_brute(index, part) for part in asked.iter_slices(AT_ONCE)])
    found = index.match(asked, limit=None).select("query_id", "party_id", found="score")
    both = every.join(found, on=["query_id", "party_id"], how="left")
    left = []
    for cut in CUTS:
        above = both.filter(pl.col("score") >= cut)
        same = (pl.col("found") - pl.col("score")).abs() < 1e-9
        left.append(Left(cut, above.height, above.filter(same).height))
    return left


def _brute(index: NameIndex, asked: pl.DataFrame) -> pl.DataFrame:
    """Best score of each party that reaches the lowest cut, from the score of every name."""
    names = len(index.rows)
    query = np.repeat(np.arange(len(asked)), names)
    name = np.tile(np.arange(names), len(asked))
    measured, persons = measures(index, asked, query, name)
    shares = gates()[np.where(persons, 0, 1)]
    passes = (measured[:, QUERY] >= shares[:, 0]) & (measured[:, NAME] >= shares[:, 1])
    scores = np.where(passes, _scores(measured, persons, models()), 0.0)
    pairs = pl.DataFrame(
        {"query_id": asked["query_id"][query], "party_id": index.rows["party_id"][name], "score": scores}
    )
    reach = pairs.filter(pl.col("score") >= min(CUTS))
    return reach.group_by("query_id", "party_id").agg(pl.col("score").max())


@njit(nogil=True)
def _scores(measured, persons, of_kind):  # type: ignore[no-untyped-def]
    scores = np.empty(len(measured))
    for i in range(len(measured)):
        scores[i] = score_pair(measured[i], of_kind[0] if persons[i] else of_kind[1])[1]
    return scores


def main() -> None:
    for left in left_out(cases.make()):
        print(f"score {left.score}: {left.pairs} pairs, {left.found} found ({left.found / left.pairs:.2%})")


if __name__ == "__main__":
    main()
