"""The checks of a list store that `headwater doctor` makes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

TEXT_SHOWN = 90
UNREAD_SHOWN = 20


def snapshots(root: Path, today: date, max_age: int | None = None) -> list[dict[str, Any]]:
    """Load every list as of the day, which checks its hashes; say how old it is and what in it no rule reads.

    A list older than `max_age` days fails; without a limit one older than the figure `stale_list_days` is called stale.
    """
    from lists.errors import ListError
    from lists.health import ages, set_aside, unread
    from lists.store import Store

    store = Store(root)
    try:
        listed = store.load(today, optional=store.optional(today))
    except ListError as error:
        return [{"check": "lists", "state": "failed", "detail": str(error)}]
    return [
        *(_age(row, max_age) for row in ages(store, today).to_dicts()),
        *_absent({ref.list for ref in listed.snapshots}, today),
        *({"check": "lists", "state": "note", "detail": warning} for warning in listed.warnings),
        *map(_quarantined, set_aside(store, today).to_dicts()),
        *map(_unread, unread(store, today).head(UNREAD_SHOWN).to_dicts()),
    ]


def _absent(present: set[str], today: date) -> list[dict[str, Any]]:
    """Say of each list that is always screened, or may be, that the store holds none, and how to get it."""
    from lists.schema import LIST_CODES, OPTIONAL_LISTS
    from pipelines.job.list_account import lists_not_loaded

    rows = {row["list"]: row for row in lists_not_loaded(present, (), today)}
    missing = [
        {"check": f"list {code}", "state": "missing", "detail": f"{rows[code]['name']}: {rows[code]['why']}"}
        for code in LIST_CODES
        if code in rows
    ]
    optional = [code for code in OPTIONAL_LISTS if code in present]
    others = [code for code in OPTIONAL_LISTS if code not in present]
    note = f"in the store: {', '.join(optional) or 'none'}; not there: {', '.join(others) or 'none'}"
    detail = f"{note}. One in the store is screened only where the setting optional_lists names it."
    return [*missing, {"check": "optional lists", "state": "note", "detail": detail}]


def _age(row: dict[str, Any], max_age: int | None) -> dict[str, Any]:
    from screening.law import policy_figure

    state = "stale" if row["days"] > policy_figure("stale_list_days") else "ok"
    if max_age is not None:
        state = "failed" if row["days"] > max_age else "ok"
    detail = (
        f"{row['publisher']}, published {row['published']}, {row['days']} days old, {row['parties']} parties"
    )
    return {"check": f"list {row['list']}", "state": state, "detail": detail}


def _quarantined(row: dict[str, Any]) -> dict[str, Any]:
    detail = f"{row['file']} row {row['row']}: {row['reason']}: {row['text'][:TEXT_SHOWN]}"
    return {"check": f"list {row['list']}", "state": "set aside", "detail": detail}


def _unread(row: dict[str, Any]) -> dict[str, Any]:
    detail = f"{row['field']} of {row['parties']} parties ({row['example']}): {row['text'][:TEXT_SHOWN]}"
    return {"check": f"list {row['list']}", "state": "unread text", "detail": detail}
