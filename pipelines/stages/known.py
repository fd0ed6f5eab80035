"""What is known of the whole book before any customer is judged.

What adds up over a group or a country is seen together first, and so narrow that it can be held for everybody. The
rest a customer's own rows tell, so customers can be judged in any division.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from lists.schema import LIST_CODES
from lists.store import ListSet
from pipelines.config import Config, Segment
from pipelines.inputs.book import Book
from pipelines.stages import hits, regimes
from pipelines.stages.circle import span
from pipelines.stages.network import BookNetwork
from screening.law import PeriodOverride, law_on
from screening.ownership import OwnershipNetwork
from screening.ownership.lineage import lineage
from screening.ownership.parents import numbered
from screening.redflags.facts import Together, adding_up, assemble, holders, see_together


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the whole book before any customer is judged."""

    book: Book  # as from `by_customer`, without edges and entities
    found: pl.DataFrame  # hits of everybody, with what the listing says and imposes
    related: pl.DataFrame  # entity_id, name, role, customer_id
    above: pl.DataFrame  # entity_id, ancestor_id
    nodes: pl.DataFrame  # customer_id, entity_id of the customers who are one node with somebody else
    met: pl.DataFrame  # customer_id of all who may have a hit, of their own or around them
    restricted: pl.DataFrame  # by entity_id
    caught: pl.DataFrame  # the same by customer_id
    tops: pl.DataFrame  # of each node, sorted: entity_id, parent (its place in `heads`), basis, unknown
    heads: pl.DataFrame  # entity_id, name, hq_country of all who are anybody's ultimate parent
    listed: pl.DataFrame  # of the hits, those of whom others may share something with
    stakes: pl.DataFrame  # recorded holdings, ended ones too, of listed holders and in who is caught
    lists_missing: tuple[str, ...]
    as_of: date
    precautionary: frozenset[str]
    overrides: tuple[PeriodOverride, ...]
    segments: tuple[Segment, ...]

    def matches(self, customers: pl.DataFrame) -> pl.DataFrame:
        """Return the hits of these customers, of everybody above them and of the people around them."""
        met = of(customers.select("customer_id"), self.met)
        nodes = nodes_of(met, self.nodes)
        above = self.above.join(nodes, on="entity_id", how="semi", maintain_order="left")
        return hits.of_customers(self.found, above, of(self.related, met), nodes)

    def parents(self, customers: pl.DataFrame) -> pl.DataFrame:
        """Return the ultimate parents of these customers, as far as the network knows them, in their order.

        Columns: customer_id, parent_id, parent_name, parent_hq_country, basis, unknown.
        """
        nodes = nodes_of(customers, self.nodes)
        near = self.tops[span(self.tops["entity_id"], nodes["entity_id"])]
        found = nodes.join(near, on="entity_id", maintain_order="left")
        about = self.heads.select(pl.all().gather(found["parent"]))
        return found.select(
            "customer_id",
            about["entity_id"].alias("parent_id"),
            about["name"].alias("parent_name"),
            about["hq_country"].alias("parent_hq_country"),
            pl.col("basis").cast(pl.String),
            "unknown",
        )

    def adding(self) -> pl.DataFrame:
        """Return the activities that count together with others', as `facts.adding_up`."""
        return adding_up(self.book.activity)

    def together(self, customers: Iterable[pl.DataFrame], adding: pl.DataFrame) -> Together:
        """See together all whose activities are `adding`: `customers`, part by part, of columns `circle.SEATED`."""
        seats = [holders(part, self.parents(part)) for part in customers]
        told = see_together(pl.concat(seats), adding, self.book.transactions, self.listed, law_on(self.as_of))
        return Together(filled(told.training), told.results)

    def facts(self, customers: pl.DataFrame, matches: pl.DataFrame, together: Together) -> pl.DataFrame:
        """Return the facts of customers. `matches`: as from `matches` of them."""
        caught = of(self.caught, customers)
        answers = self.book.answers
        return assemble(
            customers,
            hits.speaking(of(matches, customers), caught),
            caught,
            self.parents(customers),
            connections=self.book.connections,
            answers=None if answers is None else of(answers, customers),
            licences=self.book.licences,
            watchlists=self.book.watchlists,
            as_of=self.as_of,
            lists_missing=self.lists_missing,
            listed=self.listed,
            edges=of(self.stakes, customers, "owned_id"),
            together=told_of(together, customers),
            **{name: own_rows(rows, customers) for name, rows in usage(self.book)},
        )


