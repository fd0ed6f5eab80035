"""How far a store can be trusted: the age of each list, texts that no rule reads, rows that could not be read."""

from __future__ import annotations

from datetime import date

import polars as pl

from lists.snapshot import SnapshotRef
from lists.store import Store

_UNREAD = {
    "list": pl.String(),
    "field": pl.String(),
    "text": pl.String(),
    "parties": pl.Int64(),
    "example": pl.String(),
}
_SET_ASIDE = {
    "list": pl.String(),
    "file": pl.String(),
    "row": pl.Int64(),
    "reason": pl.String(),
    "text": pl.String(),
}
_AGES = {
    "list": pl.String(),
    "publisher": pl.String(),
    "published": pl.Date(),
    "days": pl.Int64(),
    "parties": pl.Int64(),
    "partial": pl.Boolean(),
    "snapshot": pl.String(),
}


def unread(store: Store, as_of: date | None = None) -> pl.DataFrame:
    """Return the defects of the lists in use, most frequent first: list, field, text, parties, example (a party id)."""
    frames = [store.defects(ref) for ref in _in_use(store, as_of)]
    counted = (
        pl.concat(frames)
        .group_by("list", "field", "text")
        .agg(parties=pl.col("party_id").n_unique().cast(pl.Int64), example=pl.col("party_id").min())
    )
    return counted.sort(["parties", "list", "field", "text"], descending=[True, False, False, False]).select(
        list(_UNREAD)
    )


def set_aside(store: Store, as_of: date | None = None) -> pl.DataFrame:
    """Return the quarantined rows of the lists in use: list, file, row, reason, text."""
    refs = _in_use(store, as_of)
    frames = [store.quarantine(ref).with_columns(pl.col("list").fill_null(ref.list)) for ref in refs]
    return pl.concat(frames).select(list(_SET_ASIDE)).sort("list", "file", "row")


def ages(store: Store, today: date) -> pl.DataFrame:
    """Return how old each list in use is: list, publisher, published, days, parties, partial, snapshot."""
    rows = [
        (
            ref.list,
            ref.publisher,
            ref.published,
            (today - ref.published).days,
            ref.counts["parties"],
            ref.partial,
            ref.name,
        )
        for ref in _in_use(store, None)
    ]
    return pl.DataFrame(rows, schema=_AGES, orient="row").sort("list")


def _in_use(store: Store, as_of: date | None) -> tuple[SnapshotRef, ...]:
    """Return the snapshots of a day, optional lists among them: what is in the store is looked at."""
    return store.choose(as_of, optional=store.optional(as_of))[0]
