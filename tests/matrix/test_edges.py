"""One value never stops the night: every column of every input, with the edges of every type, goes through a whole job.

What cannot be used is a problem of its row; what can be is there. The number of cells: `len(edges())` a column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.demo import demo_job
from pipelines.errors import InputRejected
from pipelines.inputs.book import BookFiles
from pipelines.job.config import Config
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.run import Manifest, open_run
from tests.matrix.edges import diagonal_table, edge_table, edge_tables, edges, numbered_rows, silent

TABLES = dict(edge_tables())
UNBOUNDED = Config.model_validate(
    {
        "limits": {
            "max_rows_set_aside": 1,
            "max_other_rows_set_aside": 1,
            "max_values_ignored": 1,
            "min_joined": 0,
        }
    }
)


def job_of(frames: Mapping[str, pl.DataFrame], folder: Path, config: Config) -> Job:
    """The job on a book whose files hold these tables."""
    paths = {}
    for name, frame in frames.items():
        paths[name] = folder / f"{name}.csv"
        frame.write_csv(paths[name])
    ownership = tuple(paths.pop(name) for name in ("ownership", "percent"))
    job = demo_job(folder / "sample", date(2026, 11, 22))
    return replace(job, files=BookFiles(ownership=ownership, **paths), config=config, out=folder / "run")


@pytest.fixture(scope="module")
def diagonal(tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, Manifest]:
    """A finished job on a book in which each row has another edge in each column that it can do without."""
    frames = {name: diagonal_table(table, edges())[0] for name, table in TABLES.items()}
    job = job_of(frames, tmp_path_factory.mktemp("edges"), UNBOUNDED)
    return job, run(job)


def test_the_job_ends_and_says_what_it_could_not_use(diagonal: tuple[Job, Manifest]) -> None:
    job, manifest = diagonal
    files: dict[str, dict[str, Any]] = {row["file"]: row for row in manifest.health["files"]}
    problems = open_run(job.out).table("problems")
    for name, table in TABLES.items():
        ignored = {lost["column"] for lost in files[f"{name}.csv"]["values_ignored"]}
        typed = [
            c
            for c in table.columns
            if c.kind in ("date", "number", "integer", "decimal", "operations", "flag")
        ]
        assert {c.name for c in typed if not c.needed and c.name[:5] != "share"} <= ignored, name
        assert problems.filter(pl.col("file") == f"{name}.csv").height
    assert (
        manifest.counts["customers"] + files["customers.csv"]["rows_set_aside"]
        == files["customers.csv"]["rows"]
    )


def test_within_the_usual_bounds_the_job_is_refused_with_reasons(
    diagonal: tuple[Job, Manifest], tmp_path: Path
) -> None:
    job, _ = diagonal
    with pytest.raises(InputRejected) as refused:
        run(replace(job, config=Config(), out=tmp_path / "run"))
    assert "customers.csv" in str(refused.value)


def unseen(name: str, path: Path, first: int = 2) -> list[tuple[str, str]]:
    """Column and value of the edges that a file loses without a word; `first`: the number of its first row."""
    frame, cells = edge_table(TABLES[name], edges())
    getattr(frame, f"write_{path.suffix[1:]}")(path)
    at = [replace(cell, row=cell.row - 2 + first) for cell in cells]
    return [(cell.column.name, cell.value[:40]) for cell in silent(at, *numbered_rows(name, path))]


@pytest.mark.parametrize("name", TABLES)
def test_every_edge_in_every_column_shows(name: str, tmp_path: Path) -> None:
    assert unseen(name, tmp_path / "table.csv") == []


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("form", ["ndjson", "parquet"])
def test_every_edge_shows_in_other_formats(name: str, form: str, tmp_path: Path) -> None:
    assert unseen(name, tmp_path / f"table.{form}", first=1) == []


@pytest.mark.slow
def test_every_edge_alone_goes_through_the_job(tmp_path: Path) -> None:
    frames = {name: edge_table(table, edges())[0] for name, table in TABLES.items()}
    run(job_of(frames, tmp_path, UNBOUNDED))
