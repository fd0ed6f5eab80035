"""The staging folder next to a run's place: finished parts of a job, so that the next start goes on from there.

A part is a folder of tables that appears whole, by renaming. The staging folder belongs to one key (a hash of all that
decides the result); for another key it is emptied first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import polars as pl

from lists.refusals import is_no_room
from lists.system import SYSTEM, Locked, System
from pipelines.errors import OutOfSpace, RunInProgress, StagingDamaged
from pipelines.run.parquet import write_parquet

KEY = "key"


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part of a job: a folder with one file a table."""

    folder: Path
    system: System = field(default=SYSTEM, repr=False, compare=False)

    def table(self, name: str) -> pl.DataFrame:
        """Return one table of the part. Raises StagingDamaged."""
        return _read(self._file(name))

    def columns(self, name: str, *columns: str) -> pl.DataFrame:
        """Return some columns of one table. Raises StagingDamaged."""
        return _read(self._file(name), list(columns))

    def _file(self, name: str) -> Path:
        return self.system.path_for_reading(self.folder / f"{name}.parquet")


@dataclass(frozen=True, slots=True)
class FrameFolder:
    """Frames of one table in a folder, which are read one at a time in the order in which they were added."""

    folder: Path
    system: System = field(default=SYSTEM, repr=False, compare=False)

    def add(self, frame: pl.DataFrame) -> None:
        """Write one more frame. Raises OutOfSpace."""
        self.system.make_folder(self.folder)
        with full_disk_as_error(self.folder):
            write = partial(frame.write_parquet, compression="lz4")
            self.system.write_with(self.folder / f"{len(self._files()):06d}.parquet", write)

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Read the frames, one after the other. Raises StagingDamaged."""
        return (_read(self.system.path_for_reading(file)) for file in self._files())

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.parquet"))


@dataclass(frozen=True, slots=True)
class Staging:
    """The folder of finished parts; open it with `Staging.open` while the output is locked."""

    root: Path
    system: System = field(default=SYSTEM, repr=False, compare=False)

    @classmethod
    def open(cls, out: Path, key: str, system: System = SYSTEM) -> Staging:
        """Open the staging folder of `out` for the job with this key; parts of another job are removed."""
        root = out.parent / f".{out.name}.staging"
        if not (root / KEY).is_file() or (root / KEY).read_bytes() != key.encode():
            system.remove_tree(root)
            system.make_folder(root)
            system.write_atomically(root / KEY, key.encode())
        for unfinished in [*root.glob("*.tmp"), *root.glob("*/*.tmp")]:
            system.remove_tree(unfinished)
        return cls(root, system)

    def is_finished(self, name: str) -> bool:
        """Tell whether a part is finished."""
        return (self.root / name).is_dir()

    def part(self, name: str) -> Part:
        """Return a finished part."""
        return Part(self.root / name, self.system)

    def store(self, name: str, tables: Mapping[str, pl.DataFrame]) -> None:
        """Write a part, unless an earlier start finished it. Raises OutOfSpace."""
        if not self.is_finished(name):
            with self.new_part(name) as folder:
                for table, frame in tables.items():
                    self.write_table(folder / f"{table}.parquet", frame)

    @contextmanager
    def new_part(self, name: str) -> Iterator[Path]:
        """Yield a folder to fill, which takes the part's name when the disk has all of it. Raises OutOfSpace."""
        final = self.root / name
        folder = final.with_name(f"{final.name}.tmp")
        self.system.make_folder(folder)
        with full_disk_as_error(self.root):
            yield folder
            self.system.sync_tree(folder)
            self.system.rename(folder, final)
            self.system.sync(final.parent)

    def scratch(self, name: str) -> Path:
        """Return an empty folder for what only this start needs; the next one removes it."""
        folder = self.root / f"{name}.tmp"
        self.system.remove_tree(folder)
        self.system.make_folder(folder)
        return folder

    def frames(self, folder: Path) -> FrameFolder:
        """Return the frames in a folder."""
        return FrameFolder(folder, self.system)

    def write_table(self, path: Path, frame: pl.DataFrame, metadata: Mapping[str, str] | None = None) -> None:
        """Write a table small, for good."""
        self.system.write_with(path, partial(write_parquet, frame, metadata=metadata or {}))

    def write_scratch(self, path: Path, frame: pl.DataFrame) -> None:
        """Write rows that only this job reads again, and whole: quickly rather than small."""
        self.system.write_with(path, partial(frame.write_parquet, compression="lz4", statistics=False))

    def remove(self) -> None:
        """Remove the folder; nothing in it is needed once the run is in its place."""
        self.system.remove_tree(self.root)


@contextmanager
def lock_output(out: Path, system: System = SYSTEM) -> Iterator[None]:
    """Keep other jobs from the place of a run; the lock ends with the process, however that ends.

    Raises RunInProgress, naming the process that holds the lock.
    """
    system.make_folder(out.parent)
    with ExitStack() as stack:
        try:
            stack.enter_context(system.lock(out.parent / f".{out.name}.lock"))
        except Locked as error:
            raise RunInProgress(
                f"{out}: process {error.holder} is writing this run. Wait for it, or name another --out."
            ) from error
        yield


def _read(file: Path, columns: list[str] | None = None) -> pl.DataFrame:
    """Read a table of a finished part. Raises StagingDamaged."""
    try:
        return pl.read_parquet(file, columns=columns)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(error).partition("\n")[0]
        raise StagingDamaged(
            f"{file}: what an earlier start of this job finished cannot be read any more ({reason}). "
            "Remove the folder that ends in .staging, and start the job again."
        ) from error


@contextmanager
def full_disk_as_error(folder: Path) -> Iterator[None]:
    """Turn the errors of a full disk into OutOfSpace."""
    try:
        yield
    except (OSError, pl.exceptions.ComputeError) as error:
        if is_no_room(error):
            raise OutOfSpace(
                f"{folder}: the disk is full. What is finished is kept; make room and start the same job again."
            ) from error
        raise
