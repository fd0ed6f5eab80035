"""Everything that can go wrong with a list.

ListError
├── UnknownLayout        no source recognizes the file
├── MalformedList        the file is of a known layout but cut off, empty or broken
├── DownloadFailed       the publisher's server did not give the whole file
├── HostileInput         the file would exhaust the machine (bomb, giant field, entity expansion)
├── ExpectationFailed    the list parsed, but its size or content is not what this list looks like
├── SnapshotNotFound     no snapshot is old enough, or the store holds none
├── ListVanished         the store held a snapshot that is no longer there, or a required list is missing or too old
└── SnapshotDamaged      a stored snapshot does not match its own hashes
"""

from __future__ import annotations


class ListError(Exception):
    """Root of every error that the package raises on purpose. The message says what, where and what to do."""


class UnknownLayout(ListError):
    """No source recognizes the file."""


class MalformedList(ListError):
    """The layout is known but the file is cut off, empty or broken."""


class DownloadFailed(ListError):
    """The publisher's server did not give the whole file."""


class HostileInput(ListError):
    """The file would exhaust the machine: a bomb, a giant field, an entity expansion."""


class ExpectationFailed(ListError):
    """The list parsed, but its size or content is not what this list looks like."""


class SnapshotNotFound(ListError):
    """No snapshot is old enough, or the store holds none."""


class ListVanished(ListError):
    """The store held a snapshot that is no longer there, or a required list is missing or too old."""


class SnapshotDamaged(ListError):
    """A stored snapshot does not match its own hashes."""
