"""Logs for machines: every line JSON, no customer and no party in any of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import polars as pl
import pytest

from pipelines.demo import sample_folder

HEADWATER = [sys.executable, "-c", "from desk.cli import main; main()", "--log-json"]


def logged(*words: str | Path) -> tuple[int, list[dict[str, object]], str]:
    done = subprocess.run([*HEADWATER, *map(str, words)], capture_output=True, text=True, check=False)
    return done.returncode, [orjson.loads(line) for line in done.stderr.splitlines()], done.stderr


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    code, *_ = logged(
        "refresh", "--store", folder / "store", "--partial", "--published", "2026-11-20",
        "--from", sample_folder() / "lists",
    )  # fmt: skip
    assert code == 0
    return folder / "store"


@pytest.mark.slow
def test_a_night_in_json_without_names(store: Path, tmp_path: Path) -> None:
    book = pl.read_csv(sample_folder() / "customers.csv", infer_schema=False)
    spoilt = book.with_columns(
        country=pl.when(pl.int_range(pl.len()) == 3).then(pl.lit("Atlantis-9")).otherwise("country")
    )
    spoilt.write_csv(tmp_path / "customers.csv")
    code, lines, text = logged(
        "screen", tmp_path / "customers.csv", "--store", store, "--out", tmp_path / "run",
        "--as-of", "2026-11-22", "--metrics", tmp_path / "headwater.prom",
    )  # fmt: skip
    assert code == 0
    assert {"timestamp", "level", "event"} <= set.intersection(*(set(line) for line in lines))
    assert [line["event"] for line in lines].count("finished") == 1
    assert lines[-1]["customers"] == 300
    assert "Atlantis-9" not in text
    secret = [name for name in book["name"].to_list() if name and name in text]
    assert not secret
    assert (tmp_path / "headwater.prom").is_file()


def test_a_failure_is_one_line(tmp_path: Path) -> None:
    code, lines, _ = logged("explain", "C-1", "--run", tmp_path)
    assert code == 1
    assert [(line["event"], line["level"], line["kind"]) for line in lines] == [
        ("failed", "error", "RunNotFound")
    ]
