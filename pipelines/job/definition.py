"""A screening job: what to screen, against which lists, under the rules of which day, where to put the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lists.errors import SnapshotNotFound
from lists.snapshot import ListSet
from lists.store import Store
from pipelines.inputs.book import BookFiles
from pipelines.job.config import Config

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
    since: Path | None = None  # an earlier run, of which whatever still holds is taken over

    def lists(self) -> ListSet:
        """Load the lists as known on the as-of date, or the newest where the job says so. Raises SnapshotNotFound."""
        wanted = self.config.lists or None
        if self.latest_lists:
            return Store(self.store).load(None, wanted)
        try:
            return Store(self.store).load(self.as_of, wanted)
        except SnapshotNotFound as error:
            raise SnapshotNotFound(f"{error}; or screen against newer lists with --lists latest") from error
