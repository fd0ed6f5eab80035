"""The screening of a whole book in memory: frames and a policy in, tables out.

A look-up at the desk calls `screen`. The nightly job, a delta and the shards call the same functions in the same order,
some customers at a time (`pipelines/job/steps.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from lists.snapshot import ListSet
from screening.book.assess import assess_customers, rule_coverage
from screening.book.below_line import below_line
from screening.book.combined import CombinedMatches, combine_matches
from screening.book.contacts import contact_remarks
from screening.book.context import BookContext, build_context
from screening.book.counterparties import located, named_counterparties
from screening.book.name_leads import with_name_leads
from screening.book.network import build_network
from screening.book.rows import customer_nodes, customer_rows, sort_usage
from screening.book.screener import Screener
from screening.book.subjects import everybody_around, related_people
from screening.policy import Policy
from screening.redflags import count_patterns
from screening.redflags.facts import GroupTotals
from screening.tables.book import Book
from screening.tables.outputs import KEYS, MATCHES


@dataclass(frozen=True, slots=True)
class Prepared:
    """A book of which everything is worked out that assessments depend on."""

    context: BookContext
    totals: GroupTotals
    combined: CombinedMatches
    around: pl.DataFrame  # everybody who was screened besides the customers
    warnings: tuple[str, ...]  # on the lists and the ownership records


@dataclass(frozen=True, slots=True)
class Screened:
    """What the screening of a book gives: tables by name, as a run writes them, and warnings on the inputs."""

    tables: Mapping[str, pl.DataFrame]
    warnings: tuple[str, ...]


def screen(
    book: Book,
    lists: ListSet,
    as_of: date,
    policy: Policy,
    screener: Screener | None = None,
    only: str | None = None,
) -> Screened:
    """Screen a book in one piece: prepare it, then assess each customer by its own facts.

    `screener`: over the lists of the day, where it has been made already. `only`: the id of the one customer to assess;
    the others are read because it may depend on them. Tables, in the columns and the order of a run's: cases, findings,
    matches, coverage, restricted, problems, suppressed, below_line, contradicted; and restricted_customers, which is
    `restricted` by customer_id. Without a screener that returns pairs below the line, `below_line` is empty.
    """
    prepared = prepare(book, lists, as_of, policy, screener)
    context, combined = prepared.context, prepared.combined
    customers = book.customers if only is None else book.customers.filter(pl.col("customer_id") == only)
    matches = context.customer_matches(customers)
    assessed = assess_customers(context, customers, matches, prepared.totals)
    counted = count_patterns([assessed["customer_patterns"]])
    tables = {
        "cases": assessed["cases"].sort(KEYS["cases"]),
        "findings": assessed["findings"],
        "matches": matches.select(MATCHES.names).sort(KEYS["matches"]),
        "coverage": rule_coverage(context, counted, assessed["patterns"]),
        "restricted": context.restricted.sort(KEYS["restricted"]),
        "restricted_customers": customer_rows(context.restricted_customers, customers),
        "problems": book.problems.sort(KEYS["problems"], maintain_order=True),
        "suppressed": combined.suppressed,
        "below_line": below_line(
            combined.every, context.nodes, prepared.around.lazy(), policy.below_line, as_of
        ),
        "contradicted": combined.contradicted,
    }
    return Screened(tables, prepared.warnings)


def prepare(
    book: Book, lists: ListSet, as_of: date, policy: Policy, screener: Screener | None = None
) -> Prepared:
    """Work out everything of the whole book that the assessment of a customer may depend on.

    Everybody is compared with the lists: the customers, all who are above them in the ownership network, the people who
    act for them, and whom they deal with, with their owners. Matches that a person's review sets aside are taken out.
    Then the 50 percent rules run over the network, and what counts over groups and countries is added up.
    """
    screener = screener or Screener.on_day(lists.frames, as_of, policy.matching, policy.matching.below)
    book = sort_usage(book)
    owned = build_network(book, as_of, policy.ownership.join_by_name)
    related = related_people(book.connections, as_of)
    parties = located(named_counterparties(book), owned, policy.ownership.join_by_name)
    around = everybody_around(owned, related, parties)
    related, around = with_name_leads([book.customers], owned, related, around)
    found = [
        screener.match_customers(book.customers, customer_nodes(book.customers, owned.nodes)),
        screener.match_entities(around),
    ]
    combined = combine_matches(found, screener.parties, book, owned.nodes, as_of)
    context = build_context(book, owned, combined.standing, related, parties, lists, as_of, policy)
    totals = context.group_totals([book.customers], context.adding_activities())
    return Prepared(
        context, totals, combined, around, lists.warnings + owned.warnings + contact_remarks(book.connections)
    )
