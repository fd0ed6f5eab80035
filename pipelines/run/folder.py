"""The folder of a run: opening one, and putting one in its place.

A run is laid out in the staging folder and renamed into its place, so nobody ever sees half of one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from pipelines.errors import OutputOccupied, RunDamaged, RunNotFound
from pipelines.run.manifest import Manifest
from pipelines.run.staging import Staging, sync

MANIFEST = "run.json"
SHARD = "shard.json"
READY = "run"


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


def _old(out: Path) -> Path:
    return out.parent / f".{out.name}.old"
