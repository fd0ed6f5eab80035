"""The nightly job: customers in, flagged cases out, every stage in the order a reader would do it by hand.

Customers come in ranges of customer_id. Each range leaves finished parts in the staging folder, so that memory is that
of one range and a job that was killed goes on where it stopped. Two stages see the whole book: ownership, and what
customers use and order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import polars as pl

from lists.store import ListSet
from pipelines.changes import brief, changes
from pipelines.config import Config
from pipelines.hashing import value_hash
from pipelines.inputs.book import Book, open_book
from pipelines.inputs.customers import Customers
from pipelines.job import Job
from pipelines.progress import Clock, Progress, silent
from pipelines.run.folder import KEYS, READY, Run, check_free, lay_out, open_run, put_in_place
from pipelines.run.manifest import Basis, Manifest
from pipelines.run.record import basis_of, describe
from pipelines.run.staging import Part, Staging, occupied
from pipelines.stages import subjects
from pipelines.stages.below import above_line, below_line
from pipelines.stages.circle import circle, users
from pipelines.stages.judging import Known, covered, judge, learn, nodes_of
from pipelines.stages.looking import Looking, remembers
from pipelines.stages.memory import Memory, party_hashes
from pipelines.stages.network import BookNetwork, book_network
from pipelines.stages.suppression import reviews, set_aside, with_evidence
from pipelines.stages.watch import HITS, Watch
from screening.matching import NameIndex

BY_RANGE = ("cases", "findings", "matches")


@dataclass(frozen=True, slots=True)
class Screened:
    """What screening a book in memory yields."""

    tables: Mapping[str, pl.DataFrame]
    warnings: tuple[str, ...]


def run(job: Job, progress: Progress = silent) -> Manifest:
    """Do the whole job and write the run folder; returns what `run.json` says.

    Raises ListError, PipelineError or ScreeningError; nothing is written to `job.out` then, and what is finished is
    kept beside it for the next start.
    """
    clock = Clock(progress)
    with occupied(job.out):
        check_free(job.out)
        clock.stage("reading lists")
        listed = job.lists()
        basis = basis_of(job, listed)
        before = open_run(job.since) if job.since else None
        key = [basis.run_id, job.chunk, before.manifest["run_id"] if before else None]
        staging = Staging.open(job.out, value_hash(key))
        if not staging.holds(READY):
            _compute(job, basis, listed, before, staging, clock)
        return put_in_place(staging, job.out)


def screen(
    book: Book, listed: ListSet, as_of: date, config: Config, index: NameIndex | None = None
) -> Screened:
    """Screen a book that is in memory, in one piece. Frames in, frames out.

    `index`: that of the parties active on the day, where it stands ready already.
    """
    watch = Watch.over(listed.frames, as_of, config.matching, index)
    owned = book_network(book, as_of, config.ownership.join_by_name)
    related = subjects.related_people(book.connections, as_of)
    around = watch.entities(_around(owned, related))
    found = with_evidence(watch.together([watch.customers(book.customers, owned.nodes), around]))
    standing, hidden = set_aside(found, reviews(book, owned.nodes, as_of), as_of)
    known = learn(book, owned, standing, related, listed, as_of, config)
    judged = judge(known, book.customers, known.facts(book.customers, together=True))
    tables = {
        **judged,
        "coverage": covered(known, [judged]),
        "restricted": known.restricted,
        "problems": book.problems,
        "suppressed": hidden,
    }
    return Screened(tables, listed.warnings + owned.warnings)


def _compute(
    job: Job, basis: Basis, listed: ListSet, before: Run | None, staging: Staging, clock: Clock
) -> None:
    """Do everything up to a run folder that only needs to be put in its place."""
    clock.stage("reading customers and ownership")
    customers, book = open_book(job.files, job.config, staging, job.chunk)
    clock.stage("tracing ownership")
    by_name = job.config.ownership.join_by_name
    owned = book_network(replace(book, customers=circle(customers, book, by_name)), job.as_of, by_name)
    related = subjects.related_people(book.connections, job.as_of)
    clock.stage("building the name index")
    matching = job.config.matching
    watch = Watch.over(listed.frames, job.as_of, matching, below=matching.below)
    memory = Memory.of(before, watch) if before and remembers(before, basis, job.config) else None
    around = _around(owned, related)
    looked = _look(customers, owned, around, Looking(watch, memory), job.chunk, staging, clock)
    found = watch.together([part.table("hits") for part in looked])
    below = below_line(found, owned.nodes, around, job.config.below_line, job.as_of)
    told = above_line(found)
    standing, hidden = set_aside(with_evidence(told), reviews(book, owned.nodes, job.as_of), job.as_of)
    clock.stage("applying the 50 percent rules")
    known = learn(book, owned, standing, related, listed, job.as_of, job.config)
    warnings = listed.warnings + owned.warnings
    parties = party_hashes(watch)
    del watch, owned, memory
    judged = _judge(customers, known, staging, clock)
    clock.stage("writing the run")
    tables: dict[str, Iterable[pl.DataFrame]] = {
        "suppressed": [hidden],
        "below_line": [below],
        "parties": [parties],
        "fingerprints": _in_order(looked, "fingerprints"),
        "hits": [found.select(list(HITS)).sort(KEYS["hits"])],
        **{name: _in_order(judged, name) for name in BY_RANGE},
        "restricted": [known.restricted.sort(KEYS["restricted"])],
        "problems": [book.problems.sort(KEYS["problems"], maintain_order=True)],
        "coverage": [
            covered(known, ({name: part.table(name) for name in ("answers", "patterns")} for part in judged))
        ],
    }
    if before:
        tables["changes"] = [changes(brief([before.table("cases")]), brief(_in_order(judged, "cases")))]
    said = describe(
        basis,
        job,
        customers.count,
        book,
        {
            **_tally(judged),
            "pairs_suppressed": hidden.height,
            "pairs_below_line": found.height - told.height,
        },
        warnings,
    )
    since = str(before.manifest["run_id"]) if before else None
    lay_out(staging, replace(said, since=since), tables, clock.done)


def _around(owned: BookNetwork, related: pl.DataFrame) -> pl.DataFrame:
    """Return everybody to screen beside the customers."""
    owners = subjects.owners_above(owned.network, owned.nodes["entity_id"])
    return subjects.around(owners, owned.nodes, related)


def _look(
    customers: Customers,
    owned: BookNetwork,
    around: pl.DataFrame,
    looking: Looking,
    chunk: int,
    staging: Staging,
    clock: Clock,
) -> Sequence[Part]:
    """Match the names of all customers, range by range, and of everybody around them: hits and fingerprints."""
    pieces = subjects.divided(around, chunk)
    sizes = {f"customers {number:05d}": size for number, size in customers.sizes.items()}
    sizes |= {f"around {number:05d}": piece.height for number, piece in enumerate(pieces)}
    clock.stage("matching names")
    looked = []
    for name in clock.counted(sizes, sizes):
        kind, number = name.split()
        look = (
            partial(_look_at, looking, customers, owned.nodes, int(number))
            if kind == "customers"
            else partial(looking.entities, pieces[int(number)])
        )
        looked.append(staging.part(f"names/{kind}-{number}", look))
    return looked


def _look_at(
    looking: Looking, customers: Customers, nodes: pl.DataFrame, number: int
) -> Mapping[str, pl.DataFrame]:
    part = customers.range(number)
    return looking.customers(part, nodes_of(part, nodes))


def _judge(customers: Customers, known: Known, staging: Staging, clock: Clock) -> Sequence[Part]:
    """Judge every range of customers."""
    clock.stage("seeing users together")
    seen = known.facts(users(customers, known.book), together=True)
    clock.stage("evaluating rules")
    judged = []
    for number in clock.counted(customers.sizes, customers.sizes):
        judging = partial(_judge_range, known, customers, number, seen)
        judged.append(staging.part(f"judged/{number:05d}", judging))
    return judged


def _judge_range(
    known: Known, customers: Customers, number: int, seen: pl.DataFrame
) -> Mapping[str, pl.DataFrame]:
    return judge(known, customers.range(number), seen)


def _in_order(judged: Sequence[Part], name: str) -> Iterator[pl.DataFrame]:
    """Yield one table of each range; the ranges follow each other in the order of customer_id."""
    return (part.table(name) for part in judged)


def _tally(judged: Sequence[Part]) -> Mapping[str, int]:
    """Add up over the ranges how many cases and findings there are."""
    counts = pl.concat([part.table("tally") for part in judged])
    return dict(counts.group_by("name").agg(pl.col("count").sum()).sort("name").iter_rows())
