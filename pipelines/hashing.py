"""Hashes of files and values: what ties a run to its inputs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import orjson

BLOCK = 1 << 20


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def value_hash(value: object) -> str:
    """Return the SHA-256 of a value written as JSON with sorted keys.

    >>> value_hash({"b": 1, "a": None}) == value_hash({"a": None, "b": 1})
    True
    """
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()
