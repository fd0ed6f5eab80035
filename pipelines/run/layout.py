"""Writing the tables of a run, in the order of their keys and in files of a fixed number of rows.

So the same run gives the same bytes, however it was divided while it was computed, and in whatever order the files were
finished: several are packed and hashed at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.hashing import file_hash
from pipelines.parallel.threads import run_threads
from pipelines.run.folder import MANIFEST, READY
from pipelines.run.manifest import SCHEMA_VERSION, Manifest
from pipelines.run.staging import Staging

PART_ROWS = 50_000
"""Rows of a file. As many cases take about a hundred megabytes while written."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a table, as `run.json` lists it."""

    table: str
    path: Path  # in the run folder
    rows: int
    sha256: str


def write_run(
    staging: Staging,
    manifest: Manifest,
    tables: Mapping[str, Iterable[pl.DataFrame]],
    timings: Callable[[], Mapping[str, float]] = dict,
) -> None:
    """Write all tables and `run.json` into the staging folder, with the hash of every file.

    tables: each as frames that follow each other in the order of its key. timings: called when all are written.
    Raises OutOfSpace when the disk is full.
    """
    with staging.new_part(READY) as folder:
        outputs: dict[str, dict[str, Any]] = {name: {"rows": 0, "files": {}} for name in sorted(tables)}
        for file in run_threads(_files(staging, folder, tables, manifest), staging.system):
            outputs[file.table]["rows"] += file.rows
            outputs[file.table]["files"][str(file.path)] = file.sha256
        content = replace(manifest, outputs=outputs, timings=timings()).to_json()
        staging.system.write(folder / MANIFEST, content)


def split_rows(frames: Iterable[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """Yield the rows of the frames, in their order, in frames of `rows` rows; the last may be shorter or empty.

    >>> [part.height for part in split_rows([pl.DataFrame({"a": [1, 2, 3]}), pl.DataFrame({"a": [4]})], 3)]
    [3, 1]
    """
    waiting: list[pl.DataFrame] = []
    for frame in frames:
        waiting.append(frame)
        while sum(each.height for each in waiting) > rows:
            joined = pl.concat(waiting)
            yield joined.head(rows).rechunk()
            waiting = [joined.slice(rows)]
    yield pl.concat(waiting, rechunk=True)


def merge_ordered(
    one: Iterable[pl.DataFrame], other: Iterable[pl.DataFrame], key: Sequence[str]
) -> Iterator[pl.DataFrame]:
    """Yield the rows of two tables as frames in the order of the key; each table comes as such frames too.

    No value of the key's first column is in both.

    >>> a, b = ([pl.DataFrame({"k": [2, 4]})], [pl.DataFrame({"k": [1]}), pl.DataFrame({"k": [3, 5]})])
    >>> [part["k"].to_list() for part in merge_ordered(a, b, ["k"])]
    [[1, 2, 3, 4], [5]]
    """
    waiting = iter(other)
    late = next(waiting, None)
    for frame in (each for each in one if each.height):
        rows = [frame]
        while late is not None:
            early = late.filter(pl.col(key[0]) <= frame[key[0]][-1])
            rows.append(early)
            if early.height < late.height:
                late = late.slice(early.height)
                break
            late = next(waiting, None)
        yield pl.concat(rows).sort(key)
    if late is not None:
        yield late
    yield from waiting


def _files(
    staging: Staging, folder: Path, tables: Mapping[str, Iterable[pl.DataFrame]], manifest: Manifest
) -> Iterator[Callable[[], _File]]:
    """Yield a call for each file that writes it, with schema version and run id in its metadata."""
    metadata = {"headwater.schema_version": str(SCHEMA_VERSION), "headwater.run_id": manifest.run_id}

    def write(table: str, path: Path, rows: pl.DataFrame) -> _File:
        staging.write_table(folder / path, rows, metadata)
        return _File(table, path, rows.height, file_hash(folder / path, staging.system))

    for name, frames in sorted(tables.items()):
        place = Path(name) / f"run_date={manifest.as_of}"
        staging.system.make_folder(folder / place)
        for number, part in enumerate(split_rows(frames, PART_ROWS)):
            yield partial(write, name, place / f"part-{number:05d}.parquet", part)
