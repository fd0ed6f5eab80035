"""The run folder: whole or absent, and the same bytes for the same run."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import OutputOccupied, RunNotFound
from pipelines.hashing import file_hash
from pipelines.run import Manifest, open_run, write_run


def manifest(as_of: str = "2026-11-22", seconds: float = 1.0) -> Manifest:
    return Manifest(
        as_of=as_of, lists_mode="as-of", code_version="0", config_sha256="c", inputs=(), lists=(), rules=(),
        timings={"all": seconds},
    )  # fmt: skip


CASES = pl.DataFrame({"case_id": ["C-2", "C-1"], "findings": [[{"rule_id": "EL_LISTING"}], []]})


def test_round_trip_sorted_by_key(tmp_path: Path) -> None:
    write_run(tmp_path / "run", manifest(), {"cases": CASES})
    run = open_run(tmp_path / "run")
    assert run.manifest["outputs"]["cases"]["rows"] == 2
    assert run.table("cases")["case_id"].to_list() == ["C-1", "C-2"]


def test_same_run_same_bytes_whatever_the_timing(tmp_path: Path) -> None:
    first = write_run(tmp_path / "a", manifest(seconds=1.0), {"cases": CASES})
    second = write_run(tmp_path / "b", manifest(seconds=9.0), {"cases": CASES.reverse()})
    assert first.run_id == second.run_id
    assert first.outputs == second.outputs
    file = Path("cases/run_date=2026-11-22/part-0.parquet")
    assert file_hash(tmp_path / "a" / file) == file_hash(tmp_path / "b" / file)


def test_a_run_replaces_a_run_but_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "run"
    write_run(out, manifest(), {"cases": CASES})
    write_run(out, manifest("2026-11-23"), {"cases": CASES})
    assert open_run(out).manifest["as_of"] == "2026-11-23"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    other = tmp_path / "letters"
    other.mkdir()
    (other / "love.txt").write_text("dear")
    with pytest.raises(OutputOccupied):
        write_run(other, manifest(), {"cases": CASES})
    assert (other / "love.txt").read_text() == "dear"


def test_no_run_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(RunNotFound, match=r"run\.json"):
        open_run(tmp_path)
