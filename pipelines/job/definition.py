"""A screening job: what to screen, against which lists, under the rules of which day, where to put the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lists.errors import SnapshotNotFound
from lists.snapshot import ListSet
from lists.store import Store
from lists.system import SYSTEM, System
from pipelines.inputs.book import BookFiles
from pipelines.job.config import Config
from pipelines.job.list_account import require_lists

CHUNK = 100_000
"""Customers in memory at a time; the result is the same whatever it is."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to screen, against which lists, under the rules of which day, and where to put the result."""

    files: BookFiles
    store: Path
    out: Path
    as_of: date
    latest_lists: bool = False
    config: Config = field(default_factory=Config)
    chunk: int = CHUNK
    since: Path | None = None  # the previous run that a delta builds on
    trigger: str | None = None  # the event for which the run is made

    def lists(self, system: System = SYSTEM) -> ListSet:
        """Load the lists as published by the as-of date, or with `latest_lists` the newest.

        Raises SnapshotNotFound, ListVanished.
        """
        store, wanted = Store(self.store, system), self.config.lists or None
        try:
            day = None if self.latest_lists else self.as_of
            lists = store.load(day, wanted, self.config.optional_lists)
        except SnapshotNotFound as error:
            newer = "" if self.latest_lists else "; or screen against newer lists with --lists latest"
            raise SnapshotNotFound(f"{error}{newer}") from error
        require_lists(lists.snapshots, self.config.required_lists, self.config.max_list_age_days, self.as_of)
        return lists
