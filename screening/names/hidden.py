"""Names that hide something: what a reader does not see or cannot trust, where it stands, and how often.

Found or not, such a name is worth a question: nobody writes letters turned round, marks without width inside a word or
words of two alphabets by hand. What a script needs is no sign: joiners of Arabic and Indic, points of Hebrew, accents
of Vietnamese, a soft hyphen or a mark of direction at the end of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import polars as pl

from screening.names.disguise import LONGEST
from screening.names.first_look import WORDS, suspicious
from screening.names.long_names import READ_IN_PARTS, without_padding, words_of
from screening.names.tables import table

SHOWN, LONGEST_SHOWN = 3, 80
"""Places of a sign that are named, and letters of a name that are shown."""
TOO_LONG = "words: too long to be compared as one name"
HIDDEN = {"row": pl.UInt32(), "name": pl.String(), "signs": pl.String()}
_L = r"[^\W\d_]"
_EUROPEAN = r"[A-Za-z\u00c0-\u024f\u0370-\u052f]"
_NO_WIDTH = (
    "\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0100-\U000e01ef"
)
_EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2800\ue000-\uf8ff"
_MARKS = "\u0300-\u036f\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0"
_STYLED = "\u249c-\u24e9\U0001d400-\U0001d7ff\U0001f110-\U0001f189\U0001f1e6-\U0001f1ff"
PATTERNS: tuple[tuple[str, str], ...] = (
    ("control characters", r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]|\r(?!\n)(?=.)"),
    ("letters turned round", "[\u202d\u202e]"),
    ("tag characters", r"(?<!\U0001f3f4)(?<![\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+"),
    ("marks without width inside a word", rf"(?<={_EUROPEAN})[{_NO_WIDTH}\u202a-\u202c]+(?={_EUROPEAN})"),
    ("soft hyphens one upon another", rf"(?:{_L}{{1,2}}\u00ad){{3,}}|\u00ad{{2,}}"),
    ("marks stacked on a letter", rf"(?<=[A-Za-z\u0400-\u052f])[{_MARKS}]{{3,}}|(?<=[\u0370-\u03ff])[{_MARKS}]{{4,}}"),
    ("letters struck out", rf"(?:{_L}[\u0334-\u0338\u20d0-\u20e4]){{3,}}"),
    ("signs between letters", rf"(?<={_EUROPEAN})[{_EMOJI}\ufe0f]+(?={_EUROPEAN})"),
    ("letters of mathematics, boxes or flags", f"[{_STYLED}]{{3,}}"),
    ("codes for letters", r"(?:&#x?[0-9a-fA-F]{2,6};){2,}|(?:%[0-9A-Fa-f]{2}){3,}|(?:\\[ux][0-9a-fA-F]{2,4}){2,}"),
    ("tags", r"</?[a-zA-Z]+(?:\s[^<>]*)?>"),
    ("a letter more than five times", r"([^\W\d_])\1{5,}"),
    ("letters that stand alone", rf"(?<!{_L}){_L}(?:[ .*_·•-]{{1,2}}{_L}(?!{_L})){{9,}}"),
    ("a word again and again", r"(?<!\S)(\S+)(?:\s+\1(?!\S)){4,}"),
)  # fmt: skip
_SIGNS = tuple((kind, re.compile(pattern)) for kind, pattern in PATTERNS)
_WORD = re.compile(r"[^\W\d_]{3,}")
_LATIN = re.compile("[A-Za-z]")
_BELARUSIAN = re.compile("[iI\u0400-\u052f]+")  # i is typed for \u0456 where a keyboard lacks it
_ROMAN = re.compile("[ivxlcdm]+", re.IGNORECASE)


def hidden_signs(names: pl.Series) -> pl.DataFrame:
    """Return the names that hide something: columns of `HIDDEN`, in the order of the names; `row` counts from 0.

    name: safe to show, with what nobody sees as its code. signs: kinds, with code and place (from 1) of the first ones.

    >>> hidden_signs(pl.Series(["Huawei", "Hua\\u200bwei"])).row(0)
    (1, 'Hua<U+200B>wei', 'marks without width inside a word (U+200B at 4)')
    """
    rows = suspicious(names).arg_true()
    found = [
        (row, shown(name), "; ".join(signs))
        for row, name in zip(rows, names.gather(rows), strict=True)
        if (signs := [*_signs(name)])
    ]
    return pl.DataFrame(found, schema=HIDDEN, orient="row")


def shown(name: str) -> str:
    """Return a name as it may be printed anywhere: what is not printed or has no width as `<U+200B>`, cut with a mark.

    >>> shown("a\\x1b[31mb"), shown("x" * 100)[-3:]
    ('a<U+001B>[31mb', 'xx…')
    """
    plain = "".join(
        letter if _is_visible(letter) else f"<{_code(letter)}>" for letter in name[:LONGEST_SHOWN]
    )
    return plain if len(name) <= LONGEST_SHOWN else plain + "…"


def _is_visible(letter: str) -> bool:
    return letter == " " or (letter.isprintable() and not re.match(f"[{_NO_WIDTH}]", letter))


def _code(letter: str) -> str:
    return f"U+{ord(letter):04X}"


def _signs(name: str) -> Iterator[str]:
    """Yield each kind of sign in a name, with where."""
    text = unicodedata.normalize("NFD", name[:LONGEST]) if not name.isascii() else name[:LONGEST]
    for kind, pattern in _SIGNS:
        where = text if kind.startswith("marks stacked") else name[:LONGEST]
        found = [each for each in pattern.finditer(where) if not _ROMAN.fullmatch(each.group())]
        if found:
            yield _described(kind, [_first(each) for each in found])
    mixed = [at for word in _WORD.finditer(name[:LONGEST]) if (at := _foreign(word.group(), word.start()))]
    if mixed:
        yield _described("letters of another alphabet inside a word", mixed)
    count = len(words_of(name[:LONGEST]))
    if count > WORDS:
        yield f"{count:,} {TOO_LONG}{_compared(name[:LONGEST])}"
    if len(name) > LONGEST:
        yield f"{len(name):,} characters: those after {LONGEST:,} were not compared"


def _first(found: re.Match[str]) -> tuple[str, int]:
    """Return the first character of a sign that is no letter, or the first of all, and its place."""
    at = next((i for i, letter in enumerate(found.group()) if not letter.isalnum()), 0)
    return found.group()[at], found.start() + at + 1


def _compared(name: str) -> str:
    """Say what of a long name was compared."""
    left = len(words_of(without_padding(name)))
    if left <= WORDS:
        return ", compared without words that come up again and again"
    return ", compared in parts" + (f" up to word {READ_IN_PARTS}" if left > READ_IN_PARTS else "")


def _described(kind: str, places: list[tuple[str, int]]) -> str:
    first = ", ".join(f"{_code(letter)} at {at}" for letter, at in places[:SHOWN])
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    return f"{kind} ({first}{more})"


def _foreign(word: str, start: int) -> tuple[str, int] | None:
    """Return the first letter in a word of Latin letters that only looks like one, and its place."""
    if word.isascii() or not _LATIN.search(word) or _BELARUSIAN.fullmatch(word):
        return None
    alike = _alike()
    return next(((c, start + i + 1) for i, c in enumerate(word) if c in alike), None)


def _alike() -> frozenset[str]:
    rows = table("look_alikes").filter(pl.col("script").is_in(["cyrillic", "greek", "armenian", "cherokee"]))
    return frozenset(c for letter in rows["letter"] for c in (letter, letter.upper()))
