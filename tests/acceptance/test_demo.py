"""The demo is the story it tells: each planted customer raises what STORY.csv says, the plain ones nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.demo import demo_job, sample_folder
from pipelines.job.run import run
from pipelines.run import Run, open_run

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("demo")
    job = demo_job(out, TODAY)
    run(job)
    return open_run(job.out)


@pytest.fixture(scope="module")
def story() -> pl.DataFrame:
    return pl.read_csv(sample_folder() / "STORY.csv", infer_schema=False)


def computed(story: pl.DataFrame, run: Run) -> pl.DataFrame:
    """The planted rows whose rule has code today."""
    from screening.redflags import rules_on

    rule_ids = rules_on(TODAY).filter(pl.col("degree") == "computed")["rule_id"]
    return story.filter(pl.col("rule_id").is_in(rule_ids.implode()))


def test_every_planted_case_is_found(demo: Run, story: pl.DataFrame) -> None:
    expected = computed(story, demo).filter(pl.col("outcome").is_in(["raised"]))
    assert expected.height >= 25
    found = demo.table("findings").select("customer_id", "rule_id", "outcome")
    missed = expected.join(found, on=["customer_id", "rule_id", "outcome"], how="anti")
    assert missed.is_empty(), missed


def test_nothing_is_raised_that_the_story_denies(demo: Run, story: pl.DataFrame) -> None:
    denied = computed(story, demo).filter(pl.col("outcome").is_in(["not_raised", "not_applicable"]))
    found = demo.table("findings").filter(pl.col("outcome") == "raised")
    wrong = denied.join(found, on=["customer_id", "rule_id"], how="semi")
    assert wrong.is_empty(), wrong


def test_plain_customers_have_no_case(demo: Run, story: pl.DataFrame) -> None:
    planted = story["customer_id"].unique()
    surprising = demo.table("cases").filter(~pl.col("customer_id").is_in(planted.implode()))
    assert surprising.is_empty(), surprising.select("customer_id", "name", "findings").to_dicts()


def test_same_input_same_bytes(demo: Run, tmp_path: Path) -> None:
    job = demo_job(tmp_path, TODAY)
    again = run(job)
    assert again.run_id == demo.manifest["run_id"]
    assert again.outputs == demo.manifest["outputs"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2025, 10, 15), "in_force"),
        (date(2026, 1, 15), "suspended"),
        (date(2026, 11, 22), "scheduled_verify"),
    ],
)
def test_a_suspended_rule_keeps_its_outcome_and_loses_its_weight(
    tmp_path: Path, demo: Run, day: date, status: str
) -> None:
    job = demo_job(tmp_path, day)
    run(job)
    affiliates = pl.col("rule_id") == "BIS_AFFILIATES"
    then = open_run(job.out).table("findings").filter(affiliates)
    now = demo.table("findings").filter(affiliates)
    assert set(then["rule_status"]) == {status}
    columns = ["customer_id", "outcome"]
    assert set(then.select(columns).rows()) == set(now.select(columns).rows())
    if status == "suspended":
        assert set(then["recommendation"]) == {"ask"}  # the floor of a stayed rule
    else:
        assert "note" not in set(then.filter(pl.col("outcome") == "raised")["recommendation"])


def test_nobody_is_ever_called_cleared(demo: Run) -> None:
    for name in ("findings", "cases"):
        assert b"cleared" not in demo.table(name).write_ndjson().encode().lower()
