"""The lists of one day, ready to screen against. A large index is built in another process while this one answers."""

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
from screening.book import Screener, active_parties, score_limits
from screening.matching import thresholds
from screening.policy import Matching

POLITENESS = 10
"""Niceness of the process that builds an index (as of the command `nice`): answers to callers come first."""

FEW_NAMES = 10_000
"""Up to so many names are indexed sooner than a process starts."""


class BuildLost(ListError):
    """The process that built an index is gone, most often because memory ran out. The lists in use stay."""


@dataclass(frozen=True, slots=True)
class ListDay:
    """The lists as published by a day, and the screener over the parties that are in effect on it."""

    as_of: date
    lists: ListSet
    screener: Screener
    rows: Mapping[str, int]  # party_id -> its row in the parties of the screener
    alert_scores: Mapping[str, float | None]  # party_id -> the score from which on a match is an alert

    @property
    def snapshot_names(self) -> tuple[str, ...]:
        """The names of the snapshots in use."""
        return tuple(ref.name for ref in self.lists.snapshots)

    def is_alert(self, party_id: str, score: float) -> bool:
        """Tell whether the nightly job would call a match of this score with a party an alert."""
        alert = self.alert_scores[party_id]
        return alert is not None and score >= alert

    def party(self, party_id: str) -> dict[str, Any]:
        """Return the row of a party that is in effect on the day."""
        return self.screener.parties.row(self.rows[party_id], named=True)


@dataclass(frozen=True, slots=True)
class Source:
    """Where lists come from: a store, which lists of it (None: all but optional ones), those of the day or the newest;
    and the scores that count as an alert."""

    store: Path
    codes: Sequence[str] | None = None
    latest: bool = False
    matching: Matching = field(default_factory=Matching)
    optional: Sequence[str] = ()

    def load(self, as_of: date) -> ListSet:
        """Read the lists of a day. Raises ListError."""
        return Store(self.store).load(None if self.latest else as_of, self.codes, self.optional)

    def choose(self, as_of: date) -> tuple[tuple[SnapshotRef, ...], tuple[str, ...]]:
        """Name the snapshots of a day, with their warnings, without reading them. Raises ListError."""
        return Store(self.store).choose(None if self.latest else as_of, self.codes, self.optional)


def reuse_or_build(source: Source, as_of: date, ready: ListDay) -> ListDay:
    """Make the lists of a day ready; where the parties in effect are those of `ready`, so is its screener.

    Raises ListError.
    """
    snapshots, warnings = source.choose(as_of)
    if snapshots == ready.lists.snapshots:
        parties = active_parties(ready.lists.frames, pl.lit(as_of))
        if parties.equals(ready.screener.parties):
            return replace(ready, as_of=as_of, lists=replace(ready.lists, warnings=warnings))
    names = sum(ref.counts["names"] for ref in snapshots)
    return build(source, as_of) if names <= FEW_NAMES else _build_in_process(source, as_of)


def build(source: Source, as_of: date) -> ListDay:
    """Read the lists of a day and index their names. Raises ListError."""
    lists = source.load(as_of)
    screener = open_screener(source.store, lists.frames, as_of, source.matching)
    rows = {party_id: row for row, party_id in enumerate(screener.parties["party_id"])}
    limits = score_limits(screener.parties, thresholds(), source.matching)
    return ListDay(as_of, lists, screener, rows, dict(limits.select("party_id", "alert_at").iter_rows()))


def _build_in_process(source: Source, as_of: date) -> ListDay:
    """Build in another process, which ends afterwards, so that callers hardly notice.

    Raises ListError, BuildLost among them.
    """
    with ProcessPoolExecutor(1, get_context("spawn"), os.nice, (POLITENESS,)) as process:
        try:
            return process.submit(build, source, as_of).result()
        except BrokenProcessPool as error:
            raise BuildLost(
                f"The index of {as_of} could not be built: its process ended. Is there enough memory?"
            ) from error
