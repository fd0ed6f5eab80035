"""`headwater doctor`: are this installation, its lists and its last run fit to be relied on?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.cli.options import AsOf, ConfigFile, MaybeStore, day

if TYPE_CHECKING:
    from pipelines.job.config import Config


def doctor(
    store: MaybeStore = None,
    run: Annotated[
        Path | None, typer.Option("--run", help="Folder of the last run.", file_okay=False)
    ] = None,
    as_of: AsOf = None,
    config: ConfigFile = None,
    max_age: Annotated[
        float, typer.Option("--max-age", help="Hours after which the last good run is too old.", min=0)
    ] = 36,
    max_list_age: Annotated[
        int | None,
        typer.Option("--max-list-age", help="Days after which a list is too old. Default: no limit.", min=0),
    ] = None,
) -> None:
    """Check the installation, the configuration, the rules, the lists of a store, and the last run."""
    from dataclasses import asdict

    from desk.cli.output import emit
    from pipelines.errors import ConfigInvalid
    from pipelines.job.config import Config, load_config

    checks = _packages()
    settings = Config()
    try:
        settings = load_config(config)
    except ConfigInvalid as error:
        checks.append({"check": "config", "state": "failed", "detail": str(error)})
    checks += _rules(day(as_of), settings)
    checks += _reviews(day(as_of))
    if store is not None:
        from desk.cli.store_checks import snapshots

        checks += snapshots(store, day(as_of), max_list_age)
    if run is not None:
        from pipelines.health import run_checks

        checks += map(asdict, run_checks(run, datetime.now(UTC), timedelta(hours=max_age)))
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


def _rules(today: date, config: Config) -> list[dict[str, Any]]:
    """A rule that is only scheduled to be in force needs a person to confirm it, by an override in the config."""
    from screening.redflags import rules_on

    table = rules_on(today, overrides=config.rules.periods)
    waiting = [row for row in table.to_dicts() if row["status"] == "scheduled_verify"]
    return [
        {
            "check": f"rule {row['rule_id']}",
            "state": "failed",
            "detail": f"scheduled from {row['effective_from']}: confirm in the Federal Register ({row['citation']})",
        }
        for row in waiting
    ] or [{"check": "rules", "state": "ok", "detail": f"no rule waits for confirmation on {today}"}]


def _reviews(today: date) -> list[dict[str, Any]]:
    """What of the law is to be read again, with its citation: a text may have changed since a person read it."""
    from screening.law import overdue_reviews, policy_figure

    limit = int(policy_figure("law_review_days"))
    overdue = [
        {
            "check": f"law {row['table']}",
            "state": "stale",
            "detail": f"read {row['last_reviewed']}, {row['age_days']} days ago ({row['certainty']}), "
            f"{row['rows']} rows ({', '.join(row['named'])}): read {row['citation']} again",
        }
        for row in overdue_reviews(today, limit).to_dicts()
    ]
    return overdue or [
        {"check": "law", "state": "ok", "detail": f"every row was read within {limit} days of {today}"}
    ]
