"""How each further file joins the customers: its rows that are of one, and the customers that have such a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from pipelines.inputs.accounts import EXAMPLES, shown
from pipelines.inputs.strangers import referring_columns
from screening.book.network import BookNetwork
from screening.ownership.arrays import Flags
from screening.ownership.directory import Directory
from screening.tables.book import Book, NetworkFile

KEYS = {
    **{name: (column.name,) for name, column in referring_columns().items()},
    "suppressions": ("customer_id",),
    "renames": ("old_id", "new_id"),
}
"""Columns of the further tables that may name a customer. A row of a watchlist is of nobody in the book."""


@dataclass(frozen=True, slots=True)
class Join:
    """Rows of a file that are of a customer, and customers of whom it has a row.

    `through`: the ownership file by which its entities are joined, where none of them is a customer. `strangers`: some
    ids of a file that has no customer's.
    """

    rows: int
    customers: int
    through: str | None = None
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerIds:
    """All ids under which customers are recorded: their own, and those of entities that are the same by an identifier.

    `others`: id, customer_id of the latter.
    """

    own: Directory
    others: pl.DataFrame
    other: Directory = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "other", Directory.build(self.others["id"].unique().sort()))

    @classmethod
    def gather(cls, own: Directory, network: BookNetwork) -> CustomerIds:
        """Gather the ids of the customers in `own`, and those that a network has for them."""
        moved = network.nodes.select("customer_id", "entity_id")
        holders = network.aliases.select("entity_id").unique().to_series()
        alone = holders.filter(pl.Series(own.find(holders) >= 0, dtype=pl.Boolean))
        unmoved = pl.DataFrame({"customer_id": alone, "entity_id": alone})
        nodes = pl.concat([moved, unmoved]).unique()
        aliases = network.aliases.join(nodes, on="entity_id").select(
            pl.col("alias_id").alias("id"), "customer_id"
        )
        others = pl.concat([nodes.select(pl.col("entity_id").alias("id"), "customer_id"), aliases])
        return cls(own, others.filter(pl.col("id") != pl.col("customer_id")).unique())

    def join(self, batches: Iterator[pl.DataFrame]) -> Join:
        """Count the rows of a file, given in batches of the columns with ids."""
        own = np.zeros(len(self.own.ids) + 1, dtype=np.bool_)  # the last of each takes the absent
        other = np.zeros(len(self.other.ids) + 1, dtype=np.bool_)
        rows, strangers = 0, list[str]()
        for batch in batches:
            found = np.zeros(batch.height, dtype=np.bool_)
            for column in batch:
                for marked, directory in ((own, self.own), (other, self.other)):
                    places = directory.find(column)
                    marked[places] = True
                    found |= places >= 0
            rows += int(found.sum())
            if not rows and len(strangers) < EXAMPLES:
                strangers += batch[:, 0].drop_nulls().unique(maintain_order=True).head(EXAMPLES).to_list()
        some = () if rows else tuple(shown(name) for name in strangers[:EXAMPLES])
        return Join(rows, self._count(own[:-1], other[:-1]), strangers=some)

    def _count(self, own: Flags, other: Flags) -> int:
        """Count the customers marked under any of their ids."""
        elsewhere = self.others.filter(pl.col("id").is_in(self.other.ids.filter(pl.Series(other)).implode()))
        again = self.own.find(elsewhere["customer_id"].unique())
        return int(own.sum()) + int((~own[again]).sum())


def count_joins(own: Directory, book: Book, network: BookNetwork) -> Mapping[int, Join]:
    """Return number of the account of a file -> how it joins the customers, whose own ids are `own`."""
    ids = CustomerIds.gather(own, network)
    only_own = CustomerIds(own, ids.others.clear())
    customers = [name for name, column in referring_columns().items() if column.refers == "customer"]
    first = len(book.accounts) - len(book.network_files)
    joins: dict[int, Join] = {}
    for number, account in enumerate(book.accounts[:first]):
        if account.table in KEYS:
            taken = only_own if account.table in customers else ids
            joins[number] = taken.join(iter([getattr(book, account.table).select(KEYS[account.table])]))
    network_joins = [ids.join(_ids(file)) for file in book.network_files]
    names = [account.file for account in book.accounts[first:]]
    joins.update(enumerate(_with_links(network_joins, book.network_files, names), first))
    for number, join in joins.items():
        if book.accounts[number].table == "connections" and not join.rows:
            joins[number] = _link(join, _keys_of(book), names, book.network_files)
    return joins


def _keys_of(book: Book) -> pl.Series:
    assert book.connections is not None
    return book.connections["entity_id"]


def _ids(file: NetworkFile) -> Iterator[pl.DataFrame]:
    """Yield the ids of a file of the network: those of its edges, then those of its entities."""
    yield from file.edges.select("owned_id", "owner_id").collect_batches()
    yield file.entity_ids.to_frame()


def _with_links(joins: Sequence[Join], files: Sequence[NetworkFile], names: Sequence[str]) -> list[Join]:
    """Look, for files without a customer, whether they share an entity with a file that is joined.

    One file may have the owners of customers, another the owners of those.
    """
    found = list(joins)
    changed = True
    while changed:
        changed = False
        for number, join in enumerate(found):
            if join.rows or join.through:
                continue
            joined = [other for other, each in enumerate(found) if each.rows or each.through]
            ids = pl.concat([column for batch in _ids(files[number]) for column in batch])
            found[number] = _link(join, ids, [names[n] for n in joined], [files[n] for n in joined])
            changed = changed or found[number].through is not None
    return found


def _link(join: Join, ids: pl.Series, names: Sequence[str], files: Sequence[NetworkFile]) -> Join:
    """Name the first of the files that has one of the ids."""
    directory = Directory.build(ids.drop_nulls().unique().sort())
    for name, file in zip(names, files, strict=True):
        if any(bool((directory.find(column) >= 0).any()) for batch in _ids(file) for column in batch):
            return replace(join, through=name)
    return join
