"""Marks of machines in a name, undone: HTML escapes, marks without width, words run together."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

INVISIBLE = r"\x{ad}\x{61c}\x{180e}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}"
"""Marks without width, and those that turn the direction of writing: inside a class of a pattern for Polars."""

_SPACE = re.compile("[\u200b\u180e]")
_MARKS = re.compile("[\u00ad\u061c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_JOINERS = re.compile("(?<=[\u0000-\u024f])[\u200c\u200d]|[\u200c\u200d](?=[\u0000-\u024f])")
_RUN_ON = re.compile("(?<=[a-z]{3})(?=[A-Z][a-z]{3})")


def tidy(text: str) -> str:
    """Return a text with escapes undone and without marks that nobody sees, on one line.

    >>> tidy("JSC &quot;Emma&#39;s&quot; &amp;amp; Co"), tidy("Leobardo\u200bRuelas\u200e")
    ('JSC "Emma\\'s" & Co', 'Leobardo Ruelas')
    """
    plain = html.unescape(html.unescape(text)) if "&" in text else text
    if plain.isascii():
        return " ".join(plain.split())
    return " ".join(_JOINERS.sub("", _MARKS.sub("", _SPACE.sub(" ", plain))).split())


def as_meant(text: str) -> Iterator[str]:
    """Yield the text tidied; where a mark without width may stand for a blank or for nothing, both ways.

    >>> list(as_meant("Ad\u200boo"))
    ['Ad oo', 'Adoo']
    """
    plain = tidy(text)
    yield plain
    together = tidy(_SPACE.sub("", text))
    if together != plain:
        yield together


def words_apart(text: str) -> str:
    """Return a text with a blank before each capital letter that follows small ones.

    >>> words_apart("LeobardoRuelas Avila")
    'Leobardo Ruelas Avila'
    """
    return _RUN_ON.sub(" ", text)
