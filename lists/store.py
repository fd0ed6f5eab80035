"""The list store: immutable, content-addressed snapshots, any past day rebuilt.

`STORE/<list>/<published>-<hash>/` holds the six tables, the quarantined rows and the defects as Parquet, and
`manifest.json`. A snapshot appears by rename, whole or not at all, and is verified each time it is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from uuid import uuid4

import polars as pl

from lists.assembly import DEFECTS
from lists.errors import ListVanished, SnapshotDamaged, SnapshotNotFound
from lists.register import Register, list_of, vanished
from lists.schema import OPTIONAL_LISTS, SCHEMA_VERSION, TABLES, ListFrames
from lists.snapshot import ListSet, Manifest, SnapshotRef, count, with_content
from lists.system import SYSTEM, System
from lists.tabular import REJECTED

MANIFEST = "manifest.json"
_INCOMING = ".incoming-"
_LEFT_OVER = 86_400  # seconds
_AGENCIES = ("OFAC", "BIS", "State", "DHS", "UN", "EU", "UK")
_SCHEMA_KEY = "headwater_schema_version"


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of snapshots."""

    root: Path
    system: System = field(default=SYSTEM, repr=False, compare=False)

    def snapshots(self, list_code: str | None = None) -> tuple[SnapshotRef, ...]:
        """Return every snapshot, by list, publication date and the moment it was stored."""
        found = self.root.glob(f"{list_code or '*'}/*/{MANIFEST}")
        refs = [self._manifest(path.parent).ref() for path in found if not path.parts[-3].startswith(".")]
        return tuple(sorted(refs, key=lambda ref: (ref.list, ref.published, ref.stored_at, ref.hash)))

    def manifest(self, ref: SnapshotRef) -> Manifest:
        """Return the manifest of a snapshot."""
        return self._manifest(self.root / ref.name)

    def publish(
        self, manifest: Manifest, frames: ListFrames, quarantine: pl.DataFrame, defects: pl.DataFrame
    ) -> tuple[SnapshotRef, bool]:
        """Store a snapshot; returns its reference and whether it is new. The same content is stored once."""
        incoming = self.root / f"{_INCOMING}{uuid4().hex}"
        self.system.make_folder(incoming)
        try:
            tables = frames.tables() | {"quarantine": quarantine, "defects": defects}
            hashes = {f"{name}.parquet": self._write(incoming, name, frame) for name, frame in tables.items()}
            whole = with_content(manifest, count(frames, quarantine, defects), hashes)
            stored_at = whole.stored_at or self.system.now().isoformat(timespec="microseconds")
            whole = replace(whole, stored_at=stored_at)
            self.system.write(incoming / MANIFEST, whole.to_json().encode())
            self.system.sync_tree(incoming)
            final = self.root / whole.ref().name
            self.system.make_folder(final.parent)
            try:
                self.system.rename(incoming, final)
            except OSError:
                if not final.is_dir():
                    raise
                self._enter(stored := self._manifest(final).ref())
                return stored, False  # it is there already
            self.system.sync(final.parent)
            self._enter(whole.ref())
            self.system.sync(self.root)
            return whole.ref(), True
        finally:
            self.system.remove_tree(incoming)

    def read(self, ref: SnapshotRef) -> ListFrames:
        """Read one snapshot; raises SnapshotDamaged where a file does not match its hash."""
        hashes = self.manifest(ref).tables
        return ListFrames(**{name: self._read(ref, name, hashes, TABLES[name]) for name in TABLES})

    def quarantine(self, ref: SnapshotRef) -> pl.DataFrame:
        """Return the rows that could not be read: file, row, list, reason, text."""
        return self._read(ref, "quarantine", self.manifest(ref).tables, REJECTED)

    def defects(self, ref: SnapshotRef) -> pl.DataFrame:
        """Return the texts that were kept raw because no rule reads them: party_id, list, field, text."""
        return self._read(ref, "defects", self.manifest(ref).tables, DEFECTS)

    def load(
        self, as_of: date | None = None, lists: Iterable[str] | None = None, optional: Iterable[str] = ()
    ) -> ListSet:
        """Return the lists as published by `as_of` (None: the newest), read from the snapshots of `choose`."""
        chosen, warnings = self.choose(as_of, lists, optional)
        frames = [self.read(ref) for ref in chosen]
        joined = {name: pl.concat([frame.tables()[name] for frame in frames]) for name in TABLES}
        return ListSet(ListFrames(**joined), chosen, warnings)

    def optional(self, as_of: date | None = None) -> tuple[str, ...]:
        """Return the optional lists of which there is a snapshot published by a day (None: any)."""
        published = {ref.list for ref in self.snapshots() if as_of is None or ref.published <= as_of}
        return tuple(code for code in OPTIONAL_LISTS if code in published)

    def choose(
        self, as_of: date | None = None, lists: Iterable[str] | None = None, optional: Iterable[str] = ()
    ) -> tuple[tuple[SnapshotRef, ...], tuple[str, ...]]:
        """Return for each list the newest snapshot published by a day (None: of all), and warnings about the choice.

        `lists`: the lists to take (None: all but the optional ones), `optional`: optional lists to take besides.
        A sample never displaces a whole list. Where two publishers have given a list, the newest snapshot wins, on the
        same day that of the agency itself, with a warning. Raises SnapshotNotFound when nothing is that old, or a list
        asked for by name is missing; ListVanished when the store held a snapshot for the day that is gone.
        """
        asked = {*optional, *(lists or ())}
        wanted = asked if lists is not None else None
        refs = [ref for ref in self.snapshots() if _taken(ref.list, wanted, asked)]
        self._require_all(refs, wanted, asked, as_of)
        published = [ref for ref in refs if as_of is None or ref.published <= as_of]
        when = f" published on or before {as_of}" if as_of else ""
        by_then = {ref.list for ref in published}
        absent = sorted((wanted or asked | {ref.list for ref in refs}) - by_then)
        if not published or (wanted and absent) or asked - by_then:
            what = ", ".join(sorted(asked - by_then) or absent) or "any list"
            raise SnapshotNotFound(f"{self.root}: no snapshot of {what}{when}; run `headwater refresh` first")
        by_list = {code: [ref for ref in published if ref.list == code] for code in _codes(published)}
        chosen = tuple(max(candidates, key=_rank) for candidates in by_list.values())
        warnings = [f"{code}: no snapshot{when}; this list is not screened" for code in absent]
        for ref in chosen:
            warnings += _cautions(ref, by_list[ref.list])
        return chosen, tuple(warnings)

    def find(self, text: str) -> SnapshotRef:
        """Return the snapshot named by `SDN/2023-12-28-ab12`, any unambiguous beginning of it, or `SDN@2023-12-28`.

        With `@` the newest published on or before that day. Raises SnapshotNotFound.
        """
        code, _, day = text.partition("@")
        if day:
            by_then = [ref for ref in self.snapshots(code) if str(ref.published) <= day]
            found = [max(by_then, key=_rank)] if by_then else []
        else:
            found = [ref for ref in self.snapshots() if ref.name.startswith(text.strip("/"))]
        if len(found) != 1:
            every = ", ".join(ref.name for ref in self.snapshots()) or "none"
            raise SnapshotNotFound(
                f"{text!r} names {len(found)} snapshots in {self.root}; there are: {every}"
            )
        return found[0]

    def forget(self, list_code: str) -> int:
        """Let a list go that is no longer published; returns how many of its snapshots the register had."""
        return Register(self.root, self.system).forget(list_code)

    def _enter(self, ref: SnapshotRef) -> None:
        """Enter a snapshot in the register; the first time, with all that are there."""
        register = Register(self.root, self.system)
        register.add([ref] if register.begun else self.snapshots())

    def _require_all(
        self, refs: Sequence[SnapshotRef], wanted: set[str] | None, asked: set[str], as_of: date | None
    ) -> None:
        names = Register(self.root, self.system).names()
        counted = [name for name in names if _taken(list_of(name), wanted, asked)]
        if gone := vanished(counted, refs, as_of):
            lists = ", ".join(sorted(set(map(list_of, gone))))
            raise ListVanished(
                f"{self.root}: {', '.join(gone)} was here and is gone or cannot be read, so {lists} would not be "
                "screened as it was. Put the folder back, run `headwater refresh` again, or, where the list is no "
                "longer published, `headwater refresh --forget LIST`"
            )

    def sweep(self) -> None:
        """Remove what refreshes left that were killed more than a day ago; a younger one may still be under way."""
        latest = self.system.now().timestamp() - _LEFT_OVER
        for folder in self.root.glob(f"{_INCOMING}*"):
            with suppress(FileNotFoundError):  # its refresh has just ended
                if folder.stat().st_mtime < latest:
                    self.system.remove_tree(folder)

    def _manifest(self, folder: Path) -> Manifest:
        try:
            with self.system.open(folder / MANIFEST) as stream:
                manifest = Manifest.from_json(stream.read().decode())
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SnapshotDamaged(
                f"{folder / MANIFEST}: damaged, or written by another version ({error}); "
                "remove the folder, refresh again"
            ) from error
        if not folder.name.endswith(manifest.hash[:12]) or manifest.list != folder.parent.name:
            raise SnapshotDamaged(
                f"{folder}: the manifest is not that of this snapshot; remove the folder, refresh again"
            )
        return manifest

    def _write(self, folder: Path, name: str, frame: pl.DataFrame) -> str:
        """Write one table; returns its SHA-256."""
        path = folder / f"{name}.parquet"
        metadata = {_SCHEMA_KEY: str(SCHEMA_VERSION)}
        self.system.write_with(path, partial(frame.write_parquet, compression="zstd", metadata=metadata))
        with self.system.open(path) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def _read(
        self, ref: SnapshotRef, name: str, hashes: Mapping[str, str], schema: Mapping[str, pl.DataType]
    ) -> pl.DataFrame:
        path = self.root / ref.name / f"{name}.parquet"
        try:
            with self.system.open(path) as stream:
                content = stream.read()
        except OSError as error:
            raise SnapshotDamaged(
                f"{path}: not readable ({error}); remove the folder, refresh again"
            ) from error
        if hashlib.sha256(content).hexdigest() != hashes.get(path.name):
            raise SnapshotDamaged(
                f"{path}: its content is not what was stored; remove the folder, refresh again"
            )
        version = pl.read_parquet_metadata(content).get(_SCHEMA_KEY)
        if version != str(SCHEMA_VERSION):
            raise SnapshotDamaged(f"{path}: schema version {version}, not {SCHEMA_VERSION}; refresh again")
        return pl.read_parquet(content, columns=list(schema))


