"""The assessments of a previous run, so that only customers whose fingerprints changed are assessed again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.delta.changes import CASE_COLUMNS, compared_cases
from pipelines.job.config import Config
from pipelines.run.folder import Run
from pipelines.run.manifest import SCHEMA_VERSION, Basis
from screening.book.assess import count_cases
from screening.book.rows import customer_rows
from screening.law.boundaries import law_changed


@dataclass(frozen=True, slots=True)
class PreviousAssessments:
    """The assessments of a previous run. They hold for a customer whose fingerprints are the same."""

    run: Run
    patterns: pl.DataFrame

    @classmethod
    def read(cls, run: Run, basis: Basis, config: Config) -> PreviousAssessments | None:
        """Read them; None where other code, law, lists, input tables or settings of the rules apply now."""
        manifest, settings = run.manifest, config.model_dump(mode="json")
        then, now = (date.fromisoformat(day) for day in (manifest["as_of"], basis.as_of))
        same = (
            manifest["schema_version"] == SCHEMA_VERSION
            and manifest["code_sha256"] == basis.code_sha256
            and all(manifest["config"][name] == settings[name] for name in ("rules", "segments"))
            and {each["list"] for each in manifest["lists"]} == {each["list"] for each in basis.lists}
            and {each["role"] for each in manifest["files"]} == {each["role"] for each in basis.files}
            and not law_changed(then, now, config.rules.periods)
        )
        return cls(run, run.table("patterns")) if same else None

    def reusable_patterns(self, fingerprints: pl.DataFrame) -> pl.Series:
        """Return the pattern of each customer whose assessment is reused, null for the others.

        fingerprints: customer_id, row, beside of a range as they are now, sorted by customer_id.
        """
        ids = fingerprints["customer_id"]
        then = (
            self.run.rows("judgements", "customer_id", ids[0], ids[-1]) if len(ids) else fingerprints.clear()
        )
        both = fingerprints.join(then, on="customer_id", how="left", maintain_order="left", suffix="_then")
        same = (pl.col("row") == pl.col("row_then")) & (pl.col("beside") == pl.col("beside_then"))
        return both.select(pl.when(same).then("pattern").alias("pattern")).to_series()


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """The cases of a previous run that are taken over unchanged."""

    run: Run
    flagged: pl.DataFrame  # customer_id, recommendation of the cases taken over
    replaced: pl.DataFrame  # customer_id of the other cases

    @classmethod
    def select(cls, run: Run, reused: Iterable[pl.DataFrame]) -> CarriedOver:
        """Select the cases of customers whose assessment is reused. reused: frames of their customer_id."""
        cases = run.columns("cases", "customer_id", "recommendation")
        flagged = pl.concat([cases.clear(), *(customer_rows(cases, ids) for ids in reused)])
        replaced = cases.join(flagged, on="customer_id", how="anti").select("customer_id")
        return cls(run, flagged, replaced)

    def parts(self, table: str) -> Iterator[pl.DataFrame]:
        """Yield the rows of the table cases or findings that are taken over, in the order of its key."""
        return (
            part.join(self.replaced, on="customer_id", how="anti", maintain_order="left")
            for part in self.run.parts(table)
        )

    def tally(self) -> pl.DataFrame:
        """Count the cases and findings taken over: name, count."""
        findings = self.run.columns("findings", "customer_id")
        return count_cases(self.flagged, findings.join(self.replaced, on="customer_id", how="anti"))

    def replaced_cases(self) -> pl.DataFrame:
        """Return what is compared of the cases that are not taken over."""
        tables = (("cases", CASE_COLUMNS), ("findings", ("customer_id", "rule_id")))
        return compared_cases(
            *(customer_rows(self.run.columns(name, *columns), self.replaced) for name, columns in tables)
        )
