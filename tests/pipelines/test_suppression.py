"""A reviewed pair keeps silent while nothing changes, speaks again by itself, and never hides another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.demo import demo_job
from pipelines.nightly import run
from pipelines.run import Run, open_run
from pipelines.stages.suppression import set_aside

DAY = date(2026, 11, 22)
KEYS = ["matched_entity_id", "party_id", "evidence_hash"]
FOUND = pl.DataFrame(
    [("c", "EL-1", "aa"), ("c", "EL-2", "bb"), ("d", "EL-1", "cc")], schema=KEYS, orient="row"
)


def review(
    customer: str, party: str, evidence: str, on: date = date(2026, 1, 1), until: date = date(2027, 1, 1)
) -> pl.DataFrame:
    row = {
        "customer_id": customer,
        "party_id": party,
        "evidence_hash": evidence,
        "reason": "other",
        "by": "ann",
    }
    return pl.DataFrame([{**row, "date": on, "expires": until}])


@pytest.mark.parametrize(
    ("reviewed", "hidden"),
    [
        (review("c", "EL-1", "aa"), [("c", "EL-1")]),
        (review("c", "EL-1", "other evidence"), []),
        (review("c", "EL-3", "aa"), []),
        (review("d", "EL-1", "aa"), []),
        (review("c", "EL-1", "aa", until=date(2026, 11, 21)), []),
        (review("c", "EL-1", "aa", until=DAY), [("c", "EL-1")]),
        (review("c", "EL-1", "aa", on=date(2026, 11, 23)), []),
    ],
)
def test_only_the_reviewed_pair_and_only_while_the_review_holds(
    reviewed: pl.DataFrame, hidden: list[tuple[str, str]]
) -> None:
    standing, silent = set_aside(FOUND, reviewed, DAY)
    assert silent.select("matched_entity_id", "party_id").rows() == hidden
    assert standing.height + silent.height == FOUND.height


def test_two_reviews_of_one_pair_hide_it_once() -> None:
    twice = pl.concat([review("c", "EL-1", "aa"), review("c", "EL-1", "aa", until=date(2028, 1, 1))])
    standing, silent = set_aside(FOUND, twice, DAY)
    assert (standing.height, silent["expires"].to_list()) == (2, [date(2028, 1, 1)])


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """The sample world before and after one of its pairs was reviewed."""
    folder: Path = tmp_path_factory.mktemp("suppressed")
    job = demo_job(folder, DAY)
    run(job)
    plain = open_run(job.out)
    own = plain.table("matches").filter(pl.col("role").is_null(), pl.col("list") == "EL").head(1)
    own.select(
        "customer_id", "party_id", "evidence_hash", reason=pl.lit("another firm"), by=pl.lit("ann"),
        date=pl.lit("2026-11-01"), expires=pl.lit("2027-11-01"),
    ).write_csv(folder / "reviewed.csv")  # fmt: skip
    run(replace(job, files=replace(job.files, suppressions=folder / "reviewed.csv"), out=folder / "after"))
    return plain, open_run(folder / "after")


def test_a_suppressed_pair_raises_nothing_and_is_counted(before: tuple[Run, Run]) -> None:
    plain, after = before
    hidden = after.table("suppressed")
    assert after.manifest["counts"]["pairs_suppressed"] == hidden.height == 1
    assert hidden.select("reason", "by").row(0) == ("another firm", "ann")
    pair = hidden.select("matched_entity_id", "party_id")
    assert after.table("matches").join(pair, on=["matched_entity_id", "party_id"], how="semi").is_empty()
    assert after.table("matches").height < plain.table("matches").height
    assert plain.manifest["counts"]["pairs_suppressed"] == 0


def test_what_is_suppressed_is_remembered_for_the_night_after(before: tuple[Run, Run]) -> None:
    plain, after = before
    assert after.table("hits").equals(plain.table("hits"))
