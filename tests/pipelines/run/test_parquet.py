"""Files of a run: what a reader gets is what was written, in few bytes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.run.parquet import write_parquet

TEXTS = st.sampled_from(["", "a", "é", "\x00", "b" * 40]) | st.text(max_size=3)
LISTS = st.lists(st.none() | st.lists(st.none() | TEXTS))
SCHEMA = pl.Schema({"row": pl.Int64(), "texts": pl.List(pl.String()), "name": pl.String()})


@given(lists=LISTS, often=st.integers(1, 5))
def test_readers_get_what_was_written(lists: list[list[str | None] | None], often: int) -> None:
    count = len(lists) * often
    frame = pl.DataFrame({"row": range(count), "texts": lists * often, "name": ["n"] * count}, schema=SCHEMA)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        write_parquet(frame, path, {"note": "so"})
        read = pl.read_parquet(path)
        assert read.schema == SCHEMA
        assert read.equals(frame)
        assert (
            pl.scan_parquet(path).filter(pl.col("row") > 2).collect().equals(frame.filter(pl.col("row") > 2))
        )
        assert pq.read_table(path).to_pylist() == frame.to_dicts()
        assert pl.read_parquet_metadata(path)["note"] == "so"


def test_texts_that_repeat_are_written_once(tmp_path: Path) -> None:
    sentences = [f"a sentence of some length, number {number}" for number in range(40)]
    write_parquet(pl.DataFrame({"texts": [sentences] * 1000}), tmp_path / "packed", {})
    written = pq.read_metadata(tmp_path / "packed").row_group(0).column(0)
    assert "RLE_DICTIONARY" in written.encodings
    assert written.total_uncompressed_size < 100_000  # 1.7 MB as texts


@pytest.mark.parametrize("sizes", [[6], [1, 5], [2, 2, 2]])
def test_the_same_rows_give_the_same_bytes(tmp_path: Path, sizes: list[int]) -> None:
    rows = pl.DataFrame({"texts": [["b", "a"], ["a", "c"], None, ["c"], ["a", "b"], ["b", "a"]]})
    pieces, start = [], 0
    for size in sizes:
        pieces.append(rows[start : start + size])
        start += size
    write_parquet(rows, tmp_path / "once", {})
    write_parquet(pl.concat(pieces).rechunk(), tmp_path / "pieces", {})
    assert (tmp_path / "once").read_bytes() == (tmp_path / "pieces").read_bytes()
