"""The run folder: whole or absent, and the same bytes for the same run."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path

import polars as pl
import pytest

from lists.system import SYSTEM, System
from pipelines.errors import OutputOccupied, RunDamaged, RunNotFound
from pipelines.run import Manifest, open_run
from pipelines.run.folder import READY, prepare_output, put_in_place
from pipelines.run.layout import split_rows, write_run
from pipelines.run.manifest import Basis
from pipelines.run.staging import Staging
from pipelines.run.verify import check_files
from tests.machines import Stopped, StopsAt


def manifest(as_of: str = "2026-11-22", seconds: float = 1.0) -> Manifest:
    basis = Basis(
        as_of=as_of, lists_mode="as-of", code_version="0", code_sha256="k", config_sha256="c", files=(),
        lists=(), rules=(),
    )  # fmt: skip
    return Manifest(basis, timings={"all": seconds})


CASES = pl.DataFrame({"customer_id": ["1", "2"], "findings": [[{"rule_id": "EL_LISTING"}], []]})


def write(out: Path, described: Manifest, *frames: pl.DataFrame, system: System = SYSTEM) -> Manifest:
    prepare_output(out, system)
    staging = Staging.open(out, described.run_id, system)
    if not staging.is_finished(READY):
        write_run(staging, described, {"cases": frames})
    return put_in_place(staging, out)


def test_round_trip(tmp_path: Path) -> None:
    written = write(tmp_path / "run", manifest(), CASES)
    run = open_run(tmp_path / "run")
    assert run.manifest["outputs"]["cases"]["rows"] == 2
    assert run.table("cases").equals(CASES)
    assert written.as_of == run.manifest["as_of"] == "2026-11-22"
    assert written.run_id == run.manifest["run_id"]


def test_same_run_same_bytes_whatever_the_timing_and_the_division(tmp_path: Path) -> None:
    first = write(tmp_path / "a", manifest(seconds=1.0), CASES)
    second = write(tmp_path / "b", manifest(seconds=9.0), CASES[:1], CASES[:0], CASES[1:])
    assert first.run_id == second.run_id
    assert first.outputs == second.outputs


@pytest.mark.parametrize("sizes", [[7], [3, 4], [1, 1, 5], [0, 7, 0]])
def test_a_table_is_cut_at_the_same_rows_however_it_comes(sizes: list[int]) -> None:
    whole = pl.DataFrame({"a": range(7)})

    def pieces() -> Iterable[pl.DataFrame]:
        at = 0
        for size in sizes:
            yield whole[at : at + size]
            at += size

    assert [part["a"].to_list() for part in split_rows(pieces(), 3)] == [[0, 1, 2], [3, 4, 5], [6]]


def test_a_run_replaces_a_run_but_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "run"
    write(out, manifest(), CASES)
    write(out, manifest("2026-11-23"), CASES)
    assert open_run(out).manifest["as_of"] == "2026-11-23"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    other = tmp_path / "letters"
    other.mkdir()
    (other / "love.txt").write_text("dear")
    with pytest.raises(OutputOccupied):
        write(other, manifest(), CASES)
    assert (other / "love.txt").read_text() == "dear"


def test_a_run_that_a_killed_job_had_moved_away_comes_back(tmp_path: Path) -> None:
    out = tmp_path / "run"
    write(out, manifest(), CASES)
    out.rename(tmp_path / ".run.old")
    prepare_output(out)
    assert open_run(out).table("cases").height == 2


def test_no_run_and_a_lost_table_are_errors(tmp_path: Path) -> None:
    with pytest.raises(RunNotFound, match=r"run\.json"):
        open_run(tmp_path)
    write(tmp_path / "run", manifest(), CASES)
    next((tmp_path / "run").rglob("*.parquet")).unlink()
    with pytest.raises(RunDamaged, match="part-00000"):
        open_run(tmp_path / "run").table("cases")


def test_wherever_the_machine_stops_the_old_run_or_the_new_one_is_whole(tmp_path: Path) -> None:
    out, more = tmp_path / "run", pl.concat([CASES, CASES])
    write(out, manifest(), CASES)
    for change in count(1):
        machine = StopsAt(change)
        with suppress(Stopped):
            write(out, manifest("2026-11-23"), more, system=machine)
            break
        prepare_output(out)
        run = open_run(out)
        assert run.table("cases").equals(CASES if run.manifest["as_of"] == "2026-11-22" else more)
        assert check_files(run) == 1
    assert change > 12
    assert open_run(out).table("cases").equals(more)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
