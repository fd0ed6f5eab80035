"""Below the line: a daily sample of pairs that scored just under the review score.

A person reviews the sample; what turns up in it says whether the review score is in the right place. Pairs are drawn by
a hash of the pair, the day and a seed: another sample every day, and the same one however the book was divided.
"""

from __future__ import annotations

import hashlib
from datetime import date

import polars as pl

from screening.book.contradicted import CONTRADICTED
from screening.policy import BelowLine
from screening.tables.outputs import BELOW_LINE

BAND = "below"


def above_line(found: pl.DataFrame) -> pl.DataFrame:
    """Return the matches that are shown: alerts and reviews."""
    return found.filter(~pl.col("band").is_in([BAND, CONTRADICTED]))


def below_line(
    found: pl.DataFrame, nodes: pl.DataFrame, around: pl.LazyFrame, settings: BelowLine, as_of: date
) -> pl.DataFrame:
    """Draw the day's sample of the pairs in the band `below`: columns of the table `below_line`, sorted.

    `found`: matches with their party. `nodes`: customer_id, entity_id of customers who share a node with somebody else.
    `around`: has the entity_id of everybody who was screened besides the customers.
    """
    below = found.filter(pl.col("band") == BAND)
    pairs = below.select(pl.concat_str("matched_entity_id", "party_id", separator="\0")).to_series()
    key = f"{settings.seed} {as_of}".encode()
    lots = [hashlib.blake2b(pair.encode(), digest_size=8, key=key).digest() for pair in pairs.to_list()]
    drawn = below.with_columns(pl.Series("lot", lots, dtype=pl.Binary)).sort("lot").head(settings.pairs)
    first_customer = nodes.group_by(matched_entity_id="entity_id").agg(pl.col("customer_id").min())
    ids = around.select("entity_id").filter(pl.col("entity_id").is_in(drawn["matched_entity_id"].implode()))
    is_around = pl.col("matched_entity_id").is_in(ids.collect().to_series().implode())
    return (
        drawn.join(first_customer, on="matched_entity_id", how="left")
        .with_columns(customer_id=pl.coalesce("customer_id", pl.when(~is_around).then("matched_entity_id")))
        .select(BELOW_LINE.names)
        .sort("matched_entity_id", "party_id")
    )
