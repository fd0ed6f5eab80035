"""Pairs that a person reviewed and found to be two different parties: set aside while nothing about them changes.

A review holds for one entity, one party and the evidence then seen. Where a name, the score, the listing or its measure
changes, the evidence has another hash and the pair speaks again by itself; so does it when the review expires. A party
listed anew is another pair. Whatever is set aside is still counted, in a table of its own.
"""

from __future__ import annotations

import hashlib
from datetime import date

import polars as pl

from pipelines.stages.hits import MEASURE

EVIDENCE = ("query_name", "matched_name", "score", "band", "list", "party_type", "party_name", *MEASURE)
SUPPRESSED = {
    "matched_entity_id": pl.String(),
    "party_id": pl.String(),
    "evidence_hash": pl.String(),
    "reason": pl.String(),
    "by": pl.String(),
    "date": pl.Date(),
    "expires": pl.Date(),
}


def with_evidence(found: pl.DataFrame) -> pl.DataFrame:
    """Add `evidence_hash` to hits: what a reviewer sees of the pair, in sixteen characters."""
    seen = found.select(
        pl.struct(pl.col("score").round(6), *[c for c in EVIDENCE if c != "score"]).struct.json_encode()
    )
    texts = seen.to_series().to_list()
    hashes = [hashlib.blake2b(text.encode(), digest_size=8).hexdigest() for text in texts]
    return found.with_columns(pl.Series("evidence_hash", hashes, dtype=pl.String))


def set_aside(
    found: pl.DataFrame, reviewed: pl.DataFrame | None, as_of: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part hits with evidence into those that stand and those that a review sets aside (columns of `SUPPRESSED`).

    `reviewed`: customer_id (of the customer or other entity whose name was compared), party_id, evidence_hash, reason,
    by, date, expires; a review counts from its date until it expires.
    """
    if reviewed is None:
        return found, pl.DataFrame(schema=SUPPRESSED)
    day = pl.lit(as_of)
    keys = ["matched_entity_id", "party_id", "evidence_hash"]
    valid = (
        reviewed.filter(pl.col("date") <= day, pl.col("expires") >= day)
        .rename({"customer_id": "matched_entity_id"})
        .sort(*keys, "expires", "by", "reason")
        .unique(keys, keep="last", maintain_order=True)
    )
    hidden = found.select(keys).join(valid, on=keys).select(list(SUPPRESSED)).sort(keys)
    return found.join(valid, on=keys, how="anti", maintain_order="left"), hidden
