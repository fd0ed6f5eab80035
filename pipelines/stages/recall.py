"""What an earlier run remembers of its judgements, so that only those whom something touched are judged again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.changes import COMPARED, brief
from pipelines.config import Config
from pipelines.run.folder import Run
from pipelines.run.manifest import SCHEMA_VERSION, Basis
from pipelines.stages.judging import tally
from pipelines.stages.known import of
from screening.law.boundaries import law_changed


@dataclass(frozen=True, slots=True)
class Recall:
    """The judgements of an earlier run. They hold for a customer whose digests are the same."""

    run: Run
    patterns: pl.DataFrame

    @classmethod
    def of(cls, run: Run, basis: Basis, config: Config) -> Recall | None:
        """Return them, or None where other code, law, lists, tables or settings of the rules judge tonight."""
        told = run.manifest
        same = (
            told["schema_version"] == SCHEMA_VERSION
            and told["code_sha256"] == basis.code_sha256
            and all(
                told["config"][name] == config.model_dump(mode="json")[name] for name in ("rules", "segments")
            )
            and {each["list"] for each in told["lists"]} == {each["list"] for each in basis.lists}
            and {each["role"] for each in told["files"]} == {each["role"] for each in basis.files}
            and not law_changed(
                date.fromisoformat(told["as_of"]), date.fromisoformat(basis.as_of), config.rules.periods
            )
        )
        return cls(run, run.table("patterns")) if same else None

    def answers(self, seen: pl.DataFrame) -> pl.Series:
        """Return the pattern of each customer whose judgement stands, null for the others.

        `seen`: tonight's customer_id, row, beside of a range, in order.
        """
        ids = seen["customer_id"]
        then = self.run.rows("judgements", "customer_id", ids[0], ids[-1]) if len(ids) else seen.clear()
        both = seen.join(then, on="customer_id", how="left", maintain_order="left", suffix="_then")
        same = (pl.col("row") == pl.col("row_then")) & (pl.col("beside") == pl.col("beside_then"))
        return both.select(pl.when(same).then("pattern").alias("pattern")).to_series()


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands of an earlier run's cases."""

    run: Run
    flagged: pl.DataFrame  # customer_id, recommendation of its cases that stand
    lost: pl.DataFrame  # customer_id of those that do not

    @classmethod
    def of(cls, run: Run, standing: Iterable[pl.DataFrame]) -> Kept:
        """Tell the cases of a run that stand. `standing`: customer_id of all whose judgement does."""
        cases = run.columns("cases", "customer_id", "recommendation")
        flagged = pl.concat([cases.clear(), *(of(cases, ids) for ids in standing)])
        lost = cases.join(flagged, on="customer_id", how="anti").select("customer_id")
        return cls(run, flagged, lost)

    def parts(self, table: str) -> Iterator[pl.DataFrame]:
        """Yield what stands of cases or findings, in the order of its key."""
        return (
            part.join(self.lost, on="customer_id", how="anti", maintain_order="left")
            for part in self.run.parts(table)
        )

    def tally(self) -> pl.DataFrame:
        """Count what stands: name, count."""
        findings = self.run.columns("findings", "customer_id")
        return tally(self.flagged, findings.join(self.lost, on="customer_id", how="anti"))

    def lost_cases(self) -> pl.DataFrame:
        """Return what is compared of the cases that do not stand."""
        tables = (("cases", COMPARED), ("findings", ("customer_id", "rule_id")))
        return brief(*(of(self.run.columns(name, *columns), self.lost) for name, columns in tables))
