"""The tables of all judgements: those passed tonight, and those of an earlier run that stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pipelines.changes import COMPARED, brief, changes
from pipelines.run.folder import KEYS, Run
from pipelines.run.layout import merged
from pipelines.run.staging import Part
from pipelines.stages.docket import Docket
from pipelines.stages.judging import covered
from pipelines.stages.known import Known
from pipelines.stages.recall import Kept
from screening.redflags import shares_of


@dataclass(frozen=True)
class Judged:
    """Everybody's judgement. Tables come as frames that follow each other in the order of their key."""

    docket: Docket
    passed: Sequence[Part]  # the judgements of tonight
    before: Run | None

    def tables(self, known: Known) -> Mapping[str, Iterable[pl.DataFrame]]:
        """Return the tables of judgements, cases and what belongs to them, and of a delta how the cases changed."""
        shares = shares_of(self._settled())
        patterns = self._patterns(shares)
        told: dict[str, Iterable[pl.DataFrame]] = {
            "cases": self._whole("cases"),
            "findings": self._whole("findings"),
            "matches": (each.sort(KEYS["matches"]) for each in self.docket.matches),
            "judgements": self._settled(),
            "patterns": [patterns],
            "coverage": [covered(known, shares, patterns)],
        }
        if self._kept:
            tonight = brief(
                self._columns("cases", *COMPARED), self._columns("findings", "customer_id", "rule_id")
            )
            told["changes"] = [changes(self._kept.lost_cases(), tonight)]
        return told

    def counts(self) -> Mapping[str, int]:
        """Count cases, those of each recommendation, and findings."""
        every = pl.concat([*self._passed("tally"), *([self._kept.tally()] if self._kept else [])])
        return dict(every.group_by("name").agg(pl.col("count").sum()).sort("name").iter_rows())

    def flagged(self) -> pl.Series:
        """Return the ids of all who have a case."""
        kept = [self._kept.flagged["customer_id"]] if self._kept else []
        return pl.concat([*kept, self._columns("cases", "customer_id")["customer_id"]])

    @cached_property
    def _kept(self) -> Kept | None:
        return Kept.of(self.before, self.docket.standing()) if self.before else None

    def _passed(self, table: str) -> Iterator[pl.DataFrame]:
        return (part.table(table) for part in self.passed)

    def _columns(self, table: str, *columns: str) -> pl.DataFrame:
        """Return some columns of one table of tonight's judgements."""
        return pl.concat([part.columns(table, *columns) for part in self.passed])

    def _whole(self, table: str) -> Iterator[pl.DataFrame]:
        """Yield one table of the judgements that stand and of tonight's."""
        kept = self._kept.parts(table) if self._kept and self.docket.recall else ()
        return merged(kept, self._passed(table), KEYS[table])

    def _settled(self) -> Iterator[pl.DataFrame]:
        return self.docket.settled(self._passed("answers"))

    def _patterns(self, used: pl.DataFrame) -> pl.DataFrame:
        """Return the patterns that anybody has: those in `used`."""
        recall = self.docket.recall
        given = pl.concat([*self._passed("patterns"), *([recall.patterns] if recall else [])])
        return given.unique("pattern").join(used, on="pattern", how="semi").sort("pattern")
