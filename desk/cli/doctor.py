"""`headwater doctor`: is this installation, and this store, fit to be relied on?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import typer

from desk.cli.options import AsOf, ConfigFile, MaybeStore, day


def doctor(store: MaybeStore = None, as_of: AsOf = None, config: ConfigFile = None) -> None:
    """Check the installation, the rules that wait for confirmation, and the snapshots of a store."""
    from desk.cli.output import emit

    checks = [*_packages(), *_rules(day(as_of), config)]
    if store is not None:
        from desk.cli.store_checks import snapshots

        checks += snapshots(store, day(as_of))
    emit(checks, ("check", "state", "detail"), title="Doctor")
    if any(check["state"] == "failed" for check in checks):
        raise typer.Exit(1)


def _packages() -> list[dict[str, Any]]:
    """Each of our four package names must belong to our distribution alone."""
    from desk.guard import DISTRIBUTION, claimants

    return [
        {
            "check": f"package {name}",
            "state": "failed" if set(owners) - {DISTRIBUTION} else "ok",
            "detail": f"claimed by {', '.join(owners) or 'nobody else'}",
        }
        for name, owners in claimants().items()
    ]


def _rules(today: date, config: Path | None) -> list[dict[str, Any]]:
    """A rule that is only scheduled to be in force needs a person to confirm it, by an override in the config."""
    from pipelines.config import load_config
    from screening.redflags import rules

    table = rules(today, overrides=load_config(config).rules.periods)
    waiting = [row for row in table.to_dicts() if row["status"] == "scheduled_verify"]
    return [
        {
            "check": f"rule {row['rule_id']}",
            "state": "failed",
            "detail": f"scheduled from {row['effective_from']}: confirm in the Federal Register ({row['citation']})",
        }
        for row in waiting
    ] or [{"check": "rules", "state": "ok", "detail": f"no rule waits for confirmation on {today}"}]
