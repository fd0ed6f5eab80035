"""Indexes of names stored in the folder of the lists, so that neither a look-up nor a job waits for one to be built.

The file name of an index is a hash of the names in it and of the code and libraries that built it: with other names or
another version it is not found, and so never used. It is a convenience only: where it cannot be read or written, or
was written by another user, the index is built.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

import polars as pl

from lists.schema import ListFrames
from lists.store import Store
from lists.system import SYSTEM, System
from pipelines.compiled_cache import remove_older_versions
from pipelines.run.code import code_hash
from screening.book.matches import active_parties, index_names
from screening.book.screener import Screener
from screening.matching import NameIndex
from screening.matching.saved import from_bytes, to_bytes
from screening.policy import Matching

LIBRARIES = ("numpy", "polars", "numba", "anyascii", "pypinyin", "OpenCC")
FOLDER = ".indexes"
MOST = 4
"""Indexes that stay; the oldest go first."""
_DIGEST = 32


@dataclass(frozen=True, slots=True)
class IndexCache:
    """The indexes of a store."""

    store: Path
    system: System = SYSTEM

    def index(self, names: pl.DataFrame) -> NameIndex:
        """Return the index of these names: the stored one, or one that is built now and stored."""
        path = self.store / FOLDER / f"{_key(names)}.index"
        with suppress(OSError, ValueError, KeyError):
            return from_bytes(self._read(path))
        index = NameIndex.build(names)
        with suppress(OSError):
            self._write(path, to_bytes(index))
        return index

    def _read(self, path: Path) -> bytes:
        """Read an index. Raises ValueError where it is damaged, or another user's, who could lead the kernel astray."""
        with self.system.open(path) as file:
            if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid not in (0, os.getuid()):
                raise ValueError(f"{path}: of another user")
            digest, content = file.read(_DIGEST), file.read()
        if hashlib.sha256(content).digest() != digest:
            raise ValueError(f"{path}: damaged")
        return content

    def _write(self, path: Path, content: bytes) -> None:
        """Store an index, and remove the oldest; what a killed writer left goes the same way."""
        self.system.make_folder(path.parent)
        self.system.write_atomically(path, hashlib.sha256(content).digest() + content)
        by_age = sorted(path.parent.iterdir(), key=lambda each: each.stat().st_mtime_ns, reverse=True)
        for old in by_age[MOST:]:
            self.system.remove(old)
        remove_older_versions(self.system)


def open_screener(
    store: Path,
    frames: ListFrames,
    as_of: date,
    settings: Matching,
    below: float = 0.0,
    system: System = SYSTEM,
) -> Screener:
    """Make the lists of a day ready to screen against, with the index of their names from the cache of the store.

    frames: the lists as `Store(store).load` returns them. below: how far under the review score pairs are reported.
    """
    parties = active_parties(frames, pl.lit(as_of))
    index = IndexCache(store, system).index(index_names(frames, parties))
    return Screener.for_parties(frames, parties, settings, below, index)


def prepare_index(store: Path, as_of: date) -> None:
    """Put the index of the lists as of a day in the cache, without the optional ones. Raises SnapshotNotFound."""
    open_screener(store, Store(store).load(as_of, None).frames, as_of, Matching())


def _key(names: pl.DataFrame) -> str:
    """Hash the names, in their order, and all that an index of them depends on."""
    digest = hashlib.sha256(_builder().encode())
    for column in names.columns:
        texts = names[column]
        digest.update(f"{column} {len(texts)}\n".encode())
        digest.update(texts.str.len_bytes().cast(pl.Int64).fill_null(-1).to_numpy().tobytes())
        digest.update("".join(texts.drop_nulls().to_list()).encode())
    return digest.hexdigest()


@cache
def _builder() -> str:
    """Name the code, the libraries and the kind of machine that build an index."""
    libraries = [f"{name} {version(name)}" for name in LIBRARIES]
    return "\n".join([code_hash(), sys.version, sys.byteorder, *libraries])
