"""Stand-ins for the machine: one that stops, one that is full, one that writes down what it was asked to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from lists.system import System


class Stopped(BaseException):
    """The machine has stopped; no handler of errors may go on from here."""


class Recorder(System):
    """Records every change to the disk, in order: the operation and the paths."""

    def __init__(self) -> None:
        self.changes: list[tuple[str, ...]] = []
        self._lock = Lock()

    def before(self, operation: str, *paths: Path) -> None:
        """Called before each change."""
        with self._lock:
            self.changes.append((operation, *map(str, paths)))

    def write_with(self, path: Path, writer: Callable[[Path], object]) -> None:
        self.before("write", path)
        super().write_with(path, writer)

    def sync(self, path: Path) -> None:
        self.before("sync", path)
        super().sync(path)

    def make_folder(self, path: Path) -> None:
        self.before("make_folder", path)
        super().make_folder(path)

    def rename(self, source: Path, target: Path) -> None:
        self.before("rename", source, target)
        super().rename(source, target)

    def link(self, source: Path, target: Path) -> None:
        self.before("link", source, target)
        super().link(source, target)

    def remove(self, path: Path) -> None:
        self.before("remove", path)
        super().remove(path)

    def remove_tree(self, folder: Path) -> None:
        self.before("remove_tree", folder)
        super().remove_tree(folder)


class StopsAt(Recorder):
    """Stops before its n-th change to the disk, and does nothing from then on. Half of a file may be written."""

    def __init__(self, change: int) -> None:
        super().__init__()
        self.last = change - 1

    def before(self, operation: str, *paths: Path) -> None:
        if len(self.changes) >= self.last:
            if operation == "write" and len(self.changes) == self.last:
                paths[0].write_bytes(b"half")
            self.last = -1
            raise Stopped
        super().before(operation, *paths)


class FullDisk(System):
    """Has no room for files whose name passes a test; half of them is written."""

    def __init__(self, no_room: Callable[[Path], bool]) -> None:
        self.no_room = no_room

    def write_with(self, path: Path, writer: Callable[[Path], object]) -> None:
        super().write_with(path, writer)
        if self.no_room(path):
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
