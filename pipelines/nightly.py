"""The nightly job: customers in, flagged cases out, every stage in the order a reader would do it by hand.

Customers come in ranges of customer_id. Each range leaves finished parts in the staging folder, so that memory is that
of one range and a job that was killed goes on where it stopped. Two stages see the whole book: ownership, and what
customers use and order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from lists.store import ListSet
from pipelines.config import Config
from pipelines.inputs.book import Book
from pipelines.job import Job
from pipelines.night import (
    Found,
    Night,
    Opened,
    begun,
    compare,
    docket,
    everybody_around,
    gather,
    judge_all,
    learn_all,
    read,
)
from pipelines.progress import Progress, silent
from pipelines.run.folder import KEYS, READY, put_in_place
from pipelines.run.layout import lay_out
from pipelines.run.manifest import Manifest
from pipelines.run.record import describe
from pipelines.segments import counted
from pipelines.stages import subjects
from pipelines.stages.below import above_line
from pipelines.stages.contradicted import contradicted
from pipelines.stages.judged import Judged
from pipelines.stages.judging import covered, judge
from pipelines.stages.known import Known, by_customer, learn, nodes_of, of
from pipelines.stages.lexis import numbered
from pipelines.stages.network import book_network
from pipelines.stages.suppression import reviews, set_aside, with_evidence
from pipelines.stages.watch import Watch
from pipelines.work import Workers, here
from screening.redflags import shares_of
from screening.redflags.papers.licences import remarks


@dataclass(frozen=True, slots=True)
class Screened:
    """What screening a book in memory yields."""

    tables: Mapping[str, pl.DataFrame]
    warnings: tuple[str, ...]


def run(job: Job, progress: Progress = silent, workers: Workers = here) -> Manifest:
    """Do the whole job and write the run folder; returns what `run.json` says.

    `workers`: who compares names and judges customers, part by part. Raises ListError, PipelineError or ScreeningError;
    nothing is written to `job.out` then, and what is finished is kept beside it for the next start.
    """
    with begun(job, progress, workers) as night:
        return complete(night)


def complete(night: Night) -> Manifest:
    """Do what is left of a job that has begun, and put the run in its place."""
    if not night.staging.holds(READY):
        _compute(night)
    return put_in_place(night.staging, night.job.out)


def screen(
    book: Book,
    listed: ListSet,
    as_of: date,
    config: Config,
    watch: Watch | None = None,
    only: str | None = None,
) -> Screened:
    """Screen a book that is in memory, in one piece. Frames in, frames out.

    `watch`: over the lists as of the day, where it stands ready already. `only`: the one customer to be judged; all
    others are looked at for its sake.
    """
    watch = watch or Watch.over(listed.frames, as_of, config.matching)
    book = by_customer(book)
    owned = book_network(book, as_of, config.ownership.join_by_name)
    related = subjects.related_people(book.connections, as_of)
    beside = watch.entities(everybody_around(owned, related))
    found = watch.together([watch.customers(book.customers, nodes_of(book.customers, owned.nodes)), beside])
    standing, hidden = set_aside(with_evidence(above_line(found)), reviews(book, owned.nodes, as_of), as_of)
    known = learn(book, owned, standing, related, listed, as_of, config)
    whom = book.customers if only is None else book.customers.filter(pl.col("customer_id") == only)
    matches = known.matches(whom)
    judged = judge(known, whom, matches, known.together([book.customers], known.adding()))
    tables = {
        "cases": judged["cases"].sort(KEYS["cases"]),
        "findings": judged["findings"],
        "matches": matches.sort(KEYS["matches"]),
        "coverage": covered(known, shares_of([judged["answers"]]), judged["patterns"]),
        "restricted": known.restricted,
        "caught": of(known.caught, whom),
        "problems": book.problems,
        "suppressed": hidden,
        "contradicted": contradicted(found),
    }
    return Screened(tables, listed.warnings + owned.warnings)


def _compute(night: Night) -> None:
    """Do everything up to a run folder that only needs to be put in its place."""
    opened, owned = read(night)
    found = _found(night, opened)
    judging = learn_all(night, opened, owned, found.standing)
    del owned
    due = docket(night, opened, judging, found.looked)
    passed = judge_all(night, judging, due.pieces(night.job.chunk))
    night.clock.stage("writing the run")
    judged = Judged(due, passed, night.before)
    counts = {
        **judged.counts(),
        "pairs_suppressed": found.suppressed.height,
        "pairs_below_line": found.under,
        "pairs_contradicted": found.contradicted.height,
        **_by_segment(night, opened, found, judged),
    }
    said = _said(night, opened, counts)
    tables = {**_looked(found), **_known(judging.known), **judged.tables(judging.known)}
    lay_out(night.staging, replace(said, since=night.since), tables, night.clock.done)


def _found(night: Night, opened: Opened) -> Found:
    """Compare all names; the index is let go of when that is done."""
    pieces = opened.names()
    compare(night, opened, pieces)
    return gather(night, opened, pieces)


def _by_segment(night: Night, opened: Opened, found: Found, judged: Judged) -> Mapping[str, int]:
    """Count customers, those with a case, and those whose own name is an alert, by the segments of the settings."""
    segments = night.job.config.segments
    if not segments:
        return {}
    customers = pl.concat(opened.customers.ranges(("customer_id", "segment")))
    alerted = found.standing.filter(pl.col("band") == "alert")["record_id"]
    return counted(customers, {"cases": judged.flagged(), "alerts": alerted}, segments)


def _said(night: Night, opened: Opened, counts: Mapping[str, int]) -> Manifest:
    warnings = night.listed.warnings + opened.warnings + remarks(opened.book.licences, night.job.as_of)
    return describe(night.basis, night.job, opened.customers.count, opened.book, counts, warnings)


def _looked(found: Found) -> Mapping[str, Iterable[pl.DataFrame]]:
    """Return the tables of who met whom, as frames in the order of their key."""
    return {
        "suppressed": [found.suppressed],
        "below_line": [found.below],
        "contradicted": [found.contradicted],
        "parties": [found.parties],
        "fingerprints": (numbered(part, found.words) for part in found.looked),
        "words": [found.words.to_frame()],
        "hits": [found.every.sort(KEYS["hits"])],
    }


def _known(known: Known) -> Mapping[str, Iterable[pl.DataFrame]]:
    """Return the tables of what is known of the whole book."""
    return {
        "restricted": [known.restricted.sort(KEYS["restricted"])],
        "problems": [known.book.problems.sort(KEYS["problems"], maintain_order=True)],
    }
