"""The sample world as it ships."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from lists.refresh import RefreshReport, refresh
from lists.snapshot import ListSet
from lists.store import Store
from pipelines.inputs.book import BookFiles, read_book
from pipelines.job.config import Config
from screening.tables.book import Book

PUBLISHED = date(2026, 11, 20)


@pytest.fixture(scope="session")
def sample() -> Path:
    """Folder of the sample files as installed."""
    return Path(str(files("pipelines") / "sample"))


@pytest.fixture(scope="session")
def today() -> date:
    """The day of the sample world."""
    return date(2026, 11, 22)


@pytest.fixture(scope="session")
def refreshed(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[RefreshReport, ListSet]:
    """The sample lists in a store: the report of the refresh, and the lists."""
    store = Store(tmp_path_factory.mktemp("store"))
    report = refresh([sample / "lists"], store, published=PUBLISHED, partial=True)
    return report, store.load()


@pytest.fixture(scope="session")
def book(sample: Path) -> Book:
    """Every input of the sample, read as the nightly job reads it."""
    names = ("activity", "connections", "transactions", "answers")
    tables = {name: sample / f"{name}.csv" for name in names}
    return read_book(
        BookFiles(
            customers=sample / "customers.csv",
            ownership=(sample / "ownership.csv",),
            entities=sample / "entities.csv",
            **tables,
        ),
        Config(),
    )


@pytest.fixture(scope="session")
def story(sample: Path) -> pl.DataFrame:
    """The planted cases: customer_id, kind, rule_id, outcome, why."""
    return pl.read_csv(sample / "STORY.csv", infer_schema=False)
