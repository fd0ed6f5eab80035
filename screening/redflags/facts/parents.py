"""The ultimate parent of each customer: as traced through ownership, else as the customer declares."""

from __future__ import annotations

import polars as pl

_TRACED = {
    "customer_id": pl.String(),
    "parent_id": pl.String(),
    "parent_name": pl.String(),
    "parent_hq_country": pl.String(),
    "basis": pl.String(),
    "unknown": pl.Boolean(),
}


def ultimate_parents(customers: pl.DataFrame, parents: pl.DataFrame | None) -> pl.DataFrame:
    """Return customer_id, ultimate_parent_id, ultimate_parent_name, ultimate_parent_hq_country, basis, unknown.

    `parents`: customer_id, parent_id, parent_name, parent_hq_country, basis, unknown, as from the ownership network;
    None where ownership was not traced.
    """
    text = pl.String()
    declared = customers.select(
        "customer_id",
        *[
            (pl.col(c).cast(text) if c in customers.columns else pl.lit(None, text)).alias(c)
            for c in ("parent_name", "parent_country")
        ],
    )
    traced = (pl.DataFrame(schema=_TRACED) if parents is None else parents).select(list(_TRACED))
    both = declared.join(traced.rename({"parent_name": "traced_name"}), on="customer_id", how="left")
    untraced = pl.col("unknown").fill_null(True)
    by_customer = untraced & (pl.col("parent_name").is_not_null() | pl.col("parent_country").is_not_null())
    return both.select(
        "customer_id",
        ultimate_parent_id=pl.when(untraced).then(None).otherwise("parent_id"),
        ultimate_parent_name=pl.when(by_customer).then("parent_name").when(~untraced).then("traced_name"),
        ultimate_parent_hq_country=pl.when(by_customer)
        .then("parent_country")
        .when(~untraced)
        .then("parent_hq_country"),
        parent_basis=pl.when(by_customer)
        .then(pl.lit("declared"))
        .otherwise(pl.col("basis").fill_null("no_owner_on_record")),
        parent_unknown=untraced & ~by_customer,
    )
