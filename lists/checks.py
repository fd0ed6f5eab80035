"""Is a list whole and plausible? The bounds are in `lists/data/expectations.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from lists.normalize.dates import EARLIEST
from lists.reference import settings
from lists.schema import TABLES, ListFrames

_SHRINKS = ("parties", "names", "addresses")


@dataclass(frozen=True, slots=True)
class Expectations:
    """Bounds for one list."""

    min_parties: int
    max_parties: int
    max_shrink: float
    max_quarantined: float
    max_odd_dates: float
    filled: Mapping[str, float] = field(default_factory=dict)


def expectations(list_code: str) -> Expectations:
    """Return the bounds of a list: its own over the defaults.

    >>> expectations("SDN").min_parties, expectations("MY_LIST").min_parties
    (4000, 1)
    """
    toml = settings("expectations")
    merged: dict[str, Any] = toml["default"] | toml["lists"].get(list_code, {})
    return Expectations(**merged)


def required_lists(source: str) -> tuple[str, ...]:
    """Return the lists that a file of this source must carry."""
    return tuple(settings("expectations")["sources"].get(source, {}).get("requires", ()))


def integrity(frames: ListFrames) -> list[str]:
    """Return what is broken in the tables themselves: columns, keys, references. Holds for samples too."""
    faults = [
        f"table {name} does not have the columns of the schema"
        for name, frame in frames.tables().items()
        if dict(frame.schema) != dict(TABLES[name])
    ]
    ids = frames.parties["party_id"]
    if ids.null_count() or not ids.is_unique().all():
        faults.append("party ids are not unique")
    for name, frame in frames.tables().items():
        if not frame["party_id"].is_in(ids.implode()).all():
            faults.append(f"the {name} table has parties that are not in the list")
    if frames.measures.height != frames.parties.height:
        faults.append("measures has not one row a party")
    return faults


def plausibility(
    list_code: str,
    frames: ListFrames,
    published: date,
    rows: int,
    quarantined: int,
    before: Mapping[str, int] | None,
) -> list[str]:
    """Return where the list is not what it looks like: size, shrink, fill, dates, quarantined rows.

    `before` holds the counts of the newest snapshot of the same publisher, None for the first one.
    """
    bounds = expectations(list_code)
    count = frames.parties.height
    faults = []
    if not bounds.min_parties <= count <= bounds.max_parties:
        faults.append(f"{count:,} parties; expected {bounds.min_parties:,} to {bounds.max_parties:,}")
    if rows and quarantined / rows > bounds.max_quarantined:
        faults.append(f"{quarantined:,} of {rows:,} rows could not be read")
    faults += _shrunk(frames, before or {}, bounds)
    faults += _unfilled(frames, bounds)
    odd = frames.parties.filter(
        (pl.col("listed_from") < EARLIEST) | (pl.col("listed_from") > published + timedelta(days=366))
    ).height
    if count and odd / count > bounds.max_odd_dates:
        faults.append(f"{odd:,} parties are listed from an unlikely day")
    return faults


def _shrunk(frames: ListFrames, before: Mapping[str, int], bounds: Expectations) -> list[str]:
    faults = []
    for table in _SHRINKS:
        was, now = before.get(table, 0), frames.tables()[table].height
        if now < was * (1 - bounds.max_shrink):
            faults.append(f"{table} fell from {was:,} to {now:,}")
    return faults


def _unfilled(frames: ListFrames, bounds: Expectations) -> list[str]:
    faults = []
    for column, least in bounds.filled.items():
        frame = frames.parties if column in frames.parties.columns else frames.measures
        values = frame[column]
        there = values.list.len() > 0 if values.dtype == pl.List else values.is_not_null()
        share = float(there.sum()) / max(frame.height, 1)
        if share < least:
            faults.append(f"{column} is filled for {share:.0%} of the parties; expected {least:.0%}")
    return faults
