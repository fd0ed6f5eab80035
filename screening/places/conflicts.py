"""Where an address and the country column beside it disagree (regulation 2, B.5 rule 2)."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from screening.law.tables import table as law_table
from screening.places.branches import NO, SURE
from screening.places.tables import table

CONFLICTS = {
    "key": pl.String(),
    "kind": pl.String(),
    "country": pl.String(),
    "place": pl.String(),
    "certainty": pl.String(),
    "word": pl.String(),
    "why": pl.String(),
}


def address_conflicts(
    addresses: pl.DataFrame, places: pl.DataFrame, embargoed: Collection[str]
) -> pl.DataFrame:
    """Return the differences between country columns and places in addresses, one row a key and place.

    `addresses`: key, country (iso2 or null: a blank column contradicts nothing). `places`: what
    `screening.places.places_in_text` found for them. `embargoed`: codes of countries and regions embargoed on the day.
    Out: key; kind (`embargoed`: one of the two is an embargoed place, which governs until it is settled; `other`: they
    differ otherwise, to be asked); country (of the column); place, certainty, word, why (of the address). A territory
    does not contradict its state (Hong Kong and China), nor Crimea a column that says Ukraine or Russia: there the
    rule on regions speaks.

    >>> book = pl.DataFrame({"key": ["a"], "country": ["AE"]})
    >>> found = pl.DataFrame({"key": ["a"], "place": ["IR"], "certainty": ["sure"], "word": ["iran"], "why": [""]})
    >>> address_conflicts(book, found, {"IR"}).select("kind", "country", "place").row(0)
    ('embargoed', 'AE', 'IR')
    """
    regions = table("regions").select("place", "neighbours", home="country", region=pl.lit(True))
    parents = law_table("countries").select("iso2", "treated_as").drop_nulls()
    family = dict(parents.iter_rows())
    codes = sorted(embargoed)
    rows = places.join(addresses.select("key", "country"), on="key").join(regions, on="place", how="left")
    rows = rows.with_columns(home=pl.coalesce("home", "place"), region=pl.col("region").fill_null(False))
    claimed = pl.col("neighbours").str.split(" ").list.contains(pl.col("country")).fill_null(False)
    differs = (pl.col("home").replace(family) != pl.col("country").replace(family)) & ~claimed
    sure = pl.col("certainty") == SURE
    place_embargoed, column_embargoed = pl.col("place").is_in(codes), pl.col("country").is_in(codes)
    kind = (
        pl.when(sure & place_embargoed)
        .then(pl.lit("embargoed"))
        .when(column_embargoed & ~place_embargoed & ~pl.col("region"))
        .then(pl.lit("embargoed"))
        .when(sure & ~place_embargoed & ~column_embargoed & ~pl.col("region"))
        .then(pl.lit("other"))
    )
    found = rows.filter(differs & (pl.col("certainty") != NO)).with_columns(kind=kind).drop_nulls("kind")
    return found.select(pl.col(name).cast(kind) for name, kind in CONFLICTS.items()).sort(
        "key", "kind", "place"
    )
