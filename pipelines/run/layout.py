"""Laying out the tables of a run, in the order of their keys and in files of a fixed number of rows.

So the same run gives the same bytes, however it was divided while it was computed, and in whatever order the files were
finished: they are packed and hashed side by side.
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
from pipelines.run.staging import Staging, sync, write_table, write_whole

PART_ROWS = 50_000
"""Rows of a file. As many cases take about a hundred megabytes while written."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a table, as it is told in `run.json`."""

    table: str
    path: Path  # in the run folder
    rows: int
    sha256: str


def lay_out(
    staging: Staging,
    manifest: Manifest,
    tables: Mapping[str, Iterable[pl.DataFrame]],
    timings: Callable[[], Mapping[str, float]] = dict,
) -> None:
    """Write all tables and `run.json` into the staging folder, with the hash of every file.

    Each table comes as frames that follow each other in the order of its key; `timings` is asked when all are written.
    Raises OutOfSpace when the disk is full.
    """
    with staging.laying(READY) as folder:
        outputs: dict[str, dict[str, Any]] = {name: {"rows": 0, "files": {}} for name in sorted(tables)}
        for file in run_threads(_files(folder, tables, manifest)):
            outputs[file.table]["rows"] += file.rows
            outputs[file.table]["files"][str(file.path)] = file.sha256
        for name in tables:
            sync(folder / _place(name, manifest))
        write_whole(folder / MANIFEST, replace(manifest, outputs=outputs, timings=timings()).to_json())


def cut(frames: Iterable[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """Yield the rows of the frames, in their order, in frames of `rows` rows; the last may be shorter or empty.

    >>> [part.height for part in cut([pl.DataFrame({"a": [1, 2, 3]}), pl.DataFrame({"a": [4]})], 3)]
    [3, 1]
    """
    held: list[pl.DataFrame] = []
    for frame in frames:
        held.append(frame)
        while sum(each.height for each in held) > rows:
            joined = pl.concat(held)
            yield joined.head(rows).rechunk()
            held = [joined.slice(rows)]
    yield pl.concat(held, rechunk=True)


def merged(
    one: Iterable[pl.DataFrame], other: Iterable[pl.DataFrame], key: Sequence[str]
) -> Iterator[pl.DataFrame]:
    """Yield the rows of two tables, each given as frames in the order of the key, as such frames of both together.

    No value of the key's first column stands in both.

    >>> a, b = ([pl.DataFrame({"k": [2, 4]})], [pl.DataFrame({"k": [1]}), pl.DataFrame({"k": [3, 5]})])
    >>> [part["k"].to_list() for part in merged(a, b, ["k"])]
    [[1, 2, 3, 4], [5]]
    """
    waiting = iter(other)
    held = next(waiting, None)
    for frame in (each for each in one if each.height):
        rows = [frame]
        while held is not None:
            early = held.filter(pl.col(key[0]) <= frame[key[0]][-1])
            rows.append(early)
            if early.height < held.height:
                held = held.slice(early.height)
                break
            held = next(waiting, None)
        yield pl.concat(rows).sort(key)
    if held is not None:
        yield held
    yield from waiting


def _place(name: str, manifest: Manifest) -> Path:
    return Path(name) / f"run_date={manifest.as_of}"


def _files(
    folder: Path, tables: Mapping[str, Iterable[pl.DataFrame]], manifest: Manifest
) -> Iterator[Callable[[], _File]]:
    """Yield the writing of each file, with schema version and run id in its metadata."""
    metadata = {"headwater.schema_version": str(SCHEMA_VERSION), "headwater.run_id": manifest.run_id}
    for name, frames in sorted(tables.items()):
        place = _place(name, manifest)
        (folder / place).mkdir(parents=True)
        for number, part in enumerate(cut(frames, PART_ROWS)):
            yield partial(_write, folder, name, place / f"part-{number:05d}.parquet", part, metadata)


def _write(folder: Path, name: str, path: Path, rows: pl.DataFrame, metadata: Mapping[str, str]) -> _File:
    write_table(folder / path, rows, metadata)
    return _File(name, path, rows.height, file_hash(folder / path))
