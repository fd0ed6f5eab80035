"""How long the file of a case must be kept. The software deletes nothing.

The clock runs from the latest of four days: case closed, last transaction, account closed, property unblocked. Blocked
property and a legal hold stop it. EAR: five years (15 CFR 762.6); OFAC: ten from 2025-03-12 (31 CFR 501.601); our own
choice: ten for every file.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.law import table

TRIGGERS = ("case_closed", "last_transaction", "account_closed", "unblocked")


def keep_until(files: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Add `keep_until` (null while the clock is stopped or has not begun) and `clock`, which says why.

    `files`: any of the columns case_closed, last_transaction, account_closed, unblocked (dates), blocked, legal_hold.

    >>> done = pl.DataFrame({"case_closed": [date(2026, 3, 1)], "last_transaction": [date(2026, 5, 1)]})
    >>> keep_until(done, date(2026, 11, 22))["keep_until"].item()
    datetime.date(2036, 5, 1)
    """
    years = _years(as_of)
    given = [pl.col(c).dt.offset_by(f"{years[c]}y") for c in TRIGGERS if c in files.columns]
    latest = pl.max_horizontal(given) if given else pl.lit(None, pl.Date)
    stopped = {
        name: (pl.col(name) if name in files.columns else pl.lit(False)).fill_null(False)
        for name in ("legal_hold", "blocked")
    }
    clock = (
        pl.when(stopped["legal_hold"])
        .then(pl.lit("legal hold: keep"))
        .when(stopped["blocked"])
        .then(pl.lit("property is blocked: keep, and ten years after"))
        .when(latest.is_null())
        .then(pl.lit("nothing has closed yet: keep"))
        .otherwise(pl.lit("runs"))
    )
    return files.with_columns(keep_until=pl.when(clock == "runs").then(latest), clock=clock)


def retention_regimes(as_of: date) -> pl.DataFrame:
    """Return the newest period of each regime in force on a day: regime, years, trigger, citation; sorted.

    >>> retention_regimes(date(2026, 12, 1)).filter(pl.col("regime") == "OFAC")["years"].to_list()
    [10]
    """
    rows = table("retention").with_columns(
        pl.col("effective_from").str.to_date(), pl.col("years").cast(pl.Int64)
    )
    begun = rows.filter(pl.col("effective_from") <= as_of).sort("regime", "trigger", "effective_from")
    newest = begun.unique(["regime", "trigger"], keep="last", maintain_order=True)
    return newest.select("regime", "years", "trigger", "citation")


def _years(as_of: date) -> dict[str, int]:
    """Return by trigger the longest term of the regimes in force, but at least our own."""
    rows = table("retention").filter(pl.col("effective_from").str.to_date() <= as_of)
    longest = rows.group_by("trigger").agg(pl.col("years").cast(pl.Int64).max())
    found = dict(longest.iter_rows())
    own_choice = found.get("case_closed", 0)
    return {trigger: max(found.get(trigger, 0), own_choice) for trigger in TRIGGERS}
