"""Laying out a run: every row in its place, whichever file is finished first, and no run where one failed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import OutOfSpace
from pipelines.run import layout, open_run
from pipelines.run.folder import READY
from pipelines.run.staging import Staging, write_table
from tests.pipelines.run.test_folder import manifest, write

ROWS = pl.DataFrame({"customer_id": [f"{number:03d}" for number in range(95)]})


def test_no_row_is_lost_whichever_file_is_finished_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow_at_first(path: Path, frame: pl.DataFrame, metadata: Mapping[str, str]) -> None:
        time.sleep(0.05 if path.stem.endswith(("0", "3")) else 0)
        write_table(path, frame, metadata)

    monkeypatch.setattr(layout, "PART_ROWS", 10)
    plain = write(tmp_path / "plain", manifest(), ROWS)
    monkeypatch.setattr(layout, "write_table", slow_at_first)
    slow = write(tmp_path / "slow", manifest(), ROWS[:33], ROWS[33:])
    assert slow.outputs == plain.outputs
    assert slow.outputs["cases"]["rows"] == ROWS.height
    assert len(slow.outputs["cases"]["files"]) == 10
    assert open_run(tmp_path / "slow").table("cases").equals(ROWS)


def test_a_file_that_cannot_be_written_leaves_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, frame: pl.DataFrame, metadata: Mapping[str, str]) -> None:
        if path.stem.endswith("4"):
            raise OSError(28, "No space left on device")
        write_table(path, frame, metadata)

    monkeypatch.setattr(layout, "PART_ROWS", 10)
    monkeypatch.setattr(layout, "write_table", full)
    staging = Staging.open(tmp_path / "run", "key")
    with pytest.raises(OutOfSpace):
        layout.lay_out(staging, manifest(), {"cases": [ROWS]})
    assert not staging.holds(READY)
