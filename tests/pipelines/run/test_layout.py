"""Writing a run: every row in its place, whichever file is finished first, and no run where one failed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import polars as pl
import pytest

from lists.system import System
from pipelines.errors import OutOfSpace
from pipelines.run import layout, open_run
from pipelines.run.folder import READY
from pipelines.run.staging import Staging
from tests.machines import FullDisk
from tests.pipelines.run.test_folder import manifest, write

ROWS = pl.DataFrame({"customer_id": [f"{number:03d}" for number in range(95)]})


class FirstIsLast(System):
    """Finishes the first file of each pair only when the second is written."""

    def __init__(self) -> None:
        self.written = {number: Event() for number in range(10)}

    def write_with(self, path: Path, writer: Callable[[Path], object]) -> None:
        if path.suffix == ".parquet":
            number = int(path.stem.removeprefix("part-"))
            if number % 2 == 0:
                assert self.written[number + 1].wait(60)
            super().write_with(path, writer)
            self.written[number].set()
        else:
            super().write_with(path, writer)


def test_no_row_is_lost_whichever_file_is_finished_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "PART_ROWS", 10)
    plain = write(tmp_path / "plain", manifest(), ROWS)
    late = write(tmp_path / "late", manifest(), ROWS[:33], ROWS[33:], system=FirstIsLast())
    assert late.outputs == plain.outputs
    assert late.outputs["cases"]["rows"] == ROWS.height
    assert len(late.outputs["cases"]["files"]) == 10
    assert open_run(tmp_path / "late").table("cases").equals(ROWS)


def test_a_file_that_cannot_be_written_leaves_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "PART_ROWS", 10)
    staging = Staging.open(tmp_path / "run", "key", FullDisk(lambda path: path.stem.endswith("-00004")))
    with pytest.raises(OutOfSpace):
        layout.write_run(staging, manifest(), {"cases": [ROWS]})
    assert not staging.is_finished(READY)
