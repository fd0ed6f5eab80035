"""Writing and opening a run folder.

A run is laid out in the staging folder and renamed into its place, so nobody ever sees half of one. Every table is
sorted by its key and cut into files of a fixed number of rows, so the same run gives the same bytes, however it was
divided while it was computed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from pipelines.errors import OutputOccupied, RunDamaged, RunNotFound
from pipelines.hashing import file_hash
from pipelines.run.manifest import SCHEMA_VERSION, Manifest
from pipelines.run.staging import Staging, sync, write_table, write_whole

MANIFEST = "run.json"
SHARD = "shard.json"
READY = "run"
PART_ROWS = 50_000
"""Rows of a file. As many cases, with all that was not checked of each, take a third of a gigabyte while written."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "cases": ("customer_id",),
    "findings": ("customer_id", "rule_id", "outcome", "reason"),
    "matches": ("customer_id", "matched_entity_id", "role", "party_id"),
    "restricted": ("entity_id", "regime"),
    "judgements": ("customer_id",),
    "patterns": ("pattern",),
    "coverage": ("rule_id", "outcome", "branch", "missing"),
    "changes": ("customer_id",),
    "suppressed": ("matched_entity_id", "party_id"),
    "below_line": ("matched_entity_id", "party_id"),
    "contradicted": ("matched_entity_id", "party_id"),
    "hits": ("matched_entity_id", "party_id"),
    "parties": ("party_id",),
    "fingerprints": ("kind", "subject_id"),
    "problems": ("table", "file", "row", "column", "reason"),
}
"""The tables of a run and the columns they are sorted by."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its folder and what `run.json` says."""

    path: Path
    manifest: Mapping[str, Any]

    def table(self, name: str) -> pl.DataFrame:
        """Return one table of the run; raises RunDamaged where a file of it is gone."""
        return pl.read_parquet(self._files(name), hive_partitioning=False)

    def parts(self, name: str) -> Iterator[pl.DataFrame]:
        """Yield the files of one table, in the order of its key. Raises RunDamaged."""
        return (pl.read_parquet(file, hive_partitioning=False) for file in self._files(name))

    def rows(self, name: str, key: str, first: str, last: str) -> pl.DataFrame:
        """Return the rows of one table with a key from `first` to `last`. Raises RunDamaged."""
        files = pl.scan_parquet(self._files(name), hive_partitioning=False)
        return files.filter(pl.col(key).is_between(pl.lit(first), pl.lit(last))).collect()

    def columns(self, name: str, *columns: str) -> pl.DataFrame:
        """Return some columns of one table. Raises RunDamaged."""
        return pl.read_parquet(self._files(name), columns=list(columns), hive_partitioning=False)

    def _files(self, name: str) -> list[Path]:
        files = [self.path / file for file in self.manifest["outputs"].get(name, {}).get("files", {})]
        gone = [str(file.relative_to(self.path)) for file in files if not file.is_file()]
        if gone or not files:
            raise RunDamaged(
                f"{self.path}: {', '.join(gone) or f'table {name}'} is missing. Run the screening again."
            )
        return sorted(files)


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
        outputs = {
            name: _write_table(folder, name, frames, manifest) for name, frames in sorted(tables.items())
        }
        write_whole(folder / MANIFEST, replace(manifest, outputs=outputs, timings=timings()).to_json())


def put_in_place(staging: Staging, out: Path) -> Manifest:
    """Move what `lay_out` wrote to `out` and remove the staging folder; an older run at `out` is replaced."""
    move_in(staging, READY, out)
    return Manifest.from_json((out / MANIFEST).read_bytes())


def move_in(staging: Staging, name: str, out: Path) -> None:
    """Move a finished folder of the staging folder to `out` and remove the rest; what is at `out` is replaced."""
    if out.exists():
        out.rename(_old(out))
    (staging.root / name).rename(out)
    sync(out.parent)
    shutil.rmtree(_old(out), ignore_errors=True)
    staging.remove()


def open_run(path: Path) -> Run:
    """Open a finished run; raises RunNotFound where there is none."""
    file = path / MANIFEST
    if not file.is_file():
        raise RunNotFound(f"{path}: no finished run here (no {MANIFEST}). Name the folder given as --out.")
    return Run(path, orjson.loads(file.read_bytes()))


def check_free(out: Path) -> None:
    """Raise OutputOccupied unless `out` is absent, empty, a finished run or shard; put back what a kill took away.

    A job killed between the two renames of its last step leaves the older run under another name.
    """
    old = _old(out)
    if old.is_dir() and not out.exists():
        old.rename(out)
    shutil.rmtree(old, ignore_errors=True)
    ours = any((out / name).is_file() for name in (MANIFEST, SHARD))
    if out.exists() and not ours and (not out.is_dir() or any(out.iterdir())):
        raise OutputOccupied(f"{out}: holds something that is not a run. Name a new or empty folder.")


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


def _write_table(
    folder: Path, name: str, frames: Iterable[pl.DataFrame], manifest: Manifest
) -> dict[str, Any]:
    """Write one table with schema version and run id in the metadata of each file."""
    metadata = {"headwater.schema_version": str(SCHEMA_VERSION), "headwater.run_id": manifest.run_id}
    place = Path(name) / f"run_date={manifest.as_of}"
    (folder / place).mkdir(parents=True)
    files, rows = {}, 0
    for number, part in enumerate(cut(frames, PART_ROWS)):
        file = place / f"part-{number:05d}.parquet"
        write_table(folder / file, part, metadata)
        files[str(file)] = file_hash(folder / file)
        rows += part.height
    sync(folder / place)
    return {"rows": rows, "files": files}


def _old(out: Path) -> Path:
    return out.parent / f".{out.name}.old"
