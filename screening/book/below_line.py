"""Below the line: a sample, another every day, of pairs that scored just too little for anybody to look at them.

A person judges the sample; what turns up in it says whether the review score stands in the right place. Pairs are drawn
by a hash of the pair, the day and a seed, so the sample is the same however the book was divided, and in a delta.
"""

from __future__ import annotations

import hashlib
from datetime import date

import polars as pl

from screening.book.contradicted import CONTRADICTED
from screening.policy import BelowLine

BAND = "below"
BELOW = {
    "matched_entity_id": pl.String(),
    "customer_id": pl.String(),  # null: the name is that of somebody around customers
    "party_id": pl.String(),
    "list": pl.String(),
    "party_type": pl.String(),
    "segment": pl.String(),
    "score": pl.Float64(),
    "similarity": pl.Float64(),
    "query_name": pl.String(),
    "matched_name": pl.String(),
    "party_name": pl.String(),
}


def above_line(found: pl.DataFrame) -> pl.DataFrame:
    """Return the matches that are shown to anybody: alerts and reviews."""
    return found.filter(~pl.col("band").is_in([BAND, CONTRADICTED]))


def below_line(
    found: pl.DataFrame, nodes: pl.DataFrame, around: pl.LazyFrame, settings: BelowLine, as_of: date
) -> pl.DataFrame:
    """Draw the day's sample of the pairs in the band `below`: columns of `BELOW`, sorted.

    `found`: matches with their party. `nodes`: customer_id, entity_id of customers who are one node with somebody else.
    `around`: entity_id of everybody who was screened beside the customers.
    """
    under = found.filter(pl.col("band") == BAND)
    pairs = under.select(pl.concat_str("matched_entity_id", "party_id", separator="\0")).to_series()
    key = f"{settings.seed} {as_of}".encode()
    lots = [hashlib.blake2b(pair.encode(), digest_size=8, key=key).digest() for pair in pairs.to_list()]
    drawn = under.with_columns(pl.Series("lot", lots, dtype=pl.Binary)).sort("lot").head(settings.pairs)
    first_customer = nodes.group_by(matched_entity_id="entity_id").agg(pl.col("customer_id").min())
    ids = around.select("entity_id").filter(pl.col("entity_id").is_in(drawn["matched_entity_id"].implode()))
    is_around = pl.col("matched_entity_id").is_in(ids.collect().to_series().implode())
    return (
        drawn.join(first_customer, on="matched_entity_id", how="left")
        .with_columns(customer_id=pl.coalesce("customer_id", pl.when(~is_around).then("matched_entity_id")))
        .select(list(BELOW))
        .sort("matched_entity_id", "party_id")
    )
