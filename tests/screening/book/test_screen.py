"""A book screened in one piece gives the tables of the nightly job, and needs no file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from lists.schema import TABLES, ListFrames
from lists.snapshot import ListSet
from pipelines.demo import demo_job
from pipelines.inputs.book import read_book
from pipelines.job.config import Config
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.run import open_run
from screening.book.screen import Screened, screen
from screening.policy import Matching, Policy
from screening.tables.book import Book
from screening.tables.inputs import CUSTOMERS, EDGES

DAY = date(2026, 11, 22)
CONFIG = Config(matching=Matching(below=0.5))
"""Keeps enough pairs below the line that there is something to compare."""
FILLED = ("cases", "findings", "matches", "restricted", "coverage", "below_line")


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    done = replace(demo_job(tmp_path_factory.mktemp("screen"), DAY), config=CONFIG)
    run(done)
    return done


@pytest.fixture(scope="module")
def screened(job: Job) -> Screened:
    return screen(read_book(job.files, job.config), job.lists(), DAY, job.config)


@pytest.mark.parametrize("name", [*FILLED, "suppressed", "contradicted", "problems"])
def test_the_tables_are_those_of_the_nightly_job(job: Job, screened: Screened, name: str) -> None:
    nightly = open_run(job.out).table(name)
    assert nightly.height or name not in FILLED
    assert screened.tables[name].equals(nightly)


def test_one_customer_of_a_book_is_assessed_as_in_the_whole(job: Job, screened: Screened) -> None:
    flagged = screened.tables["cases"].head(1)
    customer = flagged["customer_id"][0]
    book = read_book(job.files, job.config)
    alone = screen(book, job.lists(), DAY, job.config, only=customer)
    assert alone.tables["cases"].equals(flagged)
    assert set(alone.tables["matches"]["customer_id"]) <= {customer}


def rows(table: str, **columns: object) -> pl.DataFrame:
    """Return one row of a table of the lists; what is not given is null."""
    schema = dict(TABLES[table])
    return pl.DataFrame([{name: columns.get(name) for name in schema}], schema=schema)


def test_a_book_made_by_hand_needs_no_file() -> None:
    """A listed company owns 60 percent of the first customer; the second has nothing to do with it."""
    lists = ListSet(
        ListFrames(
            parties=rows(
                "parties",
                party_id="EL-1",
                list="EL",
                party_type="organization",
                primary_name="Granite Sea Works",
            ),
            names=rows(
                "names", party_id="EL-1", name="Granite Sea Works", name_kind="primary", quality="strong"
            ),
        ),
        snapshots=(),
        warnings=("made by hand",),
    )
    customers = pl.DataFrame(
        [
            {"customer_id": "a", "name": "Amber Ltd", "hq_country": "DE", "incorporation_country": "DE"},
            {"customer_id": "b", "name": "Birch Ltd", "hq_country": "DE", "incorporation_country": "DE"},
        ],
        schema=CUSTOMERS.schema(),
    )
    edges = pl.DataFrame(
        [
            {
                "owner_id": "o",
                "owned_id": "a",
                "owner_name": "Granite Sea Works",
                "share_min": 600_000,
                "share_max": 600_000,
            }
        ],
        schema=EDGES.schema(),
    )
    screened = screen(Book(customers, edges.lazy()), lists, DAY, Policy())
    assert screened.warnings == ("made by hand",)
    assert screened.tables["matches"].select("customer_id", "role", "party_id").rows() == [
        ("a", "owner", "EL-1")
    ]
    assert screened.tables["restricted_customers"].select("customer_id", "regime", "status").rows() == [
        ("a", "bis", "restricted")
    ]
    findings = screened.tables["findings"].filter(pl.col("rule_id") == "BIS_AFFILIATES")
    assert findings.select("customer_id", "outcome").rows() == [("a", "raised")]
