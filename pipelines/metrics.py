"""Figures of a finished run for Prometheus, as a file for the node exporter's textfile collector.

Written whole or not at all, and only after a good run: a `headwater_last_run_timestamp_seconds` of yesterday is the
alarm. Ages are written as points in time, so that they grow while nothing runs.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from pipelines.errors import PipelineError
from pipelines.input_figures import input_figures
from pipelines.run import Manifest
from screening.book.segments import segment_counts
from screening.law import table

COUNTS = {
    "customers": "Customers screened",
    "ownership_edges": "Ownership edges read",
    "activities": "Activities read",
    "rows_set_aside": "Rows of the inputs that could not be used",
    "findings": "Findings",
    "pairs_suppressed": "Pairs of names set aside by a review",
    "pairs_below_line": "Pairs of names just under the review score",
}


GROUPS = {
    "customers": "Customers of a segment",
    "cases": "Customers of a segment with a case",
    "alerts": "Customers of a segment whose own name is an alert",
}


def write_metrics(path: Path, manifest: Manifest, moment: datetime) -> None:
    """Write the figures of a run that ended at `moment` (with its zone). Raises PipelineError."""
    registry = CollectorRegistry()

    def set_gauge(name: str, text: str, value: float, **labels: str) -> None:
        gauge = gauges.get(name) or Gauge(f"headwater_{name}", text, tuple(labels), registry=registry)
        gauges[name] = gauge
        (gauge.labels(**labels) if labels else gauge).set(value)

    gauges: dict[str, Gauge] = {}
    set_gauge("last_run_timestamp_seconds", "When the last good run ended", moment.timestamp())
    set_gauge("last_run_duration_seconds", "How long the last good run took", sum(manifest.timings.values()))
    for stage, seconds in sorted(manifest.timings.items()):
        set_gauge("stage_duration_seconds", "How long each stage took", seconds, stage=stage)
    set_gauge("warnings", "Warnings of the last good run", len(manifest.warnings))
    for name, text in COUNTS.items():
        set_gauge(name, text, manifest.counts.get(name, 0))
    for recommendation in table("recommendations")["recommendation"].sort().to_list():
        count = manifest.counts.get(f"cases_{recommendation}", 0)
        set_gauge("cases", "Open cases by what to do", count, recommendation=recommendation)
    for name, text, value, labels in input_figures(manifest.health):
        set_gauge(name, text, value, **labels)
    for group, segment, count in segment_counts(manifest.counts, manifest.config.get("segments", ())):
        set_gauge(f"segment_{group}", GROUPS[group], count, segment=segment)
    for used in manifest.basis.lists:
        published = datetime.combine(date.fromisoformat(used["published"]), time(), UTC).timestamp()
        set_gauge(
            "list_published_timestamp_seconds", "When the list was published", published, list=used["list"]
        )
        set_gauge("list_parties", "Parties on the list", used["parties"], list=used["list"])
    try:
        write_to_textfile(str(path), registry)
    except OSError as error:
        raise PipelineError(
            f"{path}: the figures cannot be written ({error.strerror}); the run stands."
        ) from error
