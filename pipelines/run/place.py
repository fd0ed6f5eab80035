"""The place of a run: what a job may replace there, which is a run or shard with nothing else in its folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from lists.system import SYSTEM, System
from pipelines.errors import OutputOccupied

SHOWN = 5
"""Names in a message."""

Readers = Mapping[str, Callable[[bytes], Iterable[str]]]
"""For each file that accounts for its folder, what reads from its content the other files that a job wrote there."""


def real_place(out: Path) -> Path:
    """Return the folder behind a symbolic link: what is renamed and replaced is the folder, and the link stays.

    >>> real_place(Path("run"))
    PosixPath('run')
    """
    return Path(os.path.realpath(out)) if out.is_symlink() else out


def require_replaceable(out: Path, readers: Readers, system: System = SYSTEM) -> None:
    """Raise OutputOccupied unless `out` is absent, empty, or holds no files but those that its account names."""
    if not out.is_dir():
        if out.exists() or out.is_symlink():
            raise OutputOccupied(f"{out}: is no folder. Name a new or empty folder.")
        return
    foreign = sorted(set(_files(out)) - _own_files(out, readers, system))
    if foreign:
        more = f" and {len(foreign) - SHOWN} more" if len(foreign) > SHOWN else ""
        raise OutputOccupied(
            f"{out}: holds {', '.join(foreign[:SHOWN])}{more}, something that is not a run, or not as a run wrote it, "
            "and that would be deleted. Move it, or name a new or empty folder."
        )


def _own_files(out: Path, readers: Readers, system: System) -> set[str]:
    """Return the file that accounts for a folder and those that it names; none where it is absent or damaged."""
    for name, read in readers.items():
        try:
            with system.open(out / name) as stream:
                return {name, *read(stream.read())}
        except (OSError, ValueError, AttributeError, KeyError, TypeError):
            continue
    return set()


def _files(folder: Path) -> Iterator[str]:
    """Yield everything in a folder that is no folder itself, by its path in it. A link is not followed."""
    for place, folders, files in os.walk(folder):
        inside = Path(place).relative_to(folder)
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        yield from (str(inside / name) for name in [*files, *links])
