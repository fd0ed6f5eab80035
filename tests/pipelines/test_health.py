"""The place of a run: every usual trouble has its line, and a place in order has none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.demo import demo_job
from pipelines.health import run_checks
from pipelines.job.run import run

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    job = demo_job(tmp_path_factory.mktemp("health"), date(2026, 11, 22))
    run(job)
    return job.out


def failed(path: Path, now: datetime = NOW) -> dict[str, str]:
    return {each.check: each.detail for each in run_checks(path, now, DAY) if each.state == "failed"}


def test_a_run_in_order_fails_nothing(finished: Path) -> None:
    assert failed(finished) == {}
    checks = {each.check: each.detail for each in run_checks(finished, NOW, DAY)}
    assert "GB free" in checks["disk"]
    assert "as of 2026-11-22" in checks["run"]


def test_an_old_run_and_none_at_all(finished: Path, tmp_path: Path) -> None:
    assert "more than 24 hours" in failed(finished, NOW + 2 * DAY)["run"]
    assert "no finished run" in failed(tmp_path / "run")["run"]


def _remove_a_file(path: Path) -> None:
    next(path.glob("cases/*/*.parquet")).unlink()


def _leave_parts(path: Path) -> None:
    left = path.parent / f".{path.name}.staging"
    left.mkdir()
    long_ago = (NOW - 2 * DAY).timestamp()
    os.utime(left, (long_ago, long_ago))


def _open_to_all(path: Path) -> None:
    path.chmod(0o777)


@pytest.mark.parametrize(
    ("harm", "check", "text"),
    [
        (_remove_a_file, "run files", "missing: cases/"),
        (_leave_parts, "staging", "parts of a job that did not end"),
        (_open_to_all, "permissions", "anybody may write here"),
    ],
)
def test_each_trouble_is_found(
    finished: Path, tmp_path: Path, harm: Callable[[Path], None], check: str, text: str
) -> None:
    copy = tmp_path / "run"
    shutil.copytree(finished, copy)
    harm(copy)
    found = failed(copy)
    assert list(found) == [check]
    assert text in found[check]


def test_a_disk_without_room_for_the_next_run(finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 1000))
    assert "make room" in failed(finished)["disk"]
