"""The tables of all assessments: those made now, and those reused of a previous run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pipelines.delta.changes import CASE_COLUMNS, changes, compared_cases
from pipelines.delta.plan import AssessmentPlan
from pipelines.delta.previous_assessments import CarriedOver
from pipelines.run.folder import Run
from pipelines.run.layout import merge_ordered
from pipelines.run.staging import Part
from screening.book.assess import rule_coverage
from screening.book.context import BookContext
from screening.redflags import count_patterns
from screening.tables.outputs import KEYS


@dataclass(frozen=True)
class AssessedBook:
    """The assessments of all customers. Tables come as frames that follow each other in the order of their key."""

    plan: AssessmentPlan
    parts: Sequence[Part]  # the assessments made now
    previous: Run | None

    def tables(self, context: BookContext) -> Mapping[str, Iterable[pl.DataFrame]]:
        """Return the tables by name: cases, findings, matches, judgements, patterns, coverage; of a delta, changes."""
        shares = count_patterns(self._judgements())
        patterns = self._patterns(shares)
        tables: dict[str, Iterable[pl.DataFrame]] = {
            "cases": self._whole("cases"),
            "findings": self._whole("findings"),
            "matches": (each.sort(KEYS["matches"]) for each in self.plan.matches),
            "judgements": self._judgements(),
            "patterns": [patterns],
            "coverage": [rule_coverage(context, shares, patterns)],
        }
        if self._carried:
            cases, findings = (
                self._columns("cases", *CASE_COLUMNS),
                self._columns("findings", "customer_id", "rule_id"),
            )
            tables["changes"] = [changes(self._carried.replaced_cases(), compared_cases(cases, findings))]
        return tables

    def counts(self) -> Mapping[str, int]:
        """Count cases, those of each recommendation, and findings."""
        carried = [self._carried.tally()] if self._carried else []
        every = pl.concat([*self._made("tally"), *carried])
        return dict(every.group_by("name").agg(pl.col("count").sum()).sort("name").iter_rows())

    def flagged(self) -> pl.Series:
        """Return customer_id of all who have a case."""
        carried = [self._carried.flagged["customer_id"]] if self._carried else []
        return pl.concat([*carried, self._columns("cases", "customer_id")["customer_id"]])

    @cached_property
    def _carried(self) -> CarriedOver | None:
        return CarriedOver.select(self.previous, self.plan.reused()) if self.previous else None

    def _made(self, table: str) -> Iterator[pl.DataFrame]:
        return (part.table(table) for part in self.parts)

    def _columns(self, table: str, *columns: str) -> pl.DataFrame:
        """Return some columns of one table of the assessments made now."""
        return pl.concat([part.columns(table, *columns) for part in self.parts])

    def _whole(self, table: str) -> Iterator[pl.DataFrame]:
        """Yield one table of the assessments reused and of those made now."""
        carried = self._carried.parts(table) if self._carried and self.plan.previous else ()
        return merge_ordered(carried, self._made(table), KEYS[table])

    def _judgements(self) -> Iterator[pl.DataFrame]:
        return self.plan.all_judgements(self._made("customer_patterns"))

    def _patterns(self, used: pl.DataFrame) -> pl.DataFrame:
        """Return the patterns in `used`, with their answers."""
        previous = self.plan.previous
        given = pl.concat([*self._made("patterns"), *([previous.patterns] if previous else [])])
        return given.unique("pattern").join(used, on="pattern", how="semi").sort("pattern")
