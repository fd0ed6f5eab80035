"""What a judgement looks at, two numbers a customer: while both stay the same, so does the judgement.

One is the fingerprint of its name and particulars, which names were compared by. The other stands for all the rest: the
rest of its row, its hits, who stands above it, its activities and transactions, and what came of seeing all of them
together. Who has connections, answers or licences may depend on anybody and on the day, so it has no second number and
is always judged anew.
"""

from __future__ import annotations

import polars as pl

from pipelines.hashing import as_number, tagged, text_hashes
from pipelines.inputs.book import Book
from pipelines.inputs.contracts import ACTIVITY, CUSTOMERS, TRANSACTIONS
from pipelines.stages.known import Known, of, own_rows, usage
from pipelines.stages.memory import SEEN
from screening.compute.results import RESULT
from screening.ownership.parents import BASES
from screening.redflags.detectors.watchlists import named
from screening.redflags.facts import Together, schema
from screening.redflags.facts.age import age_marks, stale_before

REST = tuple(c.name for c in CUSTOMERS.columns if c.name not in (*SEEN, "customer_id"))
"""Columns of a customer that the fingerprint leaves out."""
TOLD = {
    "training": tuple(schema()),
    "results": tuple(RESULT),
    "activity": tuple(ACTIVITY.schema()),
    "transactions": tuple(TRANSACTIONS.schema()),
}
"""Columns of what is told of users, in an order that does not depend on which of them are there."""
PARENT = ("parent_id", "parent_name", "parent_hq_country")
TRACED = tuple(f"traced_{column}" for column in PARENT)
TEXTS = ("parent_name", "parent_country", *TRACED, "line")
"""What is written out where there is any of it."""
LOOKED_AT = ("customer_id", "name", "hq_country", *REST)
DAYS = 1 << 32


def digests(known: Known, together: Together, customers: pl.DataFrame, matches: pl.DataFrame) -> pl.DataFrame:
    """Return what stands beside the name of each customer, in their order: customer_id, beside.

    Null for one always judged anew; zeros where there is nothing. `customers`: columns of `LOOKED_AT`. `matches`: as
    `known.matches` of these customers.
    """
    rows = _beside(known, together, customers, matches)
    few = as_number(
        [
            (pl.col("own"), 2),
            (pl.col("basis").cast(pl.Enum(BASES)).to_physical(), len(BASES)),
            (pl.col("unknown"), 2),
            *((mark, 2) for mark in age_marks(known.as_of)),
            (pl.col("incorporated_on").to_physical().cast(pl.Int64) + DAYS // 2, DAYS),
        ]
    )
    told = rows.select(*TEXTS, few=few).with_row_index("place")
    written = pl.any_horizontal(pl.col(TEXTS).is_not_null())
    some, others = told.filter(written), told.filter(~written)
    hashes = text_hashes(some.select(tagged(["few", *TEXTS])).to_series())
    alone = pl.struct(pl.lit(0, pl.UInt64).alias("high"), pl.col("few").alias("low"))
    both = pl.concat([some.select("place", beside=hashes), others.select("place", beside=alone)]).sort(
        "place"
    )
    always = pl.col("customer_id").is_in(tied(known.book).implode())
    return customers.select("customer_id", beside=pl.when(~always).then(both["beside"]))


def _beside(known: Known, together: Together, customers: pl.DataFrame, matches: pl.DataFrame) -> pl.DataFrame:
    """Return what the second number stands for, a row a customer.

    Three in four of a network are their own parent, under the name and country of their row: `own` says so, and there
    is nothing to write out.
    """
    listed = (matches, of(known.caught, customers), _stakes(known, customers), _watched(known, customers))
    lines = pl.concat([*map(_lines, listed), told_of_users(known, together, customers)])
    ordered = lines.sort("customer_id", "line").group_by("customer_id", maintain_order=True)
    joined = ordered.agg(pl.col("line").str.join(""))
    parents = known.parents(customers).rename({c: f"traced_{c}" for c in PARENT})
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


def told_of_users(known: Known, together: Together, customers: pl.DataFrame) -> pl.DataFrame:
    """Write what these customers use and order, and what was seen together: customer_id, line.

    On the day nothing of the former depends but the law; of the latter, the outcome as of the day is told.
    """
    tables = {"training": together.training, "results": together.results, **dict(usage(known.book))}
    return pl.concat(_told(name, own_rows(rows, customers)) for name, rows in tables.items())


def _told(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Write each row as one text, whichever of its table's columns are there: customer_id, line."""
    flat = tagged(_text(c, rows.schema.get(c)) for c in TOLD[table] if c != "customer_id")
    return rows.select("customer_id", line=pl.concat_str(pl.lit(f"{table} "), flat))


def _text(column: str, dtype: pl.DataType | None) -> pl.Expr | None:
    """Write a column as text, if it is there."""
    if dtype is None:
        return None
    if not dtype.is_nested():
        return pl.col(column)
    return pl.when(pl.col(column).is_not_null()).then(pl.struct(column).struct.json_encode())


def tied(book: Book) -> pl.Series:
    """Return the ids of those who have connections, answers or licences."""
    tables = ((book.answers, "customer_id"), (book.connections, "entity_id"), (book.licences, "customer_id"))
    return pl.concat([pl.Series([], dtype=pl.String), *(t[c] for t, c in tables if t is not None)]).unique()


def _stakes(known: Known, customers: pl.DataFrame) -> pl.DataFrame:
    """Return what the detectors of stakes read of these customers: listed holders, ended ones too, and old records."""
    about = known.listed.select("matched_entity_id", "list", "party_name", "band", listed_on="start").unique()
    mine = of(known.stakes.rename({"owned_id": "customer_id"}), customers).join(
        about, left_on="owner_id", right_on="matched_entity_id", how="left"
    )
    return mine.with_columns(
        ended=pl.col("end") < known.as_of, stale=pl.col("source_date") < stale_before(known.as_of)
    )


def _watched(known: Known, customers: pl.DataFrame) -> pl.DataFrame:
    """Return the names on lists of the user's that these customers, or those they deal with, bear."""
    lists, deals = known.book.watchlists, known.book.transactions
    if lists is None:
        return pl.DataFrame(schema={"customer_id": pl.String(), "list": pl.String()})
    bearers = [customers.select("customer_id", "name")]
    if deals is not None and "counterparty" in deals.columns:
        bearers.append(own_rows(deals, customers).select("customer_id", name="counterparty"))
    return named(pl.concat(bearers), "name", lists)


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Write each row as one text: customer_id, line."""
    return rows.select("customer_id", line=pl.struct(pl.exclude("customer_id")).struct.json_encode())
