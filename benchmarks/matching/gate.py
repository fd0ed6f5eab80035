"""Whether a pair that passes the gate is ever missed: a sample of queries, each scored against every name.

python -m benchmarks.matching.gate
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numba import njit

from benchmarks.matching import cases
from benchmarks.matching.pairs import pair_features
from screening.matching import NameIndex
from screening.matching.feature_table import COVERED_NAME, COVERED_QUERY
from screening.matching.score import gates, models, score_pair

QUERIES, AT_ONCE = 60, 10
CUTS = (0.05, 0.5)


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs (query, party) that pass the gate and reach a score, and how many of them the index finds."""

    score: float
    pairs: int
    found: int


def count_found(made: cases.Cases, queries: int = QUERIES) -> list[Found]:
    """Compare a sample of the test half: two thirds positives, one third clean names."""
    test_half = pl.col("half") == "test"
    uncut = pl.col("name").str.len_chars() != 35  # a cut name has another gate
    asked = pl.concat([
        made.positives.filter(test_half & uncut).sample(queries * 2 // 3, seed=4).select("name"),
        made.negatives.filter(test_half & uncut).sample(queries // 3, seed=4).select("name"),
    ]).with_columns(query_id=pl.format("{}", pl.int_range(pl.len())))  # fmt: skip
    index = NameIndex.build(made.index)
    every = pl.concat([_brute(index, part) for part in asked.iter_slices(AT_ONCE)])
    found = index.match(asked, limit=None).select("query_id", "party_id", found="score")
    both = every.join(found, on=["query_id", "party_id"], how="left")
    counts = []
    for cut in CUTS:
        above = both.filter(pl.col("score") >= cut)
        same = (pl.col("found") - pl.col("score")).abs() < 1e-9
        counts.append(Found(cut, above.height, above.filter(same).height))
    return counts


def _brute(index: NameIndex, asked: pl.DataFrame) -> pl.DataFrame:
    """Return the best score of each party that reaches the lowest cut, from the score of every name."""
    names = len(index.rows)
    query = np.repeat(np.arange(len(asked)), names)
    name = np.tile(np.arange(names), len(asked))
    features, persons = pair_features(index, asked, query, name)
    shares = gates()[np.where(persons, 0, 1)]
    passes = (features[:, COVERED_QUERY] >= shares[:, 0]) & (features[:, COVERED_NAME] >= shares[:, 1])
    scores = np.where(passes, _scores(features, persons, models()), 0.0)
    pairs = pl.DataFrame(
        {"query_id": asked["query_id"][query], "party_id": index.rows["party_id"][name], "score": scores}
    )
    reach = pairs.filter(pl.col("score") >= min(CUTS))
    return reach.group_by("query_id", "party_id").agg(pl.col("score").max())


@njit(nogil=True)
def _scores(features, persons, both_models):  # type: ignore[no-untyped-def]
    scores = np.empty(len(features))
    for i in range(len(features)):
        scores[i] = score_pair(features[i], both_models[0] if persons[i] else both_models[1])[1]
    return scores


def main() -> None:
    for each in count_found(cases.make()):
        print(f"score {each.score}: {each.pairs} pairs, {each.found} found ({each.found / each.pairs:.2%})")


if __name__ == "__main__":
    main()
