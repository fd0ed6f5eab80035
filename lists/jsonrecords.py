"""Records of a JSON file: one array, an array under a name, or a record a line."""

from __future__ import annotations

from typing import Any

import orjson

from lists.errors import MalformedList
from lists.fetch import SourceFile

_NAMES = ("results", "entities", "entries", "records")

Records = list[tuple[int, dict[str, Any]]]
Rejected = list[tuple[int | None, str, str]]


def read_records(file: SourceFile) -> tuple[Records, Rejected]:
    """Return the numbered records of a JSON document, and what stands among them but is no record.

    Raises MalformedList where the JSON is broken or cut off, or holds no array of records.
    """
    try:
        document = orjson.loads(file.content())
    except orjson.JSONDecodeError as error:
        raise MalformedList(
            f"{file.path}: the JSON is broken or cut off ({error}); get the file again"
        ) from error
    records = document
    if isinstance(document, dict):
        records = next((document[name] for name in _NAMES if isinstance(document.get(name), list)), None)
    if not isinstance(records, list):
        raise MalformedList(f"{file.path}: holds no array of records")
    numbered = list(enumerate(records, start=1))
    good = [(row, record) for row, record in numbered if isinstance(record, dict)]
    bad: Rejected = [(row, "is no record", repr(one)) for row, one in numbered if not isinstance(one, dict)]
    return good, bad


def read_lines(file: SourceFile, partial: bool) -> tuple[Records, Rejected]:
    """Return the numbered records of a file with one JSON record a line; a last line that breaks off is a cut-off file.

    Raises MalformedList for it, unless `partial`.
    """
    good: Records = []
    bad: Rejected = []
    with file.stream() as stream:
        for row, line in enumerate((line for line in stream if line.strip()), start=1):
            try:
                record = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                bad.append((row, f"is not readable: {error}", line[:500].decode("utf-8", "replace")))
                continue
            if isinstance(record, dict):
                good.append((row, record))
            else:
                bad.append((row, "is no record", repr(record)))
    last = max((row for row, _ in good), default=0)
    if not partial and bad and (bad[-1][0] or 0) > last:
        raise MalformedList(f"{file.path}: cut off: line {bad[-1][0]} {bad[-1][1]}; get the file again")
    return good, bad
