"""The staging folder: parts appear whole, one job at a time, and a full disk loses nothing that was finished."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import OutOfSpace, RunInProgress
from pipelines.run import staging as module
from pipelines.run.staging import FrameFolder, Staging, occupied

FRAME = pl.DataFrame({"a": [1]})


def test_a_part_is_made_once(tmp_path: Path) -> None:
    staging = Staging.open(tmp_path / "run", "key")
    staging.part("names/0", lambda: {"hits": FRAME})
    again = Staging.open(tmp_path / "run", "key").part("names/0", lambda: pytest.fail("made again"))
    assert again.table("hits").equals(FRAME)


def test_another_key_starts_afresh(tmp_path: Path) -> None:
    Staging.open(tmp_path / "run", "key").part("a", lambda: {"t": FRAME})
    assert not Staging.open(tmp_path / "run", "other").holds("a")


def test_half_a_part_is_none(tmp_path: Path) -> None:
    staging = Staging.open(tmp_path / "run", "key")
    with pytest.raises(ZeroDivisionError), staging.laying("deep/a") as folder:
        (folder / "t.parquet").write_bytes(b"half")
        raise ZeroDivisionError
    assert not staging.holds("deep/a")
    reopened = Staging.open(tmp_path / "run", "key")
    assert reopened.part("deep/a", lambda: {"t": FRAME}).table("t").equals(FRAME)


def test_two_jobs_on_one_output(tmp_path: Path) -> None:
    refused = pytest.raises(RunInProgress, match=rf"process {os.getpid()} is writing")
    with occupied(tmp_path / "run"), refused, occupied(tmp_path / "run"):
        pass
    with occupied(tmp_path / "run"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_killed_job_holds_nobody_off(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys\nfrom pipelines.run.staging import occupied\n"
        "with occupied(pathlib.Path(sys.argv[1])):\n    os.kill(os.getpid(), 9)\n"
    )
    root = Path(__file__).resolve().parents[3]
    killed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "run")],
        check=False,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert killed.returncode == -9
    assert [path.name for path in tmp_path.iterdir()] == [".run.lock"]
    with occupied(tmp_path / "run"):
        pass


def test_a_full_disk_is_said_so_and_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    staging = Staging.open(tmp_path / "run", "key")
    staging.part("first", lambda: {"t": FRAME})

    def full(path: Path, frame: pl.DataFrame) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(module, "write_table", full)
        with pytest.raises(OutOfSpace, match="make room and start the same job again"):
            staging.part("second", lambda: {"t": FRAME})
    assert staging.holds("first")
    assert not staging.holds("second")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_polars_says_a_full_disk_as_we_expect() -> None:
    with pytest.raises(OutOfSpace), module.room_for(Path("staging")):
        pl.DataFrame({"a": range(100_000)}).write_parquet("/dev/full")


def test_frames_lie_on_disk_and_are_read_one_at_a_time(tmp_path: Path) -> None:
    laid = FrameFolder(tmp_path / "laid")
    assert list(laid) == []
    for number in range(12):
        laid.add(FRAME.with_columns(number=number))
    assert len(list((tmp_path / "laid").iterdir())) == 12
    for _ in range(2):
        assert [each["number"][0] for each in laid] == list(range(12))
