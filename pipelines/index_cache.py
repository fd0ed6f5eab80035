"""Indexes kept ready beside the store, so that neither a look-up nor a night waits for one to be built.

An index is kept under a hash of the names in it and of the code and libraries that built it: with other names or
another version it is not found, and so never used. It is a convenience only: where it cannot be read or written, or
was written by somebody else, the index is built.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

import polars as pl

from lists.schema import ListFrames
from lists.store import Store
from pipelines.run.code import code_hash
from screening.book.matches import active_parties, index_names
from screening.book.screener import Screener
from screening.matching import NameIndex
from screening.matching.saved import from_bytes, to_bytes
from screening.policy import Matching

LIBRARIES = ("numpy", "polars", "numba", "anyascii", "pypinyin", "OpenCC")
FOLDER = ".indexes"
KEPT = 4
_DIGEST = 32


@dataclass(frozen=True, slots=True)
class IndexCache:
    """The indexes of a store."""

    store: Path

    def index(self, names: pl.DataFrame) -> NameIndex:
        """Return the index of these names, from the shelf or built and put there."""
        path = self.store / FOLDER / f"{_key(names)}.index"
        with suppress(OSError, ValueError, KeyError):
            return from_bytes(_read(path))
        index = NameIndex.build(names)
        with suppress(OSError):
            _write(path, to_bytes(index))
            _forget(path.parent)
        return index


def open_screener(
    store: Path, frames: ListFrames, as_of: date, settings: Matching, below: float = 0.0
) -> Screener:
    """Make the lists of a day ready to screen against, with the index of their names from the cache of the store.

    `frames`: of the lists as `Store(store).load` returns them. `below`: how far under review pairs are kept.
    """
    parties = active_parties(frames, pl.lit(as_of))
    index = IndexCache(store).index(index_names(frames, parties))
    return Screener.for_parties(frames, parties, settings, below, index)


def make_ready(store: Path, as_of: date) -> None:
    """Put the index of all lists as of a day in the cache. Raises SnapshotNotFound."""
    open_screener(store, Store(store).load(as_of, None).frames, as_of, Matching())


def _read(path: Path) -> bytes:
    """Read a kept index; raises ValueError where it is damaged, or another user's, who could make the kernel stray."""
    with path.open("rb") as file:
        if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid not in (0, os.getuid()):
            raise ValueError(f"{path}: of another user")
        digest, content = file.read(_DIGEST), file.read()
    if hashlib.sha256(content).digest() != digest:
        raise ValueError(f"{path}: damaged")
    return content


def _write(path: Path, content: bytes) -> None:
    """Put an index on the shelf, whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".incoming-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(content).digest() + content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _forget(folder: Path) -> None:
    """Keep the newest few; what a killed writer left goes the same way."""
    by_age = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for old in by_age[KEPT:]:
        old.unlink(missing_ok=True)


def _key(names: pl.DataFrame) -> str:
    """Hash the names, in their order, and all that an index of them depends on."""
    digest = hashlib.sha256(_maker().encode())
    for column in names.columns:
        texts = names[column]
        digest.update(f"{column} {len(texts)}\n".encode())
        digest.update(texts.str.len_bytes().cast(pl.Int64).fill_null(-1).to_numpy().tobytes())
        digest.update("".join(texts.drop_nulls().to_list()).encode())
    return digest.hexdigest()


@cache
def _maker() -> str:
    """Name the code, the libraries and the machine's kind that build an index."""
    libraries = [f"{name} {version(name)}" for name in LIBRARIES]
    return "\n".join([code_hash(), sys.version, sys.byteorder, *libraries])
