"""Files of a run, compared with their hashes before anybody reads them.

A file is hashed once, and again only where it has changed on the disk since: hashing costs a second a gigabyte, asking
for its state next to nothing.
"""

from __future__ import annotations

from pathlib import Path
from stat import S_ISREG

from lists.system import SYSTEM, System
from pipelines.hashing import file_hash

SHOWN = 12
"""Characters of a hash in a message."""


class CheckedFiles:
    """The files of a folder that were found as written, each with the state it then had on the disk."""

    def __init__(self, folder: Path, system: System = SYSTEM) -> None:
        self.folder = folder
        self.system = system
        self._states: dict[str, tuple[int, ...]] = {}

    def fault(self, name: str, sha256: str) -> str | None:
        """Say what is wrong with a file; None where it is as written. `sha256`: what it was written with."""
        path = self.folder / name
        try:
            state = _state(path)
            if state is None:
                return f"{name} is no file"
            if self._states.get(name) == state:
                return None
            found = file_hash(path, self.system)
        except FileNotFoundError:
            return f"{name} is missing"
        except OSError as error:
            return f"{name} cannot be read ({error.strerror})"
        if found != sha256:
            return f"{name} has the SHA-256 {found[:SHOWN]}, written was {sha256[:SHOWN]}"
        self._states[name] = state  # of before it was hashed: who writes meanwhile is found the next time
        return None


def _state(path: Path) -> tuple[int, ...] | None:
    """Return what changes with a file: which one it is, its size, when content and entry were written; None for others.

    A pipe or device in its place would be read for ever.
    """
    stat = path.stat()
    if not S_ISREG(stat.st_mode):
        return None
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
