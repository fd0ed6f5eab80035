"""How a delimited file is written: its encoding, its separator, the lines above its header, its line ends.

Spreadsheets write what the country of their user is used to: `;` where the comma is the decimal sign, UTF-16 for
"Unicode text", a first line `sep=;` that says the separator.
"""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass

UTF_8, UTF_16_LE, UTF_16_BE = "utf-8", "utf-16-le", "utf-16-be"
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
SAMPLE_LINES = 20
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_WIDE_BOMS = ((codecs.BOM_UTF16_LE, UTF_16_LE), (codecs.BOM_UTF16_BE, UTF_16_BE))
_SEP_LINE = re.compile(r'"?sep=(.)"?$', re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\n|\r")
_QUOTED = re.compile(r'"[^"]*"?')


class DialectUnclear(ValueError):
    """How the file is written cannot be told. The message says what is unclear, and what to do."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited file is written. `skip_lines`: lines above the header."""

    encoding: str
    separator: str
    skip_lines: int
    line_end: str


def detect(head: bytes, usual: str = ",", encoding: str | None = None) -> Dialect:
    r"""Tell the dialect from the first bytes of a file. Raises DialectUnclear.

    usual: the separator of files of that name, which is taken where the header has none. encoding: the one that the
    user names; else UTF-16 is known by its mark or by its zeros, and anything else is taken for UTF-8.

    >>> detect("sep=;\nid;name\n1;A".encode("utf-16"))
    Dialect(encoding='utf-16-le', separator=';', skip_lines=1, line_end='\n')
    """
    encoding = encoding or _encoding(head)
    text = head.decode(encoding, "replace").removeprefix("\ufeff")
    line_end = "\r" if "\r" in text and "\n" not in text else "\n"
    lines = _LINE_END.split(text)
    blank = next((number for number, line in enumerate(lines) if line.strip(" \t")), 0)
    if sep_line := _SEP_LINE.match(lines[blank].strip(" ")):
        return Dialect(encoding, sep_line[1], blank + 1, line_end)
    return Dialect(encoding, _separator(lines[blank:], usual), blank, line_end)


def _encoding(head: bytes) -> str:
    if head.startswith(_UTF_32):
        raise DialectUnclear("its encoding is UTF-32, which is not read here. Save it as UTF-8.")
    for mark, encoding in _WIDE_BOMS:
        if head.startswith(mark):
            return encoding
    even, odd = head[0::2], head[1::2]
    low, high = even.count(0), odd.count(0)
    # Letters of the Latin alphabet have one byte of zero each in UTF-16; text in UTF-8 has next to none.
    if high > 0.4 * len(odd) and low < 0.1 * len(even):
        return UTF_16_LE
    if low > 0.4 * len(even) and high < 0.1 * len(odd):
        return UTF_16_BE
    return UTF_8


def _separator(lines: list[str], usual: str) -> str:
    """Choose the separator that the header has, and that divides the lines below it into as many fields."""
    header = _QUOTED.sub("", lines[0])
    counts = {mark: header.count(mark) for mark in SEPARATORS if mark in header}
    if len(counts) <= 1:
        return next(iter(counts), usual)
    whole = lines[: min(SAMPLE_LINES, len(lines) - 1)] or lines
    even = {mark: count for mark, count in counts.items() if _divides(whole, mark)}
    best = [mark for mark, count in (even or counts).items() if count == max((even or counts).values())]
    if len(best) == 1:
        return best[0]
    if usual in best:
        return usual
    names = " or ".join(SEPARATORS[mark] for mark in best)
    raise DialectUnclear(
        f"its separator cannot be told: {names}. Put a line above the header that says it, such as sep=;"
    )


def _divides(lines: list[str], separator: str) -> bool:
    """Return whether a separator divides all lines that are not blank into the same number of fields."""
    rows = csv.reader((line for line in lines if line.strip()), delimiter=separator)
    try:
        return len({len(row) for row in rows}) == 1
    except csv.Error:
        return False
