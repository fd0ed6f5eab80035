"""The real machine behind the seam: what it promises of files and locks."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import UTC
from pathlib import Path

import pytest

from lists.system import SYSTEM, Locked
from tests.machines import FullDisk, Recorder


def test_a_file_is_replaced_whole_or_stays(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    SYSTEM.write_atomically(path, b"first")
    with pytest.raises(OSError, match="No space left"):
        FullDisk(lambda _: True).write_atomically(path, b"second")
    assert path.read_bytes() == b"first"
    SYSTEM.write_atomically(path, b"third")
    assert path.read_bytes() == b"third"
    assert list(tmp_path.iterdir()) == [path]


def test_the_disk_has_a_file_before_it_takes_its_name_and_the_name_after(tmp_path: Path) -> None:
    machine = Recorder()
    machine.write_atomically(tmp_path / "small.json", b"content")
    operations = [operation for operation, *_ in machine.changes]
    assert operations == ["write", "sync", "rename", "sync"]
    assert machine.changes[-1] == ("sync", str(tmp_path))


def test_a_tree_is_synced_from_its_leaves(tmp_path: Path) -> None:
    machine = Recorder()
    machine.make_folder(tmp_path / "a" / "b")
    machine.write(tmp_path / "a" / "b" / "file", b"content")
    machine.changes.clear()
    machine.sync_tree(tmp_path / "a")
    assert [Path(path).name for _, path in machine.changes] == ["file", "b", "a"]


def test_a_file_is_linked_and_copied_where_it_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"content")
    SYSTEM.link(tmp_path / "file", tmp_path / "linked")
    assert (tmp_path / "linked").samefile(tmp_path / "file")

    def another_disk(source: Path, target: Path) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "link", another_disk)
    SYSTEM.link(tmp_path / "file", tmp_path / "copied")
    assert not (tmp_path / "copied").samefile(tmp_path / "file")
    assert (tmp_path / "copied").read_bytes() == b"content"


def test_removing_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    SYSTEM.remove(tmp_path / "file")
    SYSTEM.remove_tree(tmp_path / "folder")


def test_a_lock_names_its_holder_and_ends_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\nfrom pathlib import Path\nfrom lists.system import SYSTEM\n"
            f"with SYSTEM.lock(Path({str(path)!r})):\n    print('held', flush=True)\n    sys.stdin.read()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    with holder:
        assert holder.stdout and holder.stdout.readline() == b"held\n"
        with pytest.raises(Locked, match=f"process {holder.pid}"), SYSTEM.lock(path):
            pass
        holder.kill()
    assert path.exists(), "nobody was left to remove it"
    with SYSTEM.lock(path):
        pass
    assert not path.exists()


def test_the_time_of_day_has_a_zone_and_the_other_clock_never_goes_back() -> None:
    assert SYSTEM.now().tzinfo is UTC
    assert SYSTEM.seconds() <= SYSTEM.seconds()
