"""Scanning delimited files of any dialect; UTF-8 is read in a stream, other encodings are turned into it first."""

from __future__ import annotations

import codecs
import gzip
import re
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, cast

import polars as pl

from pipelines.inputs.dialect import UTF_8, Dialect, DialectUnclear, detect
from pipelines.inputs.jsonlines import MORE
from pipelines.inputs.packed import GZIP

HEAD = 1 << 16
BLOCK = 1 << 22
FALLBACK = "cp1252"
"""What spreadsheets in Western Europe and America write where they do not write UTF-8."""
MAX_RECODED = 512 << 20
"""Bytes of a file in another encoding than UTF-8, which is turned into it in memory."""
NAME_IT = "name its encoding, in the configuration ([encoding] customers = 'cp1251') or by --encoding customers=cp1251"
_BLANK_LINE = re.compile(rb'\n[ \t,;|"]*\r?\n')
_HIGH = re.compile(rb"[\x00-\x7f]+")
_FOREIGN = re.compile(rb"[\x80-\xff]{4,}")
"""Letters with marks stand alone in Western languages; in other scripts whole words are beyond ASCII."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The raw rows of a file.

    `first`: the number of the first. `has_blanks`: whether rows without any value may be there.
    `guessed`: the encoding that was taken because the file is no UTF-8 and nobody says what it is. `dialect`: of a
    delimited file.
    """

    frame: pl.LazyFrame
    first: int
    has_blanks: bool = False
    guessed: str | None = None
    dialect: Dialect | None = None


def scan_delimited(path: Path, usual: str, encoding: str | None) -> Scan:
    """Scan a delimited file; a row with more fields than the header shows it in the column `MORE`.

    usual: the separator of files of that name. encoding: as the user names it. Raises DialectUnclear where encoding or
    separator cannot be told.
    """
    named = codecs.lookup(encoding).name if encoding else None
    with unpacked(path) as stream:
        head = stream.read(HEAD)
    dialect, guessed = detect(head, usual, named), None
    if dialect.encoding == UTF_8:
        is_utf_8, has_blanks = _survey(path)
        if is_utf_8 and dialect.line_end == "\n":
            return Scan(_scan(path, dialect), 2 + dialect.skip_lines, has_blanks, dialect=dialect)
        if not is_utf_8 and named is None:
            guessed = FALLBACK
            dialect = detect(head, usual, guessed)
    source = BytesIO(_recoded(path, dialect, guessed=guessed is not None))
    return Scan(_scan(source, dialect), 2 + dialect.skip_lines, True, guessed, dialect)


def unpacked(path: Path) -> IO[bytes]:
    """Open a file, unpacked where it is gzip, whatever its name."""
    with path.open("rb") as stream:
        packed = stream.read(2) == GZIP
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def _survey(path: Path) -> tuple[bool, bool]:
    """Read a whole file once: return whether it is UTF-8, and whether a line may be blank."""
    decoder = codecs.getincrementaldecoder(UTF_8)()
    has_blanks, rest = False, b""
    with unpacked(path) as stream:
        try:
            while block := stream.read(BLOCK):
                decoder.decode(block)
                rest += block
                has_blanks = has_blanks or _BLANK_LINE.search(rest) is not None
                rest = rest[max(rest.rfind(b"\n"), 0) :]
                if len(rest) > HEAD:  # no line that is blank is so long
                    rest = b""
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False, has_blanks
    return True, has_blanks or _BLANK_LINE.search(rest.rstrip(b"\n") + b"\n") is not None


def _recoded(path: Path, dialect: Dialect, *, guessed: bool) -> bytes:
    """Return the content of a file in UTF-8, its lines ended by line feeds. Raises DialectUnclear."""
    with unpacked(path) as stream:
        content = stream.read(MAX_RECODED + 1)
    if len(content) > MAX_RECODED:
        raise DialectUnclear(
            f"it is {dialect.encoding} or has the line ends of old Macintoshes, of which {MAX_RECODED >> 20} MiB are "
            "read. Save it as UTF-8 with usual line ends."
        )
    if guessed and 4 * sum(map(len, _FOREIGN.findall(content))) > len(_HIGH.sub(b"", content)):
        raise DialectUnclear(
            "its encoding is not UTF-8, and looks like no Western one either (Cyrillic, Greek, Arabic, Chinese?). "
            f"Save it as UTF-8, or {NAME_IT}"
        )
    try:
        text = content.decode(dialect.encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        kinds = f"neither UTF-8 nor {dialect.encoding}" if guessed else f"not {dialect.encoding}"
        raise DialectUnclear(
            f"its encoding is {kinds}: byte 0x{content[error.start]:02X} in line {line}. "
            f"Save it as UTF-8, or {NAME_IT}"
        ) from error
    if dialect.line_end == "\r":
        text = text.replace("\r", "\n")
    return text.removeprefix("\ufeff").encode(UTF_8)


def _scan(source: Path | BytesIO, dialect: Dialect) -> pl.LazyFrame:
    # A name such as book[1].csv is no pattern of names.
    scan = partial(
        pl.scan_csv, source, separator=dialect.separator, skip_lines=dialect.skip_lines, glob=False
    )
    header = scan(infer_schema=False).collect_schema().names()
    if not header or MORE in header:
        return scan(infer_schema=False)
    return scan(
        schema=dict.fromkeys([*header, MORE], pl.String()),
        truncate_ragged_lines=True,
        missing_columns="insert",
    )
