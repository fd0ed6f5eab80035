"""From a run's tables to the facts frame: one row a customer, every column of `screening/data/facts.csv`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl

from screening.redflags.facts.columns import conform, nested
from screening.redflags.facts.operations import training

_OWN = (
    "name",
    "party_type",
    "segment",
    "country",
    "hq_country",
    "incorporation_country",
    "incorporated_on",
    "address",
)


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
) -> pl.DataFrame:
    """Return the facts frame of a book, sorted by customer_id. A table that is None was not given: unknown.

    hits: customer_id, list, party_id, ... one row a pair. restricted: customer_id, regime, status, low, high, ...
    one row a customer and regime. parents: customer_id, parent_id, parent_name, parent_hq_country, basis, unknown.
    activity, connections, transactions, answers: as the design's tables. `lists_missing`: codes of lists that were
    not loaded. Raises `InvalidFrame` when customers have no usable key.

    >>> book = pl.DataFrame({"customer_id": ["c1"], "name": ["Acme"], "hq_country": ["US"]})
    >>> assemble(book).select("hq_country", "parent_unknown").row(0)
    ('US', True)
    """
    base = customers.with_columns(pl.col("customer_id").cast(pl.String))
    own = base.select("customer_id", *[c for c in _OWN if c in base.columns])
    frame = own.join(_parents(base, parents), on="customer_id", how="left")
    frame = frame.with_columns(lists_missing=pl.lit(" ".join(sorted(lists_missing)) or None, pl.String))
    for name, table in (("hits", hits), ("restricted", restricted)):
        if table is not None:
            frame = _with_entries(frame, name, table)
    if activity is not None:
        frame = _with_training(frame, activity)
    return conform(frame.sort("customer_id"))


def _parents(customers: pl.DataFrame, parents: pl.DataFrame | None) -> pl.DataFrame:
    """Return the ultimate parent of each customer: traced where ownership says, else as the customer declares."""
    declared = customers.select(
        "customer_id",
        *[
            pl.col(c).cast(pl.String).alias(c) if c in customers.columns else pl.lit(None, pl.String).alias(c)
            for c in ("parent_name", "parent_country")
        ],
    )
    columns = ["customer_id", "parent_id", "parent_name", "parent_hq_country", "basis", "unknown"]
    if parents is None:
        parents = pl.DataFrame(schema=dict.fromkeys(columns[:-1], pl.String) | {"unknown": pl.Boolean})
    traced = parents.select(columns).rename({"parent_name": "traced_name"})
    both = declared.join(traced, on="customer_id", how="left")
    untold = pl.col("unknown").fill_null(True)
    says = untold & (pl.col("parent_name").is_not_null() | pl.col("parent_country").is_not_null())
    return both.select(
        "customer_id",
        ultimate_parent_id=pl.when(untold).then(None).otherwise("parent_id"),
        ultimate_parent_name=pl.when(says).then("parent_name").when(~untold).then("traced_name"),
        ultimate_parent_hq_country=pl.when(says)
        .then("parent_country")
        .when(~untold)
        .then("parent_hq_country"),
        parent_basis=pl.when(says)
        .then(pl.lit("declared"))
        .otherwise(pl.col("basis").fill_null("no_owner_on_record")),
        parent_unknown=untold & ~says,
    )


def _with_entries(frame: pl.DataFrame, name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Nest a table under its customers; a customer without a row gets an empty list: looked at, nothing found."""
    inner = nested(name)
    fields = [
        (
            pl.col(f.name).cast(f.dtype, strict=False) if f.name in rows.columns else pl.lit(None, f.dtype)
        ).alias(f.name)
        for f in inner.fields
    ]
    keys = ["list", "party_id"] if name == "hits" else ["regime"]
    grouped = (
        rows.sort("customer_id", *keys)
        .select("customer_id", pl.struct(fields).alias(name))
        .group_by("customer_id", maintain_order=True)
        .agg(name)
    )
    nothing = pl.lit(pl.Series([[]], dtype=pl.List(inner)))
    return frame.join(grouped, on="customer_id", how="left").with_columns(pl.col(name).fill_null(nothing))


def _with_training(frame: pl.DataFrame, activity: pl.DataFrame) -> pl.DataFrame:
    groups = frame.select("customer_id", group=pl.coalesce("ultimate_parent_id", "customer_id"))
    active = (
        activity.select(pl.col("customer_id").cast(pl.String))
        .unique()
        .with_columns(has_activity=pl.lit(True))
    )
    return (
        frame.join(training(activity, groups), on="customer_id", how="left")
        .join(active, on="customer_id", how="left")
        .with_columns(pl.col("has_activity", "training_activity").fill_null(False))
    )
