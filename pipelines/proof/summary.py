"""What a run looked at and what it did not, by segment of the customers: for those who answer for the programme."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipelines.proof.answers import COUNTED_BY_A_PERSON
from pipelines.run.folder import Run

NO_SEGMENT = "(none)"


def screening_summary(run: Run) -> dict[str, Any]:
    """Return what was screened and what was not.

    Keys: segments (segment, customers, with_case, no_holder, evaluated and not_evaluable: answers of rules that code
    decides), rules (rule_id, status, missing, and by segment how many customers it could not be evaluated for), lists,
    lists_not_loaded, set_aside (file, column, reason, rows), tables_not_given. Raises RunDamaged.
    """
    judged = _judged(run)
    counted = judged.group_by("segment", "pattern").len("customers")
    answers = _answers(run, counted)
    return {
        "run": {name: run.manifest.get(name) for name in ("run_id", "as_of", "code_version", "began_at")},
        "segments": _segments(judged, answers),
        "rules": _unevaluated(answers),
        "lists": run.manifest["health"]["lists"],
        "lists_not_loaded": run.manifest["health"]["lists_not_loaded"],
        "set_aside": _set_aside(run),
        "counts": run.manifest["counts"],
    }


def _judged(run: Run) -> pl.DataFrame:
    """Return customer_id, segment, pattern, with_case and no_holder of every customer."""
    compared = run.scan("fingerprints").filter(pl.col("kind") == "customer")
    about = compared.select("entity_id", pl.col("segment").fill_null(NO_SEGMENT), customer_id="subject_id")
    flagged = run.scan("cases").select("customer_id", with_case=pl.lit(value=True))
    recorded = run.scan("recorded_ownership").select("entity_id", recorded=pl.lit(value=True))
    return (
        run.scan("judgements")
        .select("customer_id", "pattern")
        .join(about, on="customer_id", how="left")
        .join(flagged, on="customer_id", how="left")
        .join(recorded, on="entity_id", how="left")
        .with_columns(pl.col("with_case").fill_null(value=False), no_holder=pl.col("recorded").is_null())
        .collect()
    )


def _answers(run: Run, counted: pl.DataFrame) -> pl.DataFrame:
    """Return for each segment and branch how many customers it answered: segment, customers, columns of BRANCHES."""
    patterns = run.table("patterns")
    width = len(patterns["branches"][0]) if patterns.height else 0
    flat = np.frombuffer(b"".join(patterns["branches"].to_list()), dtype=np.uint8)
    spread = pl.DataFrame(
        {
            "pattern": np.repeat(patterns["pattern"].to_numpy(), width),
            "place": np.tile(np.arange(width, dtype=np.int64), patterns.height),
            "position": flat.astype(np.int64),
        },
        schema_overrides={"pattern": pl.UInt64},
    )
    chosen = counted.lazy().join(spread.lazy(), on="pattern").group_by("segment", "place", "position")
    totals = chosen.agg(pl.col("customers").sum()).collect()
    return totals.join(run.table("branches"), on=["place", "position"])


def _segments(judged: pl.DataFrame, answers: pl.DataFrame) -> list[dict[str, Any]]:
    by_code = answers.filter(~pl.col("branch").is_in(COUNTED_BY_A_PERSON))
    unknown = pl.col("outcome") == "not_evaluable"
    figures = by_code.group_by("segment").agg(
        evaluated=pl.col("customers").filter(~unknown).sum(),
        not_evaluable=pl.col("customers").filter(unknown).sum(),
    )
    counts = judged.group_by("segment").agg(
        pl.len().alias("customers"), pl.col("with_case").sum(), pl.col("no_holder").sum()
    )
    return counts.join(figures, on="segment", how="left").sort("segment").to_dicts()


def _unevaluated(answers: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rules that could not be evaluated for somebody, the widest gap first."""
    gaps = answers.filter(pl.col("outcome") == "not_evaluable")
    person = pl.col("branch").is_in(COUNTED_BY_A_PERSON)
    why = (
        pl.when(person)
        .then(pl.lit("a person judges it"))
        .otherwise(pl.col("missing").fill_null("see the reason"))
    )
    key = ["rule_id", "status", "missing"]
    named = gaps.select("rule_id", "segment", "customers", status="rule_status", missing=why)
    by_segment = named.group_by(*key, "segment").agg(pl.col("customers").sum())
    by_rule = by_segment.group_by(key).agg(
        pl.col("customers").sum(), pl.struct("segment", "customers").alias("by_segment")
    )
    ordered = by_rule.sort("customers", "rule_id", "missing", descending=[True, False, False])
    return [
        row | {"by_segment": dict(sorted((each["segment"], each["customers"]) for each in row["by_segment"]))}
        for row in ordered.to_dicts()
    ]


def _set_aside(run: Run) -> list[dict[str, Any]]:
    aside = run.table("problems").filter(pl.col("consequence") == "row_set_aside")
    counted = aside.group_by("table", "file", "column", "reason").agg(
        rows=pl.len(), first_row=pl.col("row").min()
    )
    return counted.sort("table", "file", "column", "reason").to_dicts()
