"""The nightly job: the same bytes however it is divided, and after a kill at any point."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.demo import demo_job
from pipelines.errors import RunInProgress
from pipelines.job import run as run_module
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.run import open_run
from pipelines.run.staging import Staging, occupied

TODAY = date(2026, 11, 22)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    return demo_job(tmp_path_factory.mktemp("nightly"), TODAY)


@pytest.fixture(scope="module")
def outputs(job: Job) -> Mapping[str, Any]:
    """What an undisturbed run in one piece writes."""
    return run(job).outputs


@pytest.mark.parametrize("chunk", [29, 100])
def test_same_bytes_whatever_the_division(
    job: Job, outputs: Mapping[str, Any], tmp_path: Path, chunk: int
) -> None:
    told: list[tuple[str, int, int]] = []
    divided = run(
        replace(job, out=tmp_path / "run", chunk=chunk),
        lambda stage, done=0, total=0: told.append((stage, done, total)),
    )
    assert divided.outputs == outputs
    counted = [(done, total) for stage, done, total in told if stage == "evaluating rules" and total]
    assert counted[-1] == (300, 300)


def test_timings_and_counts_are_told(job: Job, outputs: Mapping[str, Any]) -> None:
    told = open_run(job.out).manifest
    assert told["counts"]["customers"] == 300
    assert told["counts"]["cases"] == told["outputs"]["cases"]["rows"]
    assert {"matching names", "evaluating rules"} <= set(told["timings"])


def test_nothing_is_left_beside_a_run(job: Job, outputs: Mapping[str, Any], tmp_path: Path) -> None:
    run(replace(job, out=tmp_path / "run", chunk=100))
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_two_jobs_on_one_output_refuse(job: Job, tmp_path: Path) -> None:
    with occupied(tmp_path / "run"), pytest.raises(RunInProgress):
        run(replace(job, out=tmp_path / "run"))


KILLED = """
import os, pathlib, sys
from dataclasses import replace
from datetime import date
import pipelines.run.staging as staging
from pipelines.demo import demo_job
from pipelines.job.run import run

left = int(sys.argv[2])
whole = staging.sync

def sync(path):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), 9)
    whole(path)

staging.sync = sync
import pipelines.run.folder as folder
folder.sync = sync
job = demo_job(pathlib.Path(sys.argv[1]), date(2026, 11, 22))
run(replace(job, chunk=60))
"""


@pytest.mark.parametrize("seed", range(3))
def test_killed_anywhere_and_started_again(
    job: Job, outputs: Mapping[str, Any], tmp_path: Path, seed: int
) -> None:
    """The process kills itself as something has just been written, at a random place each time, until it is through."""
    dice = random.Random(seed)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    for _ in range(3):
        call = [sys.executable, "-c", KILLED, str(tmp_path), str(dice.randrange(1, 40))]
        ended = subprocess.run(call, check=False, env=environment, capture_output=True)
        assert ended.returncode in (0, -signal.SIGKILL), ended.stderr.decode()
        if (tmp_path / "run").exists():
            assert open_run(tmp_path / "run").manifest["outputs"] == outputs
    finished = run(replace(demo_job(tmp_path, TODAY), chunk=60))
    assert finished.outputs == outputs
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "store"]


def test_a_second_start_does_not_repeat_finished_ranges(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    divided = replace(job, out=tmp_path / "run", chunk=60)
    with monkeypatch.context() as patched:
        patched.setattr(run_module, "lay_out", lambda *rest: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run(divided)
    made: list[str] = []
    part = Staging.part

    def watched(self: Staging, name: str, make: Any) -> Any:
        def making() -> Any:
            made.append(name)
            return make()

        return part(self, name, making)

    monkeypatch.setattr(Staging, "part", watched)
    run(divided)
    assert made == []
