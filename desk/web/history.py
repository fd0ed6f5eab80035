"""The history of a case as people read it: runs that brought nothing new stand in one line, which opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from desk.store.imports import NOTHING_NEW


def folded(history: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Put lines together that follow each other and bring nothing new: `quiet` says so, `lines` are all of them.

    >>> night = {"kind": "seen_again", "at": "2026-11-01T03", "changes": {"as_of": "2026-11-01"}}
    >>> later = night | {"changes": {"as_of": "2026-11-12"}}
    >>> [(row["quiet"], len(row["lines"])) for row in folded([{"kind": "note"}, night, later])]
    [(None, 1), ('unchanged on 2 nights, 2026-11-01 to 2026-11-12', 2)]
    """
    rows: list[dict[str, Any]] = []
    for quiet, group in groupby(history, key=lambda line: line["kind"] == NOTHING_NEW):
        lines = list(group)
        if quiet:
            rows.append({"quiet": _nights(lines), "lines": lines})
        else:
            rows += [{"quiet": None, "lines": [line]} for line in lines]
    return rows


def _nights(lines: Sequence[Mapping[str, Any]]) -> str:
    days = sorted({line["changes"].get("as_of", line["at"][:10]) for line in lines})
    return (
        f"unchanged on {len(days)} nights, {days[0]} to {days[-1]}" if days[1:] else f"unchanged on {days[0]}"
    )
