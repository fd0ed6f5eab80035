"""The context of a book: everything that is worked out of the whole book before anybody is assessed.

What adds up over a group or a country is totalled first, in frames so narrow that they fit in memory for everybody. The
rest a customer's own rows say, so customers can be assessed in any division.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from lists.schema import LIST_CODES
from lists.snapshot import ListSet
from screening.arrays import slice_between
from screening.book.matches import for_customers, unexplained
from screening.book.network import BookNetwork
from screening.book.regimes import restricted_entities
from screening.law import PeriodOverride, law_on
from screening.ownership import OwnershipNetwork
from screening.ownership.lineage import lineage
from screening.ownership.parents import numbered
from screening.policy import Policy, Segment
from screening.redflags.facts import GroupTotals, adding_activities, assemble, holders, total_by_group
from screening.tables.book import Book


@dataclass(frozen=True, slots=True)
class BookContext:
    """What is worked out of the whole book before any customer is assessed."""

    book: Book  # as from `sort_usage`, without edges and entities
    matches: pl.DataFrame  # of everybody, with what the listing says and imposes
    related: pl.DataFrame  # entity_id, name, role, customer_id
    ancestors: pl.DataFrame  # entity_id, ancestor_id
    nodes: pl.DataFrame  # customer_id, entity_id of the customers who are one node with somebody else
    customers_with_matches: (
        pl.DataFrame
    )  # customer_id of all who may have a match, of their own or around them
    restricted: pl.DataFrame  # by entity_id
    restricted_customers: pl.DataFrame  # the same by customer_id
    parents: (
        pl.DataFrame
    )  # of each node, sorted: entity_id, parent (its place in `parent_entities`), basis, unknown
    parent_entities: pl.DataFrame  # entity_id, name, hq_country of all who are anybody's ultimate parent
    shared_matches: pl.DataFrame  # the matches of those with whom others may share something
    stakes: pl.DataFrame  # recorded edges, ended ones too, of listed holders and in restricted customers
    lists_missing: tuple[str, ...]
    as_of: date
    precautionary: frozenset[str]
    overrides: tuple[PeriodOverride, ...]
    segments: tuple[Segment, ...]

    def customer_matches(self, customers: pl.DataFrame) -> pl.DataFrame:
        """Return the matches of these customers, of everybody above them and of the people around them."""
        matched = rows_of(customers.select("customer_id"), self.customers_with_matches)
        nodes = customer_nodes(matched, self.nodes)
        ancestors = self.ancestors.join(nodes, on="entity_id", how="semi", maintain_order="left")
        return for_customers(self.matches, ancestors, rows_of(self.related, matched), nodes)

    def ultimate_parents(self, customers: pl.DataFrame) -> pl.DataFrame:
        """Return the ultimate parents of these customers, as far as the network holds them, in their order.

        Columns: customer_id, parent_id, parent_name, parent_hq_country, basis, unknown.
        """
        nodes = customer_nodes(customers, self.nodes)
        near = self.parents[slice_between(self.parents["entity_id"], nodes["entity_id"])]
        found = nodes.join(near, on="entity_id", maintain_order="left")
        about = self.parent_entities.select(pl.all().gather(found["parent"]))
        return found.select(
            "customer_id",
            about["entity_id"].alias("parent_id"),
            about["name"].alias("parent_name"),
            about["hq_country"].alias("parent_hq_country"),
            pl.col("basis").cast(pl.String),
            "unknown",
        )

    def adding_activities(self) -> pl.DataFrame:
        """Return the activities that count together with others', as `facts.adding_activities`."""
        return adding_activities(self.book.activity)

    def group_totals(self, customers: Iterable[pl.DataFrame], adding: pl.DataFrame) -> GroupTotals:
        """Total what adds up over groups and countries.

        `adding`: as `adding_activities`. `customers`: those it belongs to, part by part: customer_id, hq_country,
        parent_name, parent_country.
        """
        seats = [holders(part, self.ultimate_parents(part)) for part in customers]
        totals = total_by_group(
            pl.concat(seats), adding, self.book.transactions, self.shared_matches, law_on(self.as_of)
        )
        return GroupTotals(without_empty_columns(totals.training), totals.results)

    def facts(self, customers: pl.DataFrame, matches: pl.DataFrame, totals: GroupTotals) -> pl.DataFrame:
        """Return the facts of customers. `matches`: as `customer_matches` of them."""
        restricted = rows_of(self.restricted_customers, customers)
        answers = self.book.answers
        return assemble(
            customers,
            unexplained(rows_of(matches, customers), restricted),
            restricted,
            self.ultimate_parents(customers),
            connections=self.book.connections,
            answers=None if answers is None else rows_of(answers, customers),
            licences=self.book.licences,
            watchlists=self.book.watchlists,
            as_of=self.as_of,
            lists_missing=self.lists_missing,
            listed=self.shared_matches,
            edges=rows_of(self.stakes, customers, "owned_id"),
            totals=totals_for_customers(totals, customers),
            **{name: own_rows(rows, customers) for name, rows in usage_tables(self.book)},
        )


