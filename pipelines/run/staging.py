"""The staging folder beside a run's place: finished parts of a job, kept so that the next start goes on from there.

A part is a folder of tables that appears whole, by renaming. The staging folder belongs to one key (a hash of all that
decides the result); under another key it is emptied first.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import polars as pl

from pipelines.errors import OutOfSpace, RunInProgress
from pipelines.run.parquet import lay

KEY = "key"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part of a job: a folder with one file a table."""

    folder: Path

    def table(self, name: str) -> pl.DataFrame:
        """Return one table of the part."""
        return pl.read_parquet(self.folder / f"{name}.parquet")

    def columns(self, name: str, *columns: str) -> pl.DataFrame:
        """Return some columns of one table."""
        return pl.read_parquet(self.folder / f"{name}.parquet", columns=list(columns))


@dataclass(frozen=True, slots=True)
class FrameFolder:
    """Frames of one table that lie in a folder, to be read again one at a time in the order they were added."""

    folder: Path

    def add(self, frame: pl.DataFrame) -> None:
        """Lay down one more. Raises OutOfSpace."""
        self.folder.mkdir(exist_ok=True)
        with room_for(self.folder):
            frame.write_parquet(self.folder / f"{len(self._files()):06d}.parquet", compression="lz4")

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Read them, one after the other."""
        return (pl.read_parquet(file) for file in self._files())

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.parquet"))


@dataclass(frozen=True, slots=True)
class Staging:
    """The folder of finished parts; open it with `Staging.open` while the place is `occupied`."""

    root: Path

    @classmethod
    def open(cls, out: Path, key: str) -> Staging:
        """Open the staging folder of `out` for the job known by `key`; parts of another job are removed."""
        root = out.parent / f".{out.name}.staging"
        if not (root / KEY).is_file() or (root / KEY).read_text() != key:
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir(parents=True)
            write_whole(root / KEY, key.encode())
        for unfinished in [*root.glob("*.tmp"), *root.glob("*/*.tmp")]:
            shutil.rmtree(unfinished)
        return cls(root)

    def holds(self, name: str) -> bool:
        """Tell whether a part is finished."""
        return (self.root / name).is_dir()

    def part(self, name: str, make: Callable[[], Mapping[str, pl.DataFrame]]) -> Part:
        """Return a part, made now unless an earlier start finished it. Raises OutOfSpace."""
        final = self.root / name
        if not final.is_dir():
            tables = make()
            with self.laying(name) as folder:
                for table, frame in tables.items():
                    write_table(folder / f"{table}.parquet", frame)
        return Part(final)

    @contextmanager
    def laying(self, name: str) -> Iterator[Path]:
        """Yield a folder to fill, which takes the part's name when all is written. Raises OutOfSpace."""
        final = self.root / name
        folder = final.with_name(f"{final.name}.tmp")
        folder.mkdir(parents=True)
        with room_for(self.root):
            yield folder
            sync(folder)
            folder.rename(final)
            sync(final.parent)

    def scratch(self, name: str) -> Path:
        """Return an empty folder for what only this start needs; the next one removes it."""
        folder = self.root / f"{name}.tmp"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def remove(self) -> None:
        """Remove the folder; nothing of it is needed once the run stands in its place."""
        shutil.rmtree(self.root, ignore_errors=True)


@contextmanager
def occupied(out: Path) -> Iterator[None]:
    """Hold the place of a run against other jobs; the hold ends with the process, however that ends.

    Raises RunInProgress, naming the process that holds it.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    path = out.parent / f".{out.name}.lock"
    lock = _hold(path, out)
    try:
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
    finally:
        path.unlink(missing_ok=True)
        lock.close()


def _hold(path: Path, out: Path) -> IO[str]:
    """Lock the file; a file that was removed while we waited for it holds nobody off, so look again."""
    while True:
        lock = path.open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            with lock:
                holder = lock.read().strip() or "unknown"
            raise RunInProgress(
                f"{out}: process {holder} is writing this run. Wait for it, or name another --out."
            ) from error
        if path.exists() and path.stat().st_ino == os.fstat(lock.fileno()).st_ino:
            return lock
        lock.close()


@contextmanager
def room_for(folder: Path) -> Iterator[None]:
    """Turn a full disk into OutOfSpace."""
    try:
        yield
    except (OSError, pl.exceptions.ComputeError) as error:
        if getattr(error, "errno", None) in FULL or os.strerror(errno.ENOSPC) in str(error):
            raise OutOfSpace(
                f"{folder}: the disk is full. What is finished is kept; make room and start the same job again."
            ) from error
        raise


def write_table(path: Path, frame: pl.DataFrame, metadata: Mapping[str, str] | None = None) -> None:
    """Write a table so that it survives a power cut once this returns."""
    lay(path, frame, metadata or {})
    sync(path)


def write_scratch(path: Path, frame: pl.DataFrame) -> None:
    """Write rows that only this job reads again, and whole: quickly rather than small."""
    frame.write_parquet(path, compression="lz4", statistics=False)


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file so that it is there whole or not at all."""
    half = path.with_name(f"{path.name}.tmp")
    half.write_bytes(content)
    sync(half)
    half.rename(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until the disk holds what was written to a file or folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
