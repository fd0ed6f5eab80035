"""What an earlier run remembers of its judgements, so that only those whom something touched are judged again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.config import Config
from pipelines.run.folder import Run
from pipelines.run.manifest import SCHEMA_VERSION, Basis
from screening.law.boundaries import law_changed

JUDGED = ("cases", "findings", "judgements")
"""Tables that hold rows of customers, as judged."""


@dataclass(frozen=True, slots=True)
class Recall:
    """The judgements of an earlier run. They hold for a customer whose digest is the same."""

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

    def standing(self, seen: pl.DataFrame) -> pl.DataFrame:
        """Return the customers whose judgement stands: customer_id. `seen`: tonight's digests of a range, in order."""
        known = self._range("judgements", seen)
        return seen.drop_nulls().join(known, on=["customer_id", "digest"], how="semi").select("customer_id")

    def tables(self, seen: pl.DataFrame, standing: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
        """Return the rows of the standing customers of a range."""
        found = {
            name: self._range(name, seen).join(standing, on="customer_id", how="semi") for name in JUDGED
        }
        used = self.patterns.join(found["judgements"], on="pattern", how="semi")
        return {**found, "patterns": used}

    def _range(self, table: str, seen: pl.DataFrame) -> pl.DataFrame:
        return self.run.rows(table, "customer_id", seen["customer_id"][0], seen["customer_id"][-1])
