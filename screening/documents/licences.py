"""The register of licences: what is valid, what has run out, and what soon will."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

WARN_DAYS = 60


def licence_states(licences: pl.DataFrame, as_of: date, warn_days: int = WARN_DAYS) -> pl.DataFrame:
    """Add `state` to the register: not_yet, valid, expiring (within `warn_days`), expired.

    Register: customer_id, licence_ref, rule_id (blank: any), issued, expires, conditions.

    >>> register = pl.DataFrame({"customer_id": ["c"], "licence_ref": ["D1"], "issued": [date(2026, 1, 1)],
    ...     "expires": [date(2026, 12, 31)]})
    >>> licence_states(register, date(2026, 11, 22))["state"].item()
    'expiring'
    """
    soon = as_of + timedelta(days=warn_days)
    state = (
        pl.when(pl.col("issued") > as_of)
        .then(pl.lit("not_yet"))
        .when(pl.col("expires") < as_of)
        .then(pl.lit("expired"))
        .when(pl.col("expires") <= soon)
        .then(pl.lit("expiring"))
        .otherwise(pl.lit("valid"))
    )
    return licences.with_columns(state=state)


def remarks(licences: pl.DataFrame | None, as_of: date) -> tuple[str, ...]:
    """Say how many licences have run out and how many soon will; nothing if no register was given.

    >>> remarks(pl.DataFrame({"issued": [None, None], "expires": [date(2026, 11, 1), date(2026, 12, 1)]},
    ...     schema={"issued": pl.Date, "expires": pl.Date}), date(2026, 11, 22))
    ('Licences held: 2; run out by 2026-11-22: 1; running out within 60 days: 1.',)
    """
    if licences is None:
        return ()
    states = licence_states(licences, as_of)["state"]
    over, soon = (len(states.filter(states == state)) for state in ("expired", "expiring"))
    if not over + soon:
        return ()
    counts = f"run out by {as_of}: {over}; running out within {WARN_DAYS} days: {soon}"
    return (f"Licences held: {len(states)}; {counts}.",)
