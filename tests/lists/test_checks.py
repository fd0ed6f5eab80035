"""Checks of a list: whole, and plausible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists import checks
from lists.fetch import open_file
from lists.reference import settings
from lists.refresh import RefreshReport
from lists.schema import LIST_CODES, OPTIONAL_LISTS, ListFrames
from lists.sources import csl

DAY = date(2024, 1, 1)


@pytest.fixture
def frames(write: Callable[..., Path], make_csl: Callable[..., str]) -> ListFrames:
    rows = [
        {"source": "Entity List (EL) - BIS", "name": f"Party {n}", "addresses": "Rd, CN",
         "license_policy": "Policy of denial", "license_requirement": "All items",
         "federal_register_notice": "84 FR 22961", "start_date": "2019-05-16"}
        for n in range(600)
    ]  # fmt: skip
    return csl.read([open_file(write("csl.csv", make_csl(*rows)))], partial=True).frames


def faults(
    frames: ListFrames, before: dict[str, int] | None = None, quarantined: int = 0, code: str = "EL"
) -> str:
    return "; ".join(checks.plausibility(code, frames, DAY, 600, quarantined, before))


def test_a_list_that_looks_like_itself(frames: ListFrames) -> None:
    assert faults(frames, {"parties": 610, "names": 610, "addresses": 610}) == ""
    assert checks.integrity(frames) == []


def test_size(frames: ListFrames) -> None:
    assert "600 parties; expected 4,000" in faults(frames, code="SDN")
    assert faults(frames, code="A_LIST_OF_ONES_OWN") == ""


@pytest.mark.parametrize("table", ["parties", "names", "addresses"])
def test_shrink(frames: ListFrames, table: str) -> None:
    assert f"{table} fell from 900 to 600" in faults(frames, {table: 900})
    assert faults(frames, {table: 749}) == ""


def test_filled_columns(frames: ListFrames) -> None:
    blank = replace(frames, measures=frames.measures.with_columns(license_policy_raw=pl.lit(None, pl.String)))
    assert "license_policy_raw is filled for 0%" in faults(blank)
    nowhere = frames.parties.with_columns(countries=pl.lit([], dtype=pl.List(pl.String)))
    assert "countries is filled for 0%" in faults(replace(frames, parties=nowhere))


def test_quarantined_share(frames: ListFrames) -> None:
    assert faults(frames, quarantined=6) == ""
    assert "7 of 600 rows could not be read" in faults(frames, quarantined=7)


@pytest.mark.parametrize("day", [date(1901, 1, 1), date(2030, 1, 1)])
def test_odd_dates(frames: ListFrames, day: date) -> None:
    odd = replace(frames, parties=frames.parties.with_columns(listed_from=pl.lit(day)))
    assert "600 parties are listed from an unlikely day" in faults(odd)


def test_broken_tables(frames: ListFrames) -> None:
    twice = replace(frames, parties=pl.concat([frames.parties, frames.parties.head(1)]))
    assert "party ids are not unique" in checks.integrity(twice)
    lost = replace(frames, parties=frames.parties.tail(-1))
    assert "the names table has parties that are not in the list" in checks.integrity(lost)
    unmeasured = replace(frames, measures=frames.measures.tail(-1))
    assert "measures has not one row a party" in checks.integrity(unmeasured)
    narrow = replace(frames, names=frames.names.drop("script"))
    assert "table names does not have the columns of the schema" in checks.integrity(narrow)


def test_a_screening_list_that_lost_a_list_fails(
    take: Callable[..., RefreshReport], write: Callable[..., Path], make_csl: Callable[..., str]
) -> None:
    row = {"source": "Entity List (EL) - BIS", "name": "A"}
    report = take(write("consolidated.csv", make_csl(row)), partial=False)
    assert "carries no row of SDN, DPL, UVL, DTC, ISN, SSI" in report.outcomes[0].message


def test_every_list_we_know_has_expectations_of_its_own() -> None:
    assert set(settings("expectations")["lists"]) == {*LIST_CODES, *OPTIONAL_LISTS}
