"""The table of weights, one row for each level at which the attributes of two records may agree."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from screening.matching.evidence.identifiers import classes
from screening.names.tables import settings

KINDS = ("name", "identifier", "birth", "nationality", "country", "address")
"""In the order in which they are read."""

LEVELS = EQUAL, ANYWHERE, OTHER, MISSING = ("equal", "anywhere", "other", "missing")
"""Of identifiers of one class."""

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


class Scale(NamedTuple):
    """The weights as arrays, one place a row of `weights`."""

    weight: NDArray[np.float64]
    slight: NDArray[np.bool_]
    limits: NDArray[np.bool_]
    topic: NDArray[
        np.int64
    ]  # one number a kind and subject: of several comparisons of one, the weightiest counts
    identifier: NDArray[np.bool_]


@cache
def weights() -> pl.DataFrame:
    """Return the weights, in the columns of `WEIGHTS`.

    >>> weights().filter(kind="birth", level="day").select("weight", "verdict").row(0)
    (4.6, 'agrees')
    """
    sections = settings("evidence")
    rows = [
        _row(kind, "", level, row)
        for kind in KINDS
        if kind != "identifier"
        for level, row in sections[kind].items()
        if isinstance(row, dict)
    ]
    for row in classes().iter_rows(named=True):
        rows += [_row("identifier", row["class"], level, each) for level, each in _levels(row).items()]
    return pl.DataFrame(rows, schema=WEIGHTS)


@cache
def scale() -> Scale:
    """Return the weights as arrays."""
    rows = weights()
    return Scale(
        weight=rows["weight"].to_numpy(),
        slight=rows["slight"].to_numpy(),
        limits=rows["limits"].to_numpy(),
        topic=rows.select(pl.struct("kind", "subject").rle_id().cast(pl.Int64)).to_series().to_numpy(),
        identifier=(rows["kind"] == "identifier").to_numpy(),
    )


@cache
def level_rows(kind: str, subject: str = "") -> dict[str, int]:
    """Return the row of `weights` behind each level of a kind, or of a class of identifier (`subject`).

    >>> weights()["level"][level_rows("birth")["day"]]
    'day'
    """
    numbered = weights().with_row_index("row").filter(kind=kind, subject=subject)
    return dict(numbered.select("level", "row").iter_rows())


@cache
def identifier_rows(level: str) -> NDArray[np.int64]:
    """Return the row of `weights` behind a level of each class of identifier, in the order of `classes`."""
    return np.array([level_rows("identifier", name)[level] for name in classes()["class"]])


def _levels(row: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the levels of a class of identifier."""
    words = row["words"]
    return {
        "equal": {"weight": row["equal"], "text": f"same {words}"},
        "anywhere": {"weight": row["equal_anywhere"], "text": f"same {words}, of a country not known"},
        "other": {"weight": row["other"], "limits": row["other"] < 0, "text": f"another {words}"},
        "missing": {"weight": 0.0, "verdict": "missing", "text": f"{words} not compared"},
    }


def _row(kind: str, subject: str, level: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the table: what is given, and defaults for the rest."""
    weight = given["weight"]
    verdict = "agrees" if weight > 0 else "contradicts" if weight < 0 else "open"
    defaults = {"slight": False, "limits": False, "verdict": verdict, "order": KINDS.index(kind)}
    return defaults | given | {"kind": kind, "subject": subject, "level": level}
