"""Two fingerprints a customer of everything that its assessment depends on: while both stay equal, so does that.

The first (column `row`) is that of the customer's name and attributes, which decide its matches. The second (column
`beside`) stands for all the rest: the other columns of its row, its matches, its owners, its activities and
transactions, and the totals over its group. Customers with connections, answers or licences may depend on other
customers and on the day, so they have no second fingerprint and are always assessed again.
"""

from __future__ import annotations

import polars as pl

from pipelines.delta.previous_matches import COMPARED_COLUMNS
from pipelines.hashing import encode_row, pack_numbers, text_hashes
from screening.book.context import BookContext
from screening.book.rows import customer_rows, customer_slice, usage_tables
from screening.compute.results import RESULT
from screening.ownership.parents import BASES
from screening.redflags.facts import GroupTotals, schema
from screening.redflags.facts.age import age_marks, stale_before
from screening.redflags.leads.watchlists import named
from screening.tables.book import Book
from screening.tables.inputs import ACTIVITY, CUSTOMERS, TRANSACTIONS

OTHER_COLUMNS = tuple(c.name for c in CUSTOMERS.columns if c.name not in (*COMPARED_COLUMNS, "customer_id"))
"""Columns of a customer that the fingerprint of its name and attributes leaves out."""
USAGE_COLUMNS = {
    "training": tuple(schema()),
    "capacity": tuple(schema()),
    "results": tuple(RESULT),
    "activity": tuple(ACTIVITY.schema()),
    "transactions": tuple(TRANSACTIONS.schema()),
}
"""Columns of the tables of use and of totals, in an order that does not depend on which of them a frame has."""
PARENT_COLUMNS = ("parent_id", "parent_name", "parent_hq_country")
DOUBTS = ("note", "seats")
"""Columns of what leaves an ultimate parent open."""
TRACED_COLUMNS = tuple(f"traced_{column}" for column in PARENT_COLUMNS)
TEXT_COLUMNS = ("parent_name", "parent_country", *TRACED_COLUMNS, "line")
"""Columns that are written as text, and only for customers who have any of them."""
READ_COLUMNS = ("customer_id", "name", "hq_country", *OTHER_COLUMNS)
DAYS = 1 << 32


