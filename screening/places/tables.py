"""The tables of `screening/data/places`, read once; its README says what each is and where it comes from."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl

from screening.law.tables import table as law_table

_FOLDER = files("screening").joinpath("data", "places")


@cache
def table(name: str) -> pl.DataFrame:
    """Return `screening/data/places/<name>.csv`; all columns are text, blank cells null.

    >>> table("regions")["place"].to_list()
    ['UA-43', 'UA-14', 'UA-09', 'UA-65', 'UA-23']
    """
    return pl.read_csv(_FOLDER.joinpath(f"{name}.csv").read_bytes(), infer_schema=False)


def split(column: str) -> pl.Expr:
    """Return the forms that stand in one cell between bars, as a list; no form gives a row without one."""
    return pl.col(column).str.split("|")


def exploded(name: str, column: str = "words") -> pl.DataFrame:
    """Return a table with one row for each of the forms that stand in one cell, in the order of the file."""
    return table(name).with_columns(split(column)).explode(column).filter(pl.col(column) != "")


@cache
def place_labels() -> pl.DataFrame:
    """Return place and label: the name of each country in the tables of the law, and of each region."""
    countries = law_table("countries").select(place="iso2", label="name")
    first = table("country_names").select(place="iso2", label=pl.col("en").str.split("|").list.first())
    rows = pl.concat([table("regions").select("place", label="name"), countries, first])
    return rows.unique("place", keep="first", maintain_order=True)


def place_label(place: str) -> str:
    """Return the English name of a country or region. Raises KeyError for a code that is neither.

    >>> place_label("IR"), place_label("UA-43")
    ('Iran', 'Crimea')
    """
    labels: dict[str, str] = dict(place_labels().iter_rows())
    return labels[place]


@cache
def watched() -> tuple[str, ...]:
    """Return the places of which towns are looked for: regions, and countries whose towns stand in the tables."""
    return tuple(sorted({*table("regions")["place"], *table("geonames")["place"]}))
