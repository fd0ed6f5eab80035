"""The 50 percent test of each regime over the screened network, and what it means for the customers."""

from __future__ import annotations

import polars as pl

from screening.law.regimes import Regime, regimes
from screening.ownership import OwnershipNetwork
from screening.ownership.cascade.result import CascadeResult
from screening.tables.outputs import RESTRICTED


def restricted_entities(
    network: OwnershipNetwork, matches: pl.DataFrame, remainder_floor: int
) -> pl.DataFrame:
    """Run every regime's cascade and describe the entities in which a listed party has a share.

    `matches`: matched_entity_id, party_id, list, ear_744_8, license_policy, score, band of everybody screened.
    `remainder_floor`: parts per million. Out: the columns of
    `outputs.RESTRICTED`, sorted by entity; entities in which no listed party has a share have no row. One row a regime
    and entity by sure identifications (`root_band` alert), and one where a doubtful one would make it worse (review).
    """
    parts = [
        _restricted_under(regime, network, matches.filter(regime.counts()), remainder_floor)
        for regime in regimes()
    ]
    return pl.concat(parts).sort("entity_id", "regime", "root_band")


def worst_only(restricted: pl.DataFrame) -> pl.DataFrame:
    """Return one row a regime and entity, as the table of a run has them: the doubtful one where it is worse."""
    worst = restricted.sort("entity_id", "regime", "root_band", descending=[False, False, True])
    return worst.unique(["entity_id", "regime"], keep="first", maintain_order=True)


def run_regime(
    regime: Regime, network: OwnershipNetwork, matches: pl.DataFrame, remainder_floor: int
) -> CascadeResult:
    """Run one regime's cascade from the entities that match a party which counts for it."""
    listed = matches.filter(regime.counts())["matched_entity_id"].unique()
    return network.run_cascade(listed, regime.threshold, remainder_floor)


def _restricted_under(
    regime: Regime, network: OwnershipNetwork, matches: pl.DataFrame, remainder_floor: int
) -> pl.DataFrame:
    """Run the cascade from the sure identifications, then with the doubtful ones, which count only where worse."""
    certain = matches.filter(pl.col("band") == "alert")
    result = run_regime(regime, network, certain, remainder_floor)
    sure = result.frame(reached=True)
    parts = []
    if (matches["band"] == "review").any():
        doubtful = run_regime(regime, network, matches, remainder_floor)
        every, same = doubtful.frame(reached=True), ["entity_id", "status"]
        parts.append(_describe(doubtful, every.join(sure, on=same, how="anti"), matches, "review"))
    parts.append(_describe(result, sure, certain, "alert"))
    found = pl.concat(parts).with_columns(regime=pl.lit(regime.id))
    return found.select(RESTRICTED.names).cast(pl.Schema(RESTRICTED.schema()))


def _describe(result: CascadeResult, reached: pl.DataFrame, matches: pl.DataFrame, band: str) -> pl.DataFrame:
    """Describe entities of one cascade's table, their paths written out; very long ones by their two ends."""
    named = reached.rename({"roots": "root_entities"})
    paths = [str(found) for found in result.paths_for(named["entity_id"].to_list(), limit=3, shorten=True)]
    return named.with_columns(
        pl.Series("path", paths, dtype=pl.String), pl.lit(band).alias("root_band")
    ).join(_roots(named, matches), on="root_entities", how="left", maintain_order="left")


def _roots(reached: pl.DataFrame, matches: pl.DataFrame) -> pl.DataFrame:
    """Name the listed parties behind each set of roots; the weakest identification sets the score.

    A root may resemble several parties: its best match says how sure we are that it is listed at all.
    """
    best = matches.group_by("matched_entity_id").agg(pl.col("score").max().alias("best"))
    each = (
        reached.select("root_entities")
        .unique(maintain_order=True)
        .with_columns(matched_entity_id="root_entities")
        .explode("matched_entity_id")
        .join(matches, on="matched_entity_id")
        .join(best, on="matched_entity_id")
    )
    return each.group_by("root_entities").agg(
        roots=pl.col("party_id").unique().sort(),
        root_lists=pl.col("list").unique().sort(),
        root_score=pl.col("best").min(),
        license_policies=pl.col("license_policy").drop_nulls().unique().sort(),
    )
