"""The nightly job on a local cluster of two workers: the bytes of one process, even when a worker is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.demo import demo_job
from pipelines.errors import WorkersLost
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.parallel.ray_cluster import cluster
from pipelines.parallel.tasks import Tables, Workers, WorkUnit

pytest.importorskip("ray", reason="the extra headwater[ray] is not installed")
pytestmark = [
    pytest.mark.slow,  # a cluster of processes
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Ray leaves sockets to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def two() -> Iterator[Workers]:
    with cluster(cores=2) as workers:
        yield workers


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    return demo_job(tmp_path_factory.mktemp("cluster"), date(2026, 11, 22))


@pytest.fixture(scope="module")
def outputs(job: Job) -> Mapping[str, Any]:
    return run(job).outputs


def test_same_bytes_as_one_process(
    two: Workers, job: Job, outputs: Mapping[str, Any], tmp_path: Path
) -> None:
    assert run(replace(job, out=tmp_path / "run", chunk=150), workers=two).outputs == outputs


def test_a_delta_has_the_same_bytes_too(two: Workers, job: Job, tmp_path: Path) -> None:
    run(replace(job, out=tmp_path / "before"))
    book = pl.read_csv(job.files.customers, infer_schema=False)
    book.with_columns(name=pl.col("name").shift(1, fill_value="Somebody")).write_csv(
        tmp_path / "customers.csv"
    )
    files = replace(job.files, customers=tmp_path / "customers.csv")
    tonight = replace(job, files=files, since=tmp_path / "before", chunk=150)
    whole = run(replace(tonight, out=tmp_path / "whole")).outputs
    assert run(replace(tonight, out=tmp_path / "run"), workers=two).outputs == whole
    assert whole["changes"]["rows"]


def pieces(count: int) -> list[WorkUnit]:
    rows = [pl.DataFrame({"number": [number]}) for number in range(count)]
    return [WorkUnit(f"part-{number}", 1, rows[number].clone) for number in range(count)]


def die_once(marks: Path, name: str, rows: pl.DataFrame) -> Tables:
    """Make a part and leave a mark; the first worker that meets part 3 is killed in the middle of it."""
    with (marks / name).open("a") as marked:
        marked.write(f"{os.getpid()}\n")
    if name == "part-3" and len((marks / name).read_text().splitlines()) == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return {"made": rows.with_columns(pl.lit(name).alias("name"))}


def always_die(task: None, name: str, rows: pl.DataFrame) -> Tables:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def refuse(task: None, name: str, rows: pl.DataFrame) -> Tables:
    raise ValueError(f"no {name}")


@pytest.fixture(autouse=True, scope="module")
def sent_whole() -> Iterator[None]:
    """Send this file's functions themselves: a worker cannot import a test."""
    import sys

    from ray import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])  # type: ignore[no-untyped-call]
    yield
    cloudpickle.unregister_pickle_by_value(sys.modules[__name__])  # type: ignore[no-untyped-call]


def test_a_killed_worker_costs_only_its_part(two: Workers, tmp_path: Path) -> None:
    made = {piece.name: tables["made"] for piece, tables in two(die_once, tmp_path, pieces(8))}
    assert {name: frame["number"].item() for name, frame in made.items()} == {
        f"part-{number}": number for number in range(8)
    }
    tries = {path.name: len(path.read_text().splitlines()) for path in tmp_path.iterdir()}
    assert tries == {f"part-{number}": 2 if number == 3 else 1 for number in range(8)}


def test_a_part_that_kills_every_worker_is_named(two: Workers) -> None:
    with pytest.raises(WorkersLost, match="part-0: its worker died"):
        list(two(always_die, None, pieces(1)))


def test_an_error_in_a_part_is_that_error(two: Workers) -> None:
    with pytest.raises(ValueError, match="no part-0"):
        list(two(refuse, None, pieces(1)))


def test_usage_statistics_are_off(two: Workers) -> None:
    from ray._common.usage.usage_lib import usage_stats_enabled

    assert not usage_stats_enabled()
