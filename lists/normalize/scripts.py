"""The writing of a name, as an ISO 15924 code, from its letters."""

from __future__ import annotations

from functools import cache

import polars as pl

from lists.reference import reference

COMMON = "Zyyy"
"""No letters at all: digits and signs."""


def script(name: pl.Series) -> pl.Series:
    """Return the script in which most letters of each name are written; `Zyyy` for none.

    Any kana makes a name Japanese (`Jpan`). Ranges stand in `lists/data/scripts.csv`.

    >>> script(pl.Series(["Huawei", "华为技术", "Газпром", "ソニー株式会社", "4-7"])).to_list()
    ['Latn', 'Hani', 'Cyrl', 'Jpan', 'Zyyy']
    """
    plain = name.str.contains(r"^[\x00-\x7F]*$")
    latin = name.str.contains(r"[A-Za-z]")
    ascii_script = pl.select(pl.when(latin).then(pl.lit("Latn")).otherwise(pl.lit(COMMON)).alias("script"))
    if plain.all():
        return ascii_script["script"].rename(name.name)
    return pl.select(
        pl.when(plain).then(ascii_script["script"]).otherwise(_dominant(name)).alias(name.name)
    ).to_series()


def _dominant(name: pl.Series) -> pl.Series:
    patterns = _patterns()
    counts = pl.DataFrame({code: name.str.count_matches(pattern) for code, pattern in patterns.items()})
    most = pl.max_horizontal(pl.all())
    by_count = pl.coalesce(pl.when(pl.col(code) == most).then(pl.lit(code)) for code in patterns)
    return counts.select(
        pl.when(most == 0)
        .then(pl.lit(COMMON))
        .when(pl.col("Jpan") > 0)
        .then(pl.lit("Jpan"))
        .otherwise(by_count)
    ).to_series()


@cache
def _patterns() -> dict[str, str]:
    return dict(reference("scripts").select("script", "pattern").iter_rows())
