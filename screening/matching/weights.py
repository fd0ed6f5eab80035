"""The table of weights, one row for each level at which two records may agree."""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl

from screening.matching.identifiers import classes
from screening.names.tables import settings

KINDS = ("name", "identifier", "birth", "nationality", "country", "address")
"""In the order in which they are read."""

WEIGHTS = {
    "kind": pl.String(),
    "subject": pl.String(),  # class of identifier, else blank
    "level": pl.String(),
    "weight": pl.Float64(),
    "slight": pl.Boolean(),
    "limits": pl.Boolean(),
    "text": pl.String(),
    "verdict": pl.String(),
    "order": pl.Int64(),
}


@cache
def weights() -> pl.DataFrame:
    """Return the weights, in the columns of `WEIGHTS`.

    >>> weights().filter(kind="birth", level="day").select("weight", "verdict").row(0)
    (4.6, 'agrees')
    """
    told = settings("evidence")
    rows = [
        _row(kind, "", level, row)
        for kind in KINDS
        if kind != "identifier"
        for level, row in told[kind].items()
        if isinstance(row, dict)
    ]
    for row in classes().iter_rows(named=True):
        rows += [_row("identifier", row["class"], level, told) for level, told in _levels(row).items()]
    return pl.DataFrame(rows, schema=WEIGHTS)


def _levels(row: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the levels of a class of identifier."""
    words = row["words"]
    return {
        "equal": {"weight": row["equal"], "text": f"same {words}"},
        "anywhere": {"weight": row["equal_anywhere"], "text": f"same {words}, of a country not known"},
        "other": {"weight": row["other"], "limits": row["other"] < 0, "text": f"another {words}"},
        "missing": {"weight": 0.0, "verdict": "missing", "text": f"{words} not compared"},
    }


def _row(kind: str, subject: str, level: str, told: dict[str, Any]) -> dict[str, Any]:
    weight = told["weight"]
    verdict = "agrees" if weight > 0 else "contradicts" if weight < 0 else "open"
    defaults = {"slight": False, "limits": False, "verdict": verdict, "order": KINDS.index(kind)}
    return defaults | told | {"kind": kind, "subject": subject, "level": level}
