"""From matches to figures: recall at fixed false-positive rates, rank of the right party, AUC, calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.names.clean import clean

RATES = (0.005, 0.001)
GROUPS = {
    "organizations: typing, words": (
        r"^organization: (typo|two typos|ocr|word order|missing word|added word|legal form|abbreviation|joined|split"
        r"|truncated|homoglyph|romanization)$"
    ),
    "persons": (
        r"^person: (typo|two typos|ocr|name order|initials|missing given|joined|split|homoglyph|romanization)$"
    ),
    "hidden aliases that resemble": r"hidden alias resembling$",
    "native script": r"(native script|cyrillic|arabic)$",
    "all but unlike aliases": r"(?<!unlike)$",
    "hidden aliases unlike any known name": r"hidden alias unlike$",
    "all": r"",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`found`: every positive with the score of its party and the rank of the first right one (null: not there).

    `false`: every negative with its best score. `best`: the best match of every query, its score and whether it is
    right. A party is right where it bears a name of the party looked for: many stand on several lists.
    """

    found: pl.DataFrame
    false: pl.DataFrame
    best: pl.DataFrame

    def clean_scores(self) -> NDArray[np.float64]:
        return self.false.filter(pl.col("family") == "clean")["score"].to_numpy()

    def threshold(self, rate: float) -> float:
        """Return the score that at most this share of the clean names reaches."""
        return float(np.quantile(self.clean_scores(), 1 - rate, method="higher")) + 1e-12

    def recall(self, rate: float) -> pl.DataFrame:
        """Return the recall of each family: family, cases, recall."""
        reached = pl.col("score") >= self.threshold(rate)
        return self.found.group_by("family").agg(cases=pl.len(), recall=reached.mean()).sort("family")

    def grouped(self, rate: float) -> dict[str, float]:
        """Return the recall of each group of families."""
        groups = {}
        for group, pattern in GROUPS.items():
            wanted = (
                ~pl.col("family").str.ends_with("unlike")
                if group == "all but unlike aliases"
                else pl.col("family").str.contains(pattern)
            )
            part = self.found.filter(wanted)["score"]
            groups[group] = share(part >= self.threshold(rate)) if len(part) else float("nan")
        return groups

    def alerts(self, rate: float) -> dict[str, float]:
        """Return the share of each family of negatives that reaches the threshold."""
        reached = (pl.col("score") >= self.threshold(rate)).mean()
        return dict(self.false.group_by("family").agg(reached).sort("family").rows())

    def within(self, rank: int) -> float:
        """Return the share of the positives whose party is among the best so many."""
        return share(self.found["rank"].fill_null(1 << 30) <= rank)

    def auc(self) -> float:
        """Return the probability that a positive's party scores above a clean name's best, ties half."""
        right, wrong = self.found["score"].to_numpy(), np.sort(self.clean_scores())
        below, up_to = np.searchsorted(wrong, right, "left"), np.searchsorted(wrong, right, "right")
        return float((below + up_to).mean() / (2 * len(wrong)))

    def reliability(self) -> pl.DataFrame:
        """Return the best matches by score: bin, matches, mean score, share that is right."""
        edges = [0.1, 0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]
        binned = self.best.with_columns(bin=pl.col("score").cut(edges, left_closed=True).cast(pl.String))
        return (
            binned.group_by("bin")
            .agg(matches=pl.len(), mean=pl.col("score").mean(), right=pl.col("right").mean())
            .sort("mean")
        )

    def calibration_error(self) -> float:
        """Return the mean distance of score and share right over those bins, weighted by their matches."""
        bins = self.reliability()
        count, mean, right = (bins[name].cast(pl.Float64).to_numpy() for name in ("matches", "mean", "right"))
        return float((count * abs(mean - right)).sum() / count.sum())


def share(truths: pl.Series) -> float:
    """Return the share of true values; 0 of none."""
    return float(truths.to_numpy().mean()) if len(truths) else 0.0


def assess(
    index: pl.DataFrame, positives: pl.DataFrame, negatives: pl.DataFrame, matches: pl.DataFrame
) -> Outcome:
    """Compare matches (query_id, party_id, score; of the queries `p` and `n` with their own ids) with the truth."""
    asked = positives.select(query=pl.format("p{}", "query_id"), wanted="party_id")
    matches = matches.group_by("query_id", "party_id").agg(pl.col("score").max())
    right = asked.join(_same_name(index), on="wanted")
    ranked = matches.with_columns(rank=pl.col("score").rank("min", descending=True).over("query_id")).join(
        right, left_on=["query_id", "party_id"], right_on=["query", "party_id"], how="left"
    )
    ranks = ranked.drop_nulls("wanted").group_by("query_id").agg(pl.col("rank").min())
    own = positives.with_columns(key=pl.format("p{}", "query_id")).join(
        matches, left_on=["key", "party_id"], right_on=["query_id", "party_id"], how="left"
    )
    found = own.join(ranks, left_on="key", right_on="query_id", how="left")
    best = (
        ranked.sort("query_id", "score", "party_id", descending=[False, True, False])
        .unique("query_id", keep="first", maintain_order=True)
        .select("query_id", "score", right=pl.col("wanted").is_not_null())
    )
    false = negatives.with_columns(key=pl.format("n{}", "query_id")).join(
        best, left_on="key", right_on="query_id", how="left"
    )
    score = pl.col("score").fill_null(0.0)
    return Outcome(found.with_columns(score), false.with_columns(score), best)


def _same_name(index: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of parties that share a name: wanted, party_id."""
    named = index.select("party_id", name=clean(index["name"])).unique()
    pairs = named.rename({"party_id": "wanted"}).join(named, on="name")
    return pairs.select("wanted", "party_id").unique()
