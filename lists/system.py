"""Files, clock and threads of the machine, as one value that the list store and the jobs are given.

Whatever changes a file, hands out its content, or depends on time or on threads goes through here, so that a test can
put in its place a machine that loses power, fills its disk, or whose clock jumps (docs/decisions/0005). Questions that
change nothing, such as whether a file is there, are asked of the path itself.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import IO
from uuid import uuid4


class Locked(Exception):
    """Somebody else holds the lock; `holder` is the id of the process, where the lock file gives it."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(f"process {holder} holds the lock")


class System:
    """The machine that the program runs on. A stand-in overrides the operations that it wants to disturb."""

    def write(self, path: Path, content: bytes) -> None:
        """Write a file."""
        self.write_with(path, lambda target: target.write_bytes(content))

    def write_with(self, path: Path, writer: Callable[[Path], object]) -> None:
        """Have a library write a file: `writer` is given the path."""
        writer(path)

    def open(self, path: Path) -> BufferedReader:
        """Open a file for reading."""
        return path.open("rb")

    def path_for_reading(self, path: Path) -> Path:
        """Return the path under which a library may read a file."""
        return path

    def sync(self, path: Path) -> None:
        """Wait until the disk has what was written to a file, or which names a folder has."""
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def sync_tree(self, folder: Path) -> None:
        """Wait until the disk has a folder with everything in it."""
        for path in sorted(folder.rglob("*"), reverse=True):
            self.sync(path)
        self.sync(folder)

    def write_atomically(self, path: Path, content: bytes) -> None:
        """Write a file so that readers, and the disk after a power cut, have all of it or what was there before."""
        half = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
        try:
            self.write(half, content)
            self.sync(half)
            self.rename(half, path)
        except OSError:
            self.remove(half)
            raise
        self.sync(path.parent)

    def make_folder(self, path: Path) -> None:
        """Make a folder and those above it, unless they are there."""
        path.mkdir(parents=True, exist_ok=True)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file or folder another name; a file of that name is replaced, a folder that has files is not."""
        source.rename(target)

    def link(self, source: Path, target: Path) -> None:
        """Give a file a second name, or copy it where that is on another disk."""
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""
        path.unlink(missing_ok=True)

    def remove_tree(self, folder: Path) -> None:
        """Remove a folder with everything in it, as far as that is possible."""
        shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def lock(self, path: Path) -> Iterator[None]:
        """Hold a lock file while the block runs; the lock ends with the process, however that ends. Raises Locked."""
        lock = _lock(path)
        try:
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield
        finally:
            path.unlink(missing_ok=True)
            lock.close()

    def now(self) -> datetime:
        """Return the time of day, in UTC."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """Return the seconds since some moment, on a clock that is never set back."""
        return time.perf_counter()

    def threads(self, count: int) -> Executor:
        """Return so many threads to do calls in."""
        return ThreadPoolExecutor(count)


def _lock(path: Path) -> IO[str]:
    """Open and lock a file. One that its holder removed while we waited keeps nobody out, so then try again."""
    while True:
        lock = path.open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            with lock:
                raise Locked(lock.read().strip() or "unknown") from error
        if path.exists() and path.stat().st_ino == os.fstat(lock.fileno()).st_ino:
            return lock
        lock.close()


SYSTEM = System()
"""The real machine; it has no state."""
