"""What a store has held: one empty file a snapshot, so that a list which disappears is missed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lists.snapshot import SnapshotRef
from lists.system import System

FOLDER = ".register"
_SLASH = "@"
"""Stands for the slash of a snapshot's name in the name of its file."""


@dataclass(frozen=True, slots=True)
class Register:
    """The register of a store at `root`. Files alone, so that two refreshes at a time lose no entry of each other."""

    root: Path
    system: System

    @property
    def begun(self) -> bool:
        """Whether there is one; a store of an earlier version has none before its next refresh."""
        return (self.root / FOLDER).is_dir()

    def add(self, refs: Iterable[SnapshotRef]) -> None:
        """Enter snapshots that the store holds."""
        self.system.make_folder(self.root / FOLDER)
        for ref in refs:
            self.system.write(self._file(ref.name), b"")

    def names(self) -> frozenset[str]:
        """Return the names of all snapshots that the store is to hold."""
        entries = (self.root / FOLDER).glob(f"*{_SLASH}*")
        return frozenset(entry.name.replace(_SLASH, "/", 1) for entry in entries)

    def forget(self, list_code: str) -> int:
        """Drop a list that is no longer published, so that nobody misses it; returns how many snapshots it had."""
        gone = [name for name in self.names() if list_of(name) == list_code]
        for name in gone:
            self.system.remove(self._file(name))
        return len(gone)

    def _file(self, name: str) -> Path:
        return self.root / FOLDER / name.replace("/", _SLASH, 1)


def vanished(names: Iterable[str], present: Sequence[SnapshotRef], until: date | None) -> list[str]:
    """Return the registered snapshots that are gone and that no newer one of their list replaces, sorted.

    names: as `<list>/<published>-<hash>`. present: what is there. until: the last day of publication that counts.
    """
    newest: dict[str, date] = {}
    for ref in present:
        if until is None or ref.published <= until:
            newest[ref.list] = max(ref.published, newest.get(ref.list, date.min))
    return sorted(
        name
        for name in set(names) - {ref.name for ref in present}
        if (until is None or _published(name) <= until)
        and _published(name) >= newest.get(list_of(name), date.min)
    )


def list_of(name: str) -> str:
    """Return the list of which a snapshot of this name is.

    >>> list_of("SDN/2023-12-28-ab12")
    'SDN'
    """
    return name.partition("/")[0]


def _published(name: str) -> date:
    return date.fromisoformat(name.partition("/")[2][: len("2026-01-01")])
