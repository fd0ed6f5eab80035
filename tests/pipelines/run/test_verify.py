"""Verification finds a file that is not as the run wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import RunDamaged
from pipelines.run import open_run
from pipelines.run.verify import check_files
from tests.pipelines.run.test_folder import CASES, manifest, write


def test_a_changed_byte_and_a_lost_file_are_found(tmp_path: Path) -> None:
    write(tmp_path / "run", manifest(), CASES)
    assert check_files(open_run(tmp_path / "run")) == 1
    (cases,) = (tmp_path / "run/cases").rglob("*.parquet")
    cases.write_bytes(cases.read_bytes()[:-1] + b"x")
    with pytest.raises(RunDamaged, match="not as the run wrote it: cases"):
        check_files(open_run(tmp_path / "run"))
    cases.unlink()
    with pytest.raises(RunDamaged, match="part-00000"):
        check_files(open_run(tmp_path / "run"))
