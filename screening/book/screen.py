"""The whole screening of a book in memory: frames and a policy in, tables out.

The nightly job, a delta and the shards compose the same functions range by range; a look-up at the desk calls this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from lists.snapshot import ListSet
from screening.book.assess import assess_customers, rule_coverage
from screening.book.combined import combine_matches
from screening.book.context import build_context, customer_nodes, rows_of, sort_usage
from screening.book.network import build_network
from screening.book.screener import Screener
from screening.book.subjects import everybody_around, related_people
from screening.policy import Policy
from screening.redflags import count_patterns
from screening.tables.book import Book
from screening.tables.outputs import KEYS


@dataclass(frozen=True, slots=True)
class Screened:
    """What the screening of a book yields: tables by name, as a run writes them, and warnings."""

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
    """Screen a book in one piece.

    `screener`: over the lists of the day, where it stands ready already. `only`: the id of the one customer to be
    assessed; all others are read for its sake.
    Tables: cases, findings, matches, coverage, restricted, caught (the restricted customers), problems, suppressed,
    contradicted.
    """
    screener = screener or Screener.on_day(lists.frames, as_of, policy.matching)
    book = sort_usage(book)
    owned = build_network(book, as_of, policy.ownership.join_by_name)
    related = related_people(book.connections, as_of)
    found = [
        screener.customers(book.customers, customer_nodes(book.customers, owned.nodes)),
        screener.entities(everybody_around(owned.network, owned.customers, related)),
    ]
    combined = combine_matches(found, screener.parties, book, owned.nodes, as_of)
    context = build_context(book, owned, combined.standing, related, lists, as_of, policy)
    customers = book.customers if only is None else book.customers.filter(pl.col("customer_id") == only)
    matches = context.customer_matches(customers)
    totals = context.group_totals([book.customers], context.adding_activities())
    assessed = assess_customers(context, customers, matches, totals)
    tables = {
        "cases": assessed["cases"].sort(KEYS["cases"]),
        "findings": assessed["findings"],
        "matches": matches.sort(KEYS["matches"]),
        "coverage": rule_coverage(context, count_patterns([assessed["answers"]]), assessed["patterns"]),
        "restricted": context.restricted,
        "caught": rows_of(context.restricted_customers, customers),
        "problems": book.problems,
        "suppressed": combined.suppressed,
        "contradicted": combined.contradicted,
    }
    return Screened(tables, lists.warnings + owned.warnings)
