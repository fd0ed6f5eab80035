"""The nightly job from files to a run folder.

Customers are read in ranges of customer_id. Each range leaves finished parts in the staging folder: so memory is that
of one range, and a job that was killed goes on where it stopped. Two steps need the whole book: ownership, and the
totals of what customers use and order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import polars as pl

from lists.system import SYSTEM, System
from pipelines.delta.previous_matches import as_hits
from pipelines.delta.tables import AssessedBook
from pipelines.delta.vocabulary import renumbered_fingerprints
from pipelines.job.definition import Job
from pipelines.job.progress import Progress, silent
from pipelines.job.provenance import build_trigger
from pipelines.job.record import build_manifest
from pipelines.job.start import RunningJob, begin
from pipelines.job.steps import (
    GatheredMatches,
    OpenedBook,
    assess_all,
    compare_names,
    gather_matches,
    plan_assessment,
    prepare_assessment,
    read_inputs,
)
from pipelines.parallel.tasks import Workers, run_locally
from pipelines.run.folder import READY, put_in_place
from pipelines.run.layout import write_run
from pipelines.run.manifest import Manifest
from screening.book.assess import rule_branches
from screening.book.context import BookContext
from screening.book.segments import count_by_segment
from screening.documents.licences import remarks
from screening.tables.outputs import KEYS


def run(
    job: Job, progress: Progress = silent, workers: Workers = run_locally, system: System = SYSTEM
) -> Manifest:
    """Do the whole job and write the run folder; returns the content of `run.json`.

    workers: what compares names and assesses customers, part by part. system: files, clock and threads.

    Raises ListError, PipelineError or ScreeningError. Then nothing is written to `job.out`, and the finished parts stay
    in the staging folder next to it for the next start.
    """
    with begin(job, progress, workers, system) as running:
        return complete(running)


def complete(running: RunningJob) -> Manifest:
    """Do the rest of a job that has begun, and move the run to its place."""
    if not running.staging.is_finished(READY):
        _compute(running)
    return put_in_place(running.staging, running.job.out)


def _compute(running: RunningJob) -> None:
    """Do everything up to a run folder that only needs to be moved to its place."""
    opened, network = read_inputs(running)
    gathered = _match(running, opened)
    task, around = prepare_assessment(running, opened, network, gathered.combined.standing)
    del network
    plan = plan_assessment(running, opened, task, gathered.parts)
    parts = assess_all(running, task, plan.units(running.job.chunk))
    running.timer.begin("writing the run")
    assessed = AssessedBook(plan, parts, running.previous)
    counts = {
        **assessed.counts(),
        "pairs_suppressed": gathered.combined.suppressed.height,
        "pairs_below_line": gathered.combined.below_count,
        "pairs_contradicted": gathered.combined.contradicted.height,
        **_segment_counts(running, opened, gathered, assessed),
    }
    manifest = replace(
        _manifest(running, opened, counts),
        since=running.since,
        chain=running.chain,
        trigger=build_trigger(running.basis, running.since_manifest, running.job.trigger),
        began_at=running.began_at,
    )
    tables = {
        **_match_tables(gathered),
        **_context_tables(task.context),
        **around.tables(),
        **assessed.tables(task.context),
        "branches": [rule_branches(task.context)],
    }
    write_run(running.staging, manifest, tables, running.timer.seconds)


def _match(running: RunningJob, opened: OpenedBook) -> GatheredMatches:
    """Compare all names; nothing holds the index in memory afterwards."""
    units = opened.name_units()
    compare_names(running, opened, units)
    return gather_matches(running, opened, units)


def _segment_counts(
    running: RunningJob, opened: OpenedBook, gathered: GatheredMatches, assessed: AssessedBook
) -> Mapping[str, int]:
    """Count customers, those with a case, and those whose own name is an alert, by the segments of the settings."""
    segments = running.job.config.segments
    if not segments:
        return {}
    customers = pl.concat(opened.customers.ranges(("customer_id", "segment")))
    alerted = gathered.combined.standing.filter(pl.col("band") == "alert")["subject_id"]
    return count_by_segment(customers, {"cases": assessed.flagged(), "alerts": alerted}, segments)


def _manifest(running: RunningJob, opened: OpenedBook, counts: Mapping[str, int]) -> Manifest:
    warnings = running.lists.warnings + opened.warnings + remarks(opened.book.licences, running.job.as_of)
    return build_manifest(
        running.basis, running.job, opened.customers.count, opened.book, opened.joins, counts, warnings
    )


def _match_tables(gathered: GatheredMatches) -> Mapping[str, Iterable[pl.DataFrame]]:
    """Return the tables of matches, and those that a delta reads, as frames in the order of their key."""
    combined = gathered.combined
    return {
        "suppressed": [combined.suppressed],
        "below_line": [gathered.below],
        "contradicted": [combined.contradicted],
        "parties": [gathered.parties],
        "fingerprints": (renumbered_fingerprints(part, gathered.words) for part in gathered.parts),
        "words": [gathered.words.to_frame()],
        "hits": [as_hits(combined.every).sort(KEYS["hits"])],
    }


def _context_tables(context: BookContext) -> Mapping[str, Iterable[pl.DataFrame]]:
    """Return the tables of the whole book's context."""
    return {
        "restricted": [context.restricted.sort(KEYS["restricted"])],
        "problems": [context.book.problems.sort(KEYS["problems"], maintain_order=True)],
    }
