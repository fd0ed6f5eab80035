"""A screening job under way: its inputs opened, and its two stages that are divided into parts.

Names are compared part by part, each against all lists; then, when the whole network is known, customers are judged
part by part. What a part needs beside its own rows is one object, so that parts can be made elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import polars as pl

from lists.store import ListSet
from pipelines.hashing import value_hash
from pipelines.inputs.book import Book, open_book
from pipelines.inputs.customers import Customers
from pipelines.job import Job
from pipelines.progress import Clock, Progress
from pipelines.run.folder import Run, check_free, open_run
from pipelines.run.manifest import Basis
from pipelines.run.record import basis_of
from pipelines.run.staging import Part, Staging, occupied, room_for, write_scratch
from pipelines.shelf import Shelf
from pipelines.stages import hits, subjects
from pipelines.stages.below import above_line, below_line
from pipelines.stages.circle import circle, some_of
from pipelines.stages.contradicted import contradicted
from pipelines.stages.docket import Docket
from pipelines.stages.hits import active
from pipelines.stages.judging import judge_part
from pipelines.stages.known import Known, by_customer, learn, nodes_of
from pipelines.stages.lexis import vocabulary
from pipelines.stages.looking import Looking, remembers
from pipelines.stages.memory import Memory, party_hashes
from pipelines.stages.network import BookNetwork, book_network
from pipelines.stages.recall import Recall
from pipelines.stages.suppression import reviews, set_aside, with_evidence
from pipelines.stages.watch import HITS, Watch, together
from pipelines.work import Piece, Tables, Workers, finish, here, parts
from screening.redflags.facts import Together

CUSTOMERS, AROUND = "customers", "around"


@dataclass(frozen=True, slots=True)
class Night:
    """A job that holds the place of its output."""

    job: Job
    basis: Basis
    listed: ListSet
    before: Run | None
    staging: Staging
    clock: Clock
    workers: Workers = here

    @property
    def since(self) -> str | None:
        """Id of the earlier run whose unchanged parts are taken over."""
        return str(self.before.manifest["run_id"]) if self.before else None


@contextmanager
def begun(job: Job, progress: Progress, workers: Workers = here) -> Iterator[Night]:
    """Take the place of the output, load the lists, open the staging folder. Raises RunInProgress, OutputOccupied."""
    clock = Clock(progress)
    with occupied(job.out):
        check_free(job.out)
        clock.stage("reading lists")
        listed = job.lists()
        basis = basis_of(job, listed)
        before = open_run(job.since) if job.since else None
        key = [basis.run_id, job.chunk, before.manifest["run_id"] if before else None]
        yield Night(job, basis, listed, before, Staging.open(job.out, value_hash(key)), clock, workers)


@dataclass(frozen=True, slots=True)
class Opened:
    """The inputs of a job: customers in ranges, everything else in memory."""

    customers: Customers
    book: Book
    nodes: pl.DataFrame  # as of the network
    warnings: tuple[str, ...]  # as of the network
    related: pl.DataFrame
    around: Mapping[Path, int]  # files of everybody to screen beside the customers, and their rows

    def names(self) -> list[Piece]:
        """Divide the names to compare: the ranges of customers, then those around them."""
        ranges = [
            Piece(f"names/{CUSTOMERS}-{number:05d}", size, partial(self.customers.range, number))
            for number, size in self.customers.sizes.items()
        ]
        beside = [
            Piece(f"names/{AROUND}-{path.stem}", size, partial(pl.read_parquet, path))
            for path, size in self.around.items()
        ]
        return [*ranges, *beside]

    @property
    def beside(self) -> pl.LazyFrame:
        """Return who is screened beside the customers: entity_id."""
        laid = (pl.scan_parquet(path).select("entity_id") for path in self.around)
        return pl.concat([pl.LazyFrame(schema={"entity_id": pl.String}), *laid])


@dataclass(frozen=True, slots=True)
class Found:
    """Who met whom: hits with their party, those a review set aside, the sample below the line."""

    every: pl.DataFrame  # columns of `watch.HITS`
    standing: pl.DataFrame
    suppressed: pl.DataFrame
    below: pl.DataFrame
    under: int  # pairs below the line
    contradicted: pl.DataFrame  # pairs that only contradicting evidence keeps under review
    parties: pl.DataFrame  # fingerprints of the parties in effect
    words: pl.Series  # all words of all names, sorted
    looked: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Comparing:
    """What it takes to compare the names of a part."""

    looking: Looking
    nodes: pl.DataFrame

    @staticmethod
    def make(known: Comparing, name: str, rows: pl.DataFrame) -> Tables:
        """Return the hits, fingerprints and words of customers or of others."""
        if CUSTOMERS in name:
            return known.looking.customers(rows, nodes_of(rows, known.nodes))
        return known.looking.entities(rows)


@dataclass(frozen=True, slots=True)
class Judging:
    """What it takes to judge a part of the customers."""

    known: Known
    together: Together

    @staticmethod
    def make(known: Judging, name: str, rows: pl.DataFrame) -> Tables:
        """Return the cases of a part of the customers and what belongs to them."""
        return judge_part(known.known, rows, known.together)


def read(night: Night) -> tuple[Opened, BookNetwork]:
    """Read the inputs and trace who stands in the network. Raises InputRejected.

    The network is large, and of no use once `learn_all` is done: let go of it then.
    """
    job = night.job
    night.clock.stage("reading customers and ownership")
    customers, book = open_book(job.files, job.config, night.staging, job.chunk)
    night.clock.stage("tracing ownership")
    by_name = job.config.ownership.join_by_name
    inside = replace(book, customers=circle(customers, book, by_name))
    book = by_customer(replace(book, entities=book.entities.clear()))
    owned = book_network(inside, job.as_of, by_name)
    del inside
    related = subjects.related_people(book.connections, job.as_of)
    around = _lay_around(everybody_around(owned, related), night.staging, job.chunk)
    return Opened(customers, book, owned.nodes, owned.warnings, related, around), owned.known_by_name()


def everybody_around(owned: BookNetwork, related: pl.DataFrame) -> pl.DataFrame:
    """Return everybody to screen beside the customers."""
    return subjects.around(subjects.owners_above(owned.network, owned.customers), related)


def _lay_around(everybody: pl.DataFrame, staging: Staging, rows: int) -> Mapping[Path, int]:
    """Lay those around the customers down in files of about `rows`, which are read when it is their turn."""
    folder = staging.scratch(AROUND)
    laid = {}
    with room_for(folder):
        for number, piece in enumerate(subjects.divided(everybody, rows)):
            path = folder / f"{number:05d}.parquet"
            write_scratch(path, piece)
            laid[path] = piece.height
    return laid


def compare(night: Night, opened: Opened, pieces: Sequence[Piece]) -> None:
    """Compare the names of these pieces, as far as they are not compared yet."""
    if all(night.staging.holds(piece.name) for piece in pieces):
        return  # shards put together need no index
    before, config = night.before, night.job.config
    night.clock.stage("building the name index")
    watch = _watch(night)
    night.clock.stage("matching names")
    memory = Memory.of(before, watch) if before and remembers(before, night.basis, config) else None
    known = Comparing(Looking(watch, memory), opened.nodes)
    finish(pieces, Comparing.make, known, night.staging, night.workers, night.clock)


def gather(night: Night, opened: Opened, pieces: Sequence[Piece]) -> Found:
    """Put together what was found in all pieces."""
    job, nodes, frames = night.job, opened.nodes, night.listed.frames
    looked, parties = parts(pieces, night.staging), active(frames, pl.lit(job.as_of))
    every = together([part.table("hits") for part in looked], parties)
    told, against = above_line(every), contradicted(every)
    standing, hidden = set_aside(with_evidence(told), reviews(opened.book, nodes, job.as_of), job.as_of)
    return Found(
        every=every.select(list(HITS)),
        standing=standing,
        suppressed=hidden,
        below=below_line(every, nodes, opened.beside, job.config.below_line, job.as_of),
        under=every.height - told.height - against.height,
        contradicted=against,
        parties=party_hashes(frames, parties),
        words=vocabulary(part.table("words")["word"] for part in looked),
        looked=looked,
    )


def learn_all(night: Night, opened: Opened, owned: BookNetwork, standing: pl.DataFrame) -> Judging:
    """Run the 50 percent rules over the network, and see together what adds up over a group or a country."""
    job = night.job
    night.clock.stage("applying the 50 percent rules")
    known = learn(opened.book, owned, standing, opened.related, night.listed, job.as_of, job.config)
    night.clock.stage("seeing users together")
    adding = known.adding()
    those = some_of(opened.customers, adding["customer_id"].unique().sort())
    return Judging(known, known.together(those, adding))


def docket(night: Night, opened: Opened, judging: Judging, looked: Sequence[Part]) -> Docket:
    """Tell who is to be judged tonight. `looked`: the parts of the compared names, those of the customers first."""
    night.clock.stage("finding who was touched")
    recall = Recall.of(night.before, night.basis, night.job.config) if night.before else None
    of_customers = looked[: len(opened.customers.sizes)]
    folder = night.staging.scratch("docket")
    return Docket.of(judging.known, judging.together, opened.customers, of_customers, recall, folder)


def judge_all(night: Night, judging: Judging, pieces: Sequence[Piece]) -> Sequence[Part]:
    """Judge the customers of these pieces, as far as they are not judged yet."""
    night.clock.stage("evaluating rules")
    finish(pieces, Judging.make, judging, night.staging, night.workers, night.clock)
    return parts(pieces, night.staging)


def _watch(night: Night) -> Watch:
    """Make the lists ready; the index of their names is taken from the shelf of the store where it stands there."""
    frames, matching = night.listed.frames, night.job.config.matching
    parties = hits.active(frames, pl.lit(night.job.as_of))
    index = Shelf(night.job.store).index(hits.index_names(frames, parties))
    return Watch.of(frames, parties, matching, matching.below, index)
