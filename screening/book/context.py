"""The context of a book: everything that is worked out of the whole book before any customer is assessed.

With it and with the totals over groups and countries, a customer's facts follow from its own rows, so customers can be
assessed in any division. The context is kept narrow: it is in memory for all customers at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from lists.schema import LIST_CODES, OPTIONAL_LISTS
from lists.snapshot import ListSet
from screening.book.contact_leads import contact_results, point_bearers, points_above, with_sharing
from screening.book.counterparties import Counterparties
from screening.book.deals import dealings, matched_as, restricted_parties, tied_parties, touched
from screening.book.hidden_owners import hidden_owners
from screening.book.matches import CONTACT, best_first, matches_by_customer, matches_in_deals, unexplained
from screening.book.network import BookNetwork
from screening.book.parent_doubts import TracedParents
from screening.book.regimes import restricted_entities, worst_only
from screening.book.rows import (
    customer_nodes,
    customer_rows,
    customer_slice,
    usage_tables,
    without_empty_columns,
)
from screening.book.seats import seats_around
from screening.book.ties import ties_to_blocked
from screening.law import PeriodOverride, law_on
from screening.ownership.lineage import lineage
from screening.policy import Policy, Segment
from screening.redflags.facts import GroupTotals, adding_activities, assemble, customer_groups, total_by_group
from screening.tables.book import Book


@dataclass(frozen=True, slots=True)
class BookContext:
    """What is worked out of the whole book before any customer is assessed."""

    book: Book  # as from `sort_usage`, without edges and entities
    matches: pl.DataFrame  # of everybody, with party and measure
    related: pl.DataFrame  # entity_id, name, role, customer_id
    ancestors: pl.DataFrame  # entity_id, ancestor_id
    nodes: pl.DataFrame  # customer_id, entity_id of the customers who share a node with somebody else
    customers_with_matches: pl.DataFrame  # customer_id of all who, or whose owners or people, were matched
    restricted: pl.DataFrame  # by entity_id, as the run's table of this name
    restricted_customers: pl.DataFrame  # by customer_id, as from `regimes.restricted_entities`
    dealings: pl.DataFrame  # as from `deals.matched_as`: with whom customers deal, as far as it matters
    restricted_parties: pl.DataFrame  # results of the 50 percent rules about those, by customer_id
    ties: pl.DataFrame  # by customer_id, as from `ties.ties_to_blocked`; those of counterparties in a role
    seats: pl.DataFrame  # as from `seats.seats_around`, by customer_id
    hidden: pl.DataFrame  # as from `hidden_owners.hidden_owners`, by customer_id
    parents: TracedParents
    shared_matches: pl.DataFrame  # the matches of those with whom other customers may share something
    edge_history: (
        pl.DataFrame
    )  # recorded edges, also ended ones, of listed owners or into restricted customers
    lists_missing: tuple[str, ...]
    optional_lists: tuple[str, ...]
    as_of: date
    precautionary: frozenset[str]
    overrides: tuple[PeriodOverride, ...]
    segments: tuple[Segment, ...]

    def customer_matches(self, customers: pl.DataFrame) -> pl.DataFrame:
        """Return the matches of these customers, of everybody above them, of their people and of those they deal with.

        Columns: as of `matches_in_deals`; best first for each customer.
        """
        matched = customer_rows(customers.select("customer_id"), self.customers_with_matches)
        nodes = customer_nodes(matched, self.nodes)
        ancestors = self.ancestors.join(nodes, on="entity_id", how="semi", maintain_order="left")
        own = matches_by_customer(self.matches, ancestors, customer_rows(self.related, matched), nodes)
        return best_first(own, matches_in_deals(self.matches, customer_rows(self.dealings, matched)))

    def ownership_results(self, customers: pl.DataFrame) -> pl.DataFrame:
        """Return what the 50 percent rules found of these customers, and of those with whom they deal in a `role`."""
        own = customer_rows(self.restricted_customers, customers)
        return pl.concat([own, customer_rows(self.restricted_parties, customers)], how="diagonal")

    def ultimate_parents(self, customers: pl.DataFrame) -> pl.DataFrame:
        """Return the ultimate parents of these customers, as far as they are in the network, in their order.

        Columns: as of `TracedParents.ultimate_parents`.
        """
        return self.parents.ultimate_parents(customers, self.nodes)

    def adding_activities(self) -> pl.DataFrame:
        """Return the activities that count together with those of others, as `facts.adding_activities` does."""
        return adding_activities(self.book.activity)

    def group_totals(self, customers: Iterable[pl.DataFrame], adding: pl.DataFrame) -> GroupTotals:
        """Add up what counts over groups and countries.

        `adding`: as from `adding_activities`. `customers`: the customers in it, in parts: customer_id, hq_country,
        parent_name, parent_country.
        """
        groups = [customer_groups(part, self.ultimate_parents(part)) for part in customers]
        totals = total_by_group(
            pl.concat(groups), adding, self.book.transactions, self.shared_matches, law_on(self.as_of)
        )
        return GroupTotals(
            without_empty_columns(totals.training), without_empty_columns(totals.capacity), totals.results
        )

    def facts(self, customers: pl.DataFrame, matches: pl.DataFrame, totals: GroupTotals) -> pl.DataFrame:
        """Return the facts of customers. `matches`: as from `customer_matches` of them."""
        restricted, ties = self.ownership_results(customers), customer_rows(self.ties, customers)
        answers = self.book.answers
        return assemble(
            customers,
            unexplained(
                customer_rows(matches.filter(pl.col("band") != CONTACT), customers), restricted, ties
            ),
            restricted,
            self.ultimate_parents(customers),
            connections=self.book.connections,
            answers=None if answers is None else customer_rows(answers, customers),
            licences=self.book.licences,
            watchlists=self.book.watchlists,
            as_of=self.as_of,
            lists_missing=self.lists_missing,
            optional_lists=self.optional_lists,
            listed=self.shared_matches,
            edges=customer_rows(self.edge_history, customers, "owned_id"),
            totals=customer_totals(totals, customers),
            contacts=pl.concat(
                [contact_results(customer_rows(matches, customers)), customer_rows(self.hidden, customers)]
            ),
            seats=customer_rows(self.seats, customers),
            ties=ties,
            **{name: customer_slice(rows, customers) for name, rows in usage_tables(self.book)},
        )


def build_context(
    book: Book,
    owned: BookNetwork,
    matches: pl.DataFrame,
    related: pl.DataFrame,
    parties: Counterparties,
    lists: ListSet,
    as_of: date,
    policy: Policy,
) -> BookContext:
    """Run the 50 percent rules and gather what customers are assessed by.

    `book`: as from `sort_usage`. `matches`: those of everybody that count, as `CombinedMatches.standing`. `related`: as
    from `subjects.related_people`. `parties`: as from `counterparties.located`.
    """
    network, remainder_floor = owned.network, policy.ownership.remainder_floor
    named = matches.filter(pl.col("band") != CONTACT)
    restricted = restricted_entities(network, named, remainder_floor)
    ties = ties_to_blocked(owned, parties, named, remainder_floor)
    restricted_customers = owned.by_customer(restricted)
    bearers = point_bearers(related, matches)
    listed_above = pl.concat([matches["matched_entity_id"], bearers["customer_id"]]).unique()
    ancestors = lineage(network, listed_above, owned.with_nodes(parties.nodes["node_id"]))
    related = pl.concat([related, points_above(bearers, ancestors, owned.nodes)], how="diagonal")
    matches = with_sharing(matches, related)
    above = pl.concat([ancestors["entity_id"], restricted["entity_id"]])
    deals = dealings(book, parties, touched(parties, matches["matched_entity_id"], above))
    edge_history = _edge_history(book, matches, restricted_customers)
    taken = {ref.list for ref in lists.snapshots}
    return BookContext(
        book=replace(book, stored=book.stored.clear(), entities=book.entities.clear()),
        matches=matches,
        related=related,
        ancestors=ancestors,
        nodes=owned.nodes,
        customers_with_matches=_customers_with_matches(matches, ancestors, related, owned.nodes, deals),
        restricted=worst_only(restricted),
        restricted_customers=restricted_customers,
        dealings=matched_as(deals, parties, ancestors),
        restricted_parties=restricted_parties(deals, parties, restricted, network.entities),
        ties=pl.concat([owned.by_customer(ties), tied_parties(deals, parties, ties)], how="diagonal"),
        seats=seats_around(book, owned, parties),
        hidden=hidden_owners(owned),
        parents=TracedParents.trace(network),
        shared_matches=_shared_matches(book, matches, edge_history),
        edge_history=edge_history,
        lists_missing=tuple(sorted(set(LIST_CODES) - taken)),
        optional_lists=tuple(sorted(taken & set(OPTIONAL_LISTS))),
        as_of=as_of,
        precautionary=frozenset(policy.rules.precautionary),
        overrides=policy.rules.periods,
        segments=policy.segments,
    )


def customer_totals(totals: GroupTotals, customers: pl.DataFrame) -> GroupTotals:
    """Return the totals of these customers."""
    parts = (totals.training, totals.capacity, totals.results)
    return GroupTotals(*(customer_slice(part, customers) for part in parts))


def _customers_with_matches(
    matches: pl.DataFrame,
    ancestors: pl.DataFrame,
    related: pl.DataFrame,
    nodes: pl.DataFrame,
    deals: pl.DataFrame,
) -> pl.DataFrame:
    """Return the customers of whom the own node, an owner, a related person or a counterparty was matched: customer_id.

    The id of a node stands for the customer of that id; others who share the node come from `nodes`.
    """
    matched = pl.concat([matches["matched_entity_id"], ancestors["entity_id"]]).unique()
    inside = nodes.filter(pl.col("entity_id").is_in(matched.implode()))["customer_id"]
    ids = pl.concat([matched, inside, related["customer_id"], deals["customer_id"]])
    return pl.DataFrame({"customer_id": ids.unique()})


def _edge_history(book: Book, matches: pl.DataFrame, restricted_customers: pl.DataFrame) -> pl.DataFrame:
    """Return the recorded edges, ended ones too, of listed owners and into restricted customers."""
    listed = matches["matched_entity_id"].unique()
    restricted = restricted_customers["customer_id"].unique()
    return book.stored.filter(
        pl.col("owner_id").is_in(listed.implode()) | pl.col("owned_id").is_in(restricted.implode())
    ).collect()


def _shared_matches(book: Book, matches: pl.DataFrame, edge_history: pl.DataFrame) -> pl.DataFrame:
    """Return the matches of those with an edge, a connection or a transaction: customers who share it are concerned."""
    ids = [edge_history["owner_id"]]
    if book.connections is not None:
        ids.append(book.connections["entity_id"])
    if book.transactions is not None:
        ids.append(book.transactions["customer_id"])
    sharing = pl.DataFrame({"entity_id": pl.concat(ids).drop_nulls().unique()})
    return matches.join(
        sharing, left_on="matched_entity_id", right_on="entity_id", how="semi", maintain_order="left"
    )
