"""From the input tables to the facts frame: one row a customer with every column of `screening/data/facts.csv`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl

from screening.compute.results import no_results
from screening.errors import InvalidFrame
from screening.law import law_on
from screening.redflags.facts.columns import conform, facts_table
from screening.redflags.facts.group_totals import (
    GroupTotals,
    counts_together,
    groups_from_facts,
    total_by_group,
)
from screening.redflags.facts.inputs import Inputs, read_activity, read_input
from screening.redflags.facts.parents import ultimate_parents
from screening.redflags.facts.results import all_results
from screening.redflags.facts.shipments import shipments
from screening.redflags.facts.use import contact_details, uses
from screening.redflags.leads import hidden_names
from screening.tables.inputs import CUSTOMERS


def assemble(
    customers: pl.DataFrame,
    hits: pl.DataFrame | None = None,
    restricted: pl.DataFrame | None = None,
    parents: pl.DataFrame | None = None,
    activity: pl.DataFrame | None = None,
    connections: pl.DataFrame | None = None,
    transactions: pl.DataFrame | None = None,
    answers: pl.DataFrame | None = None,
    as_of: date | None = None,
    *,
    lists_missing: Collection[str] = (),
    optional_lists: Collection[str] = (),
    listed: pl.DataFrame | None = None,
    edges: pl.DataFrame | None = None,
    licences: pl.DataFrame | None = None,
    watchlists: pl.DataFrame | None = None,
    totals: GroupTotals | None = None,
    contacts: pl.DataFrame | None = None,
    seats: pl.DataFrame | None = None,
    ties: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return the facts frame of customers, sorted by customer_id. A table that is None was not given: unknown.

    `hits`: customer_id, list, party_id, ... one row a match; that of a related person has its `role`. `restricted`:
    customer_id, regime, status, low, high, ... one row a customer and regime. `parents`: customer_id, parent_id,
    parent_name, parent_hq_country, basis, unknown. `listed`: the matches of everybody with whom customers may share
    something. `edges`: the recorded ownership edges, ended ones too. `activity`, `connections`, `transactions`,
    `answers`, `licences`, `watchlists`: the input tables of these names. `lists_missing`: codes of the lists that were
    not loaded, `optional_lists` of the optional ones that were. `totals`: what adds up over groups and countries, where
    these customers are a part of a larger book;
    without it these customers are the whole book. `contacts`: what they share with listed parties, as results of G17.
    `seats`: who around them is seated in an embargoed country, as the fact of that name. `ties`: ties to blocked
    persons below half, likewise.
    `as_of`: needed as soon as a table is given whose rows have dates.
    Raises `InvalidFrame` when customers have no usable key or the day is missing.

    >>> book = pl.DataFrame({"customer_id": ["c1"], "name": ["Acme"], "hq_country": ["US"]})
    >>> assemble(book).select("hq_country", "parent_unknown").row(0)
    ('US', True)
    """
    dated = {
        "activity": activity, "transactions": transactions, "connections": connections,
        "listed": listed, "edges": edges, "watchlists": watchlists,
    }  # fmt: skip
    given = frozenset(name for name, rows in dated.items() if rows is not None)
    if given and as_of is None:
        raise InvalidFrame(f"facts from {', '.join(sorted(given))} depend on the day: give as_of")
    base = customers.with_columns(pl.col("customer_id").cast(pl.String))
    facts = {name for name in facts_table().names if name in CUSTOMERS.names}
    own = base.select(name for name in base.columns if name in facts)
    frame = own.join(ultimate_parents(base, parents), on="customer_id", how="left")
    frame = frame.with_columns(
        lists_missing=pl.lit(" ".join(sorted(lists_missing)) or None, pl.String),
        optional_lists=pl.lit(" ".join(sorted(optional_lists)) or None, pl.String),
    )
    for name, rows in (("hits", hits), ("restricted", restricted), ("seats", seats), ("ties", ties)):
        if rows is not None:
            frame = _with_entries(frame, name, rows)
    found = pl.concat([contacts if contacts is not None else no_results(), hidden_names.of_customers(base)])
    if as_of is not None:
        inputs = Inputs(
            customers=conform(frame),
            law=law_on(as_of),
            given=given,
            activity=read_activity(activity),
            **{name: read_input(name, rows) for name, rows in dated.items() if name != "activity"},
        )
        answered, registered = read_input("answers", answers), read_input("licences", licences)
        frame = _with_inputs(frame, inputs, totals or _own_totals(inputs), answered, registered, found)
    if answers is not None:
        frame = _with_entries(frame, "answers", read_input("answers", answers))
    return conform(frame.sort("customer_id"))


def _own_totals(inputs: Inputs) -> GroupTotals:
    """Add up over these customers alone."""
    adding = inputs.activity.filter(counts_together())
    groups = groups_from_facts(inputs.customers)
    return total_by_group(groups, adding, inputs.transactions, inputs.listed, inputs.law)


def _with_inputs(
    frame: pl.DataFrame,
    inputs: Inputs,
    totals: GroupTotals,
    answers: pl.DataFrame,
    licences: pl.DataFrame,
    contacts: pl.DataFrame,
) -> pl.DataFrame:
    """Add the columns that come from activity, transactions, connections, answers, licences and detectors."""
    if "activity" in inputs.given:
        frame = frame.join(totals.training, on="customer_id", how="left")
        frame = frame.join(totals.capacity, on="customer_id", how="left")
    frame = uses(frame, inputs, answers, licences)
    if "connections" in inputs.given:
        frame = _with_entries(frame, "contacts", contact_details(inputs.connections))
    if inputs.given:
        frame = _with_entries(frame, "results", all_results(inputs, totals.results, contacts))
    elif contacts.height:
        frame = _with_entries(frame, "results", contacts)
    if inputs.given & {"activity", "transactions"} or licences.height:
        frame = _with_entries(frame, "shipments", shipments(inputs, licences))
    return frame


def _with_entries(frame: pl.DataFrame, name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Nest the rows of a table under their customers; without a row the list is empty: checked and nothing found."""
    column = facts_table().column(name)
    fields = [
        (
            pl.col(f.name).cast(f.dtype, strict=False) if f.name in rows.columns else pl.lit(None, f.dtype)
        ).alias(f.name)
        for f in column.fields
    ]
    keys = [f.name for f in column.fields if f.name in rows.columns and not f.dtype.is_nested()]
    grouped = (
        rows.with_columns(pl.col("customer_id").cast(pl.String))
        .sort("customer_id", *keys, nulls_last=True)
        .select("customer_id", pl.struct(fields).alias(name))
        .group_by("customer_id", maintain_order=True)
        .agg(name)
    )
    nothing = pl.lit(pl.Series([[]], dtype=column.dtype))
    return frame.join(grouped, on="customer_id", how="left").with_columns(pl.col(name).fill_null(nothing))
