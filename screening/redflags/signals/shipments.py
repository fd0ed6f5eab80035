"""The column `shipments` of the facts: for each destination rule the line that leads, and the words of its shipment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from screening.law import Law, table
from screening.law.tables import rules, texts
from screening.redflags.destinations.chart import chart_branches, with_chart
from screening.redflags.destinations.chips import chip_branches, with_chip_law
from screening.redflags.destinations.embargo import embargo_branches, region_branches, region_places
from screening.redflags.destinations.legs import ROLES, legs
from screening.redflags.destinations.words import certifications, chip_words, lead_words, shipment_words
from screening.redflags.rule import Branch, Branches, choose, read_branch, rule_family


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """A rule that each place of a shipment answers by itself.

    `prepare` adds to legs the columns that the branches read; `words` are those of this rule alone.
    """

    branches: Callable[[Law], Branches]
    prepare: Callable[[pl.DataFrame, Law], pl.DataFrame] = lambda places, law: places
    words: Callable[[], Mapping[str, pl.Expr]] = dict


PLACE_RULES: Mapping[str, PlaceRule] = {
    "DEST_ADVCHIP": PlaceRule(chip_branches, lambda places, law: with_chip_law(places), chip_words),
    "DEST_EMBARGO": PlaceRule(embargo_branches),
    "DEST_REGION": PlaceRule(region_branches, region_places),
    "DEST_CHART": PlaceRule(chart_branches),
}
QUOTED = (
    "item", "shipment", "place_role", "place_name", "licence", "licence_ref", "exception", "notice_ref", "notice_days",
    "region", "region_field", "determination", "other_shipments",
)  # fmt: skip
"""What evidence names of the leading place."""
IN_SENTENCES = (
    "class_words", "group_words", "section", "scope", "exceptions", "policy", "ofac", "exception_section",
    "exception_conditions", "days_needed", "region_text", "review_words", "shut_words", "context_words",
)  # fmt: skip
"""What reasons quote and evidence does not repeat."""
CERTIFIED = ("DEST_ADVCHIP", "d5_case_by_case")
"""The rule and branch that quote `certifications`."""


class ShipmentSignals:
    """Places of shipments: where there are several, the strictest answers for the customer."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the rules on destinations."""
        return frozenset(PLACE_RULES)

    def condition_columns(self, facts: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return `line_<rule>`: the branch of the strictest place; null where the rule has nothing to say of any."""
        concerned = facts.filter(pl.col("shipments").list.len() > 0)
        places = with_chart(legs(concerned, law), law)
        found = concerned.select("row")
        for rule_id in PLACE_RULES:
            line = pl.col("line").first().alias(f"line_{rule_id}")
            first = _lines(places, rule_id, law).group_by("row", maintain_order=True).agg(line)
            found = found.join(first, on="row", how="left", maintain_order="left")
        return found

    def text_columns(self, facts: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return the words of the leading place, and the further shipments of which the rule speaks."""
        concerned = facts.filter(pl.col("shipments").list.len() > 0)
        places = with_chart(legs(concerned, law), law)
        words = {**shipment_words(), **PLACE_RULES[rule_id].words()}
        lead = lead_words(_lines(places, rule_id, law).with_columns(**words), opening(rule_id))
        lead = lead.filter(pl.col("line") == branch)
        shown = lead.select("row", *(c for c in (*QUOTED, *IN_SENTENCES) if c in lead.columns))
        if (rule_id, branch) != CERTIFIED:
            return shown
        return shown.join(certifications(concerned), on="row", how="left", maintain_order="left")


def opening(rule_id: str) -> frozenset[str]:
    """Return the branches of a rule that open a case."""
    family = rule_family(rule_id)
    branches = [read_branch(rule_id, family, name) for name in texts(family)[rule_id]]
    return frozenset(b.name for b in branches if b.outcome == "raised" or b.material == "always")


@cache
def strictest_first(rule_id: str) -> tuple[str, ...]:
    """Return the branches of a rule for which there are words, the strictest first."""
    row = rules().row(by_predicate=pl.col("rule_id") == rule_id, named=True)
    ranks = dict(table("recommendations").select("recommendation", pl.col("rank").cast(pl.Int64)).iter_rows())
    family = rule_family(rule_id)

    def strictness(branch: Branch) -> tuple[bool, int, int]:
        opens = branch.name in opening(rule_id)
        severity = row["severity"] if branch.severity is None else branch.severity
        return opens, ranks[branch.recommendation or row["recommendation"]] if opens else 0, severity

    branches = [read_branch(rule_id, family, name) for name in texts(family)[rule_id]]
    return tuple(branch.name for branch in sorted(branches, key=strictness, reverse=True))


def _lines(places: pl.DataFrame, rule_id: str, law: Law) -> pl.DataFrame:
    """Return the places of which a rule speaks, with `line`, the branch that applies to each; the strictest first."""
    rule = PLACE_RULES[rule_id]
    branches = rule.branches(law)
    names = dict(enumerate(branches))
    rows = rule.prepare(places, law).with_columns(position=choose(branches))
    order = {name: number for number, name in enumerate(strictest_first(rule_id))}
    weight = {name: number for number, name in enumerate(ROLES)}
    return (
        rows.with_columns(line=pl.col("position").replace_strict(names, return_dtype=pl.String))
        .filter(pl.col("line").is_in([*order]))
        .with_columns(
            strictness=pl.col("line").replace_strict(order, return_dtype=pl.Int64),
            weight=pl.col("place_role").replace_strict(weight, return_dtype=pl.Int64),
        )
        .sort("row", "strictness", "weight", "day", "shipment", "place", "shipment_number", nulls_last=True)
    )
