"""The lists of one day, made ready to match, here or in a process of their own while this one goes on answering."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl

from lists.errors import ListError
from lists.snapshot import ListSet, SnapshotRef
from lists.store import Store
from pipelines.index_cache import open_screener
from screening.book.matches import active_parties, score_limits
from screening.book.screener import Screener
from screening.matching import Attributes, NameIndex, thresholds
from screening.policy import Matching

POLITENESS = 10
"""How far a build steps back behind the answers that callers wait for (as in `nice`)."""

FEW_NAMES = 10_000
"""Up to so many names are indexed sooner than a process starts."""


class BuildLost(ListError):
    """The process that built an index is gone, most often because memory ran out. The lists in use stay."""


@dataclass(frozen=True, slots=True)
class ListDay:
    """The lists as known on a day, ready to match: the active parties with their measure, the index of their names,
    and what is known beside the names."""

    as_of: date
    listed: ListSet
    parties: pl.DataFrame
    index: NameIndex
    attributes: Attributes
    places: Mapping[str, int]  # party_id -> row of `parties`
    alerts: Mapping[str, float | None]  # party_id -> the score from which on a match is an alert

    @property
    def names(self) -> tuple[str, ...]:
        """The snapshots in use."""
        return tuple(ref.name for ref in self.listed.snapshots)

    def screener(self, settings: Matching) -> Screener:
        """Return the screener over the day's parties."""
        return Screener(self.listed.frames, self.parties, self.index, self.attributes, settings)

    def alerted(self, party_id: str, score: float) -> bool:
        """Tell whether the night would call a match of this score with a party an alert."""
        alert = self.alerts[party_id]
        return alert is not None and score >= alert

    def party(self, party_id: str) -> dict[str, Any]:
        """Return the row of a party that is active on the day."""
        return self.parties.row(self.places[party_id], named=True)


@dataclass(frozen=True, slots=True)
class Source:
    """Where lists come from: a store, the lists wanted of it (default: all), as of the day or the newest; and what
    counts as an alert."""

    store: Path
    codes: Sequence[str] | None = None
    latest: bool = False
    matching: Matching = field(default_factory=Matching)

    def load(self, as_of: date) -> ListSet:
        """Read the lists of a day. Raises ListError."""
        return Store(self.store).load(None if self.latest else as_of, self.codes)

    def choose(self, as_of: date) -> tuple[tuple[SnapshotRef, ...], tuple[str, ...]]:
        """Name the snapshots of a day, with their warnings, without reading them. Raises ListError."""
        return Store(self.store).choose(None if self.latest else as_of, self.codes)


def another(source: Source, as_of: date, known: ListDay) -> ListDay:
    """Make the lists of a day ready; where the same parties have effect as on a known day, its index serves.

    Raises ListError.
    """
    snapshots, warnings = source.choose(as_of)
    if snapshots == known.listed.snapshots:
        parties = active_parties(known.listed.frames, pl.lit(as_of))
        if parties.equals(known.parties):
            return replace(known, as_of=as_of, listed=replace(known.listed, warnings=warnings))
    names = sum(ref.counts["names"] for ref in snapshots)
    return build(source, as_of) if names <= FEW_NAMES else _build_aside(source, as_of)


def build(source: Source, as_of: date) -> ListDay:
    """Read the lists of a day and index their names. Raises ListError."""
    listed = source.load(as_of)
    ready = open_screener(source.store, listed.frames, as_of, source.matching)
    rows = {name: row for row, name in enumerate(ready.parties["party_id"])}
    limits = score_limits(ready.parties, thresholds(), source.matching)
    alerts = dict(limits.select("party_id", "alert_at").iter_rows())
    return ListDay(as_of, listed, ready.parties, ready.index, ready.attributes, rows, alerts)


def _build_aside(source: Source, as_of: date) -> ListDay:
    """Build in a process of its own, which ends afterwards: who is being answered meanwhile hardly notices.

    Raises ListError, BuildLost among them.
    """
    with ProcessPoolExecutor(1, get_context("spawn"), os.nice, (POLITENESS,)) as process:
        try:
            return process.submit(build, source, as_of).result()
        except BrokenProcessPool as error:
            raise BuildLost(
                f"The index of {as_of} could not be built: its process ended. Is there enough memory?"
            ) from error
