"""What the server answers from: the run, the book behind it, and the lists of a day.

When the store has newer lists, today's are built beside the old ones and take their place in one assignment; a request
goes on with the lists that it began with. Lists of other days are built when asked for, and a few of them stay.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from desk.api.cache import LruCache
from desk.api.day_lists import ListDay, Source, build, reuse_or_build
from desk.api.settings import Settings
from lists.store import Store
from pipelines.inputs.book import read_book
from pipelines.run import open_run
from screening.book.lookup import BookLookup
from screening.book.network import BookNetwork, build_network
from screening.book.rows import customer_nodes
from screening.ownership import OwnershipNetwork
from screening.tables.book import Book

CACHED_DAYS = 3
CACHED_NETWORKS = 3


class ServerData:
    """The data of one server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.run = open_run(settings.run)
        self.book: Book | None = read_book(settings.files, settings.config) if settings.files else None
        self.customer_ids = frozenset(self.book.customers["customer_id"]) if self.book else frozenset[str]()
        latest = self.run.manifest["lists_mode"] == "latest"
        config = settings.config
        self._source = Source(settings.store, config.lists or None, latest, config.matching)
        self._store = Store(settings.store)
        self._days: LruCache[ListDay] = LruCache(CACHED_DAYS)
        self._networks: LruCache[BookNetwork] = LruCache(CACHED_NETWORKS)
        self._lookups: LruCache[BookLookup] = LruCache(CACHED_NETWORKS)
        self.current = build(self._source, self._today())

    @property
    def run_day(self) -> date:
        """The day of the run."""
        return date.fromisoformat(str(self.run.manifest["as_of"]))

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
        return self._book_network(as_of).network

    def entity_id(self, id_: str, as_of: date) -> str:
        """Return the entity of the network that a customer is; any other id is an entity's already."""
        nodes = self._book_network(as_of).nodes
        found = nodes.filter(pl.col("customer_id") == id_)["entity_id"]
        return str(found[0]) if len(found) else id_

    def customers_among(self, entity_ids: pl.Series, as_of: date) -> tuple[pl.DataFrame, pl.DataFrame] | None:
        """Return the customers that are these entities of the network, and their nodes (customer_id, entity_id).

        None where the server was given no book.
        """
        if self.book is None:
            return None
        every = self._book_network(as_of).nodes
        within = pl.col("entity_id").is_in(entity_ids.implode())
        ids = pl.concat([entity_ids, every.filter(within)["customer_id"]])
        rows = self.book.customers.filter(pl.col("customer_id").is_in(ids.implode()))
        nodes = customer_nodes(rows, every).filter(within)
        return rows.join(nodes, on="customer_id", how="semi", maintain_order="left"), nodes

    def book_lookup(self, as_of: date) -> BookLookup | None:
        """Return the look-up in the book on a day; None where the server was given no book."""
        book = self.book
        if book is None:
            return None
        by_name = self.settings.config.ownership.join_by_name
        network = self._book_network(as_of)
        return self._lookups.get(as_of, lambda: BookLookup(book, network, by_name))

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

    def _book_network(self, as_of: date) -> BookNetwork:
        return self._networks.get(as_of, lambda: self._build_network(as_of))

    def _build_network(self, as_of: date) -> BookNetwork:
        if self.book is None:
            shares = {"share_min": pl.Int64, "share_max": pl.Int64}
            edges = pl.DataFrame(schema={"owner_id": pl.String, "owned_id": pl.String, **shares})
            nodes = pl.DataFrame(schema={"customer_id": pl.String, "entity_id": pl.String})
            return BookNetwork(OwnershipNetwork.from_edges(edges), nodes, np.zeros(0, dtype=np.bool_), ())
        return build_network(self.book, as_of, self.settings.config.ownership.join_by_name)
