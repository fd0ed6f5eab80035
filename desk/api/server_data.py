"""What the server answers from: the run, the book behind it, and the lists of a day.

When the store has newer lists, today's are built beside the old ones and take their place in one assignment; a request
goes on with the lists that it began with. Lists of other days are built when asked for, and a few of them stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from desk.api.cache import LruCache
from desk.api.day_lists import ListDay, Source, build, reuse_or_build
from desk.api.settings import Settings
from lists.store import Store
from pipelines.inputs.book import read_book
from pipelines.proof import screening_summary
from pipelines.run import open_run
from screening.book import BookLookup, build_network
from screening.ownership import OwnershipNetwork
from screening.tables import Book

CACHED_DAYS = 3
CACHED_LOOKUPS = 3
NO_EDGES = pl.DataFrame(
    schema={"owner_id": pl.String, "owned_id": pl.String, "share_min": pl.Int64, "share_max": pl.Int64}
)


class ServerData:
    """The data of one server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.run = open_run(settings.run)
        self.book: Book | None = read_book(settings.files, settings.config) if settings.files else None
        self.customer_ids = frozenset(self.book.customers["customer_id"]) if self.book else frozenset[str]()
        latest = self.run.manifest["lists_mode"] == "latest"
        config = settings.config
        self._source = Source(
            settings.store, config.lists or None, latest, config.matching, config.optional_lists
        )
        self._store = Store(settings.store)
        self._days: LruCache[ListDay] = LruCache(CACHED_DAYS)
        self._lookups: LruCache[BookLookup] = LruCache(CACHED_LOOKUPS)
        self._summaries: LruCache[Mapping[str, Any]] = LruCache(1)
        self.current = build(self._source, self._today())

    @property
    def run_day(self) -> date:
        """The day of the run."""
        return date.fromisoformat(str(self.run.manifest["as_of"]))

    def screening_summary(self) -> Mapping[str, Any]:
        """Return what the run screened and what it did not; a run never changes, so it is counted once."""
        return self._summaries.get(str(self.run.path), lambda: screening_summary(self.run))

    @property
    def store(self) -> Store:
        """The list store."""
        return self._store

    def lists_on(self, as_of: date | None = None) -> ListDay:
        """Return the lists as published by a day; today's are always ready. Raises SnapshotNotFound."""
        current = self.current
        if as_of is None or as_of == current.as_of:
            return current
        return self._days.get(as_of, lambda: reuse_or_build(self._source, as_of, current))

    def network(self, as_of: date) -> OwnershipNetwork:
        """Return who owns whom on a day, declared parents included; empty where the server was given no book."""
        lookup = self.book_lookup(as_of)
        return lookup.network if lookup else OwnershipNetwork.from_edges(NO_EDGES)

    def entity_id(self, id_: str, as_of: date) -> str:
        """Return the entity of the network that a customer is; any other id is an entity's already."""
        lookup = self.book_lookup(as_of)
        return lookup.entity_id(id_) if lookup else id_

    def book_lookup(self, as_of: date) -> BookLookup | None:
        """Return the look-up in the book on a day; None where the server was given no book."""
        book = self.book
        return None if book is None else self._lookups.get(as_of, lambda: self._look_up(book, as_of))

    def refresh(self) -> bool:
        """Take newer lists, or a new day, into use; tells whether anything changed. Raises ListError."""
        today, current = self._today(), self.current
        if today == current.as_of and self._source.choose(today)[0] == current.lists.snapshots:
            return False
        self.current = reuse_or_build(self._source, today, current)
        self._days.clear()
        self._prepare_lookup(today)
        return True

    def warm(self) -> None:
        """Look up and match once, so that the first caller does not wait for the compiler."""
        self._prepare_lookup(self.current.as_of)
        query = pl.DataFrame({"query_id": ["0"], "name": ["warm up Ltd"]})
        self.current.screener.index.match(query, limit=1)

    def _prepare_lookup(self, as_of: date) -> None:
        """Make the directory of the book, so that the first caller of a day need not wait for it."""
        lookup = self.book_lookup(as_of)
        if lookup is not None:
            _ = lookup.directory

    def _today(self) -> date:
        return self.settings.clock().date()

    def _look_up(self, book: Book, as_of: date) -> BookLookup:
        by_name = self.settings.config.ownership.join_by_name
        return BookLookup(book, build_network(book, as_of, by_name), by_name)
