"""The nightly job: the same bytes however it is divided, and wherever it was stopped or killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lists.system import System
from pipelines.demo import demo_job
from pipelines.errors import RunInProgress
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.parallel.tasks import LocalWorkers
from pipelines.run import Manifest, open_run
from pipelines.run.staging import lock_output
from tests.machines import Recorder, Stopped, StopsAt

TODAY = date(2026, 11, 22)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    return demo_job(tmp_path_factory.mktemp("nightly"), TODAY)


@pytest.fixture(scope="module")
def outputs(job: Job) -> Mapping[str, Any]:
    """What an undisturbed run in one piece writes."""
    return run(job).outputs


def run_on(machine: System, job: Job) -> Manifest:
    return run(job, workers=LocalWorkers(machine), system=machine)


@pytest.mark.parametrize("chunk", [29, 100])
def test_same_bytes_whatever_the_division(
    job: Job, outputs: Mapping[str, Any], tmp_path: Path, chunk: int
) -> None:
    reports: list[tuple[str, int, int]] = []
    divided = run(
        replace(job, out=tmp_path / "run", chunk=chunk),
        lambda stage, done=0, total=0: reports.append((stage, done, total)),
    )
    assert divided.outputs == outputs
    counted = [(done, total) for stage, done, total in reports if stage == "evaluating rules" and total]
    assert counted[-1] == (300, 300)


def test_timings_and_counts_are_recorded(job: Job, outputs: Mapping[str, Any]) -> None:
    manifest = open_run(job.out).manifest
    assert manifest["counts"]["customers"] == 300
    assert manifest["counts"]["cases"] == manifest["outputs"]["cases"]["rows"]
    assert {"matching names", "evaluating rules"} <= set(manifest["timings"])


class SlowClock(System):
    """A clock that shows a minute more each time."""

    def __init__(self) -> None:
        self.shown = 0.0

    def seconds(self) -> float:
        self.shown += 60
        return self.shown


def test_timings_are_those_of_the_machine_and_no_part_of_the_run_id(
    job: Job, outputs: Mapping[str, Any], tmp_path: Path
) -> None:
    slow = run_on(SlowClock(), replace(job, out=tmp_path / "run"))
    assert all(spent >= 60 for spent in slow.timings.values())
    assert slow.run_id == open_run(job.out).manifest["run_id"]
    assert slow.outputs == outputs


def test_nothing_is_left_next_to_a_run(job: Job, outputs: Mapping[str, Any], tmp_path: Path) -> None:
    run(replace(job, out=tmp_path / "run", chunk=100))
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_two_jobs_on_one_output_refuse(job: Job, tmp_path: Path) -> None:
    with lock_output(tmp_path / "run"), pytest.raises(RunInProgress):
        run(replace(job, out=tmp_path / "run"))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2, 3))])
def test_stopped_anywhere_and_started_again(
    job: Job, outputs: Mapping[str, Any], tmp_path: Path, seed: int
) -> None:
    """The machine stops before a random change to the disk, each time, until the job is through."""
    dice = random.Random(seed)
    divided = replace(job, out=tmp_path / "run", chunk=60)
    for _ in range(4):
        with suppress(Stopped):
            run_on(StopsAt(dice.randrange(1, 60)), divided)
        if (tmp_path / "run").exists():
            assert open_run(tmp_path / "run").manifest["outputs"] == outputs
    assert run(divided).outputs == outputs
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


KILLED = """
import os, pathlib, sys
from dataclasses import replace
from datetime import date
from pipelines.demo import demo_job
from pipelines.job.run import run
from pipelines.parallel.tasks import LocalWorkers
from tests.machines import StopsAt

class Killed(StopsAt):
    def before(self, operation, *paths):
        try:
            super().before(operation, *paths)
        except BaseException:
            os.kill(os.getpid(), 9)

job = replace(demo_job(pathlib.Path(sys.argv[1]), date(2026, 11, 22)), chunk=60)
machine = Killed(int(sys.argv[2]))
run(job, workers=LocalWorkers(machine), system=machine)
"""


@pytest.mark.slow
def test_a_killed_process_is_no_different(job: Job, outputs: Mapping[str, Any], tmp_path: Path) -> None:
    for change in (12, 35):
        call = [sys.executable, "-c", KILLED, str(tmp_path), str(change)]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        ended = subprocess.run(call, check=False, env=environment, capture_output=True)
        assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    finished = run(replace(demo_job(tmp_path, TODAY), chunk=60))
    assert finished.outputs == outputs
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "store"]


class StopsBeforeTheRun(System):
    """Stops when all parts are finished and the run is to be written."""

    def make_folder(self, path: Path) -> None:
        if path.name == "run.tmp":
            raise Stopped
        super().make_folder(path)


def test_a_second_start_does_not_repeat_finished_ranges(job: Job, tmp_path: Path) -> None:
    divided = replace(job, out=tmp_path / "run", chunk=60)
    with pytest.raises(Stopped):
        run_on(StopsBeforeTheRun(), divided)
    machine = Recorder()
    run_on(machine, divided)
    named = [Path(paths[1]).parent.name for operation, *paths in machine.changes if operation == "rename"]
    assert not {"names", "assessed"} & set(named)
