"""Which status a rule has on a day.

Text in the CFR is not a rule in force: every rule has dated periods with a status, and a day outside all of them
means `not_in_force`. A compliance team may override a period; the override carries its citation, person and date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from screening.errors import OverrideError, UnknownRule
from screening.law.tables import periods, rules, table


@dataclass(frozen=True, slots=True)
class PeriodOverride:
    """A decision of the compliance team that a rule has `status` from one day to another (None = open).

    `citation`: what it rests on. `person`, `recorded_on`: who decided it and when.
    """

    rule_id: str
    status: str
    effective_from: date
    effective_to: date | None
    citation: str
    person: str
    recorded_on: date


def check_rules(rule_ids: Iterable[str]) -> None:
    """Raise `UnknownRule` when an id is not in the rule table.

    >>> check_rules(["RF28"])
    """
    unknown = sorted(set(rule_ids) - set(rules()["rule_id"]))
    if unknown:
        raise UnknownRule(f"no such rule: {', '.join(unknown)}; `headwater rules` lists the ids")


def check_overrides(overrides: Sequence[PeriodOverride]) -> None:
    """Raise `UnknownRule` or `OverrideError`, naming every faulty override at once."""
    check_rules(o.rule_id for o in overrides)
    statuses = set(table("statuses")["status"])
    faults = [
        f"{o.rule_id} from {o.effective_from}: {fault}"
        for o in overrides
        for fault, bad in (
            (f"unknown status {o.status!r}", o.status not in statuses),
            ("no citation", not o.citation.strip()),
            ("no person", not o.person.strip()),
            ("ends before it starts", o.effective_to is not None and o.effective_to < o.effective_from),
        )
        if bad
    ]
    if faults:
        raise OverrideError("overrides of rule periods need correcting: " + "; ".join(faults))


def status_on(as_of: date, overrides: Sequence[PeriodOverride] = ()) -> pl.DataFrame:
    """Return rule_id, status, status_citation, effective_from, effective_to, overridden_by for each rule on a day.

    An override wins over the table; of two that cover the day the later recorded one wins.

    >>> status_on(date(2026, 1, 15)).filter(pl.col("rule_id") == "BIS_AFFILIATES")["status"].item()
    'suspended'
    """
    check_overrides(overrides)
    columns = ["rule_id", "status", "status_citation", "effective_from", "effective_to", "overridden_by"]
    covers = (pl.col("effective_from").is_null() | (pl.col("effective_from") <= as_of)) & (
        pl.col("effective_to").is_null() | (pl.col("effective_to") >= as_of)
    )
    named = periods().filter(covers)
    named = named.with_columns(
        pl.col("citation").alias("status_citation"), pl.lit(None, pl.String).alias("overridden_by")
    ).select(columns)
    ours = [
        {
            "rule_id": o.rule_id,
            "status": o.status,
            "status_citation": o.citation,
            "effective_from": o.effective_from,
            "effective_to": o.effective_to,
            "overridden_by": f"{o.person}, {o.recorded_on}",
        }
        for o in sorted(overrides, key=lambda o: (o.recorded_on, o.effective_from, o.status), reverse=True)
    ]
    decided = pl.DataFrame(ours, schema=named.schema).filter(covers)
    chosen = pl.concat([decided, named]).unique("rule_id", keep="first", maintain_order=True)
    return (
        rules()
        .select("rule_id")
        .join(chosen, on="rule_id", how="left", maintain_order="left")
        .with_columns(pl.col("status").fill_null("not_in_force"))
    )
