"""What a person reads after a run: counts, the worst cases, what was not checked, what to do next."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten
from typing import Any

import polars as pl
from rich.text import Text

from desk.cli.inputs import print_inputs
from desk.cli.output import console, emit, is_terminal, note, table
from pipelines.run import Manifest, open_run
from screening.law import table as law_table

SHOWN = 15
BRIEF = ("case_id", "customer_id", "name", "recommendation", "severity", "findings")
REASON_SHOWN = 200


def print_summary(out: Path, manifest: Manifest) -> None:
    """Print the summary of the run in `out`: tables for people, one JSON object in a pipe."""
    if not is_terminal():
        absent = [row["list"] for row in manifest.health["lists_not_loaded"]]
        inputs = {"health": manifest.health["files"], "lists_not_loaded": absent}
        emit(
            [
                {
                    "run_id": manifest.run_id,
                    "as_of": manifest.as_of,
                    "out": str(out),
                    **manifest.counts,
                    **inputs,
                }
            ],
            (),
        )
        for warning in manifest.warnings:
            note(warning)
        return
    cases = open_run(out).columns("cases", *BRIEF)
    screen = console()
    screen.print(Text(_headline(manifest), style="bold"))
    screen.print(
        table(manifest.health["lists"], ("list", "publisher", "published", "age_business_days", "parties"))
    )
    print_inputs(screen, manifest.health)
    screen.print(table(_by_recommendation(cases), ("recommendation", "cases", "meaning"), "What to do"))
    worst = cases.sort("severity", "case_id", descending=[True, False]).head(SHOWN)
    screen.print(
        table(map(_brief, worst.to_dicts()), ("case", "customer", "do", "why"), f"First {SHOWN} cases")
    )
    for warning in manifest.warnings:
        note(warning)
    screen.print(f"\nRun {manifest.run_id} in {out}. Read one case:  headwater explain CASE_ID --run {out}")


def _headline(manifest: Manifest) -> str:
    counts = manifest.counts
    seconds = sum(manifest.timings.values())
    return (
        f"{counts['customers']:,} customers screened as of {manifest.as_of} in {seconds:.1f} s: "
        f"{counts['cases']:,} cases, {counts['findings']:,} findings; "
        f"{counts['rows_set_aside']:,} input rows set aside."
    )


def _by_recommendation(cases: pl.DataFrame) -> list[dict[str, Any]]:
    counted = cases.group_by("recommendation").agg(pl.len().alias("cases"))
    ranked = counted.join(law_table("recommendations"), on="recommendation").sort("rank", descending=True)
    return ranked.to_dicts()


def _brief(case: dict[str, Any]) -> dict[str, Any]:
    first = case["findings"][0]
    others = len(case["findings"]) - 1
    more = f" (+{others} more)" if others else ""
    return {
        "case": case["case_id"],
        "customer": f"{case['name']} [{case['customer_id']}]",
        "do": case["recommendation"],
        "why": f"{first['rule_id']}: {shorten(first['reason'], REASON_SHOWN, placeholder=' ...')}{more}",
    }