def other_fingerprints(
    context: BookContext, totals: GroupTotals, customers: pl.DataFrame, matches: pl.DataFrame
) -> pl.DataFrame:
    """Return the second fingerprint of each customer, in their order: customer_id, beside.

    It is null for a customer who is always assessed again, and zero for one without anything that it stands for.

    customers: columns of `READ_COLUMNS`. matches: as `context.customer_matches` of these customers.
    """
    rows = _other_facts(context, totals, customers, matches)
    few = pack_numbers(
        [
            (pl.col("own"), 2),
            (pl.col("basis").cast(pl.Enum(BASES)).to_physical(), len(BASES)),
            (pl.col("unknown"), 2),
            *((mark, 2) for mark in age_marks(context.as_of)),
            (pl.col("incorporated_on").to_physical().cast(pl.Int64) + DAYS // 2, DAYS),
        ]
    )
    packed = rows.select(*TEXT_COLUMNS, few=few).with_row_index("place")
    written = pl.any_horizontal(pl.col(TEXT_COLUMNS).is_not_null())
    some, others = packed.filter(written), packed.filter(~written)
    hashes = text_hashes(some.select(encode_row(["few", *TEXT_COLUMNS])).to_series())
    alone = pl.struct(pl.lit(0, pl.UInt64).alias("high"), pl.col("few").alias("low"))
    both = pl.concat([some.select("place", beside=hashes), others.select("place", beside=alone)]).sort(
        "place"
    )
    always = pl.col("customer_id").is_in(always_assessed(context.book).implode())
    return customers.select("customer_id", beside=pl.when(~always).then(both["beside"]))


def usage_lines(context: BookContext, totals: GroupTotals, customers: pl.DataFrame) -> pl.DataFrame:
    """Write the activities, transactions and totals of these customers as text: customer_id, line.

    Activities and transactions do not depend on the day, but the law that applies to them does (`law_changed`). Totals
    are written as they come out on the day.
    """
    tables = {
        "training": totals.training,
        "capacity": totals.capacity,
        "results": totals.results,
        **dict(usage_tables(context.book)),
    }
    return pl.concat(_usage_lines(name, customer_slice(rows, customers)) for name, rows in tables.items())


def always_assessed(book: Book) -> pl.Series:
    """Return the ids of customers with connections, answers or licences."""
    tables = ((book.answers, "customer_id"), (book.connections, "entity_id"), (book.licences, "customer_id"))
    return pl.concat([pl.Series([], dtype=pl.String), *(t[c] for t, c in tables if t is not None)]).unique()


def _other_facts(
    context: BookContext, totals: GroupTotals, customers: pl.DataFrame, matches: pl.DataFrame
) -> pl.DataFrame:
    """Return everything that the second fingerprint stands for, one row a customer.

    Three in four customers of a network are their own parent, with the name and country of their row: for them `own` is
    true and the columns of the parent are null.
    """
    restricted = context.ownership_results(customers)
    seats, ties = customer_rows(context.seats, customers), customer_rows(context.ties, customers)
    edges, watched = _owner_edges(context, customers), _watchlist_names(context, customers)
    hidden = customer_rows(context.hidden, customers)
    traced = context.ultimate_parents(customers)
    open_parents = traced.filter(pl.any_horizontal(pl.col(DOUBTS).is_not_null())).select(
        "customer_id", *DOUBTS
    )
    listed = (matches, restricted, edges, watched, seats, hidden, ties, open_parents)
    lines = pl.concat([*map(_row_lines, listed), usage_lines(context, totals, customers)])
    ordered = lines.sort("customer_id", "line").group_by("customer_id", maintain_order=True)
    joined = ordered.agg(pl.col("line").str.join(""))
    parents = traced.drop(DOUBTS).rename({c: f"traced_{c}" for c in PARENT_COLUMNS})
    own = pl.all_horizontal(
        pl.col(f"traced_{c}").eq_missing(pl.col(mine))
        for c, mine in zip(PARENT_COLUMNS, ("customer_id", "name", "hq_country"), strict=True)
    )
    return (
        customers.join(parents, on="customer_id", how="left", maintain_order="left")
        .join(joined, on="customer_id", how="left", maintain_order="left")
        .with_columns(own=pl.when(pl.col("traced_parent_id").is_not_null()).then(own))
        .with_columns(pl.when(~pl.col("own")).then(pl.col(TRACED_COLUMNS)))
    )


def _usage_lines(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Write each row as one text, whichever of the table's columns the frame has: customer_id, line."""
    flat = encode_row(_as_text(c, rows.schema.get(c)) for c in USAGE_COLUMNS[table] if c != "customer_id")
    return rows.select("customer_id", line=pl.concat_str(pl.lit(f"{table} "), flat))


def _as_text(column: str, dtype: pl.DataType | None) -> pl.Expr | None:
    """Return a column as text, None for a column that is absent."""
    if dtype is None:
        return None
    if not dtype.is_nested():
        return pl.col(column)
    return pl.when(pl.col(column).is_not_null()).then(pl.struct(column).struct.json_encode())


def _owner_edges(context: BookContext, customers: pl.DataFrame) -> pl.DataFrame:
    """Return what the leads on ownership history read of these customers: listed owners and old records."""
    about = context.shared_matches.select(
        "matched_entity_id", "list", "party_name", "band", listed_on="start"
    ).unique()
    mine = customer_rows(context.edge_history.rename({"owned_id": "customer_id"}), customers).join(
        about, left_on="owner_id", right_on="matched_entity_id", how="left"
    )
    return mine.with_columns(
        ended=pl.col("end") < context.as_of, stale=pl.col("source_date") < stale_before(context.as_of)
    )


def _watchlist_names(context: BookContext, customers: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the user's watch lists that name these customers or their counterparties."""
    lists, deals = context.book.watchlists, context.book.transactions
    if lists is None:
        return pl.DataFrame(schema={"customer_id": pl.String(), "list": pl.String()})
    bearers = [customers.select("customer_id", "name")]
    if deals is not None and "counterparty" in deals.columns:
        bearers.append(customer_slice(deals, customers).select("customer_id", name="counterparty"))
    return named(pl.concat(bearers), "name", lists)


def _row_lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Write each row as one text: customer_id, line."""
    return rows.select("customer_id", line=pl.struct(pl.exclude("customer_id")).struct.json_encode())
