"""Which layout a file has, known by its content, and the reader for it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import orjson
import polars as pl

from pipelines.errors import InputRejected
from pipelines.hashing import file_hash
from pipelines.inputs.files import ROW, unchanged
from pipelines.inputs.mapping import ColumnMap
from pipelines.inputs.ownership import gleif
from pipelines.inputs.ownership.bods import read_bods
from pipelines.inputs.ownership.checks import type_edges
from pipelines.inputs.ownership.ftm import read_ftm
from pipelines.inputs.ownership.gleif_files import RECORDS, read_gleif_csv, read_gleif_xml, xml_root
from pipelines.inputs.ownership.psc import read_psc
from pipelines.inputs.ownership.records import MAX_RECORD, Record, Rows, opened, records
from pipelines.inputs.ownership.table import edge_batches, read_edge_rows
from pipelines.inputs.packed import check_packed
from pipelines.inputs.reading import check_table, read_table
from screening.tables.book import InputFile
from screening.tables.inputs import EDGES, ENTITIES
from screening.tables.outputs import PROBLEMS

HEAD = 1 << 16
READERS = {"bods": read_bods, "psc": read_psc, "ftm": read_ftm}
StoreEdges = Callable[[pl.DataFrame], pl.LazyFrame]
"""Puts edges aside as they are read, in memory or on disk."""


@dataclass(frozen=True, slots=True)
class OwnershipFile:
    """What one file says: edges, entities, problems, and the file itself."""

    edges: pl.LazyFrame
    entities: pl.DataFrame
    problems: pl.DataFrame
    source: InputFile
    from_entity_table: bool = False


def read_file(
    path: Path, columns: ColumnMap, store: StoreEdges = pl.DataFrame.lazy, encoding: str | None = None
) -> OwnershipFile:
    """Read one ownership file of any layout. Raises InputRejected when it cannot be used."""
    if not path.is_file():
        raise InputRejected(f"{path}: no such file. Check the path.")
    check_packed(path)
    if path.suffix.lower() not in (".parquet", ".xlsx"):
        try:
            with opened(path) as stream:
                head = stream.read(HEAD)
        except (OSError, EOFError) as error:
            raise InputRejected(f"{path.name}: cannot be read: {error}") from error
        if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
            return _gleif_xml(path, head)
        if layout := _json_layout(path, head):
            return _json(path, layout)
        header = _header(head)
        if root := _gleif_root(header):
            return _gleif(path, root, read_gleif_csv(path, header, RECORDS[root][1]))
    return _table(path, columns, store, encoding)


def published_layout(path: Path) -> str | None:
    """Name the published layout of an ownership file (bods, psc, ftm, or the root of a GLEIF file); None for a table.

    Raises InputRejected for a JSON array of no layout.
    """
    if path.suffix.lower() in (".parquet", ".xlsx"):
        return None
    with opened(path) as stream:
        head = stream.read(HEAD)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return xml_root(head)
    return _json_layout(path, head) or _gleif_root(_header(head))


def _table(path: Path, columns: ColumnMap, store: StoreEdges, encoding: str | None) -> OwnershipFile:
    """Read a table of edges; what was read is put aside before more is."""
    edges, problems, rows = [_no_edges()], [PROBLEMS.empty()], 0
    with unchanged(path) as sha256:
        for batch, noted, count in edge_batches(path, columns, encoding):
            edges.append(store(batch))
            problems.append(noted)
            rows += count
    source = InputFile(path.name, sha256, path.stat().st_size, rows)
    return OwnershipFile(pl.concat(edges), ENTITIES.empty(), pl.concat(problems), source)


def _no_edges() -> pl.LazyFrame:
    return EDGES.empty().lazy()


def read_entities(path: Path, columns: ColumnMap | None, encoding: str | None = None) -> OwnershipFile:
    """Read the entity table, or GLEIF level 1 as one. Raises InputRejected."""
    if path.is_file() and path.suffix.lower() not in (".parquet", ".xlsx"):
        with opened(path) as stream:
            head = stream.read(HEAD)
        if "LEIData" in (_gleif_root(_header(head)), xml_root(head)):
            return replace(read_file(path, {}), from_entity_table=True)
    table = read_table(path, ENTITIES, columns, encoding=encoding)
    return OwnershipFile(_no_edges(), table.frame, table.problems, table.sources[0], from_entity_table=True)


def edges_from_rows(text: pl.DataFrame, source: InputFile, columns: ColumnMap) -> OwnershipFile:
    """Check edges that were read as text already, as from `read_text_table`. Raises InputRejected."""
    edges, problems = read_edge_rows(text, columns, source.name)
    return OwnershipFile(edges.lazy(), ENTITIES.empty(), problems, source)


def entities_from_rows(text: pl.DataFrame, source: InputFile, columns: ColumnMap) -> OwnershipFile:
    """Check an entity table that was read as text already, as from `read_text_table`. Raises InputRejected."""
    table = check_table(text, source, ENTITIES, columns)
    return OwnershipFile(_no_edges(), table.frame, table.problems, source, from_entity_table=True)


def _header(head: bytes) -> list[str]:
    line = head.decode("utf-8-sig", "replace").replace("\r", "\n").split("\n", 1)[0]
    return next(csv.reader(io.StringIO(line)), [])


def _json_layout(path: Path, head: bytes) -> str | None:
    """Recognize the first record of a JSON file; null for one of our own tables and for what is no JSON."""
    start = head.lstrip()[:1]
    if start not in (b"[", b"{"):
        return None
    first = _first_record(path, start == b"[")
    if "recordType" in first and "statementId" in first:
        return "bods"
    if isinstance(first.get("data"), dict) and "kind" in first["data"]:
        return "psc"
    if "schema" in first and "properties" in first:
        return "ftm"
    if start == b"[":
        raise InputRejected(f"{path.name}: a JSON array of no layout known to us (BODS, FollowTheMoney).")
    return None


def _first_record(path: Path, array: bool) -> Record:
    rows = Rows(path.name)
    if array:
        return next((record for _, record in records(path, rows)), {})
    with opened(path) as stream:
        try:
            record = orjson.loads(stream.readline(MAX_RECORD))
        except orjson.JSONDecodeError:
            return {}
    return record if isinstance(record, dict) else {}


def _json(path: Path, layout: str) -> OwnershipFile:
    rows = Rows(path.name)
    READERS[layout](records(path, rows), rows)
    return _checked(path, rows.edge_frame(), rows.entity_frame(), rows.problem_frame())


def _gleif_root(header: list[str]) -> str | None:
    """Recognize the golden copy's CSV by its columns; the answer is the root element of the same file in XML."""
    if gleif.CHILD in header:
        return "RelationshipData"
    if {"LEI", gleif.NAME} <= set(header):
        return "LEIData"
    return "ReportingExceptionData" if set(gleif.EXCEPTIONS) <= set(header) else None


