"""What leaves an ultimate parent open, in words: every rule that reads the parent says it where it could not judge."""

from __future__ import annotations

import polars as pl

from screening.law import Law

PARENT_WORDS = ("parent_words", "parent_open")


class ParentSignals:
    """The column `parent_note` of the facts."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the rules that are judged on the seat of the ultimate parent."""
        return frozenset(("HQ_D5_MACAU", "G20", "RF19", "RF28", "IAAS_FINE_TUNE_25"))

    def condition_columns(self, facts: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return no column: conditions read the fact itself."""
        return facts.select("row").clear()

    def text_columns(self, facts: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return `parent_words`, and the same as a sentence of its own, empty where the parent is settled."""
        note = pl.col("parent_note")
        return facts.select(
            "row",
            parent_words=note,
            parent_open=pl.format(" The ultimate parent is not settled: {}.", note).fill_null(""),
        )
