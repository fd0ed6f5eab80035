"""Which lists a run screened, how old they were, and which it did not screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lists.errors import ListVanished
from lists.schema import LIST_CODES, OPTIONAL_LISTS
from lists.snapshot import SnapshotRef
from pipelines.demo import demo_job
from pipelines.job.list_account import list_remarks, lists_not_loaded, loaded_lists, require_lists
from pipelines.job.run import run
from pipelines.run import open_run
from screening.law import table

TUESDAY = date(2026, 12, 1)
SDN = {
    "list": "SDN",
    "publisher": "OFAC",
    "published": "2026-11-30",
    "parties": 3,
    "hash": "ab",
    "partial": False,
}


@pytest.mark.parametrize(
    ("published", "age", "warned"),
    [("2026-12-01", 0, False), ("2026-11-30", 1, False), ("2026-11-27", 2, True), ("2026-12-09", 0, False)],
)
def test_a_list_older_than_a_business_day_is_warned_of(published: str, age: int, warned: bool) -> None:
    rows = loaded_lists([{**SDN, "published": published}], TUESDAY)
    assert (rows[0]["age_business_days"], rows[0]["name"]) == (age, "Specially Designated Nationals List")
    assert bool(list_remarks(rows, TUESDAY)) == warned


def test_old_lists_are_one_warning() -> None:
    rows = loaded_lists([{**SDN, "list": code, "published": "2026-11-24"} for code in ("SDN", "EL")], TUESDAY)
    assert list_remarks(rows, TUESDAY) == [
        "Lists published more than 1 business day before 2026-12-01 (age in business days): EL 4, SDN 4. "
        "Refresh them, or make sure that their publishers have nothing newer."
    ]


def test_whatever_is_not_loaded_is_named_with_its_reason() -> None:
    absent = {row["list"]: row for row in lists_not_loaded(["SDN"], (), TUESDAY)}
    assert {*LIST_CODES, *OPTIONAL_LISTS} - {"SDN"} <= set(absent)
    assert {"EU", "UK", "UN", "1260H", "UFLPA", "FCC", "WRO"} <= set(absent)
    assert "SDN" not in absent
    assert all(row["name"] and row["agency"] and row["effect"] and row["why"] for row in absent.values())
    assert "on or before 2026-12-01" in absent["EL"]["why"]
    assert absent["EU"]["why"].startswith("an optional list")
    assert "type them from its text" in absent["MIEU"]["why"]
    assert absent["WRO"]["why"].startswith("Headwater does not read this list")


def test_an_optional_list_that_a_run_takes_is_loaded() -> None:
    assert "EU" not in {row["list"] for row in lists_not_loaded(["EU"], (), None)}


def test_lists_that_the_configuration_leaves_out_say_so() -> None:
    (why,) = [row["why"] for row in lists_not_loaded(["SDN"], ("SDN",), TUESDAY) if row["list"] == "EL"]
    assert why.startswith("the configuration names other lists")


def test_no_code_stands_for_two_lists() -> None:
    codes = [*LIST_CODES, *OPTIONAL_LISTS, *table("other_lists")["list"]]
    assert len(codes) == len(set(codes))
    assert set(table("lists")["list"]) == {*LIST_CODES, *OPTIONAL_LISTS}
    assert not table("other_lists").select(pl.any_horizontal(pl.all().is_null()).any()).item()


def test_a_run_records_its_lists(tmp_path: Path) -> None:
    job = demo_job(tmp_path, date(2026, 11, 22))
    manifest = run(job)
    health = open_run(job.out).manifest["health"]
    assert [row["list"] for row in health["lists"]] == sorted(row["list"] for row in manifest.basis.lists)
    assert {row["list"] for row in health["lists_not_loaded"]} >= {"EU", "UK", "UN", "UFLPA"}


def test_a_required_list_that_is_missing_and_a_list_that_is_too_old_stop_a_run() -> None:
    loaded = [SnapshotRef("SDN", date(2026, 11, 1), "ab" * 32, "OFAC", False, {})]
    require_lists(loaded, ["SDN"], 30, TUESDAY)
    with pytest.raises(
        ListVanished, match=r"EL is required and not loaded; SDN of 2026-11-01 is 30 days old"
    ):
        require_lists(loaded, ["EL", "SDN"], 29, TUESDAY)


def test_the_settings_of_a_job_name_what_it_requires(tmp_path: Path) -> None:
    job = demo_job(tmp_path, date(2026, 11, 22))
    strict = replace(job, config=job.config.model_copy(update={"max_list_age_days": 1}))
    with pytest.raises(ListVanished, match="days old, more than 1"):
        run(strict)
    assert not strict.out.exists()
