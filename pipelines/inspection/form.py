"""The form of a file: format, encoding and what shows it, separator, line ends, the row of its header."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from pipelines.inputs.delimited import HEAD, unpacked
from pipelines.inputs.dialect import SEPARATORS, UTF_8
from pipelines.inputs.files import TextTable
from pipelines.inputs.packed import GZIP

MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LINE_ENDS = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written. `encoding_shown_by`: why it is read in that encoding. What does not apply is None."""

    format: str
    gzip: bool = False
    encoding: str | None = None
    encoding_shown_by: str | None = None
    separator: str | None = None
    line_end: str | None = None
    header_row: int | None = None


def describe(path: Path, scanned: TextTable, encoding: str | None) -> Form:
    """Describe a table that was scanned. `encoding`: as the user names it."""
    with unpacked(path) as stream:
        head = stream.read(HEAD)
    packed = _is_gzip(path)
    name = path.name.lower().removesuffix(".gz")
    kind = {"jsonl": "ndjson"}.get(name.rpartition(".")[2], name.rpartition(".")[2])
    dialect = scanned.dialect
    if dialect is None:
        return Form(kind, packed, header_row=scanned.first - 1 or None)
    text = head.decode(dialect.encoding, "replace")
    end = next((words for mark, words in LINE_ENDS.items() if mark in text), None)
    return Form(
        kind,
        packed,
        dialect.encoding,
        _shown_by(head, scanned, dialect.encoding, encoding),
        SEPARATORS.get(dialect.separator, dialect.separator),
        end,
        scanned.first - 1,
    )


def describe_published(path: Path, layout: str) -> Form:
    """Describe a file of a published layout."""
    return Form(layout, _is_gzip(path))


def _shown_by(head: bytes, scanned: TextTable, read_as: str, named: str | None) -> str:
    if named:
        return "you name it"
    if scanned.guessed:
        return "guessed, for it is no UTF-8: where names look wrong, name its encoding"
    if head.startswith(MARKS):
        return "its byte order mark"
    return "all of its bytes are UTF-8" if read_as == UTF_8 else "zero bytes between its letters"


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == GZIP
