"""`headwater verify RUN` says of the run and of each run before it whether it is as it was written."""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from desk.cli.app import app
from pipelines.errors import RunDamaged
from pipelines.run import open_run
from tests.pipelines.run.test_chain import build, cut_cases


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run that is built upon another, which lies beside it."""
    build(tmp_path / "before", "2026-11-21")
    build(tmp_path / "run", "2026-11-22", tmp_path / "before")
    return tmp_path / "run"


def verify(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["verify", *map(str, words)])


def states(result: Result) -> list[str]:
    return [orjson.loads(line)["state"] for line in result.stdout.splitlines()]


def test_a_sound_chain_is_equal(run: Path) -> None:
    result = verify(run)
    rows = [orjson.loads(line) for line in result.stdout.splitlines()]
    assert [row["state"] for row in rows] == ["equal"] * 3
    assert rows[0]["detail"].endswith(open_run(run).content_sha256)
    assert rows[2]["table"].startswith("earlier run ") and "2026-11-21" in rows[2]["table"]
    assert result.exit_code == 0


def test_damage_to_the_run_before_is_told_and_fails(run: Path) -> None:
    cut_cases(run.parent / "before")
    result = verify(run)
    assert states(result) == ["equal", "equal", "differs"]
    assert result.exit_code == 1


def test_a_run_before_that_is_not_there_was_not_looked_at(run: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive/2026"
    archive.mkdir(parents=True)
    shutil.move(run.parent / "before", archive / "before")
    result = verify(run)
    assert states(result) == ["equal", "equal", "not looked at"]
    assert result.exit_code == 0
    assert states(verify(run, "--earlier", tmp_path / "archive")) == ["equal"] * 3


def test_a_hash_kept_elsewhere_is_compared(run: Path) -> None:
    assert verify(run, "--sha256", open_run(run).content_sha256).exit_code == 0
    result = verify(run, "--sha256", "0" * 64)
    assert states(result) == ["differs", "equal", "equal"]
    assert result.exit_code == 1


def test_damage_to_the_run_itself_is_an_error(run: Path) -> None:
    cut_cases(run)
    assert isinstance(verify(run).exception, RunDamaged)


def test_a_file_that_the_run_did_not_write_is_an_error(run: Path) -> None:
    (cases,) = (run / "cases").rglob("*.parquet")
    shutil.copyfile(cases, cases.with_name("part-00001.parquet"))
    error = verify(run).exception
    assert isinstance(error, RunDamaged)
    assert "part-00001.parquet was not written by it" in str(error)
