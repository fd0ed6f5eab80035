"""Shares as integer ranges in parts per million: reading percentages, writing ranges."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import polars as pl

from screening.law.tables import table

WHOLE = 1_000_000
"""100 percent in parts per million."""

NUMBER = r"(\d{1,9}(?:\.\d{1,30})?(?:e[+-]?\d{1,2})?|\.\d{1,30})"
NOISE = 1e-6
"""Distance from a whole part per million below which the difference is float noise (7.000000000000001)."""


_RANGE = {"share_min": pl.Int64(), "share_max": pl.Int64()}


def share_range(percent: pl.Expr) -> pl.Expr:
    """Read percentages as text into a struct of `share_min` and `share_max` (parts per million).

    "50", "33.333%", "33,333" and "5.1E+01" are exact; "25-50", ">=75", ">50", "<=10", "<25" and their words ("more than
    50 percent", "50+", "majority"; `share_words.csv`) are ranges; blank and "nan" are
    undisclosed (0 to 1,000,000); what cannot be read, or lies outside 0 to 100, is null on both sides. A
    share finer than a part per million keeps both neighbours, because rounding up could invent the fiftieth
    percent.

    >>> frame = pl.DataFrame({"share": ["50", "33.333", "25-50", ">=75", ">50", "", "49.99999", "120"]})
    >>> frame.select(share_range(pl.col("share")).alias("range")).unnest("range").rows()
    ... # doctest: +NORMALIZE_WHITESPACE
    [(500000, 500000), (333330, 333330), (250000, 500000), (750000, 1000000), (500001, 1000000),
     (0, 1000000), (499999, 500000), (None, None)]
    """
    return percent.cast(pl.String).map_batches(_ranges, return_dtype=pl.Struct(_RANGE), is_elementwise=True)


def _ranges(percents: pl.Series) -> pl.Series:
    """Read percentages in steps: in one expression Polars would find the marks of a text anew for every form of it."""
    texts = percents.str.replace_all(r"[\s%]", "").str.to_lowercase().fill_null("").alias("text").to_frame()
    text = pl.col("text")
    numbers = texts.select(_in_marks(text)).select(
        exact=_parts(text.str.extract(rf"^{NUMBER}$")),
        first=_parts(text.str.extract(rf"^{NUMBER}(?:-|–|to){NUMBER}$", 1)),
        last=_parts(text.str.extract(rf"^{NUMBER}(?:-|–|to){NUMBER}$", 2)),
        at_least=_parts(text.str.extract(rf"^(?:>=|≥){NUMBER}$")),
        above=_parts(text.str.extract(rf"^>{NUMBER}$")),
        at_most=_parts(text.str.extract(rf"^(?:<=|≤){NUMBER}$")),
        below=_parts(text.str.extract(rf"^<{NUMBER}$")),
        blank=text.is_in(["", "nan", "n/a", "unknown", "undisclosed", "-", "--"]),
    )
    at_least, above, at_most, below = (
        pl.col(name).is_not_null() for name in ("at_least", "above", "at_most", "below")
    )
    ends = numbers.select(
        low=pl.coalesce(
            _floor("exact"),
            _floor("first"),
            _floor("at_least"),
            _floor("above") + 1,
            pl.when(at_most | below | pl.col("blank")).then(0),
        ),
        high=pl.coalesce(
            _ceil("exact"),
            _ceil("last"),
            _ceil("at_most"),
            _ceil("below") - 1,
            pl.when(at_least | above | pl.col("blank")).then(WHOLE),
        ),
    )
    low, high = pl.col("low"), pl.col("high")
    sound = (low >= 0) & (low <= high) & (high <= WHOLE)
    sides = (pl.when(sound).then(end).alias(name) for end, name in zip((low, high), _RANGE, strict=True))
    return ends.select(range=pl.struct(sides).cast(pl.Struct(_RANGE)))["range"]


def _in_marks(text: pl.Expr) -> pl.Expr:
    """Write the words around a share as marks, and a decimal comma as a point: no percentage has thousands."""
    dropped, front, behind, whole = _share_words()
    plain = text.str.replace_all(dropped, "").str.replace_all(r"(\d),(\d)", "${1}.$2").replace(whole)
    for words, mark in front.items():
        plain = plain.str.replace(f"^{re.escape(words)}", mark)
    for words, mark in behind.items():
        plain = plain.str.replace(f"^([0-9.]+){re.escape(words)}$", mark + "$1")
    return plain


@cache
def _share_words() -> tuple[str, dict[str, str], dict[str, str], dict[str, str]]:
    """Return the words of `share_words.csv` without blanks: a pattern of those to drop; words -> marks, by place."""
    rows = table("share_words").with_columns(pl.col("words").str.replace_all(" ", ""))
    by_place = {
        place: dict(rows.filter(pl.col("place") == place).select("words", "mark").iter_rows())
        for place in ("front", "behind", "whole")
    }
    dropped = "|".join(map(re.escape, rows.filter(pl.col("place") == "drop")["words"]))
    return dropped, by_place["front"], by_place["behind"], by_place["whole"]


@lru_cache(maxsize=10_000)
def format_share(share_min: int, share_max: int) -> str:
    """Write a range as a person would.

    >>> format_share(500_000, 500_000), format_share(250_001, 500_000), format_share(0, 1_000_000)
    ('50%', '25.0001-50%', 'undisclosed')
    """
    if share_min == 0 and share_max >= WHOLE:
        return "undisclosed"
    if share_min == share_max:
        return f"{_percent(share_min)}%"
    return f"{_percent(share_min)}-{_percent(share_max)}%"


def format_shares(share_min: pl.Expr, share_max: pl.Expr, undisclosed: str = "undisclosed") -> pl.Expr:
    """Write a column of ranges, as `format_share` does, with words of your own for what is not disclosed.

    >>> pl.select(format_shares(pl.lit(250_001), pl.lit(500_000))).item()
    '25.0001-50%'
    """
    low, high = (
        pl.format("{}.{}", parts // 10_000, (parts % 10_000).cast(pl.String).str.zfill(4))
        .str.strip_chars_end("0")
        .str.strip_chars_end(".")
        for parts in (share_min, share_max)
    )
    return (
        pl.when((share_min == 0) & (share_max >= WHOLE))
        .then(pl.lit(undisclosed))
        .when(share_min == share_max)
        .then(pl.format("{}%", low))
        .otherwise(pl.format("{}-{}%", low, high))
    )


def _percent(parts: int) -> str:
    return f"{parts // 10_000}.{parts % 10_000:04d}".rstrip("0").rstrip(".")


def _parts(number: pl.Expr) -> pl.Expr:
    """Turn percent text into parts per million, whole where the difference is only float noise."""
    parts = number.cast(pl.Float64, strict=False) * 10_000
    return pl.when((parts - parts.round()).abs() < NOISE).then(parts.round()).otherwise(parts)


def _floor(parts: str) -> pl.Expr:
    return pl.col(parts).floor().cast(pl.Int64, strict=False)  # 1e42 percent is no share


def _ceil(parts: str) -> pl.Expr:
    return pl.col(parts).ceil().cast(pl.Int64, strict=False)
