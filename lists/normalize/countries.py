"""Countries as the publishers write them, to ISO 3166 alpha-2 (`XK` for Kosovo)."""

from __future__ import annotations

from functools import cache

import polars as pl

from lists.reference import reference


def country_code(name: pl.Expr) -> pl.Expr:
    """Return the alpha-2 code of a country name or code, null where the text names no country.

    The names stand in `lists/data/countries.csv`; case, accents' spelling and inner blanks do not matter.

    >>> frame = pl.DataFrame({"country": ["Korea, North", "hk", "Region: Kafia Kingi", "Atlantis"]})
    >>> frame.select(country_code(pl.col("country")))["country"].to_list()
    ['KP', 'HK', None, None]
    """
    return _key(name).replace_strict(_codes(), default=None, return_dtype=pl.String).replace("", None)


def unknown_country(name: pl.Expr) -> pl.Expr:
    """Tell whether a text is there but not in the table of names: a defect to look at.

    `undetermined` and disputed regions are in the table without a code, so they are no defect.
    """
    return name.is_not_null() & ~_key(name).is_in(list(_codes()))


def country_names() -> frozenset[str]:
    """Return the names and codes of countries in small letters."""
    return frozenset(_codes())


def _key(name: pl.Expr) -> pl.Expr:
    return name.str.strip_chars().str.to_lowercase().str.replace_all(r"\s+", " ").str.replace_all("’", "'")


@cache
def _codes() -> dict[str, str]:
    table = reference("countries")
    codes = {code.lower(): code for code in table["country"] if code}
    names = table.select(_key(pl.col("name")), pl.col("country"))
    return codes | dict(names.iter_rows())
