"""What an assessment depends on, in two numbers a customer: while both stay the same, so does the assessment.

One (`row`) is the fingerprint of the customer's name and attributes, by which names were compared. The other (`beside`)
stands for all the rest: the other columns of its row, its matches, who stands above it, its activities and
transactions, and what came of totals over groups. Customers with connections, answers or licences may depend on anybody
and on the day, so they have no second number and are always assessed anew.
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
    "results": tuple(RESULT),
    "activity": tuple(ACTIVITY.schema()),
    "transactions": tuple(TRANSACTIONS.schema()),
}
"""Columns of what customers use, in an order that does not depend on which of them are there."""
PARENT = ("parent_id", "parent_name", "parent_hq_country")
TRACED = tuple(f"traced_{column}" for column in PARENT)
TEXTS = ("parent_name", "parent_country", *TRACED, "line")
"""What is written out where there is any of it."""
READ_COLUMNS = ("customer_id", "name", "hq_country", *OTHER_COLUMNS)
DAYS = 1 << 32


def other_fingerprints(
    context: BookContext, totals: GroupTotals, customers: pl.DataFrame, matches: pl.DataFrame
) -> pl.DataFrame:
    """Return the second number of each customer, in their order: customer_id, beside.

    Null for one always assessed anew; zeros where there is nothing. `customers`: columns of `READ_COLUMNS`. `matches`:
    as `context.customer_matches` of these customers.
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
    packed = rows.select(*TEXTS, few=few).with_row_index("place")
    written = pl.any_horizontal(pl.col(TEXTS).is_not_null())
    some, others = packed.filter(written), packed.filter(~written)
    hashes = text_hashes(some.select(encode_row(["few", *TEXTS])).to_series())
    alone = pl.struct(pl.lit(0, pl.UInt64).alias("high"), pl.col("few").alias("low"))
    both = pl.concat([some.select("place", beside=hashes), others.select("place", beside=alone)]).sort(
        "place"
    )
    always = pl.col("customer_id").is_in(always_assessed(context.book).implode())
    return customers.select("customer_id", beside=pl.when(~always).then(both["beside"]))


def usage_lines(context: BookContext, totals: GroupTotals, customers: pl.DataFrame) -> pl.DataFrame:
    """Write what these customers use and order, and their totals: customer_id, line.

    On the day nothing of the former depends but the law; of the latter, the outcome as of the day is written.
    """
    tables = {"training": totals.training, "results": totals.results, **dict(usage_tables(context.book))}
    return pl.concat(_usage_lines(name, customer_slice(rows, customers)) for name, rows in tables.items())


def always_assessed(book: Book) -> pl.Series:
    """Return the ids of those who have connections, answers or licences."""
    tables = ((book.answers, "customer_id"), (book.connections, "entity_id"), (book.licences, "customer_id"))
    return pl.concat([pl.Series([], dtype=pl.String), *(t[c] for t, c in tables if t is not None)]).unique()


def _other_facts(
    context: BookContext, totals: GroupTotals, customers: pl.DataFrame, matches: pl.DataFrame
) -> pl.DataFrame:
    """Return what the second number stands for, a row a customer.

    Three in four of a network are their own parent, under the name and country of their row: `own` says so, and there
    is nothing to write out.
    """
    restricted = customer_rows(context.restricted_customers, customers)
    listed = (matches, restricted, _edge_history(context, customers), _watched(context, customers))
    lines = pl.concat([*map(_lines, listed), usage_lines(context, totals, customers)])
    ordered = lines.sort("customer_id", "line").group_by("customer_id", maintain_order=True)
    joined = ordered.agg(pl.col("line").str.join(""))
    parents = context.ultimate_parents(customers).rename({c: f"traced_{c}" for c in PARENT})
    own = pl.all_horizontal(
        pl.col(f"traced_{c}").eq_missing(pl.col(mine))
        for c, mine in zip(PARENT, ("customer_id", "name", "hq_country"), strict=True)
    )
    return (
        customers.join(parents, on="customer_id", how="left", maintain_order="left")
        .join(joined, on="customer_id", how="left", maintain_order="left")
        .with_columns(own=pl.when(pl.col("traced_parent_id").is_not_null()).then(own))
        .with_columns(pl.when(~pl.col("own")).then(pl.col(TRACED)))
    )


def _usage_lines(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Write each row as one text, whichever of its table's columns are there: customer_id, line."""
    flat = encode_row(_as_text(c, rows.schema.get(c)) for c in USAGE_COLUMNS[table] if c != "customer_id")
    return rows.select("customer_id", line=pl.concat_str(pl.lit(f"{table} "), flat))


def _as_text(column: str, dtype: pl.DataType | None) -> pl.Expr | None:
    """Write a column as text, if it is there."""
    if dtype is None:
        return None
    if not dtype.is_nested():
        return pl.col(column)
    return pl.when(pl.col(column).is_not_null()).then(pl.struct(column).struct.json_encode())


def _edge_history(context: BookContext, customers: pl.DataFrame) -> pl.DataFrame:
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


def _watched(context: BookContext, customers: pl.DataFrame) -> pl.DataFrame:
    """Return the names on lists of the user's that these customers, or those they deal with, bear."""
    lists, deals = context.book.watchlists, context.book.transactions
    if lists is None:
        return pl.DataFrame(schema={"customer_id": pl.String(), "list": pl.String()})
    bearers = [customers.select("customer_id", "name")]
    if deals is not None and "counterparty" in deals.columns:
        bearers.append(customer_slice(deals, customers).select("customer_id", name="counterparty"))
    return named(pl.concat(bearers), "name", lists)


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Write each row as one text: customer_id, line."""
    return rows.select("customer_id", line=pl.struct(pl.exclude("customer_id")).struct.json_encode())
