"""Results of detectors and ledgers, and the answers on record, as conditions and texts read them."""

from __future__ import annotations

from functools import cache

import polars as pl

from screening.compute.results import QUOTED
from screening.law import Law
from screening.law.tables import rules
from screening.redflags.rule import lead_branches
from screening.text import distinct_texts

ANSWERS = ("yes", "no", "unknown", "refused", "contradicting")


class ResultSignals:
    """The column `results` of the facts: what detectors and compute ledgers report."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the rules that have branches for leads."""
        return frozenset(rule_id for rule_id in _evaluated() if lead_branches(rule_id))

    def condition_columns(self, facts: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return one flag `lead_<rule>_<branch>` for each branch that can be reported."""
        flat = _flat(facts, "results")
        columns = [
            ((pl.col("rule_id") == rule_id) & (pl.col("branch") == name))
            .any()
            .alias(f"lead_{rule_id}_{name}")
            for rule_id in sorted(self.rules)
            for name in lead_branches(rule_id)
        ]
        return flat.group_by("row").agg(columns)

    def text_columns(self, facts: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return the first result of the branch, and how many more there are."""
        reported = _flat(facts, "results").filter(pl.col("rule_id") == rule_id, pl.col("branch") == branch)
        return (
            reported.sort("row", *QUOTED, nulls_last=True)
            .group_by("row", maintain_order=True)
            .agg(pl.col(QUOTED).first(), further_results=(pl.len().cast(pl.Int64) - 1).replace(0, None))
        )


class AnswerSignals:
    """The column `answers` of the facts: what people answered to the questions of rules."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the rules that a person's answer may decide."""
        return frozenset(asked_rules())

    def condition_columns(self, facts: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return `answer_<rule>`: the newest answer, or `contradicting` where the newest day has two."""
        current = _current_answers(facts, law)
        columns = [
            pl.col("answer").filter(pl.col("rule_id") == rule_id).first().alias(f"answer_{rule_id}")
            for rule_id in asked_rules()
        ]
        return current.group_by("row").agg(columns)

    def text_columns(self, facts: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return the answer that counts: answer, answer_evidence, answered_on, answered_by."""
        current = _current_answers(facts, law).filter(pl.col("rule_id") == rule_id)
        return current.select(
            "row", "answer", answer_evidence="evidence", answered_on="date", answered_by="by"
        )


@cache
def _evaluated() -> tuple[str, ...]:
    return tuple(rules().filter(pl.col("degree") != "context")["rule_id"])


@cache
def asked_rules() -> tuple[str, ...]:
    """Return the rules that a person's answer may decide, in the order of the rule table."""
    return tuple(rules().filter(pl.col("inputs").list.contains("answers"))["rule_id"])


def _flat(facts: pl.DataFrame, column: str) -> pl.DataFrame:
    return facts.select("row", column).explode(column, empty_as_null=False).drop_nulls(column).unnest(column)


def _current_answers(facts: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return one answer a row and rule: the newest up to the day. Two that differ on the same day contradict."""
    answers = _flat(facts, "answers").filter(
        pl.col("answer").is_in(ANSWERS), pl.col("date").is_null() | (pl.col("date") <= law.as_of)
    )
    newest = answers.filter(
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
            evidence=distinct_texts(pl.col("evidence")),
            date=pl.col("date").first(),
            by=distinct_texts(pl.col("by")),
        )
    )
