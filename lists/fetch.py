"""Read a list file from disk: plain, gzip or zip, by its first bytes, never by its name.

Nothing here trusts the file: sizes and compression ratios are capped, a cut-off archive is an error, an HTML page
that came instead of a list is named as such.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from lists.errors import HostileInput, MalformedList

MAX_STREAM = 4 << 30
"""Most bytes a file may unpack to when it is streamed."""
MAX_MEMORY = 512 << 20
"""Most bytes of a file that is read into memory as a whole."""
MAX_RATIO = 200
"""Most bytes out for a byte in; list files compress about 5 to 30 times."""
RATIO_FLOOR = 16 << 20
"""Below this size the ratio says nothing."""
HEAD = 64 << 10
"""How much of a file a source may look at to recognize it."""

_END_MARK = "\x1a"
_PAGES = re.compile(rb"<title>\s*UFLPA Entity List\b")
"""Titles of pages that are lists themselves: their publishers give no file."""
_PACKED_SUFFIX = re.compile(r"\.(gz|zip)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A list file on disk: where it lies, what it is called, how it begins.

    `name` is the lower-case file name without `.gz` or `.zip`; `head` the first 64 KiB of its unpacked content.
    """

    path: Path
    name: str
    head: bytes

    @property
    def folder(self) -> Path:
        """Folder in which the file lies."""
        return self.path.parent

    @property
    def head_text(self) -> str:
        """The head as text, for recognition only."""
        return self.head.decode("utf-8-sig", errors="replace")

    @contextmanager
    def stream(self) -> Iterator[IO[bytes]]:
        """Open the unpacked content; reading past the caps raises HostileInput, a cut-off archive MalformedList."""
        with _unpacked(self.path) as raw:
            yield cast(IO[bytes], io.BufferedReader(_Capped(raw, self.path, MAX_STREAM), 1 << 20))

    def content(self) -> bytes:
        """Return the whole unpacked content; raises HostileInput above `MAX_MEMORY`."""
        with _unpacked(self.path) as raw:
            return io.BufferedReader(_Capped(raw, self.path, MAX_MEMORY), 1 << 20).read()

    def sha256(self) -> str:
        """Hash the unpacked content, so that a file and its gzip have the same hash."""
        digest = hashlib.sha256()
        with self.stream() as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()

    def text(self) -> Text:
        """Return the whole content as text: UTF-8, or cp1252 on the lines that are not UTF-8."""
        return decode(self.content())


@dataclass(frozen=True, slots=True)
class Text:
    """Decoded content, whether the publisher's end mark (0x1A) stood at its end, and how many lines were cp1252."""

    text: str
    end_mark: bool
    recoded: int


def open_file(path: Path) -> SourceFile:
    """Open a list file and look at its head.

    Raises MalformedList for a missing, empty or cut-off file and for an HTML page, HostileInput for a bomb.
    """
    if not path.is_file():
        raise MalformedList(f"{path}: no such file")
    file = SourceFile(path=path, name=_PACKED_SUFFIX.sub("", path.name).lower(), head=b"")
    with file.stream() as stream:
        head = stream.read(HEAD)
    if not head.strip(b"\0 \t\r\n\x1a\xef\xbb\xbf"):
        raise MalformedList(f"{path}: the file is empty; get it again from its publisher")
    page = re.match(rb"\s*<(!doctype\s+html|html)\b", head.removeprefix(b"\xef\xbb\xbf"), re.IGNORECASE)
    if page and not _PAGES.search(head):
        raise MalformedList(f"{path}: this is an HTML page, not a list; the address may have moved")
    return SourceFile(path=path, name=file.name, head=head)


def headers_path(path: Path) -> Path:
    """Return the hidden file next to a downloaded one that records its address, ETag and Last-Modified."""
    return path.with_name(f".{path.name}.http.json")


def find_files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield every file named by `paths`, folders walked in sorted order, with whether it was named directly.

    Links that lead out of a folder and hidden files are not followed.
    """
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        root = path.resolve()
        for found in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
            if found.is_file() and not hidden and found.resolve().is_relative_to(root):
                yield found, False


def decode(content: bytes) -> Text:
    r"""Decode bytes as UTF-8, and line by line as cp1252 where that fails.

    >>> decode(b"caf\xc3\xa9\ncaf\xe9\n\x1a")
    Text(text='café\ncafé\n', end_mark=True, recoded=1)
    """
    recoded = 0
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        decoded = [_decode_line(line) for line in lines]
        recoded = sum(was_cp1252 for _, was_cp1252 in decoded)
        text = "\n".join(line for line, _ in decoded)
    stripped = text.rstrip(" \t\r\n" + _END_MARK)
    tail = text[len(stripped) :]
    if _END_MARK in tail:
        return Text(text=stripped + tail.split(_END_MARK, 1)[0], end_mark=True, recoded=recoded)
    return Text(text=text, end_mark=False, recoded=recoded)


def _decode_line(line: bytes) -> tuple[str, bool]:
    try:
        return line.decode("utf-8"), False
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace"), True


@contextmanager
def _unpacked(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as plain:
        magic = plain.read(4)
        plain.seek(0)
        if magic[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=plain) as unpacked:
                yield cast(IO[bytes], unpacked)
        elif magic == b"PK\x03\x04":
            with _only_member(path, plain) as member:
                yield member
        else:
            yield plain


@contextmanager
def _only_member(path: Path, plain: IO[bytes]) -> Iterator[IO[bytes]]:
    try:
        archive = zipfile.ZipFile(plain)
    except zipfile.BadZipFile as error:
        raise MalformedList(f"{path}: the zip archive is broken or cut off ({error})") from error
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise MalformedList(f"{path}: the zip archive holds {len(members)} files, not one; unpack it first")
    with archive.open(members[0]) as member:
        yield member


class _Capped(io.RawIOBase):
    """A reader that counts what it hands out and stops at the caps."""

    def __init__(self, raw: IO[bytes], path: Path, limit: int) -> None:
        self._raw, self._path, self._limit = raw, path, limit
        self._packed_size = max(path.stat().st_size, 1)
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer)).cast("B")
        try:
            block = self._raw.read(len(view))
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            raise MalformedList(f"{self._path}: the archive is broken or cut off ({error})") from error
        self._read += len(block)
        if self._read > self._limit:
            raise HostileInput(f"{self._path}: unpacks to more than {self._limit >> 20} MiB; refused")
        if self._read > RATIO_FLOOR and self._read > MAX_RATIO * self._packed_size:
            raise HostileInput(f"{self._path}: unpacks to over {MAX_RATIO} times its size; refused as a bomb")
        view[: len(block)] = block
        return len(block)
