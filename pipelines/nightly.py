"""The nightly job: customers in, flagged cases out, every stage in the order a reader would do it by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter

import polars as pl

from lists.errors import SnapshotNotFound
from lists.schema import LIST_CODES
from lists.store import ListSet, Store
from pipelines.config import Config
from pipelines.inputs.book import Book, BookFiles, read_book
from pipelines.run import Manifest, write_run
from pipelines.run.record import describe
from pipelines.stages import hits as hit_stage
from pipelines.stages import regimes, subjects
from pipelines.stages.network import book_network
from screening.cases import assemble_cases, with_case_id
from screening.matching import NameIndex, thresholds
from screening.ownership.lineage import lineage
from screening.redflags import Assessment, assess
from screening.redflags.facts import assemble

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What to screen, against which lists, under the rules of which day, and where to put the result."""

    files: BookFiles
    store: Path
    out: Path
    as_of: date
    latest_lists: bool = False
    config: Config = field(default_factory=Config)


@dataclass(frozen=True, slots=True)
class Screened:
    """What screening a book yields, before it is written."""

    tables: Mapping[str, pl.DataFrame]
    warnings: tuple[str, ...]
    timings: Mapping[str, float]


def run(job: Job, progress: Progress = lambda stage: None) -> Manifest:
    """Do the whole job and write the run folder; returns what `run.json` says.

    Raises ListError, PipelineError or ScreeningError; nothing is written then.
    """
    started = perf_counter()
    progress("reading lists")
    listed = load_lists(job)
    progress("reading customers and ownership")
    book = read_book(job.files, job.config)
    read_seconds = perf_counter() - started
    screened = screen(book, listed, job.as_of, job.config, progress)
    progress("writing the run")
    manifest = describe(
        book,
        listed,
        job.as_of,
        job.latest_lists,
        job.config,
        screened.tables,
        screened.warnings,
        {"reading": round(read_seconds, 3), **screened.timings},
    )
    return write_run(job.out, manifest, screened.tables)


def load_lists(job: Job) -> ListSet:
    """Load the lists as known on the as-of date, or the newest where the job says so. Raises SnapshotNotFound."""
    lists = job.config.lists or None
    if job.latest_lists:
        return Store(job.store).load(None, lists)
    try:
        return Store(job.store).load(job.as_of, lists)
    except SnapshotNotFound as error:
        raise SnapshotNotFound(f"{error}; or screen against newer lists with --lists latest") from error


def screen(
    book: Book,
    listed: ListSet,
    as_of: date,
    config: Config,
    progress: Progress = lambda stage: None,
    index: NameIndex | None = None,
) -> Screened:
    """Screen a book against the lists under the rules of a day. Frames in, frames out.

    `index`: that of the parties active on the day, where it stands ready already.
    """
    clock = _Clock(progress)
    parties = hit_stage.active(listed.frames, pl.lit(as_of))

    clock.stage("tracing ownership")
    owned = book_network(book, as_of, config.ownership.join_by_name)
    network, nodes = owned.network, owned.nodes

    clock.stage("matching names")
    index = index or NameIndex.build(hit_stage.index_names(listed.frames, parties))
    related = subjects.related_people(book.connections, as_of)
    owners = subjects.owners_above(network, nodes["entity_id"])
    queries = subjects.subjects(book.customers, nodes, owners, related)
    named = hit_stage.match_subjects(index, queries, parties, thresholds(), config.matching)
    places = hit_stage.address_hits(book.customers, nodes, listed.frames, parties)
    found = hit_stage.with_party(pl.concat([named, places], how="diagonal"), parties)

    clock.stage("applying the 50 percent rules")
    restricted = regimes.restricted_entities(
        network, found, network.entities["entity_id"], config.ownership.remainder_floor
    )
    caught = owned.by_customer(restricted)
    above = lineage(network, nodes["entity_id"], found["matched_entity_id"])
    matches = hit_stage.of_customers(found, above, related, nodes)

    clock.stage("evaluating rules")
    facts = assemble(
        book.customers,
        hit_stage.speaking(matches, caught),
        caught,
        owned.by_customer(network.ultimate_parents()).rename({"hq_country": "parent_hq_country"}),
        book.activity,
        book.connections,
        book.transactions,
        book.answers,
        as_of=as_of,
        lists_missing=sorted(set(LIST_CODES) - {snapshot.list for snapshot in listed.snapshots}),
        listed=found,
        edges=book.edges,
    )
    assessed = assess(facts, as_of, frozenset(config.rules.precautionary), keep="material")

    clock.stage("opening cases")
    tables = _tables(book, matches, restricted, caught, assessed, facts, as_of, config)
    return Screened(tables, listed.warnings + owned.warnings, clock.done())


def _tables(
    book: Book,
    matches: pl.DataFrame,
    restricted: pl.DataFrame,
    caught: pl.DataFrame,
    assessed: Assessment,
    facts: pl.DataFrame,
    as_of: date,
    config: Config,
) -> dict[str, pl.DataFrame]:
    """Gather what the run folder holds."""
    findings = assessed.findings.filter("material")
    flagged = findings["customer_id"].unique()
    of_flagged = facts.filter(pl.col("customer_id").is_in(flagged.implode()))
    every = assess(of_flagged, as_of, frozenset(config.rules.precautionary), keep="all").findings
    cases = assemble_cases(book.customers, findings, matches, caught, _not_checked(every))
    return {
        "cases": cases,
        "findings": with_case_id(findings.drop("material")),
        "matches": matches,
        "restricted": restricted,
        "coverage": assessed.coverage,
        "problems": book.problems,
    }


def _not_checked(findings: pl.DataFrame) -> pl.DataFrame:
    """Say what could not be evaluated, rules without code in one line: customer_id, text."""
    open_ended = findings.filter((pl.col("outcome") == "not_evaluable") & ~pl.col("material"))
    uncoded = pl.col("branch").is_in(["human", "planned"])
    judged = (
        open_ended.filter(uncoded).group_by("customer_id", maintain_order=True).agg(pl.col("rule_id").sort())
    )
    return pl.concat(
        [
            open_ended.filter(~uncoded).select(
                "customer_id", pl.concat_str("rule_id", pl.lit(": "), "reason").alias("text")
            ),
            judged.select(
                "customer_id",
                pl.format("For a person to judge, not computed: {}", pl.col("rule_id").list.join(", ")).alias(
                    "text"
                ),
            ),
        ]
    )


class _Clock:
    """Seconds spent in each stage, told as they begin."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._began = perf_counter()
        self._name: str | None = None
        self._seconds: dict[str, float] = {}

    def stage(self, name: str) -> None:
        """Begin a stage, which ends the one before."""
        self.done()
        self._name, self._began = name, perf_counter()
        self._progress(name)

    def done(self) -> Mapping[str, float]:
        """End the stage that runs and return the seconds of all."""
        if self._name is not None:
            self._seconds[self._name] = round(perf_counter() - self._began, 3)
        return dict(self._seconds)
