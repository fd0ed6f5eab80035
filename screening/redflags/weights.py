"""How much a rule weighs on a day: its full weight, but at most the ceiling of its status.

`in_force` and `scheduled_verify` have full weight; text that is not enforced and guidance may ask at most; what is
stayed or proposed is a note (`statuses.csv`), unless the rule has a floor (`floors.csv`). A precautionary switch lifts
the ceiling. The outcome of a rule never depends on any of this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

import polars as pl

from screening.law.periods import PeriodOverride, check_rules, status_on
from screening.law.tables import rules as rule_table
from screening.law.tables import table
from screening.redflags.rule import Branch


@dataclass(frozen=True, slots=True)
class Weight:
    """A rule on the day: what the rule table says of it, its status, and the ceilings that the status sets.

    `banner` is appended to the reasons of its findings. `lifted`: the precautionary switch is on.
    """

    rule_id: str
    family: str
    degree: str
    inputs: tuple[str, ...]
    status: str
    ceiling: str
    severity_ceiling: int
    banner: str
    recommendation: str
    severity: int
    lifted: bool

    def opens_case(self, branch: Branch) -> bool:
        """Return whether a branch opens a case: it is raised, or "not evaluable" and material."""
        switched_on = branch.material == "when_switched_on" and self.lifted
        return branch.outcome == "raised" or branch.material == "always" or switched_on

    def weigh(self, branch: Branch) -> tuple[str, int]:
        """Return recommendation and severity of a branch, neither above what the status of the rule allows."""
        recommendation = _at_most(branch.recommendation or self.recommendation, self.ceiling)
        severity = self.severity if branch.severity is None else branch.severity
        return recommendation, min(severity, self.severity_ceiling, _ceilings()[recommendation])


def rules_on(
    as_of: date, precautionary: Collection[str] = frozenset(), overrides: Sequence[PeriodOverride] = ()
) -> pl.DataFrame:
    """Return every rule with its status and weight on a day, in the order of the rule table.

    Columns: rule_id, family, title, citation, degree, inputs, status, status_citation, effective_from,
    effective_to, overridden_by, precautionary, recommendation and severity as weighed that day,
    full_recommendation, full_severity.

    >>> rules_on(date(2026, 11, 22)).filter(pl.col("rule_id") == "RF29")["status"].item()
    'scheduled_verify'
    """
    check_rules(precautionary)
    frame = rule_table().rename({"recommendation": "full_recommendation", "severity": "full_severity"})
    frame = frame.join(status_on(as_of, overrides), on="rule_id", maintain_order="left").with_columns(
        precautionary=pl.col("rule_id").is_in(list(precautionary))
    )
    pairs = frame.select("rule_id", "full_recommendation", "status", "precautionary").rows()
    allowed = [_allowed(rule_id, status, lifted) for rule_id, _, status, lifted in pairs]
    today = [_at_most(pair[1], most[0]) for pair, most in zip(pairs, allowed, strict=True)]
    most = [min(_ceilings()[r], severity) for r, (_, severity) in zip(today, allowed, strict=True)]
    return frame.with_columns(
        pl.Series("recommendation", today),
        pl.min_horizontal("full_severity", pl.Series(most, dtype=pl.Int64)).alias("severity"),
    )


def weights_on(
    as_of: date,
    precautionary: Collection[str],
    overrides: Sequence[PeriodOverride],
    only: Iterable[str] | None,
) -> list[Weight]:
    """Return the weights of all rules that are evaluated, in the order of the rule table."""
    banners = dict(table("statuses").select("status", pl.col("banner").fill_null("")).iter_rows())
    wanted = pl.lit(True) if only is None else pl.col("rule_id").is_in(list(only))
    evaluated = rules_on(as_of, precautionary, overrides).filter(wanted, pl.col("degree") != "context")
    return [
        Weight(
            rule_id=row["rule_id"],
            family=row["family"],
            degree=row["degree"],
            inputs=tuple(row["inputs"]),
            status=row["status"],
            ceiling=_allowed(row["rule_id"], row["status"], row["precautionary"])[0],
            severity_ceiling=_allowed(row["rule_id"], row["status"], row["precautionary"])[1],
            banner=banners[row["status"]]
            + (" Applied at full weight as a precaution." if row["precautionary"] else ""),
            recommendation=row["full_recommendation"],
            severity=row["full_severity"],
            lifted=row["precautionary"],
        )
        for row in evaluated.to_dicts()
    ]


def strictest(recommendations: Iterable[str]) -> str:
    """Return the strictest of several recommendations.

    >>> strictest(["ask", "hold", "note"])
    'hold'
    """
    return max(recommendations, key=lambda r: _ranks()[r])


def strictness(branch: Branch, recommendation: str, severity: int) -> tuple[int, int, int]:
    """Return by what branches of a rule are compared: whether one opens a case, its recommendation, its severity.

    `recommendation`, `severity`: those of the rule, where the branch has none of its own.
    """
    opens = branch.outcome == "raised" or branch.material == "always"
    own = severity if branch.severity is None else branch.severity
    return int(opens), _ranks()[branch.recommendation or recommendation] if opens else 0, own


def _at_most(recommendation: str, ceiling: str) -> str:
    return min(recommendation, ceiling, key=lambda r: _ranks()[r])


def _allowed(rule_id: str, status: str, lifted: bool) -> tuple[str, int]:
    """Return the highest recommendation and severity of a rule under a status: the ceiling of the status, or its floor.

    Some rules fall no lower than a question while they are stayed (`floors.csv`): the duty to settle red flags stays.
    """
    if lifted:
        return "stop_confirm", 100
    return max(_statuses()[status], _floors().get((status, rule_id), ("note", 0)), key=lambda most: most[1])


@cache
def _ranks() -> Mapping[str, int]:
    rows = table("recommendations").select("recommendation", pl.col("rank").cast(pl.Int64))
    return MappingProxyType(dict(rows.iter_rows()))


@cache
def _ceilings() -> Mapping[str, int]:
    rows = table("recommendations").select("recommendation", pl.col("severity_ceiling").cast(pl.Int64))
    return MappingProxyType(dict(rows.iter_rows()))


@cache
def _statuses() -> Mapping[str, tuple[str, int]]:
    """Return the highest recommendation and severity under each status."""
    rows = table("statuses").select("status", "ceiling", "severity_ceiling").iter_rows()
    return MappingProxyType({status: (ceiling, int(severity)) for status, ceiling, severity in rows})


@cache
def _floors() -> Mapping[tuple[str, str], tuple[str, int]]:
    """Return the least that the ceilings of a rule under a status may be."""
    rows = table("floors").select("status", "rule_id", "recommendation", "severity").iter_rows()
    return MappingProxyType(
        {(status, rule_id): (least, int(severity)) for status, rule_id, least, severity in rows}
    )
