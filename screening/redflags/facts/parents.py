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
    "above": pl.Boolean(),
    "note": pl.String(),
    "seats": pl.List(pl.String()),
}
_OPEN_ABOVE = ("remainder_open", "joint_half", "chain_open_offshore")
"""Bases on which the last owner of the chain is certain, and only what is above it is open."""


def ultimate_parents(customers: pl.DataFrame, parents: pl.DataFrame | None) -> pl.DataFrame:
    """Return customer_id, ultimate_parent_id, ultimate_parent_name, ultimate_parent_hq_country, basis, unknown.

    And `parent_note`, `parent_seats` of a parent that is not settled. Where the owner at the end of a chain is certain,
    its name and seat stay: what is above it can add a seat, not take one away.
    `parents`: customer_id, parent_id, parent_name, parent_hq_country, basis, unknown, as from the ownership network,
    and where it says so above, note, seats; None where ownership was not traced.
    """
    text = pl.String()
    declared = customers.select(
        "customer_id",
        *[
            (pl.col(c).cast(text) if c in customers.columns else pl.lit(None, text)).alias(c)
            for c in ("parent_name", "parent_country")
        ],
    )
    given = pl.DataFrame(schema=_TRACED) if parents is None else parents
    traced = given.select(
        pl.col(name) if name in given.columns else pl.lit(None, kind).alias(name)
        for name, kind in _TRACED.items()
    )
    both = declared.join(traced.rename({"parent_name": "traced_name"}), on="customer_id", how="left")
    untraced = pl.col("unknown").fill_null(True)
    declares = pl.col("parent_name").is_not_null() | pl.col("parent_country").is_not_null()
    conflict = (pl.col("basis") == "declared_conflict").fill_null(False)
    by_customer = untraced & declares & ~conflict
    certain = ~untraced | (pl.col("above") & pl.col("basis").is_in(_OPEN_ABOVE)).fill_null(False)
    return both.select(
        "customer_id",
        ultimate_parent_id=pl.when(certain).then("parent_id"),
        ultimate_parent_name=pl.when(by_customer).then("parent_name").when(certain).then("traced_name"),
        ultimate_parent_hq_country=pl.when(by_customer)
        .then("parent_country")
        .when(certain)
        .then("parent_hq_country"),
        parent_basis=pl.when(by_customer)
        .then(pl.lit("declared"))
        .otherwise(pl.col("basis").fill_null("no_owner_on_record")),
        parent_unknown=untraced & ~by_customer,
        parent_note=pl.when(~by_customer).then("note"),
        parent_seats=pl.when(conflict)
        .then(pl.concat_list("parent_hq_country", "parent_country"))
        .when(~by_customer)
        .then("seats"),
    )
