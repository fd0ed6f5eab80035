"""The words looked for in addresses, and what each may mean."""

from __future__ import annotations

from functools import cache

import polars as pl

from screening.places import words
from screening.places.tables import table
from screening.places.words import SENSES


@cache
def senses() -> pl.DataFrame:
    """Return one row for each word and place it may mean.

    pattern: as in a layout. place: region or iso2, null for a word that only looks like a place. kind: region, town,
    zone, area (partly in a region), country, state, code, variant (a rare name), elsewhere (a town of another country),
    adjective (counts beside an embassy only), decoy; a code or variant counts as the whole last part only. sign: sure,
    possible. name: spellings of one town share it. within: sure only where the column's country is among the friends,
    or blank. also: countries that have the same name, `*` for others too. unless: words and postcodes that tell another
    place. home: the country of the place. friends: home, and for a region the neighbour that claims it. region: bool.
    """
    parts = [words.gazetteer(), words.geonames(), words.countries(), words.states(), words.elsewhere()]
    first = pl.concat([each.select(*SENSES).cast(pl.Schema(SENSES)) for each in parts])
    first = first.unique(["pattern", "place"], keep="first", maintain_order=True)
    codes = words.codes(first["pattern"])
    regions = table("regions").select("place", home="country", neighbours=pl.col("neighbours").str.split(" "))
    rows = pl.concat([first, codes.select(*SENSES).cast(pl.Schema(SENSES))]).join(
        regions, on="place", how="left"
    )
    home = pl.coalesce("home", "place")
    return rows.with_columns(
        home=home,
        region=pl.col("home").is_not_null(),
        friends=pl.concat_list(home, pl.col("neighbours").fill_null([])),
    ).drop("neighbours")


@cache
def patterns() -> tuple[str, ...]:
    """Return every pattern, the longest first, since the first that fits is taken."""
    distinct = senses()["pattern"].unique()
    return tuple(
        distinct.to_frame("word").sort(pl.col("word").str.len_bytes(), "word", descending=[True, False])[
            "word"
        ]
    )


@cache
def plain_patterns() -> pl.DataFrame:
    """Return pattern, plain (country) and town (bool) for words that mean one country and nothing that is watched.

    `town`: the word is a town of that country, and not its name.
    """
    rows = senses().with_columns(
        clear=pl.col("kind").is_in(["country", "state", "code", "variant", "elsewhere"]),
        town=pl.col("kind") == "elsewhere",
    )
    groups = rows.group_by("pattern").agg(
        pl.col("clear").all(), pl.col("place").unique().alias("places"), pl.col("town").all()
    )
    one = groups.filter(pl.col("clear") & (pl.col("places").list.len() == 1))
    return one.select("pattern", pl.col("places").list.first().alias("plain"), "town")
