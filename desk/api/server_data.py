"""What the server answers from: the run, the book behind it, and the lists of a day with their index.

The lists of today are built aside and swapped in by one assignment when the store has newer ones; requests in flight
keep what they began with. Other days are built on demand and a few of them kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
import polars as pl

from desk.api.book_lookup import BookLookup
from desk.api.day_lists import ListDay, Source, another, build
from desk.api.settings import Settings
from lists.store import Store
from pipelines.inputs.book import read_book
from pipelines.run import open_run
from screening.book.context import customer_nodes
from screening.book.network import BookNetwork, build_network
from screening.ownership import OwnershipNetwork
from screening.tables.book import Book

Value = TypeVar("Value")
DAYS_KEPT = 3
NETWORKS_KEPT = 3


class LruCache(Generic[Value]):
    """A few values, each made once; the least recently used goes first."""

    def __init__(self, size: int) -> None:
        self._size, self._values, self._lock = size, OrderedDict[Hashable, Value](), Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of the key, making it where it is not kept."""
        with self._lock:  # one at a time: two builds at once would need twice the memory
            if key not in self._values:
                self._values[key] = make()
                if len(self._values) > self._size:
                    self._values.popitem(last=False)
            self._values.move_to_end(key)
            return self._values[key]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._values.clear()


class ServerData:
    """The data of one server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.run = open_run(settings.run)
        self.book: Book | None = read_book(settings.files, settings.config) if settings.files else None
        self.customers = frozenset(self.book.customers["customer_id"]) if self.book else frozenset[str]()
        latest = self.run.manifest["lists_mode"] == "latest"
        config = settings.config
        self._source = Source(settings.store, config.lists or None, latest, config.matching)
        self._store = Store(settings.store)
        self._days: LruCache[ListDay] = LruCache(DAYS_KEPT)
        self._networks: LruCache[BookNetwork] = LruCache(NETWORKS_KEPT)
        self._held: LruCache[BookLookup] = LruCache(NETWORKS_KEPT)
        self.current = build(self._source, self._today())

    @property
    def run_day(self) -> date:
        """The day that the run is of."""
        return date.fromisoformat(str(self.run.manifest["as_of"]))

    @property
    def store(self) -> Store:
        """The list store."""
        return self._store

    def on(self, as_of: date | None = None) -> ListDay:
        """Return the lists as known on a day; today's stand ready. Raises SnapshotNotFound."""
        current = self.current
        if as_of is None or as_of == current.as_of:
            return current
        return self._days.get(as_of, lambda: another(self._source, as_of, current))

    def network(self, as_of: date) -> OwnershipNetwork:
        """Return who owns whom on a day, declared parents included; empty where the server was given no ownership."""
        return self._networks.get(as_of, lambda: self._own(as_of)).network

    def node(self, entity_id: str, as_of: date) -> str:
        """Return the node of the network that a customer is; any other id is its own."""
        nodes = self._networks.get(as_of, lambda: self._own(as_of)).nodes
        found = nodes.filter(pl.col("customer_id") == entity_id)["entity_id"]
        return str(found[0]) if len(found) else entity_id

    def customers_among(self, entity_ids: pl.Series, as_of: date) -> tuple[pl.DataFrame, pl.DataFrame] | None:
        """Return the customers that are these nodes of the network, and their nodes (customer_id, entity_id).

        None where the server was given no book.
        """
        if self.book is None:
            return None
        held = self._networks.get(as_of, lambda: self._own(as_of)).nodes
        within = pl.col("entity_id").is_in(entity_ids.implode())
        ids = pl.concat([entity_ids, held.filter(within)["customer_id"]])
        rows = self.book.customers.filter(pl.col("customer_id").is_in(ids.implode()))
        nodes = customer_nodes(rows, held).filter(within)
        return rows.join(nodes, on="customer_id", how="semi", maintain_order="left"), nodes

    def held(self, as_of: date) -> BookLookup | None:
        """Return the book with its network of a day, to look in; None where the server was given no book."""
        book = self.book
        if book is None:
            return None
        by_name = self.settings.config.ownership.join_by_name
        owned = self._networks.get(as_of, lambda: self._own(as_of))
        return self._held.get(as_of, lambda: BookLookup(book, owned, by_name))

    def refresh(self) -> bool:
        """Take newer lists, or a new day, into use; tells whether anything changed. Raises ListError."""
        today, current = self._today(), self.current
        if today == current.as_of and self._source.choose(today)[0] == current.listed.snapshots:
            return False
        self.current = another(self._source, today, current)
        self._days.clear()
        self.look_up(today)
        return True

    def look_up(self, as_of: date) -> None:
        """Make the book ready to be looked in, so that the first caller of a day need not wait."""
        held = self.held(as_of)
        if held is not None:
            _ = held.directory

    def warm(self) -> None:
        """Match once, so that the first caller does not wait for the compiler."""
        self.look_up(self.current.as_of)
        self.current.index.match(pl.DataFrame({"query_id": ["0"], "name": ["warm up Ltd"]}), limit=1)

    def _today(self) -> date:
        return self.settings.clock().date()

    def _own(self, as_of: date) -> BookNetwork:
        if self.book is None:
            shares = {"share_min": pl.Int64, "share_max": pl.Int64}
            edges = pl.DataFrame(schema={"owner_id": pl.String, "owned_id": pl.String, **shares})
            nodes = pl.DataFrame(schema={"customer_id": pl.String, "entity_id": pl.String})
            return BookNetwork(OwnershipNetwork.from_edges(edges), nodes, np.zeros(0, dtype=np.bool_), ())
        return build_network(self.book, as_of, self.settings.config.ownership.join_by_name)
