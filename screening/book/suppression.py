"""Pairs that a person reviewed and found to be two different parties: set aside while nothing about them changes.

A review holds for one entity, one party and the evidence then seen. Where a name, the score, the listing or its measure
changes, the evidence has another hash and the pair speaks again by itself; so does it when the review expires. A party
listed anew is another pair. Whatever is set aside is still counted, in a table of its own.

A review follows an entity to a new id only where the user says so, with the day of the change: two customers of one
name are two customers, so nothing is ever guessed from a likeness.
"""

from __future__ import annotations

import hashlib
from datetime import date

import polars as pl

from screening.book.matches import MEASURE
from screening.tables.book import Book

EVIDENCE = (
    "query_name",
    "matched_name",
    "score",
    "band",
    "list",
    "party_type",
    "party_name",
    "evidence",
    *MEASURE,
)
SUPPRESSED = {
    "matched_entity_id": pl.String(),
    "party_id": pl.String(),
    "list": pl.String(),
    "party_type": pl.String(),
    "segment": pl.String(),
    "score": pl.Float64(),
    "band": pl.String(),
    "query_name": pl.String(),
    "matched_name": pl.String(),
    "party_name": pl.String(),
    "evidence_hash": pl.String(),
    "reviewed_as": pl.String(),  # the id in the review
    "reason": pl.String(),
    "by": pl.String(),
    "date": pl.Date(),
    "expires": pl.Date(),
}
_PAIR = ["matched_entity_id", "party_id", "evidence_hash"]


def with_evidence_hash(found: pl.DataFrame) -> pl.DataFrame:
    """Add `evidence_hash` to hits: what a reviewer sees of the pair, in 32 characters.

    Fewer would not do: who shapes both could find evidence to be turned down and evidence to hide with one hash.
    """
    seen = found.select(
        pl.struct(pl.col("score").round(6), *[c for c in EVIDENCE if c != "score"]).struct.json_encode()
    )
    texts = seen.to_series().to_list()
    hashes = [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in texts]
    return found.with_columns(pl.Series("evidence_hash", hashes, dtype=pl.String))


def reviews_on(book: Book, nodes: pl.DataFrame, as_of: date) -> pl.DataFrame | None:
    """Return the reviews under the ids of the day: those given, `matched_entity_id` among their columns.

    `nodes`: customer_id, entity_id of the customers that the network knows under another id.
    """
    if book.suppressions is None:
        return None
    given = book.suppressions.rename({"customer_id": "reviewed_as"})
    today = follow_renames(given.with_columns(entity="reviewed_as"), book.renames, as_of)
    known = nodes.select("entity_id", entity="customer_id")
    placed = today.join(known, on="entity", how="left", maintain_order="left")
    return placed.with_columns(matched_entity_id=pl.coalesce("entity_id", "entity")).drop(
        "entity", "entity_id"
    )


def follow_renames(reviewed: pl.DataFrame, renames: pl.DataFrame | None, as_of: date) -> pl.DataFrame:
    """Follow each review's `entity` from the id of its `date` to that of the day.

    `renames`: old_id, new_id, date. The first change after the review counts, then the first after that. An id that
    became two on one day is followed to neither: the pairs are looked at again.
    """
    if renames is None:
        return reviewed
    only = pl.when(pl.col("new_id").n_unique() == 1).then(pl.col("new_id").first())
    moves = (
        renames.filter(pl.col("date") <= as_of)
        .group_by(entity="old_id", moved="date")
        .agg(new_id=only)
        .sort("moved")
    )
    today = reviewed.with_columns(since="date")
    while True:
        ahead = today.sort("since").join_asof(
            moves, left_on="since", right_on="moved", by="entity", strategy="forward",
            allow_exact_matches=False, check_sortedness=False,
        )  # fmt: skip
        if ahead["moved"].is_null().all():
            return today.drop("since")
        today = ahead.filter(pl.col("moved").is_null() | pl.col("new_id").is_not_null()).select(
            *reviewed.drop("entity").columns,
            entity=pl.coalesce("new_id", "entity"),
            since=pl.coalesce("moved", "since"),
        )


def set_aside(
    found: pl.DataFrame, reviewed: pl.DataFrame | None, as_of: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part hits with evidence into those that stand and those that a review sets aside (columns of `SUPPRESSED`).

    `reviewed`: matched_entity_id (of the customer or other entity whose name was compared), party_id, evidence_hash,
    reviewed_as, reason, by, date, expires; a review counts from its date until it expires.
    """
    if reviewed is None:
        return found, pl.DataFrame(schema=SUPPRESSED)
    day = pl.lit(as_of)
    valid = (
        reviewed.filter(pl.col("date") <= day, pl.col("expires") >= day)
        .sort(*_PAIR, "expires", "by", "reason", "reviewed_as")
        .unique(_PAIR, keep="last", maintain_order=True)
    )
    hidden = found.join(valid, on=_PAIR).select(list(SUPPRESSED)).sort(_PAIR)
    return found.join(valid, on=_PAIR, how="anti", maintain_order="left"), hidden
