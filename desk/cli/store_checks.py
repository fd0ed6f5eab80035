"""What `headwater doctor` asks of a list store."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

STALE_DAYS = 7


def snapshots(root: Path, today: date) -> list[dict[str, Any]]:
    """Load every list as of the day, which checks its hashes, and say how old it is."""
    from lists.errors import ListError
    from lists.store import Store

    try:
        listed = Store(root).load(today)
    except ListError as error:
        return [{"check": "lists", "state": "failed", "detail": str(error)}]
    ages = [
        {
            "check": f"list {snapshot.list}",
            "state": "ok" if (today - snapshot.published).days <= STALE_DAYS else "stale",
            "detail": f"{snapshot.publisher}, published {snapshot.published}",
        }
        for snapshot in listed.snapshots
    ]
    return ages + [{"check": "lists", "state": "note", "detail": warning} for warning in listed.warnings]
