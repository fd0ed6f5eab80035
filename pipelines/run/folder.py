"""The folder of a run: opening one, and moving one to its place.

A run is written in the staging folder and renamed to its place, so nobody ever sees half of one. Whoever reads a table
reads the files that the run wrote, or is told that they are not those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from lists.system import SYSTEM, System
from pipelines.errors import RunDamaged, RunNotFound
from pipelines.run.checked import SHOWN, CheckedFiles
from pipelines.run.manifest import Manifest, content_hash, read_body
from pipelines.run.place import real_place, require_replaceable
from pipelines.run.staging import Staging

MANIFEST = "run.json"
SHARD = "shard.json"
READY = "run"


WHAT_TO_DO = (
    "Put the folder back from a copy, or do without it: a full run (headwater screen) needs no earlier one."
)


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its folder and the content of its `run.json`.

    Every file is compared with its hash before it is read; each method raises RunDamaged where one is missing or not as
    the run wrote it.
    """

    path: Path
    manifest: Mapping[str, Any]
    system: System = field(default=SYSTEM, repr=False, compare=False)
    _checked: CheckedFiles = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_checked", CheckedFiles(self.path, self.system))

    @property
    def content_sha256(self) -> str:
        """The SHA-256 of everything that `run.json` says, the hashes of all files among it."""
        return content_hash(self.manifest)

    def files(self) -> dict[str, str]:
        """Return the SHA-256 of each file of the run, by its path in the folder."""
        return {
            name: hash_ for table in self.manifest["outputs"] for name, hash_ in self._hashes(table).items()
        }

    def fault(self, file: str, sha256: str) -> str | None:
        """Say what is wrong with a file of the run; None where it is as written, with this hash."""
        return self._checked.fault(file, sha256)

    def table(self, name: str) -> pl.DataFrame:
        """Return one table of the run."""
        return pl.read_parquet(self._files(name), hive_partitioning=False)

    def parts(self, name: str) -> Iterator[pl.DataFrame]:
        """Yield the files of one table, in the order of its key."""
        return (pl.read_parquet(file, hive_partitioning=False) for file in self._files(name))

    def rows(self, name: str, key: str, first: str, last: str) -> pl.DataFrame:
        """Return the rows of one table with a key from `first` to `last`."""
        return self.scan(name).filter(pl.col(key).is_between(pl.lit(first), pl.lit(last))).collect()

    def scan(self, name: str) -> pl.LazyFrame:
        """Return one table that is read when it is collected, only as far as it is wanted."""
        return pl.scan_parquet(self._files(name), hive_partitioning=False)

    def columns(self, name: str, *columns: str) -> pl.DataFrame:
        """Return some columns of one table."""
        return pl.read_parquet(self._files(name), columns=list(columns), hive_partitioning=False)

    def _hashes(self, name: str) -> Mapping[str, str]:
        hashes: Mapping[str, str] = self.manifest["outputs"].get(name, {}).get("files", {})
        return hashes

    def _files(self, name: str) -> list[Path]:
        hashes = self._hashes(name)
        faults = [fault for file, sha256 in hashes.items() if (fault := self._checked.fault(file, sha256))]
        if faults or not hashes:
            raise damaged(self, faults or [f"table {name} is missing"])
        return [self.system.path_for_reading(self.path / file) for file in sorted(hashes)]


def open_run(path: Path, system: System = SYSTEM) -> Run:
    """Open a finished run. Raises RunNotFound where there is none, RunDamaged where `run.json` is not as written."""
    file = path / MANIFEST
    if not file.is_file():
        raise RunNotFound(f"{path}: no finished run here (no {MANIFEST}). Name the folder given as --out.")
    try:
        with system.open(file) as stream:
            return Run(path, read_body(stream.read()), system)
    except (OSError, ValueError) as error:
        raise RunDamaged(f"{file}: not as the run wrote it: {error}. {WHAT_TO_DO}") from error


def damaged(run: Run, faults: Sequence[str]) -> RunDamaged:
    """Return the error for files of a run that are not as it wrote them, or were replaced while it was read."""
    try:
        now = open_run(run.path, run.system)
    except (RunNotFound, RunDamaged):
        now = run
    if now.content_sha256 != run.content_sha256:
        there, opened = (
            f"{each.manifest.get('run_id')} ({each.content_sha256[:SHOWN]})" for each in (now, run)
        )
        return RunDamaged(
            f"{run.path}: run {opened} was opened here, and run {there} has taken its place. Start again."
        )
    return RunDamaged(f"{run.path}: not as the run wrote it: {'; '.join(faults)}. {WHAT_TO_DO}")


def put_in_place(staging: Staging, out: Path) -> Manifest:
    """Move the run that is ready in the staging folder to `out`, and remove the staging folder."""
    move_in(staging, READY, out)
    with staging.system.open(out / MANIFEST) as stream:
        return Manifest.from_json(stream.read())


def move_in(staging: Staging, name: str, out: Path) -> None:
    """Move a finished folder of the staging folder to `out` and remove the rest; an older run at `out` is replaced.

    Raises OutputOccupied where something else has come to stand there since the job began.
    """
    system, out = staging.system, real_place(out)
    if out.exists():
        require_replaceable(out, ACCOUNTS, system)
        system.rename(out, _old(out))
    system.rename(staging.root / name, out)
    system.sync(out.parent)
    system.remove_tree(_old(out))
    staging.remove()


def prepare_output(out: Path, system: System = SYSTEM) -> None:
    """Raise OutputOccupied unless `out` is absent, empty, or a finished run or shard with nothing else in its folder.

    A job killed between the two renames of its last step leaves the older run under another name: move that back.
    """
    old = _old(out)
    if old.is_dir() and not out.exists():
        system.rename(old, out)
    require_replaceable(out, ACCOUNTS, system)
    system.remove_tree(old)


def _run_files(text: bytes) -> Iterator[str]:
    """Yield the files that a `run.json` names."""
    for table in read_body(text)["outputs"].values():
        yield from table["files"]


def _shard_files(text: bytes) -> Iterator[str]:
    """Yield the files that a `shard.json` names."""
    for part, files in orjson.loads(text)["parts"].items():
        yield from (f"{part}/{file}" for file in files)


ACCOUNTS = {MANIFEST: _run_files, SHARD: _shard_files}
"""The file that accounts for a folder of ours, and how it names the rest of it."""


def _old(out: Path) -> Path:
    return out.parent / f".{out.name}.old"
