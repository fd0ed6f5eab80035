"""What came of every list for a customer and everybody around it, none included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipelines.run.folder import Run
from screening.book.limits import score_limits
from screening.policy import Matching
from screening.tables.outputs.columns import BANDS

SET_ASIDE, CONTRADICTED, BELOW = "suppressed", "contradicted", "below"
BEST = ("score", "query_name", "matched_name", "party_id", "party_name")


def list_results(run: Run, subjects: pl.DataFrame, segment: str | None) -> list[dict[str, Any]]:
    """Return what came of each list that was loaded, in the order of `run.json`.

    Keys: list; compared (how many subjects had something to compare); counts by band, and of pairs that a
    review set aside (suppressed); best (the best pair of all under the review score, or null); kept_from (by type of
    party the score from which a pair is kept; what scored lower was compared and is not recorded). `subjects`: as from
    `screened_subjects`.
    """
    pairs = subject_pairs(run, subjects)
    compared = subjects.filter(pl.col("names").list.len() > 0)["entity_id"].n_unique()
    lowest = _kept_from(run, segment)
    return [
        {
            "list": row["list"],
            "compared": compared,
            **_of_list(pairs.filter(pl.col("list") == row["list"])),
            "kept_from": lowest.get(row["list"], {}),
        }
        for row in run.manifest["lists"]
    ]


def subject_pairs(run: Run, subjects: pl.DataFrame) -> pl.DataFrame:
    """Return every pair that the run kept of these subjects, of any band, with list, party_name and how it stands."""
    ids = subjects["entity_id"].drop_nulls().unique().to_list()
    mine = pl.col("matched_entity_id").is_in(ids)
    hits = run.scan("hits").filter(mine).drop("evidence", "segment").collect()
    aside = run.scan("suppressed").filter(mine).select("matched_entity_id", "party_id").collect()
    key = ["matched_entity_id", "party_id"]
    stands = hits.join(aside.with_columns(aside=True), on=key, how="left", maintain_order="left")
    parties = run.table("parties").select("party_id", "list", "party_name")
    return stands.with_columns(
        band=pl.when(pl.col("aside").fill_null(value=False)).then(pl.lit(SET_ASIDE)).otherwise("band")
    ).join(parties, on="party_id", how="left", maintain_order="left")


def _of_list(pairs: pl.DataFrame) -> dict[str, Any]:
    """Count the pairs of a list by band, and take the best of those that are not shown."""
    counts = dict(pairs["band"].value_counts().sort("band").iter_rows())
    under = pairs.filter(pl.col("band").is_in([BELOW, CONTRADICTED])).sort(
        "score", "party_id", descending=[True, False]
    )
    best = under.select(BEST).row(0, named=True) if under.height else None
    names = (*BANDS, SET_ASIDE)
    return {"counts": {name: counts.get(name, 0) for name in names}, "best": best}


def _kept_from(run: Run, segment: str | None) -> Mapping[str, Mapping[str, float]]:
    """Return by list and type of its parties the lowest score from which a pair was kept, whoever was compared."""
    logic = run.manifest["logic"]
    kinds = run.table("parties").select("list", "party_type").unique()
    parties = kinds.with_columns(party_id=pl.concat_str("list", pl.lit(" "), "party_type"))
    settings = Matching.model_validate(run.manifest["config"]["matching"])
    limits = pl.concat(
        score_limits(parties, logic["thresholds"], settings, each) for each in {None, segment}
    ).join(parties, on="party_id")
    highest = limits.group_by("list", "party_type").agg(pl.col("review_at").max()).drop_nulls()
    lowest: dict[str, dict[str, float]] = {}
    for code, kind, review in highest.sort("list", "party_type").iter_rows():
        lowest.setdefault(code, {})[kind] = round(max(0.0, review - logic["kept_below"]), 6)
    return lowest
