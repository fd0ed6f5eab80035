"""Leads of detectors and results of ledgers, and the answers on record, as conditions and texts read them."""

from __future__ import annotations

from functools import cache

import polars as pl

from screening.compute.results import QUOTED
from screening.law import Law
from screening.law.tables import rules
from screening.redflags.rule import lead_branches

ANSWERS = ("yes", "no", "unknown", "refused", "contradicting")


class ResultSignals:
    """The column `results`."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the rules that have leads."""
        return frozenset(rule_id for rule_id in _evaluated() if lead_branches(rule_id))

    def signals(self, sheet: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return one flag `lead_<rule>_<branch>` for each lead there can be."""
        flat = _flat(sheet, "results")
        columns = [
            ((pl.col("rule_id") == rule_id) & (pl.col("branch") == name))
            .any()
            .alias(f"lead_{rule_id}_{name}")
            for rule_id in sorted(self.rules)
            for name in lead_branches(rule_id)
        ]
        return flat.group_by("row").agg(columns)

    def details(self, rows: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return the first result of the branch, and how many more there are."""
        mine = _flat(rows, "results").filter(pl.col("rule_id") == rule_id, pl.col("branch") == branch)
        return (
            mine.sort("row", *QUOTED, nulls_last=True)
            .group_by("row", maintain_order=True)
            .agg(pl.col(QUOTED).first(), further_results=(pl.len().cast(pl.Int64) - 1).replace(0, None))
        )


class AnswerSignals:
    """The column `answers`."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the rules that a person's answer may decide."""
        return frozenset(asked_rules())

    def signals(self, sheet: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return `answer_<rule>`: the newest answer, or `contradicting` where the newest day has two."""
        said = _answers(sheet, law)
        columns = [
            pl.col("answer").filter(pl.col("rule_id") == rule_id).first().alias(f"answer_{rule_id}")
            for rule_id in asked_rules()
        ]
        return said.group_by("row").agg(columns)

    def details(self, rows: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return the answer that counts: answer, answer_evidence, answered_on, answered_by."""
        mine = _answers(rows, law).filter(pl.col("rule_id") == rule_id)
        return mine.select("row", "answer", answer_evidence="evidence", answered_on="date", answered_by="by")


@cache
def _evaluated() -> tuple[str, ...]:
    return tuple(rules().filter(pl.col("degree") != "context")["rule_id"])


@cache
def asked_rules() -> tuple[str, ...]:
    """Return the rules that a person's answer may decide, in the order of the rule table."""
    return tuple(rules().filter(pl.col("inputs").list.contains("answers"))["rule_id"])


def _flat(sheet: pl.DataFrame, column: str) -> pl.DataFrame:
    return sheet.select("row", column).explode(column, empty_as_null=False).drop_nulls(column).unnest(column)


def _answers(sheet: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return one answer a row and rule: the newest up to the day; two that differ on that day contradict."""
    said = _flat(sheet, "answers").filter(
        pl.col("answer").is_in(ANSWERS), pl.col("date").is_null() | (pl.col("date") <= law.as_of)
    )
    newest = said.filter(
        pl.col("date").rank("dense", descending=True).over("row", "rule_id").fill_null(1) == 1
    )
    dated = newest.filter(
        pl.col("date").is_not_null() | pl.col("date").is_null().all().over("row", "rule_id")
    )
    return (
        dated.sort("row", "rule_id", "answer", "evidence", nulls_last=True)
        .group_by("row", "rule_id", maintain_order=True)
        .agg(
            answer=pl.when(pl.col("answer").n_unique() > 1)
            .then(pl.lit("contradicting"))
            .otherwise(pl.col("answer").first()),
            evidence=pl.col("evidence").drop_nulls().unique().sort().str.join(", ").replace("", None),
            date=pl.col("date").first(),
            by=pl.col("by").drop_nulls().unique().sort().str.join(", ").replace("", None),
        )
    )
