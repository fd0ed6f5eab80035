"""The folder of a run: opening one, and moving one to its place.

A run is written in the staging folder and renamed to its place, so nobody ever sees half of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from lists.system import SYSTEM, System
from pipelines.errors import OutputOccupied, RunDamaged, RunNotFound
from pipelines.run.manifest import Manifest
from pipelines.run.staging import Staging

MANIFEST = "run.json"
SHARD = "shard.json"
READY = "run"


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its folder and the content of its `run.json`."""

    path: Path
    manifest: Mapping[str, Any]
    system: System = field(default=SYSTEM, repr=False, compare=False)

    def table(self, name: str) -> pl.DataFrame:
        """Return one table of the run; raises RunDamaged where a file of it is gone."""
        return pl.read_parquet(self._files(name), hive_partitioning=False)

    def parts(self, name: str) -> Iterator[pl.DataFrame]:
        """Yield the files of one table, in the order of its key. Raises RunDamaged."""
        return (pl.read_parquet(file, hive_partitioning=False) for file in self._files(name))

    def rows(self, name: str, key: str, first: str, last: str) -> pl.DataFrame:
        """Return the rows of one table with a key from `first` to `last`. Raises RunDamaged."""
        return self.scan(name).filter(pl.col(key).is_between(pl.lit(first), pl.lit(last))).collect()

    def scan(self, name: str) -> pl.LazyFrame:
        """Return one table that is read when it is collected, only as far as it is wanted. Raises RunDamaged."""
        return pl.scan_parquet(self._files(name), hive_partitioning=False)

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
        return [self.system.path_for_reading(file) for file in sorted(files)]


def open_run(path: Path, system: System = SYSTEM) -> Run:
    """Open a finished run; raises RunNotFound where there is none."""
    file = path / MANIFEST
    if not file.is_file():
        raise RunNotFound(f"{path}: no finished run here (no {MANIFEST}). Name the folder given as --out.")
    with system.open(file) as stream:
        return Run(path, orjson.loads(stream.read()), system)


def put_in_place(staging: Staging, out: Path) -> Manifest:
    """Move the run that is ready in the staging folder to `out`, and remove the staging folder."""
    move_in(staging, READY, out)
    with staging.system.open(out / MANIFEST) as stream:
        return Manifest.from_json(stream.read())


def move_in(staging: Staging, name: str, out: Path) -> None:
    """Move a finished folder of the staging folder to `out` and remove the rest; an older run at `out` is replaced."""
    system = staging.system
    if out.exists():
        system.rename(out, _old(out))
    system.rename(staging.root / name, out)
    system.sync(out.parent)
    system.remove_tree(_old(out))
    staging.remove()


def prepare_output(out: Path, system: System = SYSTEM) -> None:
    """Raise OutputOccupied unless `out` is absent, empty, or a finished run or shard.

    A job killed between the two renames of its last step leaves the older run under another name: move that back.
    """
    old = _old(out)
    if old.is_dir() and not out.exists():
        system.rename(old, out)
    system.remove_tree(old)
    ours = any((out / name).is_file() for name in (MANIFEST, SHARD))
    if out.exists() and not ours and (not out.is_dir() or any(out.iterdir())):
        raise OutputOccupied(f"{out}: holds something that is not a run. Name a new or empty folder.")


def _old(out: Path) -> Path:
    return out.parent / f".{out.name}.old"
