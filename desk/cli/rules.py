"""`headwater rules`: every rule and whether it is in force on a day."""

from __future__ import annotations

from desk.cli.options import AsOf, ConfigFile, day


def rules(as_of: AsOf = None, config: ConfigFile = None) -> None:
    """List every rule with its citation, its status on the day, and what it recommends then."""
    from desk.cli.output import emit
    from pipelines.job.config import load_config
    from screening.redflags import rules_on

    today, settings = day(as_of), load_config(config).rules
    emit(
        rules_on(today, frozenset(settings.precautionary), settings.periods).to_dicts(),
        ("rule_id", "title", "status", "recommendation", "degree", "overridden_by", "citation"),
        title=f"Rules on {today}",
    )
