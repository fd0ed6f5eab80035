"""Below the line: pairs just under review, drawn anew each day, the same on any division."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.demo import demo_job
from pipelines.job.config import Config
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.run import Run, open_run
from screening.book.below_line import below_line
from screening.policy import BelowLine, Matching

DAY = date(2026, 11, 22)
NOBODY = pl.DataFrame(schema={"customer_id": pl.String, "entity_id": pl.String})


def found(count: int) -> pl.DataFrame:
    text = dict.fromkeys(
        ("list", "party_type", "segment", "query_name", "matched_name", "party_name"), pl.lit("x")
    )
    return pl.DataFrame(
        {"matched_entity_id": [f"c{i:03}" for i in range(count)], "party_id": ["p"] * count}
    ).with_columns(score=pl.lit(0.45), similarity=pl.lit(0.5), band=pl.lit("below"), **text)


def drawn(matches: pl.DataFrame, day: date = DAY, **settings: int) -> set[str]:
    sample = below_line(matches, NOBODY, NOBODY.lazy(), BelowLine(**settings), day)
    return set(sample["matched_entity_id"])


def test_the_sample_is_another_every_day_and_with_another_seed() -> None:
    today = drawn(found(200), pairs=20)
    assert len(today) == 20
    assert today == drawn(found(200).reverse(), pairs=20)
    assert today != drawn(found(200), date(2026, 11, 23), pairs=20)
    assert today != drawn(found(200), pairs=20, seed=1)
    assert drawn(found(200), pairs=10) < today, "a smaller sample is part of the larger"


def test_pairs_above_the_line_are_not_drawn() -> None:
    matches = found(10).with_columns(band=pl.Series(["review", "alert", "below", "building", "below"] * 2))
    assert drawn(matches) == {"c002", "c004", "c007", "c009"}


def test_a_pair_names_the_customer_unless_it_is_of_somebody_else() -> None:
    nodes = pl.DataFrame({"customer_id": ["mine"], "entity_id": ["c000"]})
    around = pl.LazyFrame({"entity_id": ["c001"]})
    sample = below_line(found(3), nodes, around, BelowLine(), DAY)
    assert sample.select("matched_entity_id", "customer_id").rows() == [
        ("c000", "mine"),
        ("c001", None),
        ("c002", "c002"),
    ]


WIDE = Config(matching=Matching(below=0.5))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, Run, Run]:
    """The sample world as it is, and with every pair kept that scores anything."""
    job = demo_job(tmp_path_factory.mktemp("below"), DAY)
    wide = replace(job, out=job.out.with_name("wide"), config=WIDE)
    run(job)
    run(wide)
    return wide, open_run(job.out), open_run(wide.out)


@pytest.mark.slow
def test_what_is_drawn_changes_nothing_else(world: tuple[Job, Run, Run]) -> None:
    _, plain, wide = world
    assert wide.table("below_line").height > plain.table("below_line").height
    assert (wide.table("below_line")["score"] < 0.7).all()
    for name in ("cases", "findings", "matches", "restricted", "coverage", "suppressed"):
        assert wide.table(name).equals(plain.table(name)), name


@pytest.mark.slow
def test_a_divided_run_and_a_delta_draw_the_same(world: tuple[Job, Run, Run], tmp_path: Path) -> None:
    job, _, wide = world
    run(replace(job, out=tmp_path / "divided", chunk=29))
    run(replace(job, out=tmp_path / "delta", since=job.out))
    for name in ("divided", "delta"):
        outputs = open_run(tmp_path / name).manifest["outputs"]
        assert outputs["below_line"] == wide.manifest["outputs"]["below_line"]
