"""The 50 percent test of each regime over the screened network, and what it means for the customers."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.ownership import OwnershipNetwork
from screening.ownership.cascade.result import CascadeResult
from screening.tables.outputs import RESTRICTED

REGIMES: Mapping[str, pl.Expr] = {
    "bis": pl.col("list").is_in(["EL", "MEU"])
    | ((pl.col("list") == "SDN") & pl.col("ear_744_8").fill_null(False)),
    "ofac": pl.col("list") == "SDN",
    "ssi": pl.col("list") == "SSI",
}
"""Whose holdings add up under which rule: Supp. 8 to part 744(a); OFAC FAQ 398; 31 CFR 589.411(b)."""

def restricted_entities(network: OwnershipNetwork, hits: pl.DataFrame, remainder_floor: int) -> pl.DataFrame:
    """Run every regime's cascade and describe the entities that a listed holder reaches.

    `hits`: matched_entity_id, party_id, list, ear_744_8, score, band of everybody screened. Out: the columns of
    `RESTRICTED`, one row a regime and entity; entities that no listed holder reaches have none.
    """
    parts = [
        _one_regime(network, regime, hits.filter(belongs), remainder_floor)
        for regime, belongs in REGIMES.items()
    ]
    return pl.concat(parts).sort("entity_id", "regime")


def _one_regime(
    network: OwnershipNetwork, regime: str, hits: pl.DataFrame, remainder_floor: int
) -> pl.DataFrame:
    """Settle from the sure identifications first, then with the doubtful ones; keep the doubtful only where worse."""
    certain = hits.filter(pl.col("band") == "alert")
    settled = _settled(network, certain, remainder_floor)
    sure = settled.frame(reached=True)
    told = []
    if (hits["band"] == "review").any():
        doubtful = _settled(network, hits, remainder_floor)
        every, same = doubtful.frame(reached=True), ["entity_id", "status"]
        told.append(_described(doubtful, every.join(sure, on=same, how="anti"), hits, "review"))
        sure = sure.join(every, on=same, how="semi")
    told.append(_described(settled, sure, certain, "alert"))
    found = pl.concat(told).with_columns(regime=pl.lit(regime))
    return found.select(RESTRICTED.names).cast(pl.Schema(RESTRICTED.schema()))


def _settled(network: OwnershipNetwork, hits: pl.DataFrame, remainder_floor: int) -> CascadeResult:
    return network.run_cascade(hits["matched_entity_id"].unique(), remainder_floor=remainder_floor)


def _described(settled: CascadeResult, reached: pl.DataFrame, hits: pl.DataFrame, band: str) -> pl.DataFrame:
    """Describe entities that one cascade reaches, their paths written out."""
    named = reached.rename({"roots": "root_entities"})
    paths = [str(found) for found in settled.paths_for(named["entity_id"].to_list(), limit=3)]
    return named.with_columns(
        pl.Series("path", paths, dtype=pl.String), pl.lit(band).alias("root_band")
    ).join(_roots(named, hits), on="entity_id", how="left", maintain_order="left")


def _roots(reached: pl.DataFrame, hits: pl.DataFrame) -> pl.DataFrame:
    """Name the listed parties behind the roots of each entity; the weakest identification sets the score.

    A root may resemble several parties: its best match says how sure we are that it is listed at all.
    """
    best = hits.group_by("matched_entity_id").agg(pl.col("score").max().alias("best"))
    each = (
        reached.select("entity_id", pl.col("root_entities").alias("matched_entity_id"))
        .explode("matched_entity_id")
        .join(hits, on="matched_entity_id")
        .join(best, on="matched_entity_id")
    )
    return each.group_by("entity_id").agg(
        roots=pl.col("party_id").unique().sort(),
        root_lists=pl.col("list").unique().sort(),
        root_score=pl.col("best").min(),
        license_policies=pl.col("license_policy").drop_nulls().unique().sort(),
    )