def _gleif_xml(path: Path, head: bytes) -> OwnershipFile:
    root = xml_root(head)
    if root is None:
        layouts = ", ".join(RECORDS)
        raise InputRejected(f"{path.name}: XML of no layout known to us (GLEIF: {layouts}).")
    return _gleif(path, root, read_gleif_xml(path, root))


def _gleif(path: Path, root: str, rows: pl.DataFrame) -> OwnershipFile:
    """Turn the rows of one of the three GLEIF layouts into edges or entities."""
    none = ENTITIES.empty()
    if root == "LEIData":
        return _checked(path, None, gleif.level_1_entities(rows), PROBLEMS.empty())
    turn = gleif.relationship_edges if root == "RelationshipData" else gleif.exception_edges
    edges, notes = turn(rows)
    named = notes.with_columns(table=pl.lit("ownership"), file=pl.lit(path.name)).rename({ROW: "row"})
    problems = named.select(PROBLEMS.names)
    return _checked(path, edges, none, problems)


def _checked(
    path: Path, raw: pl.DataFrame | None, entities: pl.DataFrame, noted: pl.DataFrame
) -> OwnershipFile:
    """Check raw edges as those of a table are checked and put everything together."""
    edges, problems = type_edges(raw, path.name) if raw is not None else (EDGES.empty(), PROBLEMS.empty())
    rows = (raw.height if raw is not None else 0) + entities.height
    every = pl.concat([noted.cast(pl.Schema(PROBLEMS.schema())), problems]).sort("row", "column", "reason")
    source = InputFile(path.name, file_hash(path), path.stat().st_size, rows)
    return OwnershipFile(edges.lazy(), entities, every, source)
