"""`headwater rules`: every rule and whether it is in force on a day."""

from __future__ import annotations

from desk.cli.options import AsOf, day


def rules(as_of: AsOf = None) -> None:
    """List every rule with its citation, its status on the day, and what it recommends then."""
    from desk.cli.output import emit
    from screening.redflags import rules as rules_on

    today = day(as_of)
    emit(
        rules_on(today).to_dicts(),
        ("rule_id", "title", "status", "recommendation", "degree", "citation"),
        title=f"Rules on {today}",
    )
