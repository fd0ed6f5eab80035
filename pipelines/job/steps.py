"""The steps of a screening job; `pipelines.job.run` and the shards put them in order.

Two steps are divided into parts. Names are compared part by part, each with all lists; then, when the context of the
whole book is built, customers are assessed part by part. Everything that a part needs besides its own rows is one
object, the task, so that parts can be made in other processes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import polars as pl

from pipelines.delta.incremental import IncrementalScreener, can_reuse
from pipelines.delta.plan import AssessmentPlan
from pipelines.delta.previous_assessments import PreviousAssessments
from pipelines.delta.previous_matches import PreviousMatches
from pipelines.delta.vocabulary import merge_vocabularies
from pipelines.index_cache import open_screener
from pipelines.inputs.book import open_book
from pipelines.inputs.customers import Customers
from pipelines.inputs.strangers import rows_of_no_customer, with_strangers
from pipelines.job.bounds import check_bounds
from pipelines.job.joins import Join, count_joins
from pipelines.job.linked_customers import customer_directory, customers_by_id, linked_customers
from pipelines.job.screened import ScreenedAround, stated_parties
from pipelines.job.start import RunningJob
from pipelines.parallel.tasks import (
    Tables,
    WorkUnit,
    finish_units,
    finished_parts,
)
from pipelines.run.staging import Part, Staging, full_disk_as_error
from screening.book.assess import assess_part
from screening.book.below_line import below_line
from screening.book.combined import CombinedMatches, combine_matches
from screening.book.context import BookContext, build_context
from screening.book.counterparties import Counterparties, located, named_counterparties
from screening.book.matches import active_parties
from screening.book.name_leads import COLUMNS, with_name_leads
from screening.book.network import BookNetwork, build_network
from screening.book.rows import customer_nodes, sort_usage
from screening.book.subjects import everybody_around, related_people, split_entities
from screening.redflags.facts import GroupTotals
from screening.tables.book import Book

CUSTOMERS, AROUND = "customers", "around"
"""Whose names a part compares: those of customers, or of everybody around them (owners, related people)."""


@dataclass(frozen=True, slots=True)
class OpenedBook:
    """The inputs of a job: customers in ranges on disk, everything else in memory."""

    customers: Customers
    book: Book
    nodes: pl.DataFrame  # customer_id, entity_id of the customers who are one node with somebody else
    warnings: tuple[str, ...]  # of the network
    related: pl.DataFrame  # people who act for customers
    parties: Counterparties  # whom customers deal with
    around: Mapping[Path, int]  # files of everybody else whose names are compared, and their rows
    joins: Mapping[int, Join]  # by the number of an account: how its file joins the customers

    def name_units(self) -> list[WorkUnit]:
        """Divide the names to compare: the ranges of customers, then everybody around them."""
        customers = [
            WorkUnit(f"names/{CUSTOMERS}-{number:05d}", size, partial(self.customers.range, number))
            for number, size in self.customers.sizes.items()
        ]
        around = [
            WorkUnit(f"names/{AROUND}-{path.stem}", size, partial(pl.read_parquet, path))
            for path, size in self.around.items()
        ]
        return [*customers, *around]

    def around_ids(self) -> pl.LazyFrame:
        """Return everybody around the customers: entity_id."""
        scans = (pl.scan_parquet(path).select("entity_id") for path in self.around)
        return pl.concat([pl.LazyFrame(schema={"entity_id": pl.String}), *scans])


@dataclass(frozen=True, slots=True)
class GatheredMatches:
    """The matches of all parts together, and what a later delta reads in place of comparing again."""

    combined: CombinedMatches
    below: pl.DataFrame  # the day's sample of pairs under the review score
    parties: pl.DataFrame  # the parties in effect, as PARTIES
    words: pl.Series  # all words of all names, sorted
    parts: Sequence[Part]  # fingerprints and words of the subjects


@dataclass(frozen=True, slots=True)
class ComparisonTask:
    """Everything that comparing the names of a part needs besides its rows."""

    screener: IncrementalScreener
    nodes: pl.DataFrame

    @staticmethod
    def make(task: ComparisonTask, name: str, rows: pl.DataFrame) -> Tables:
        """Return the tables hits, fingerprints and words of the customers, or of those around them, of a part."""
        if CUSTOMERS in name:
            return task.screener.customers(rows, customer_nodes(rows, task.nodes))
        return task.screener.entities(rows)


@dataclass(frozen=True, slots=True)
class AssessmentTask:
    """Everything that assessing a part of the customers needs besides its rows."""

    context: BookContext
    totals: GroupTotals

    @staticmethod
    def make(task: AssessmentTask, name: str, rows: pl.DataFrame) -> Tables:
        """Return the tables of the assessments of a part: cases, findings, patterns and counts."""
        return assess_part(task.context, rows, task.totals)


def read_inputs(running: RunningJob) -> tuple[OpenedBook, BookNetwork]:
    """Read the inputs and build the ownership network. Raises InputRejected, also where too much of them is lost.

    The network is large, and not used any more once the context is built: drop it then.
    """
    job = running.job
    running.timer.begin("reading customers and ownership")
    customers, book = open_book(job.files, job.config, running.staging, job.chunk)
    running.timer.begin("tracing ownership")
    by_name = job.config.ownership.join_by_name
    parties = named_counterparties(book)
    directory = customer_directory(customers)
    unjoined = rows_of_no_customer(book, directory.has)
    linked = replace(book, customers=linked_customers(customers, directory, book, by_name, parties.texts))
    book = sort_usage(replace(book, entities=book.entities.clear()))
    network = build_network(linked, job.as_of, by_name)
    del linked
    joins = count_joins(directory, book, network)
    book = with_strangers(book, unjoined, network.has_entities)
    check_bounds(book.accounts, joins, job.config.limits)
    del directory
    book = replace(book, network_files=(), rows={})
    related = related_people(book.connections, job.as_of)
    parties = located(parties, network, by_name)
    everybody = everybody_around(network, related, parties)
    related, everybody = with_name_leads(customers.ranges(COLUMNS), network, related, everybody)
    around = _write_around(everybody, running.staging, job.chunk)
    del everybody
    opened = OpenedBook(customers, book, network.nodes, network.warnings, related, parties, around, joins)
    return opened, network.without_attributes()


def _write_around(everybody: pl.DataFrame, staging: Staging, rows: int) -> Mapping[Path, int]:
    """Write everybody around the customers to files of about `rows` rows; returns the rows of each."""
    folder = staging.scratch(AROUND)
    written = {}
    with full_disk_as_error(folder):
        for number, part in enumerate(split_entities(everybody, rows)):
            path = folder / f"{number:05d}.parquet"
            staging.write_scratch(path, part)
            written[path] = part.height
    return written


def compare_names(running: RunningJob, opened: OpenedBook, units: Sequence[WorkUnit]) -> None:
    """Compare the names of those of the units that are not finished."""
    if all(running.staging.is_finished(unit.name) for unit in units):
        return  # a merge of shards needs no index
    previous, config = running.previous, running.job.config
    running.timer.begin("building the name index")
    screener = open_screener(
        running.job.store,
        running.lists.frames,
        running.job.as_of,
        config.matching,
        config.matching.below,
        running.staging.system,
    )
    running.timer.begin("matching names")
    reusable = previous and can_reuse(previous, running.basis, config)
    matches = PreviousMatches.read(previous, screener) if previous and reusable else None
    task = ComparisonTask(IncrementalScreener(screener, matches), opened.nodes)
    finish_units(units, ComparisonTask.make, task, running.staging, running.workers, running.timer)


def gather_matches(running: RunningJob, opened: OpenedBook, units: Sequence[WorkUnit]) -> GatheredMatches:
    """Put together the matches of all units."""
    job, nodes, frames = running.job, opened.nodes, running.lists.frames
    parts, parties = finished_parts(units, running.staging), active_parties(frames, pl.lit(job.as_of))
    found = [part.table("hits") for part in parts]
    combined = combine_matches(found, parties, opened.book, nodes, job.as_of)
    return GatheredMatches(
        combined,
        below=below_line(combined.every, nodes, opened.around_ids(), job.config.below_line, job.as_of),
        parties=stated_parties(frames, parties),
        words=merge_vocabularies(part.table("words")["word"] for part in parts),
        parts=parts,
    )


def prepare_assessment(
    running: RunningJob, opened: OpenedBook, network: BookNetwork, standing: pl.DataFrame
) -> tuple[AssessmentTask, ScreenedAround]:
    """Run the 50 percent rules over the network, and total what counts over a group or a country.

    Writes down who was compared for whose sake while the network is there.

    standing: the matches that no review has set aside.
    """
    job = running.job
    running.timer.begin("applying the 50 percent rules")
    around = ScreenedAround.write(opened.book, network, opened.related, opened.parties, running.staging)
    context = build_context(
        opened.book,
        network,
        standing,
        opened.related,
        opened.parties,
        running.lists,
        job.as_of,
        job.config,
    )
    running.timer.begin("totalling use by group")
    adding = context.adding_activities()
    users = customers_by_id(opened.customers, adding["customer_id"].unique().sort())
    return AssessmentTask(context, context.group_totals(users, adding)), around


def plan_assessment(
    running: RunningJob, opened: OpenedBook, task: AssessmentTask, parts: Sequence[Part]
) -> AssessmentPlan:
    """Decide who is to be assessed. parts: of the compared names, those of the customers first."""
    running.timer.begin("finding changed customers")
    previous = running.previous
    earlier = PreviousAssessments.read(previous, running.basis, running.job.config) if previous else None
    customer_parts = parts[: len(opened.customers.sizes)]
    return AssessmentPlan.make(
        task.context, task.totals, opened.customers, customer_parts, earlier, running.staging
    )


def assess_all(running: RunningJob, task: AssessmentTask, units: Sequence[WorkUnit]) -> Sequence[Part]:
    """Assess the customers of those of the units that are not finished; returns the parts of all."""
    running.timer.begin("evaluating rules")
    finish_units(units, AssessmentTask.make, task, running.staging, running.workers, running.timer)
    return finished_parts(units, running.staging)
