"""The manifest of a snapshot, and the short reference to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from lists.schema import SCHEMA_VERSION, ListFrames


@dataclass(frozen=True, slots=True)
class FileAccount:
    """A source file: name, hash of its content, and where its records went (parsed + quarantined = rows)."""

    name: str
    sha256: str
    rows: int
    parsed: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where a snapshot came from and what it holds; `tables` maps each file of the folder to its SHA-256."""

    list: str
    publisher: str
    source: str
    parser_version: int
    published: date
    published_basis: (
        str  # argument | content | name | month in the name | server | newest date within | modified
    )
    partial: bool
    files: tuple[FileAccount, ...]
    absent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    stored_at: str = ""
    schema_version: int = SCHEMA_VERSION

    @property
    def hash(self) -> str:
        """Hash of what is published, by whom, for which list; not of when it was stored."""
        content = [self.list, self.publisher, str(self.partial), *sorted(self.tables.items())]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def ref(self) -> SnapshotRef:
        """Return the short reference."""
        return SnapshotRef(
            self.list, self.published, self.hash, self.publisher, self.partial, dict(self.counts), self.absent,
            self.stored_at,
        )  # fmt: skip

    def to_json(self) -> str:
        """Return the manifest as JSON text."""
        return json.dumps(asdict(self) | {"hash": self.hash}, indent=2, default=str, sort_keys=True) + "\n"

    @staticmethod
    def from_json(text: str) -> Manifest:
        """Read a manifest back; raises ValueError, KeyError or TypeError where it is damaged."""
        fields: dict[str, Any] = json.loads(text)
        fields.pop("hash")
        fields["absent"] = fields["absent"] or {}  # first versions wrote a list of names
        for name in ("absent", "counts", "tables"):
            if not isinstance(fields[name], dict):
                raise TypeError(f"{name} is not what this version writes")
        fields["published"] = date.fromisoformat(fields["published"])
        fields["files"] = tuple(FileAccount(**file) for file in fields["files"])
        return Manifest(**fields | {"warnings": tuple(fields["warnings"])})


@dataclass(frozen=True, slots=True)
class SnapshotRef:
    """A snapshot in short: list, published, hash, publisher, whether it is a sample, counts by table."""

    list: str
    published: date
    hash: str
    publisher: str
    partial: bool
    counts: Mapping[str, int]
    absent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    stored_at: str = ""

    @property
    def name(self) -> str:
        """Path of the snapshot in its store.

        >>> SnapshotRef("SDN", date(2023, 12, 28), "ab" * 32, "OFAC", False, {}).name
        'SDN/2023-12-28-abababababab'
        """
        return f"{self.list}/{self.published}-{self.hash[:12]}"


def count(frames: ListFrames, quarantine: pl.DataFrame, defects: pl.DataFrame) -> dict[str, int]:
    """Count rows by table, and of the names those beyond the primary: `further_names` and the `weak_names`."""
    further = frames.names.filter(pl.col("name_kind") != "primary")
    weak = further.filter(pl.col("quality") == "weak").height
    counts = {name: frame.height for name, frame in frames.tables().items()}
    return counts | {
        "further_names": further.height - weak,
        "weak_names": weak,
        "quarantined": quarantine.height,
        "defects": defects.height,
    }


def with_content(manifest: Manifest, counts: Mapping[str, int], tables: Mapping[str, str]) -> Manifest:
    """Return the manifest with counts and the hashes of its tables."""
    return replace(manifest, counts=dict(counts), tables=dict(tables))


@dataclass(frozen=True, slots=True)
class ListSet:
    """The lists as published by a day: the tables over all lists, the snapshots they came from, warnings about them."""

    frames: ListFrames
    snapshots: tuple[SnapshotRef, ...]
    warnings: tuple[str, ...]
