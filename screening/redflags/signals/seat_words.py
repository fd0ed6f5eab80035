"""The words for who around a customer is recorded in a country: who, as what, with which share, in which dealings."""

from __future__ import annotations

import polars as pl

from screening.places.tables import table
from screening.redflags.party_effects import role_words
from screening.redflags.signals.deal_words import dealings
from screening.redflags.wording import shown


def seat_words() -> pl.Expr:
    """Return one row of the fact `seats` in words.

    >>> frame = pl.DataFrame({"role": ["owner"], "source": ["entities"], "record": ["e1"], "name": ["Acme"],
    ...     "column": ["country"], "seat": ["IR"], "low": [600_000], "high": [600_000], "interest": ["equity"],
    ...     "counterparty": [None], "occasions": [None], "first_day": [None], "last_day": [None]},
    ...     schema_overrides={"counterparty": pl.String, "occasions": pl.String})
    >>> frame.select(seat_words()).item()
    'Acme (e1), owner, 60% (equity): column country of table entities says Iran (IR)'
    """
    who = pl.coalesce(pl.format("{} ({})", "name", "record"), "record")
    as_what = pl.concat_str(role_words(pl.col("role")), "counterparty", separator=" ", ignore_nulls=True)
    words = pl.concat_str(
        who, as_what.replace("", None), _share(), dealings(), separator=", ", ignore_nulls=True
    )
    regions = table("regions")
    region = pl.col("seat").replace_strict(regions["place"], regions["name"], default=None)
    place = pl.coalesce(pl.format("{} ({})", region, "seat"), shown("seat"))
    return pl.format("{}: column {} of table {} says {}", words, "column", "source", place)


def _share() -> pl.Expr:
    """Return what an owner of the customer holds itself; another stands further up."""
    low, high = shown("low"), shown("high")
    stated = (
        pl.when(pl.col("low") == pl.col("high"))
        .then(low)
        .when((pl.col("low") == 0) & (pl.col("high") == 1_000_000))
        .then(pl.lit("share undisclosed"))
        .otherwise(pl.format("{} to {}", low, high))
    )
    indirect = pl.when(pl.col("role") == "owner").then(pl.lit("further up"))
    return pl.coalesce(pl.format("{} ({})", stated, "interest"), indirect)
