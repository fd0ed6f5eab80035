"""One name looked up at the desk gives the rows of the nightly batch: on the sample lists and on the real ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.refresh import refresh
from lists.schema import ListFrames
from lists.store import Store
from pipelines.demo import sample_folder
from screening.book.screener import Screener
from screening.matching import search
from screening.policy import Matching

DAY = date(2026, 11, 22)
ALONE = 40


def asked(frames: ListFrames, count: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A third of the subjects have the attributes that the list gives them, a third those of another, the rest none."""
    kinds = frames.parties.select("party_id", "party_type", pl.col("countries").list.first().alias("country"))
    names = frames.names.join(kinds, on="party_id").sort("party_id", "name")
    names = names.sample(min(count, names.height), seed=5, shuffle=True).with_row_index("row")
    written = frames.identifiers.sort(pl.all()).with_columns(text=pl.format("{}:{}", "id_type", "id_value"))
    born = pl.col("id_type") == "date_of_birth"
    numbers = written.group_by("party_id").agg(
        date_of_birth=pl.col("id_value").filter(born).first(),
        identifiers=pl.col("text").filter(~born).head(3),
    )
    places = frames.addresses.sort(pl.all()).group_by("party_id").agg(address=pl.col("raw").first())
    row = pl.col("row")
    other = pl.col("party_id").shift(1).over(row % 3 == 1)
    attributes = (
        names.with_columns(party_id=pl.when(row % 3 == 0).then("party_id").when(row % 3 == 1).then(other))
        .drop("country")
        .join(kinds.select("party_id", "country"), on="party_id", how="left")
        .join(numbers, on="party_id", how="left")
        .join(places, on="party_id", how="left")
        .select("country", "date_of_birth", "identifiers", "address", subject_id=pl.format("r{}", "row"))
    )
    queries = names.select("name", "party_type", query_id="row", subject_id=pl.format("r{}", "row"))
    return queries, attributes


@pytest.fixture(params=["sample", pytest.param("real", marks=pytest.mark.reference)])
def screener(request: pytest.FixtureRequest, tmp_path: Path) -> Screener:
    store = Store(tmp_path / "store")
    if request.param == "real":
        shared = request.getfixturevalue("shared")
        report = refresh([shared / "data/ofac/2023-12-28", shared / "data/bis/dpl-2022.txt"], store)
    else:
        report = refresh([sample_folder() / "lists"], store, published=DAY, partial=True)
    assert not report.failed, report
    return Screener.on_day(store.load(DAY).frames, DAY, Matching())


def test_a_look_up_is_the_batch(screener: Screener) -> None:
    queries, attributes = asked(screener.frames, 3_000)
    batch = search(screener.index, queries, attributes, screener.attributes, 0.5)
    kinds = batch["evidence"].explode().struct.field("kind").drop_nulls()
    assert {"name", "birth", "country", "address", "identifier"} <= {*kinds}
    for subject in queries["subject_id"].head(ALONE):
        own = pl.col("subject_id") == subject
        found = search(screener.index, queries.filter(own), attributes.filter(own), screener.attributes, 0.5)
        assert found.equals(batch.filter(own)), subject
