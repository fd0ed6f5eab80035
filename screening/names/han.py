"""Chinese script: traditional folded to simplified, words of the lexicon put into English, the rest read as pinyin."""

from __future__ import annotations

import re
from functools import cache
from threading import Lock
from typing import Any

import polars as pl

from screening.names.tables import table

_LOADING = Lock()
"""The modules of pypinyin import each other: two threads that load them at once deadlock."""

HAN = r"[\u4E00-\u9FFF\u3400-\u4DBF]"


def simplify(text: str) -> str:
    """Fold traditional characters to simplified ones.

    >>> simplify("華為技術有限公司")
    '华为技术有限公司'
    """
    return _converter().convert(text)  # type: ignore[no-any-return]


@cache
def _converter() -> Any:
    with _LOADING:
        from opencc import OpenCC  # noqa: PLC0415  heavy: only who screens Chinese script pays for it

        return OpenCC("t2s")


_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_NUMERAL = re.compile(
    r"第([〇零一二三四五六七八九十百]+)|([一二三四五六七八九]?十[一二三四五六七八九]?|[〇零一二三四五六七八九]{2,})(?=[研所院局厂师部号])"
)


def numerals(text: str) -> str:
    """Write ordinals and numbered units in digits; a numeral inside a brand stays as it is.

    >>> numerals("第五十五研究所"), numerals("三一重工")
    (' 55 研究所', '三一重工')
    """
    return _NUMERAL.sub(lambda found: f" {_value(found.group(1) or found.group(2))} ", text)


def _value(numeral: str) -> int:
    """Return the value of a Chinese numeral: with tens and hundreds, or digit by digit (`七〇二`)."""
    if not {"十", "百"} & set(numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    total, digit = 0, 0
    for sign in numeral:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


@cache
def readings() -> dict[int, str]:
    """Return the usual toneless pinyin of every character, between blanks, for `str.translate`."""
    with _LOADING:
        from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415
        from pypinyin.contrib.tone_convert import to_normal  # noqa: PLC0415

    plain: dict[str, str] = {}

    def toneless(syllable: str) -> str:
        if syllable not in plain:
            plain[syllable] = to_normal(syllable).replace("ü", "v")
        return plain[syllable]

    return {
        code: f" {toneless(spoken.split(',')[0])} "
        for code, spoken in PINYIN_DICT.items()
        if 0x3400 <= code <= 0x9FFF
    }


def pinyin(text: str) -> str:
    """Read simplified Chinese text as toneless pinyin, one syllable a word, phrase readings first.

    >>> pinyin("重庆华为").split()
    ['chong', 'qing', 'hua', 'wei']
    """
    for word, reading in _phrases().items():
        if word in text:
            text = text.replace(word, f" {reading} ")
    return text.translate(readings())


@cache
def _phrases() -> dict[str, str]:
    """Return the words whose characters are not read in their usual way, longest first."""
    rows = table("han_readings").sort(pl.col("word").str.len_chars(), "word", descending=[True, False])
    return dict(zip(rows["word"].to_list(), rows["reading"].to_list(), strict=True))
