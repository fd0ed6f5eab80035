"""Korean script: one word a syllable, spelled as Korean names mostly are in English."""

from __future__ import annotations

import re

_FIRST = ("k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_MIDDLE = (
    "a", "ae", "ya", "yae", "o", "e", "yo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "u",
    "ui", "i",
)  # fmt: skip
_LAST = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t",
    "t", "k", "t", "p", "t",
)  # fmt: skip
_SYLLABLE = re.compile("[\uac00-\ud7a3]")


def hangul(text: str) -> str:
    """Spell Korean syllables in Latin letters.

    >>> hangul("김정은").split()
    ['kim', 'jong', 'un']
    """
    return _SYLLABLE.sub(lambda found: f" {_spelled(found.group())} ", text)


def _spelled(syllable: str) -> str:
    code = ord(syllable) - 0xAC00
    return _FIRST[code // 588] + _MIDDLE[code % 588 // 28] + _LAST[code % 28]