def build_context(
    book: Book,
    owned: BookNetwork,
    matches: pl.DataFrame,
    related: pl.DataFrame,
    lists: ListSet,
    as_of: date,
    policy: Policy,
) -> BookContext:
    """Run the 50 percent rules and gather what the customers are assessed by.

    `book`: as from `sort_usage`. `matches`: those of everybody that stand. `related`: as `subjects.related_people`.
    """
    network = owned.network
    restricted = restricted_entities(network, matches, policy.ownership.remainder_floor)
    restricted_customers = owned.by_customer(restricted)
    ancestors = lineage(network, matches["matched_entity_id"], owned.customers)
    parents, parent_entities = _parents(network)
    stakes = _stakes(book, matches, restricted_customers)
    return BookContext(
        book=replace(book, stored=book.stored.clear(), entities=book.entities.clear()),
        matches=matches,
        related=related,
        ancestors=ancestors,
        nodes=owned.nodes,
        customers_with_matches=_customers_with_matches(matches, ancestors, related, owned.nodes),
        restricted=restricted,
        restricted_customers=restricted_customers,
        parents=parents,
        parent_entities=parent_entities,
        shared_matches=_shared_matches(book, matches, stakes),
        stakes=stakes,
        lists_missing=tuple(sorted(set(LIST_CODES) - {ref.list for ref in lists.snapshots})),
        as_of=as_of,
        precautionary=frozenset(policy.rules.precautionary),
        overrides=policy.rules.periods,
        segments=policy.segments,
    )


def customer_nodes(customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Return customer_id, entity_id; a customer outside the network is its own node."""
    near = nodes.filter(_within(customers["customer_id"], "customer_id"))
    joined = customers.select("customer_id").join(near, on="customer_id", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("entity_id", "customer_id").alias("entity_id"))


def sort_usage(book: Book) -> Book:
    """Return the book with what customers use and order sorted by customer_id, and without empty columns."""

    def ordered(rows: pl.DataFrame | None) -> pl.DataFrame | None:
        return None if rows is None else without_empty_columns(rows).sort("customer_id", maintain_order=True)

    return replace(book, activity=ordered(book.activity), transactions=ordered(book.transactions))


def usage_tables(book: Book) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the tables of what customers use and order, as far as they were given, with their name."""
    tables = (("activity", book.activity), ("transactions", book.transactions))
    return ((name, rows) for name, rows in tables if rows is not None)


def own_rows(rows: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of these customers, from a table sorted by customer_id."""
    mine = customers.select("customer_id")
    near = rows[slice_between(rows["customer_id"], mine["customer_id"])]
    return near.join(mine, on="customer_id", how="semi", maintain_order="left")


def totals_for_customers(totals: GroupTotals, customers: pl.DataFrame) -> GroupTotals:
    """Return the totals of these customers."""
    return GroupTotals(own_rows(totals.training, customers), own_rows(totals.results, customers))


def without_empty_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """Leave out the columns that are null in every row: they take room as well."""
    return rows.select(column for column in rows if column.null_count() < len(column) or not len(column))


def rows_of(rows: pl.DataFrame, customers: pl.DataFrame, key: str = "customer_id") -> pl.DataFrame:
    """Keep the rows that belong to these customers, in their order."""
    near = rows.filter(_within(customers["customer_id"], key))
    mine = customers.select("customer_id")
    return near.join(mine, left_on=key, right_on="customer_id", how="semi", maintain_order="left")


def _parents(network: OwnershipNetwork) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `parents` and `parent_entities` of `BookContext`: only those who are anybody's parent keep a name."""
    found = numbered(network).select("parent", "basis", "unknown")
    numbers = found["parent"].drop_nulls().unique().sort()
    place = pl.DataFrame({"parent": numbers}).with_row_index("place")
    parents = found.join(place, on="parent", how="left", maintain_order="left").select(
        network.entities["entity_id"], "basis", "unknown", parent="place"
    )
    return parents, network.entities.select(pl.col("entity_id", "name", "hq_country").gather(numbers))


def _customers_with_matches(
    matches: pl.DataFrame, ancestors: pl.DataFrame, related: pl.DataFrame, nodes: pl.DataFrame
) -> pl.DataFrame:
    """Return whose own node, whose holder or whose people were matched: customer_id.

    Who is one node with nobody else is its own node.
    """
    matched = pl.concat([matches["matched_entity_id"], ancestors["entity_id"]]).unique()
    inside = nodes.filter(pl.col("entity_id").is_in(matched.implode()))["customer_id"]
    return pl.DataFrame({"customer_id": pl.concat([matched, inside, related["customer_id"]]).unique()})


def _stakes(book: Book, matches: pl.DataFrame, restricted_customers: pl.DataFrame) -> pl.DataFrame:
    """Return the recorded edges, ended ones too, of listed holders and in restricted customers."""
    listed = matches["matched_entity_id"].unique()
    restricted = restricted_customers["customer_id"].unique()
    return book.stored.filter(
        pl.col("owner_id").is_in(listed.implode()) | pl.col("owned_id").is_in(restricted.implode())
    ).collect()


def _shared_matches(book: Book, matches: pl.DataFrame, stakes: pl.DataFrame) -> pl.DataFrame:
    """Return the matches of those with a stake, a connection or a transaction: they concern others who share it."""
    ids = [stakes["owner_id"]]
    if book.connections is not None:
        ids.append(book.connections["entity_id"])
    if book.transactions is not None:
        ids.append(book.transactions["customer_id"])
    sharing = pl.DataFrame({"entity_id": pl.concat(ids).drop_nulls().unique()})
    return matches.join(
        sharing, left_on="matched_entity_id", right_on="entity_id", how="semi", maintain_order="left"
    )


def _within(ids: pl.Series, key: str) -> pl.Expr:
    """Keep what may belong to a range of ids: far cheaper than to look up each of a million in a range's ids."""
    return pl.col(key).is_between(pl.lit(ids.min(), pl.String), pl.lit(ids.max(), pl.String))
