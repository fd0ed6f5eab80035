"""The staging folder: parts appear whole, one job at a time, and a full disk loses nothing that was finished."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import OutOfSpace, RunInProgress
from pipelines.run.staging import Staging, full_disk_as_error, lock_output
from tests.machines import FullDisk, Recorder

FRAME = pl.DataFrame({"a": [1]})


def test_a_part_is_stored_once(tmp_path: Path) -> None:
    staging = Staging.open(tmp_path / "run", "key")
    staging.store("names/0", {"hits": FRAME})
    again = Staging.open(tmp_path / "run", "key")
    again.store("names/0", {"hits": FRAME.clear()})
    assert again.part("names/0").table("hits").equals(FRAME)


def test_another_key_starts_afresh(tmp_path: Path) -> None:
    Staging.open(tmp_path / "run", "key").store("a", {"t": FRAME})
    assert not Staging.open(tmp_path / "run", "other").is_finished("a")


def test_half_a_part_is_none(tmp_path: Path) -> None:
    staging = Staging.open(tmp_path / "run", "key")
    with pytest.raises(ZeroDivisionError), staging.new_part("deep/a") as folder:
        (folder / "t.parquet").write_bytes(b"half")
        raise ZeroDivisionError
    assert not staging.is_finished("deep/a")
    reopened = Staging.open(tmp_path / "run", "key")
    reopened.store("deep/a", {"t": FRAME})
    assert reopened.part("deep/a").table("t").equals(FRAME)


def test_the_disk_has_all_of_a_part_before_it_takes_its_name(tmp_path: Path) -> None:
    machine = Recorder()
    staging = Staging.open(tmp_path / "run", "key", machine)
    with staging.new_part("a") as folder:
        machine.make_folder(folder / "deep")
        staging.write_table(folder / "deep" / "t.parquet", FRAME)
    named = machine.changes.index(("rename", str(folder), str(staging.root / "a")))
    for path in (folder, folder / "deep", folder / "deep" / "t.parquet"):
        assert ("sync", str(path)) in machine.changes[:named]
    assert ("sync", str(staging.root)) in machine.changes[named:]


def test_two_jobs_on_one_output(tmp_path: Path) -> None:
    refused = pytest.raises(RunInProgress, match=rf"process {os.getpid()} is writing")
    with lock_output(tmp_path / "run"), refused, lock_output(tmp_path / "run"):
        pass
    with lock_output(tmp_path / "run"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_killed_job_keeps_nobody_out(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys\nfrom pipelines.run.staging import lock_output\n"
        "with lock_output(pathlib.Path(sys.argv[1])):\n    os.kill(os.getpid(), 9)\n"
    )
    root = Path(__file__).resolve().parents[3]
    killed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "run")],
        check=False,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert killed.returncode == -9
    assert [path.name for path in tmp_path.iterdir()] == [".run.lock"]
    with lock_output(tmp_path / "run"):
        pass


def test_a_full_disk_is_an_error_of_its_own_and_leaves_no_part(tmp_path: Path) -> None:
    staging = Staging.open(tmp_path / "run", "key", FullDisk(lambda path: path.name == "t.parquet"))
    staging.store("first", {"s": FRAME})
    with pytest.raises(OutOfSpace, match="make room and start the same job again"):
        staging.store("second", {"t": FRAME})
    assert staging.is_finished("first")
    assert not staging.is_finished("second")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_polars_raises_what_we_expect_of_a_full_disk() -> None:
    with pytest.raises(OutOfSpace), full_disk_as_error(Path("staging")):
        pl.DataFrame({"a": range(100_000)}).write_parquet("/dev/full")


def test_frames_lie_on_disk_and_are_read_one_at_a_time(tmp_path: Path) -> None:
    frames = Staging(tmp_path).frames(tmp_path / "frames")
    assert list(frames) == []
    for number in range(12):
        frames.add(FRAME.with_columns(number=number))
    assert len(list((tmp_path / "frames").iterdir())) == 12
    for _ in range(2):
        assert [each["number"][0] for each in frames] == list(range(12))