def _taken(code: str, wanted: set[str] | None, asked: set[str]) -> bool:
    """Say whether a list is taken: one of those wanted, or where none are named all but optional ones nobody asked."""
    return code in wanted if wanted is not None else code not in OPTIONAL_LISTS or code in asked


def _rank(ref: SnapshotRef) -> tuple[bool, date, bool, str, str]:
    """Order snapshots of one list by how far they can be relied on; a sample never displaces a whole list."""
    return not ref.partial, ref.published, ref.publisher in _AGENCIES, ref.stored_at, ref.hash


def _codes(refs: Iterable[SnapshotRef]) -> list[str]:
    return sorted({ref.list for ref in refs})


def _cautions(ref: SnapshotRef, candidates: list[SnapshotRef]) -> list[str]:
    """Return warnings about a chosen snapshot; `candidates`: every snapshot of its list published by the day."""
    cautions = []
    others = sorted({other.publisher for other in candidates} - {ref.publisher})
    if others:
        cautions.append(
            f"{ref.list} is here from {ref.publisher} and {', '.join(others)}: "
            f"{ref.publisher} of {ref.published} is used, each match counts once"
        )
    samples = [other.published for other in candidates if other.partial and other.published > ref.published]
    if samples:
        cautions.append(f"{ref.list}: a newer sample of {max(samples)} is not used; it is not the whole list")
    if ref.partial:
        cautions.append(f"{ref.list} of {ref.published} is a sample, not the whole list")
    if ref.absent:
        cautions.append(f"{ref.list} of {ref.published} came without {', '.join(ref.absent)}")
    return cautions
