"""Files of JSON lines: the lines that are no objects are found, and cost themselves only."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path

import orjson

LINES = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
MORE = "__more"
"""What a row of a CSV holds beyond the columns of its header, or a line that is no JSON object; else null."""
NO_OBJECT = "not JSON: "
"""How the text of such a line begins."""
SHOWN_LINES, SHOWN = 10, 80
MAX_MENDED = 512 << 20
"""Bytes of a file that is mended, which is done in memory."""


def broken_lines(path: Path) -> list[str]:
    """Find the first lines that are no JSON objects, of a file of them that could not be read."""
    if not path.name.lower().endswith(LINES):
        return []
    broken = (number for number, line in enumerate(_lines(path), 1) if line.strip() and not _is_object(line))
    return [f"line {number}: not a JSON object" for number in islice(broken, SHOWN_LINES)]


def mended_lines(path: Path) -> BytesIO | None:
    """Return the file with each line that is no JSON object in the column `MORE` of a row of its own.

    None where that does not help: it is no such file, nothing or everything is broken, or it is very large.
    """
    if not path.name.lower().endswith(LINES):
        return None
    mended, broken, whole = BytesIO(), 0, 0
    for line in _lines(path):
        if not line.strip():
            continue
        sound = _is_object(line)
        broken, whole = broken + (not sound), whole + sound
        mended.write(line.rstrip(b"\r\n") if sound else _as_object(line))
        mended.write(b"\n")
        if mended.tell() > MAX_MENDED:
            return None
    mended.seek(0)
    return mended if broken and whole else None


def _as_object(line: bytes) -> bytes:
    """Write a line that is no object as one."""
    return orjson.dumps({MORE: NO_OBJECT + line[:SHOWN].decode(errors="replace").strip()})


def _lines(path: Path) -> Iterator[bytes]:
    with gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb") as stream:
        yield from stream


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False
