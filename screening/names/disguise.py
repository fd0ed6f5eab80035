"""Names written so that a reader sees them and a program does not: each read as it looks.

`V1kt0r B0ut`, `H.u.a.w.e.i`, letters of another script, marks without width, text turned round, colours of terminals.
What comes out are additional names: the name as written stays, so that no number becomes a letter for good. A name
without a sign of disguise costs one look.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from string import ascii_uppercase

import polars as pl

from screening.names.first_look import WORDS, suspicious
from screening.names.long_names import parts, without_padding, words_of
from screening.names.scripts import INVISIBLE
from screening.names.tables import table

READ, PART = "read as it looks", "part of a long name"
"""Kinds of names: of the same party, and a lead that somebody may be named there."""
LONGEST = 20_000
"""Letters of a name that are read; what stands behind them is only told of (`hidden`)."""
READINGS = {"row": pl.UInt32(), "name": pl.String(), "kind": pl.String()}

_ESCAPE = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_TURNED = re.compile("\u202e([^\u202c\u202d\u202e]*)[\u202c\u202d]?")
_UNSEEN = re.compile(INVISIBLE[:-1] + "\U000e0000-\U000e0fff\u115f\u1160\u3164\uffa0\u2800\ufff9-\ufffb]")
_TAG = re.compile(r"</?[a-zA-Z][^<>@]{0,80}>")
_PERCENT = re.compile("(?:%[0-9A-Fa-f]{2})+")
_CODE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_SIGN_INSIDE = re.compile(
    r"(?<=[^\W\d_])[\u2500-\u2bff\ue000-\uf8ff\U0001f000-\U0001faff\u20d0-\u20f0]+(?=[^\W\d_])"
)
_SIGN = re.compile(r"[\u2500-\u2bff\ue000-\uf8ff\U0001f000-\U0001faff\u20d0-\u20f0]+")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN_AND_OTHER = re.compile(
    r"(?=.*[a-zA-Z])(?=.*[\u0370-\u058f\u13a0-\u13ff\uab70-\uabbf])|[\u13a0-\u13ff\uab70-\uabbf]"
)
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_MIXED = re.compile(r"[A-Za-z0-9@$|!€]+")
_A_LETTER = re.compile("[A-Za-z]")
_AMONG_LETTERS = re.compile(r"[A-Za-z][0-9@$|!€]{1,3}[A-Za-z]|^[0-9@$|!€][A-Za-z]{3}")
_ONE_BY_ONE = re.compile(r"(?<![^\W_])[^\W_](?:([ .*_·•-]{1,2})[^\W_](?:(?=\1)|(?![^\W_]))){2,}(?![^\W_])")
_FIVE = 5
_ROMAN = re.compile("[IVXLCDM]+|[ivxlcdm]+|www", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_WORTH_READING = 4
_LETTERS_NEEDED = 2


def readings(names: pl.Series) -> pl.DataFrame:
    """Return how names with a sign of disguise read otherwise: columns of `READINGS`, in the order of the names.

    `row` counts from 0. A name that is too long to be compared as one is also read in its parts.

    >>> readings(pl.Series(["V1ktor B0ut", "3M", "H.u.a.w.e.i", "Studio 54"])).rows()
    [(0, 'Viktor Bout', 'read as it looks'), (0, 'Vlktor Bout', 'read as it looks'), (2, 'Huawei', 'read as it looks')]
    """
    rows = suspicious(names).arg_true()
    found = [
        (row, *reading)
        for row, name in zip(rows, names.gather(rows), strict=True)
        for reading in _read(name[:LONGEST])
    ]
    return pl.DataFrame(found, schema=READINGS, orient="row")


def _read(name: str) -> Iterator[tuple[str, str]]:
    """Yield the readings of a name, each once, and the parts of one that is long."""
    visible = [*_as_shown(_decoded(name))]
    found = dict.fromkeys(each for text in visible for each in _spellings(text))
    for text in (name, *found):
        shorter = without_padding(text)
        found[shorter] = None
    short = {text: None for text in found if len(words_of(text)) <= WORDS}
    same = {_plainly(name), _plainly(re.sub(INVISIBLE, "", name))}
    yield from ((text, READ) for text in short if _plainly(text) not in same and _WORD.search(text))
    if not short:
        yield from ((part, PART) for part in parts(min(found, key=lambda text: (len(text), text))))


def _plainly(text: str) -> str:
    return " ".join(text.split()).casefold()


def _decoded(name: str) -> str:
    """Undo escapes of web pages and programs, and letters of UTF-8 that were read as Latin-1."""
    text = name
    if re.search(r"[\u00c2-\u00f4][\u0080-\u00bf]", text):
        try:
            text = text.encode("latin-1").decode("utf-8")
        except UnicodeError:
            text = name
    text = _PERCENT.sub(_in_utf8, text)
    text = _CODE.sub(_coded, text)
    return _TAG.sub("", html.unescape(html.unescape(text)))


def _in_utf8(found: re.Match[str]) -> str:
    return bytes.fromhex(found.group().replace("%", "")).decode(errors="replace")


def _coded(found: re.Match[str]) -> str:
    """Return the character of a code; half a pair of UTF-16 is none."""
    letter = chr(int(found.group(1) or found.group(2), 16))
    return letter if letter.isprintable() or letter.isspace() else "\ufffd"


def _rubbed_out(text: str) -> str:
    """Return a text without the letters that a backspace takes away."""
    left: list[str] = []
    for letter in text:
        if letter != "\b":
            left.append(letter)
        elif left:
            left.pop()
    return "".join(left)


def _as_shown(text: str) -> Iterator[str]:
    """Yield a text as a screen shows it: turned round where it says so, without what has no width."""
    text = _ESCAPE.sub("", text)
    text = _CONTROL.sub("", _rubbed_out(text) if "\b" in text else text)
    if "\r" in text:
        yield from (side.strip() for side in text.split("\r"))
    for shown in dict.fromkeys((_TURNED.sub(lambda found: found.group(1)[::-1], text), text)):
        plain = _UNSEEN.sub("", shown).translate(_boxed())
        plain = _SIGN.sub(" ", _SIGN_INSIDE.sub("", plain))
        yield from dict.fromkeys(
            " ".join(_WORD.sub(alike, plain).split()) for alike in (_in_latin, _in_cyrillic)
        )


def _spellings(text: str) -> Iterator[str]:
    """Yield a text, with letters that stand alone joined, digits for letters read, letters in a row written once."""
    for joined in dict.fromkeys((text, _together(text))):
        for spelled in dict.fromkeys(_in_letters(joined, digits) for digits in _digits()):
            yield from (spelled, *(_fewer(spelled, times) for times in (r"\1", r"\1\1")))


def _together(text: str) -> str:
    """Join letters that stand alone, where there are more than an abbreviation has."""
    runs = _ONE_BY_ONE.finditer(text)
    if any(sum(map(str.isalnum, run.group())) >= _FIVE for run in runs):
        return _ONE_BY_ONE.sub(_joined, text)
    return text


def _fewer(text: str, times: str) -> str:
    """Write letters that stand three times or more in a row as often as `times` says; not in `AAA`, `LLLP`, `VIII`."""

    def shorter(found: re.Match[str]) -> str:
        word = found.group()
        return _REPEATED.sub(times, word) if len(word) >= _FIVE and not _ROMAN.fullmatch(word) else word

    return _WORD.sub(shorter, text)


def _joined(found: re.Match[str]) -> str:
    return _CAPITAL.sub(" ", found.group().replace(found.group(1), "").translate({ord(" "): None}))


def _in_latin(found: re.Match[str]) -> str:
    """Write a word that mixes scripts in Latin letters."""
    word = found.group()
    return word.translate(_alike()) if _LATIN_AND_OTHER.match(word) else word


def _in_cyrillic(found: re.Match[str]) -> str:
    """Write a word of Cyrillic letters with Latin ones among them in Cyrillic; any other in Latin."""
    word = found.group()
    latin = _in_latin(found)
    return word.translate(_cyrillic()) if latin != word and _CYRILLIC.search(latin) else latin


def _in_letters(text: str, digits: dict[int, str]) -> str:
    """Read digits as letters where a word has them among its letters; a number stays one, and so does `3M`."""
    if not any(map(_has_digits_for_letters, _MIXED.findall(text))):
        return text
    return _MIXED.sub(
        lambda f: f.group().translate(digits) if _A_LETTER.search(f.group()) else f.group(), text
    )


def _has_digits_for_letters(word: str) -> bool:
    letters = sum(letter.isalpha() for letter in word)
    return len(word) >= _WORTH_READING and letters >= _LETTERS_NEEDED and bool(_AMONG_LETTERS.search(word))


@cache
def _alike() -> dict[int, str]:
    """Return what letters of other scripts look like, capitals as such."""
    rows = table("look_alikes").filter(~pl.col("script").is_in(["shape", "digit", "pair"]))
    small = dict(rows.select("letter", "reads").rows())
    capitals = {letter.upper(): reads.upper() for letter, reads in small.items() if len(letter.upper()) == 1}
    given = {letter: reads.upper() if letter.isupper() else reads for letter, reads in small.items()}
    return {ord(letter): reads for letter, reads in (capitals | given).items()}


@cache
def _cyrillic() -> dict[int, str]:
    """Return the Cyrillic letters that Latin ones look like."""
    rows = table("look_alikes").filter(pl.col("script") == "cyrillic").select("reads", "letter").rows()
    first: dict[str, str] = {}
    for latin, letter in rows:
        first.setdefault(latin, letter)
    capitals = {latin.upper(): letter.upper() for latin, letter in first.items()}
    return {ord(latin): letter for latin, letter in (first | capitals).items()}


@cache
def _digits() -> tuple[dict[int, str], ...]:
    """Return the ways to read digits and signs as letters; two where one may be i or l."""
    rows = (
        table("look_alikes")
        .filter(pl.col("script").is_in(["shape", "digit"]))
        .select("letter", "reads")
        .rows()
    )
    ways: dict[str, list[str]] = {}
    for sign, letter in rows:
        ways.setdefault(sign, []).append(letter)
    first, last = ({ord(s): letters[at] for s, letters in ways.items()} for at in (-1, 0))
    return (first, last)


@cache
def _boxed() -> dict[int, str]:
    """Return the letters in boxes, circles and brackets, and those of flags, of which compatibility says nothing."""
    starts = (0x1F130, 0x1F150, 0x1F170, 0x1F1E6, 0x1F110, 0x249C)
    return {start + at: letter for start, (at, letter) in product(starts, enumerate(ascii_uppercase))}
