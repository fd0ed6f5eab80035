"""The rows of a GLEIF file, CSV or XML, as a frame of the golden copy's columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import polars as pl
from lxml import etree

from lists.xml import release, walk
from pipelines.errors import InputRejected
from pipelines.inputs.files import ROW, readable
from pipelines.inputs.ownership.gleif import EXCEPTIONS, LEVEL_1, PERIODS, RELATIONSHIPS
from pipelines.inputs.ownership.records import Record, opened

RECORDS = {
    "RelationshipData": ("RelationshipRecord", RELATIONSHIPS),
    "LEIData": ("LEIRecord", LEVEL_1),
    "ReportingExceptionData": ("Exception", EXCEPTIONS),
}
"""Root element: element of one record, columns of the golden copy."""
RENAMED = {
    "Exception.LEI": "LEI",
    "Exception.ExceptionCategory": "Exception.Category",
    "Exception.ExceptionReason": "Exception.Reason.1",
    "Relationship.RelationshipQuantifiers.RelationshipQuantifier.1.QuantifierAmount": RELATIONSHIPS[-3],
    **{
        f"Relationship.RelationshipPeriods.RelationshipPeriod.{n}.{theirs}": f"Relationship.Period.{n}.{ours}"
        for n in PERIODS
        for theirs, ours in (("StartDate", "startDate"), ("EndDate", "endDate"), ("PeriodType", "periodType"))
    },
}
REPEATED = ("RelationshipPeriod", "RelationshipQuantifier")


def read_gleif_csv(path: Path, header: list[str], wanted: tuple[str, ...]) -> pl.DataFrame:
    """Read the wanted columns of a golden copy CSV, plain or gzipped; absent ones are null."""
    present = [name for name in wanted if name in header]
    with readable(path):
        frame = pl.read_csv(path, columns=present, infer_schema=False, encoding="utf8")
    return _complete(frame, wanted).with_row_index(ROW, offset=2).cast({ROW: pl.Int64})


def read_gleif_xml(path: Path, root: str) -> pl.DataFrame:
    """Read an XML file record by record, in constant memory; entities and the network are off."""
    element, wanted = RECORDS[root]
    try:
        with opened(path) as stream:
            rows = [_columns(record) for record in _records(stream, element)]
    except (etree.XMLSyntaxError, OSError) as error:
        raise InputRejected(f"{path.name}: cannot be read as XML: {error}. Is it whole?") from error
    frame = pl.DataFrame(rows, schema=dict.fromkeys(wanted, pl.String()))
    return frame.with_row_index(ROW, offset=1).cast({ROW: pl.Int64})


def xml_root(head: bytes) -> str | None:
    """Return the local name of the root element of a GLEIF file, or null for anything else."""
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, no_network=True)
    try:
        parser.feed(head)
        for _, element in parser.read_events():
            assert isinstance(element, etree._Element)
            name = etree.QName(element).localname
            return name if name in RECORDS else None
    except etree.XMLSyntaxError:
        pass
    return None


def _records(stream: IO[bytes], element: str) -> Iterator[etree._Element]:
    """Yield one record after another and forget it. A document with a type definition is refused: ours has none."""
    for _, node in walk(stream, [element]):
        if node.getroottree().docinfo.internalDTD is not None:
            raise InputRejected("XML with a document type definition is not read; GLEIF publishes none.")
        yield node
        release(node)


def _columns(record: etree._Element) -> Record:
    """Unfold a record into dotted paths of its leaves; repeated elements are numbered."""
    leaves: Record = {}
    prefix = "Exception." if etree.QName(record).localname == "Exception" else ""
    pending = [(record, prefix.rstrip("."))]
    while pending:
        node, path = pending.pop()
        counts: dict[str, int] = {}
        for child in node:
            if not isinstance(child.tag, str):
                continue
            name = etree.QName(child).localname
            counts[name] = counts.get(name, 0) + 1
            step = f"{name}.{counts[name]}" if name in REPEATED else name
            below = f"{path}.{step}" if path else step
            if len(child):
                pending.append((child, below))
            else:
                leaves.setdefault(RENAMED.get(below, below), (child.text or "").strip() or None)
    return leaves


def _complete(frame: pl.DataFrame, wanted: tuple[str, ...]) -> pl.DataFrame:
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in wanted if name not in frame.columns]
    return frame.with_columns(absent).select(*wanted)
