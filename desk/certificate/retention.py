"""How long the record of a screening is kept: the regimes of the day, and the clock of the case where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from desk.store.retention import retention
from screening.documents import retention_regimes


def retention_of(decided: Mapping[str, Any] | None, as_of: date) -> dict[str, Any]:
    """Return the regimes in force (regime, years, trigger, citation, until) and the clock of the case.

    `until` counts from the day of the screening: whatever happens later only makes it longer. `decided`: as from
    `decisions.decisions`.
    """
    regimes = retention_regimes(as_of).with_columns(
        until=pl.lit(as_of).dt.offset_by(pl.format("{}y", "years"))
    )
    clock = None
    if decided is not None:
        found = retention(decided["case"], as_of)
        clock = {"keep_until": found.keep_until, "because": found.because}
    return {"regimes": regimes.to_dicts(), "case": clock}
