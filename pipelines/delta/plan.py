"""The plan of assessments: all customers, or only those whose fingerprints changed since a previous run.

Finding them takes little, so it is done first for the whole book, range by range. The customers to be assessed are then
put together in parts of about the size of a range: a delta with few of them assesses all in one part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from pipelines.delta.fingerprints import READ_COLUMNS, other_fingerprints
from pipelines.delta.previous_assessments import PreviousAssessments
from pipelines.inputs.customers import Customers
from pipelines.parallel.tasks import WorkUnit
from pipelines.parallel.threads import run_threads
from pipelines.run.staging import Part, Staging
from screening.book.context import BookContext
from screening.redflags.facts import GroupTotals
from screening.tables.outputs import JUDGEMENTS, MATCHES


@dataclass(frozen=True, slots=True)
class AssessmentPlan:
    """The customers of a job, range by range; both tables are in files of the staging folder."""

    customers: Customers
    judgements: Iterable[pl.DataFrame]  # columns of JUDGEMENTS; pattern is null for customers to be assessed
    matches: Iterable[pl.DataFrame]  # of the customers, as the run writes them
    previous: PreviousAssessments | None  # the run of which assessments are reused

    @classmethod
    def make(
        cls,
        context: BookContext,
        totals: GroupTotals,
        customers: Customers,
        parts: Sequence[Part],
        previous: PreviousAssessments | None,
        staging: Staging,
    ) -> AssessmentPlan:
        """Make the plan. parts: the compared names of each range, with their fingerprints. Raises OutOfSpace."""

        def plan_range(number: int, part: Part) -> tuple[pl.DataFrame, pl.DataFrame]:
            rows = customers.range(number, READ_COLUMNS)
            matches = context.customer_matches(rows)
            now = other_fingerprints(context, totals, rows, matches).select(
                "customer_id", part.columns("fingerprints", "hash")["hash"].alias("row"), "beside"
            )
            nobody = pl.lit(None, pl.UInt64).alias("pattern")
            stated = matches.select(MATCHES.names)
            return now.with_columns(previous.reusable_patterns(now) if previous else nobody), stated

        folder = staging.scratch("plan")
        judgements, matches = staging.frames(folder / "judgements"), staging.frames(folder / "matches")
        calls = (partial(plan_range, *each) for each in zip(customers.sizes, parts, strict=True))
        for range_judgements, range_matches in run_threads(calls, staging.system):
            judgements.add(range_judgements)
            matches.add(range_matches)
        return cls(customers, judgements, matches, previous)

    def units(self, rows: int) -> list[WorkUnit]:
        """Divide the customers to be assessed into parts of about so many rows."""
        parts: dict[int, dict[int, pl.DataFrame]] = {}
        count = 0
        for number, judgements in zip(self.customers.sizes, self.judgements, strict=True):
            due = judgements.filter(pl.col("pattern").is_null()).select("customer_id")
            parts.setdefault(count // rows, {})[number] = due
            count += due.height
        return [
            WorkUnit(
                f"assessed/{number:05d}", sum(len(ids) for ids in due.values()), partial(self._read, due)
            )
            for number, due in parts.items()
        ]

    def reused(self) -> Iterator[pl.DataFrame]:
        """Yield customer_id of those whose assessment is reused."""
        return (each.drop_nulls("pattern").select("customer_id") for each in self.judgements)

    def all_judgements(self, answers: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """Yield the judgements of all customers, range by range: those reused and those made now.

        answers: customer_id, pattern of each part of `units`, in their order.
        """
        due = (each["pattern"].null_count() for each in self.judgements)
        made = rebatch((each.sort("customer_id") for each in answers), due)
        for each, now in zip(self.judgements, made, strict=True):
            joined = each.join(now, on="customer_id", how="left", maintain_order="left", suffix="_now")
            yield joined.with_columns(pattern=pl.coalesce("pattern_now", "pattern")).select(JUDGEMENTS.names)

    def _read(self, due: dict[int, pl.DataFrame]) -> pl.DataFrame:
        return pl.concat([self.customers.some(number, ids["customer_id"]) for number, ids in due.items()])


def rebatch(frames: Iterable[pl.DataFrame], sizes: Iterable[int]) -> Iterator[pl.DataFrame]:
    """Yield the rows of the frames, in their order, in frames of these sizes; there is at least one frame.

    >>> [part.height for part in rebatch([pl.DataFrame({"a": [1, 2]}), pl.DataFrame({"a": [3, 4]})], [3, 0, 1])]
    [3, 0, 1]
    """
    waiting = iter(frames)
    rows = next(waiting)
    for size in sizes:
        while rows.height < size:
            rows = pl.concat([rows, next(waiting)])
        yield rows.head(size)
        rows = rows.slice(size)
