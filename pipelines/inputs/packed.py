"""Compressed inputs: looked into before anything unpacks them, because a small file may hold a disk full of zeros."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from pathlib import Path

from pipelines.errors import InputRejected

GZIP, ZIP = b"\x1f\x8b", b"PK"
OTHER = (
    b"\x28\xb5\x2f\xfd",
    b"\x78\x01",
    b"\x78\x9c",
    b"\x78\xda",
)  # zstd, zlib: readers would unpack them unasked
BLOCK = 1 << 20
MAX_UNPACKED = 64 << 30
MAX_SHEETS = 2 << 30
"""A workbook is read into memory whole."""
MAX_RATIO = 200
"""Tables of text shrink to a tenth, very uniform ones to a fiftieth."""
FLOOR = 64 << 20
"""Below this size nothing does harm, whatever the ratio."""


def check_packed(path: Path) -> None:
    """Raise InputRejected for a file that unpacks to too much, is broken, or is packed in a way we do not read."""
    with path.open("rb") as stream:
        mark = stream.read(4)
    if mark.startswith(GZIP):
        _check_gzip(path)
    elif mark.startswith(ZIP) and path.suffix.lower() == ".xlsx":
        _check_workbook(path)
    elif mark.startswith(OTHER):
        raise InputRejected(
            f"{path.name}: compressed in a way that is not read here. Use gzip, or unpack it."
        )


def _check_gzip(path: Path) -> None:
    packed, read = path.stat().st_size, 0
    try:
        with gzip.open(path, "rb") as stream:
            while block := stream.read(BLOCK):
                read += len(block)
                _check_size(path, read, packed, MAX_UNPACKED)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputRejected(
            f"{path.name}: the gzip file is broken or cut off ({error}). Get it again."
        ) from error


def _check_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile as error:
        raise InputRejected(f"{path.name}: the workbook is broken or cut off ({error}).") from error
    _check_size(path, size, path.stat().st_size, MAX_SHEETS)


def _check_size(path: Path, size: int, packed: int, most: int) -> None:
    if size > most:
        raise InputRejected(f"{path.name}: unpacks to more than {most >> 30} GiB. Divide it.")
    if size > FLOOR and size > MAX_RATIO * packed:
        raise InputRejected(
            f"{path.name}: unpacks to over {MAX_RATIO} times its size; refused. Unpack it yourself if you trust it."
        )
