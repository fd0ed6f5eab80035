"""Pairs that a person reviewed and found to be two different parties: set aside while nothing about them changes.

A review is valid for one entity, one party and the evidence at that time. If a name, the score, the listing or its
measure changes, the evidence has another hash and the match is shown again; so it is when the review expires. A party
listed anew is another pair. What is set aside is still counted, in a table of its own.

A review follows an entity to a new id only if the user says so, with the day of the change: two customers of one name
are two customers, so no change of ids is ever guessed.
"""

from __future__ import annotations

import hashlib
from datetime import date

import polars as pl

from screening.book.matches import MEASURE
from screening.tables.book import Book
from screening.tables.outputs import SUPPRESSED

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
_PAIR = ["matched_entity_id", "party_id", "evidence_hash"]


def with_evidence_hash(found: pl.DataFrame) -> pl.DataFrame:
    """Add `evidence_hash` to matches: what a reviewer is shown of the pair, in 32 characters.

    With fewer, somebody who can shape both could make harmless evidence and evidence to hide that have the same hash.
    """
    shown = found.select(
        pl.struct(pl.col("score").round(6), *[c for c in EVIDENCE if c != "score"]).struct.json_encode()
    )
    texts = shown.to_series().to_list()
    hashes = [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in texts]
    return found.with_columns(pl.Series("evidence_hash", hashes, dtype=pl.String))


def reviews_on(book: Book, nodes: pl.DataFrame, as_of: date) -> pl.DataFrame | None:
    """Return the reviews with the ids of the day: columns as given, and `matched_entity_id`.

    `nodes`: customer_id, entity_id of the customers whose node in the network may have another id.
    """
    if book.suppressions is None:
        return None
    given = book.suppressions.rename({"customer_id": "reviewed_as"})
    today = follow_renames(given.with_columns(entity="reviewed_as"), book.renames, as_of)
    by_customer = nodes.select("entity_id", entity="customer_id")
    with_node = today.join(by_customer, on="entity", how="left", maintain_order="left")
    return with_node.with_columns(matched_entity_id=pl.coalesce("entity_id", "entity")).drop(
        "entity", "entity_id"
    )


def follow_renames(reviewed: pl.DataFrame, renames: pl.DataFrame | None, as_of: date) -> pl.DataFrame:
    """Follow each review's `entity` from the id of its `date` to that of the day.

    `renames`: old_id, new_id, date. The first change after the review counts, then the first after that. An id that
    became two on one day is followed to neither: its pairs are reviewed again.
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
    """Divide matches with `evidence_hash`: those that count, and those that a review sets aside (`SUPPRESSED`).

    `reviewed`: matched_entity_id (of the customer or other entity whose name was compared), party_id, evidence_hash,
    reviewed_as, reason, by, date, expires; a review counts from its date until it expires.
    """
    if reviewed is None:
        return found, SUPPRESSED.empty()
    day = pl.lit(as_of)
    valid = (
        reviewed.filter(pl.col("date") <= day, pl.col("expires") >= day)
        .sort(*_PAIR, "expires", "by", "reason", "reviewed_as")
        .unique(_PAIR, keep="last", maintain_order=True)
    )
    hidden = found.join(valid, on=_PAIR).select(SUPPRESSED.names).sort(_PAIR)
    return found.join(valid, on=_PAIR, how="anti", maintain_order="left"), hidden
