"""Embargoed regions that the addresses of shipments name."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from screening.law import table

COUNTRIES = ("UA", "RU")
"""Countries whose addresses name these regions; a blank one may be either."""


def with_regions(rows: pl.DataFrame) -> pl.DataFrame:
    """Add region, region_sign, region_field, region_text to rows with address, address_country, address_field."""
    fits = pl.col("address_country").is_in(COUNTRIES) | pl.col("address_country").is_null()
    found = _named("sure"), _named("possible")
    region, possible = (pl.col("address").str.extract(pattern, 1).str.to_lowercase() for pattern in found)
    sign = (
        pl.when(region.is_not_null())
        .then(pl.lit("sure"))
        .when(possible.is_not_null())
        .then(pl.lit("possible"))
    )
    word = pl.when(fits).then(pl.coalesce(region, possible))
    by_word = dict(table("embargoed_regions").select("word", "region").iter_rows())
    return rows.with_columns(
        region=word.replace_strict(by_word, default=None, return_dtype=pl.String),
        region_sign=pl.when(fits).then(sign),
    ).with_columns(
        region_field=pl.when(pl.col("region").is_not_null()).then("address_field"),
        region_text=pl.when(pl.col("region").is_not_null()).then("address"),
    )


@cache
def _named(sign: str) -> str:
    words = table("embargoed_regions").filter(pl.col("names_region") == sign)["word"]
    return r"(?i)(?:^|[^\w])(" + "|".join(map(re.escape, words)) + r")(?:$|[^\w])"
