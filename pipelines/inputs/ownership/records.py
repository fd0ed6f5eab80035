"""Streams of JSON records, and the edge and entity rows made of them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson
import polars as pl

from pipelines.errors import InputRejected
from pipelines.inputs.files import ROW
from pipelines.inputs.problems import IGNORED, NO_COUNTRY, SET_ASIDE, SHOWN
from screening.places import read_countries
from screening.tables.inputs import EDGES, ENTITIES
from screening.tables.outputs import PROBLEMS

MAX_RECORD = 1 << 25
"""Longest record read, in bytes; no statement about one company is longer."""
MAX_DOCUMENT = 1 << 30
"""Largest unpacked file that is one JSON array; larger ones are published as lines."""

RAW_EDGES = {
    ROW: pl.Int64(),
    **{c.name: c.dtype for c in EDGES.columns if c.kind != "date"},
    **dict.fromkeys(("start", "end", "source_date", "share_percent"), pl.String()),
    "owner_joint": pl.Boolean(),
    "owned_joint": pl.Boolean(),
    "undisclosed": pl.Boolean(),
}

Record = dict[str, Any]


@dataclass(slots=True)
class Rows:
    """What a reader of records collects: raw edges, entities, and problems, each with the row it came from."""

    file: str
    edges: list[Record] = field(default_factory=list)
    entities: list[Record] = field(default_factory=list)
    problems: list[Record] = field(default_factory=list)

    def problem(self, row: int, column: str, value: object, reason: str, *, ignored: bool = False) -> None:
        """Note that a row was set aside, or only a value of it ignored."""
        consequence = IGNORED if ignored else SET_ASIDE
        text = None if value is None else str(value)[:SHOWN]
        self.problems.append(
            dict(
                zip(
                    PROBLEMS.names,
                    ("ownership", self.file, row, column, text, reason, consequence),
                    strict=True,
                )
            )
        )

    def countries(self, row: int, **written: Sequence[object]) -> Record:
        """Return the fields of an entity with the first country that each column's values name, and `country_remarks`
        for regions, which the code of a country hides. A text that names no country is a problem."""
        fields: Record = {}
        remarks = []
        for column, values in written.items():
            places = {text: _place(text) for text in texts(list(values))}
            fields[column] = next((code for code, _, _ in places.values() if code), None)
            remarks += [f"{column}={region}" for _, region, _ in places.values() if region]
            for text, (code, _, why) in places.items():
                if code is None:
                    reason = f"{NO_COUNTRY}: {why or 'is no country that we can read'}"
                    self.problem(row, column, text, reason, ignored=True)
        return fields | {"country_remarks": sorted(set(remarks)) or None}

    def edge_frame(self) -> pl.DataFrame:
        """Return the raw edges as `checks.type_edges` takes them."""
        frame = pl.DataFrame(self.edges, schema=RAW_EDGES)
        return frame.with_columns(pl.col("owner_joint", "owned_joint", "undisclosed").fill_null(value=False))

    def entity_frame(self) -> pl.DataFrame:
        """Return the entities; of several records of one, the last that fills a field counts."""
        frame = pl.DataFrame(self.entities, schema=ENTITIES.schema())
        return frame.group_by("entity_id").agg(pl.all().drop_nulls().last()).sort("entity_id")

    def problem_frame(self) -> pl.DataFrame:
        """Return the problems."""
        return pl.DataFrame(self.problems, schema=PROBLEMS.schema())


def opened(path: Path) -> BinaryIO:
    """Open a file, plain or gzipped."""
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


def records(path: Path, rows: Rows) -> Iterator[tuple[int, Record]]:
    """Yield each record of a JSON array or of JSON lines with its number from 1; note those that are none.

    Raises InputRejected for a file that is neither or is too large to be one array.
    """
    with opened(path) as stream:
        start = stream.read(1024).lstrip()[:1]
        stream.seek(0)
        yield from _array_records(stream, rows) if start == b"[" else _line_records(stream, rows)


def _array_records(stream: BinaryIO, rows: Rows) -> Iterator[tuple[int, Record]]:
    document = stream.read(MAX_DOCUMENT + 1)
    if len(document) > MAX_DOCUMENT:
        raise InputRejected(f"{rows.file}: one JSON array of more than 1 GiB. Write one record a line.")
    try:
        loaded = orjson.loads(document)
    except orjson.JSONDecodeError as error:
        raise InputRejected(f"{rows.file}: not valid JSON: {error}") from error
    for row, record in enumerate(loaded, 1):
        if isinstance(record, dict):
            yield row, record
        else:
            rows.problem(row, "record", record, "not an object")


def _line_records(stream: BinaryIO, rows: Rows) -> Iterator[tuple[int, Record]]:
    row = 0
    while line := stream.readline(MAX_RECORD + 1):
        row += 1
        if len(line) > MAX_RECORD:
            raise InputRejected(f"{rows.file}: line {row} is longer than {MAX_RECORD} bytes. Check the file.")
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            rows.problem(row, "record", line[:SHOWN].decode("utf-8", "replace"), "not valid JSON")
            continue
        if isinstance(record, dict):
            yield row, record
        else:
            rows.problem(row, "record", record, "not an object")


def texts(value: object) -> list[str]:
    """Return the text values in a field that may hold one, several or none.

    >>> texts("a"), texts(["a", None, "b"]), texts(7)
    (['a'], ['a', 'b'], [])
    """
    values = value if isinstance(value, list) else [value]
    return [item.strip() for item in values if isinstance(item, str) and item.strip()]


def first_text(*values: object) -> str | None:
    """Return the first text in any of the fields, or null.

    >>> first_text(None, ["", "b"], "c")
    'b'
    """
    return next((text for value in values for text in texts(value)), None)


def day(value: object) -> str | None:
    """Return the day of a date or a time; a year or month alone is none.

    >>> day("2024-01-31T00:00:00Z"), day(["2024"])
    ('2024-01-31', None)
    """
    return next((text[:10] for text in texts(value) if len(text) >= 10), None)


def objects(value: object) -> list[Record]:
    """Return the objects in a field that should hold a list of them.

    >>> objects([{"a": 1}, 2]), objects("x")
    ([{'a': 1}], [])
    """
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def inside(record: object, *keys: str) -> Any:
    """Follow keys into nested objects; null where one is absent or no object.

    >>> inside({"a": {"b": 1}}, "a", "b"), inside({"a": 1}, "a", "b")
    (1, None)
    """
    for key in keys:
        record = record.get(key) if isinstance(record, dict) else None
    return record


@lru_cache(maxsize=1 << 16)
def _place(text: str) -> tuple[str | None, str | None, str | None]:
    """Return the country and the region of Ukraine that a text such as "GB", "us-de" or "Panama" names, and why there
    is none."""
    tries = [text, *([text[:2]] if text[2:3] == "-" else [])]
    rows = read_countries(pl.Series(tries, dtype=pl.String)).select("iso2", "region", "why").rows()
    return next((row for row in rows if row[0]), rows[0])