def learn(
    book: Book,
    owned: BookNetwork,
    found: pl.DataFrame,
    related: pl.DataFrame,
    listed: ListSet,
    as_of: date,
    config: Config,
) -> Known:
    """Run the 50 percent rules and gather what the customers are judged by.

    `book`: as from `by_customer`. `found`: the hits of everybody.
    """
    network = owned.network
    restricted = regimes.restricted_entities(network, found, config.ownership.remainder_floor)
    caught = owned.by_customer(restricted)
    above = lineage(network, found["matched_entity_id"], owned.customers)
    tops, heads = _parents(network)
    stakes = _stakes(book, found, caught)
    return Known(
        book=replace(book, stored=book.stored.clear(), entities=book.entities.clear()),
        found=found,
        related=related,
        above=above,
        nodes=owned.nodes,
        met=_met(found, above, related, owned.nodes),
        restricted=restricted,
        caught=caught,
        tops=tops,
        heads=heads,
        listed=_of_third(book, found, stakes),
        stakes=stakes,
        lists_missing=tuple(sorted(set(LIST_CODES) - {ref.list for ref in listed.snapshots})),
        as_of=as_of,
        precautionary=frozenset(config.rules.precautionary),
        overrides=config.rules.periods,
        segments=config.segments,
    )


def nodes_of(customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return customer_id, entity_id; a customer outside the network is its own node."""
    near = nodes.filter(_within(customers["customer_id"], "customer_id"))
    joined = customers.select("customer_id").join(near, on="customer_id", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("entity_id", "customer_id").alias("entity_id"))


def _parents(network: OwnershipNetwork) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `tops` and `heads` as of `Known`: few are anybody's parent, so only their names are kept."""
    told = numbered(network).select("parent", "basis", "unknown")
    numbers = told["parent"].drop_nulls().unique().sort()
    place = pl.DataFrame({"parent": numbers}).with_row_index("place")
    tops = told.join(place, on="parent", how="left", maintain_order="left").select(
        network.entities["entity_id"], "basis", "unknown", parent="place"
    )
    return tops, network.entities.select(pl.col("entity_id", "name", "hq_country").gather(numbers))


def _met(
    found: pl.DataFrame, above: pl.DataFrame, related: pl.DataFrame, nodes: pl.DataFrame
) -> pl.DataFrame:
    """Return whose own node, whose holder or whose people were found: customer_id.

    Who is one node with nobody else is its own node.
    """
    met = pl.concat([found["matched_entity_id"], above["entity_id"]]).unique()
    inside = nodes.filter(pl.col("entity_id").is_in(met.implode()))["customer_id"]
    return pl.DataFrame({"customer_id": pl.concat([met, inside, related["customer_id"]]).unique()})


def _stakes(book: Book, found: pl.DataFrame, caught: pl.DataFrame) -> pl.DataFrame:
    """Return the recorded holdings, ended ones too, of listed holders and in customers who are caught."""
    listed, restricted = found["matched_entity_id"].unique(), caught["customer_id"].unique()
    return book.stored.filter(
        pl.col("owner_id").is_in(listed.implode()) | pl.col("owned_id").is_in(restricted.implode())
    ).collect()


def _of_third(book: Book, found: pl.DataFrame, stakes: pl.DataFrame) -> pl.DataFrame:
    """Return the hits of those with a stake, a connection or a transaction: they concern others who share it."""
    ids = [stakes["owner_id"]]
    if book.connections is not None:
        ids.append(book.connections["entity_id"])
    if book.transactions is not None:
        ids.append(book.transactions["customer_id"])
    third = pl.DataFrame({"entity_id": pl.concat(ids).drop_nulls().unique()})
    return found.join(
        third, left_on="matched_entity_id", right_on="entity_id", how="semi", maintain_order="left"
    )


def by_customer(book: Book) -> Book:
    """Return the book with what customers use and order sorted by customer_id, and without empty columns."""

    def ordered(rows: pl.DataFrame | None) -> pl.DataFrame | None:
        return None if rows is None else filled(rows).sort("customer_id", maintain_order=True)

    return replace(book, activity=ordered(book.activity), transactions=ordered(book.transactions))


def usage(book: Book) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the tables of which a customer's own rows tell something, as far as they were given, with their name."""
    tables = (("activity", book.activity), ("transactions", book.transactions))
    return ((name, rows) for name, rows in tables if rows is not None)


def own_rows(rows: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of these customers, from a table sorted by customer_id."""
    mine = customers.select("customer_id")
    near = rows[span(rows["customer_id"], mine["customer_id"])]
    return near.join(mine, on="customer_id", how="semi", maintain_order="left")


def told_of(together: Together, customers: pl.DataFrame) -> Together:
    """Return what was seen of these customers."""
    return Together(own_rows(together.training, customers), own_rows(together.results, customers))


def filled(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out the columns that tell nothing of anybody: they take room as well."""
    return rows.select(column for column in rows if column.null_count() < len(column) or not len(column))


def of(rows: pl.DataFrame, customers: pl.DataFrame, key: str = "customer_id") -> pl.DataFrame:
    """Keep the rows that belong to these customers."""
    near = rows.filter(_within(customers["customer_id"], key))
    mine = customers.select("customer_id")
    return near.join(mine, left_on=key, right_on="customer_id", how="semi", maintain_order="left")


def _within(ids: pl.Series, key: str) -> pl.Expr:
    """Keep what may belong to a range of ids: far cheaper than to look up each of a million in a range's ids."""
    return pl.col(key).is_between(pl.lit(ids.min(), pl.String), pl.lit(ids.max(), pl.String))
