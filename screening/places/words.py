"""The words of every table as rows of one shape: what is looked for in addresses, and what each may mean."""

from __future__ import annotations

import polars as pl

from screening.names.tables import table as names_table
from screening.places.country_keys import ambiguous_keys
from screening.places.fold import key, pattern
from screening.places.tables import exploded, table, watched

START, END = ",", ";"
"""Tokens put before and after an address, so that its first and its last part can be told."""

SENSES = {
    "pattern": pl.String(),
    "place": pl.String(),
    "kind": pl.String(),
    "sign": pl.String(),
    "name": pl.String(),
    "within": pl.Boolean(),
    "also": pl.List(pl.String()),
    "unless": pl.List(pl.String()),
}


def gazetteer() -> pl.DataFrame:
    """Return the words that we typed ourselves: regions, large towns, embargoed countries, words that mislead."""
    rows = table("gazetteer").with_row_index("name").with_columns(pl.col("words").str.split("|"))
    rows = rows.explode("words")
    return rows.select(
        pattern(rows["words"]),
        pl.col("place").replace("-", None),
        "kind",
        "sign",
        pl.format("{}", "name").alias("name"),
        within=pl.col("within").is_not_null(),
        also=pl.col("also").str.split(" "),
        unless=pl.col("unless").str.split("|"),
    )


def geonames() -> pl.DataFrame:
    """Return the spellings of populated places."""
    rows = table("geonames").unpivot(
        ["sure", "possible", "shared"],
        index=["geonameid", "place", "kind", "also"],
        variable_name="sign",
        value_name="words",
    )
    rows = rows.drop_nulls("words").with_columns(pl.col("words").str.split("|")).explode("words")
    return rows.select(
        pattern(rows["words"]),
        "place",
        "kind",
        sign=pl.when(pl.col("sign") == "sure").then(pl.lit("sure")).otherwise(pl.lit("possible")),
        name="geonameid",
        within=pl.lit(False),
        also=pl.when(pl.col("sign") == "shared").then(pl.col("also").fill_null("*").str.split(" ")),
        unless=pl.lit(None, pl.List(pl.String)),
    )


def _plain(rows: pl.DataFrame, words: pl.Series, kind: str, also: pl.Expr | None = None) -> pl.DataFrame:
    """Return rows (place) whose words mean a country, a state or a town of a country that is not watched."""
    return rows.select(
        pattern(words),
        "place",
        kind=pl.lit(kind),
        sign=pl.lit("possible"),
        name="place",
        within=pl.lit(False),
        also=pl.lit(None, pl.List(pl.String)) if also is None else also,
        unless=pl.lit(None, pl.List(pl.String)),
    ).drop_nulls("pattern")


def countries() -> pl.DataFrame:
    """Return the names of countries in the languages of the table, without ambiguous and everyday words."""
    names = table("country_names")
    languages = [column for column in names.columns if column not in ("iso2", "iso3", "numeric")]
    parts = [
        names.select(place="iso2", word=pl.col(code).str.split("|")).explode("word") for code in languages
    ]
    rows = pl.concat(parts).drop_nulls().unique(maintain_order=True)
    rows = rows.with_columns(key=key(rows["word"])).filter(
        ~pl.col("key").is_in(ambiguous_keys()["key"].implode()) & (pl.col("key").str.len_chars() > 1)
    )
    rows = rows.filter(
        ~pl.col("key").str.contains("^[a-z]{2}$") & ~pl.col("key").is_in(_everyday().implode())
    )
    return _plain(rows, rows["word"], "country")


def states() -> pl.DataFrame:
    """Return the names of states and provinces, which tell the country."""
    rows = exploded("states", "names").select(place="country", word="names")
    return _plain(rows, rows["word"], "state")


def elsewhere() -> pl.DataFrame:
    """Return large towns of other countries, those of the tables of names among them."""
    named = names_table("places").with_columns(
        pl.concat_str("word", "variants", separator="|").str.split("|")
    )
    named = named.select(place="country", word="word").explode("word")
    towns = pl.concat([exploded("towns").select(place="country", word="words"), named])
    skipped = [*watched(), "UA", "EU", "XX"]
    own = pl.concat([towns.filter(~pl.col("place").is_in(skipped)), exploded("towns").filter(
        pl.col("country") == "UA").select(place="country", word="words")])  # fmt: skip
    names = countries()["pattern"]
    rows = own.with_columns(pattern(own["word"]), key=key(own["word"])).filter(
        pl.col("key").str.len_chars() >= 2
    )
    rows = rows.filter(
        ~pl.col("key").str.contains("^[a-z0-9]{1,3}$")
        & ~pl.col("pattern").is_in(names.implode())
        & ~pl.col("key").is_in(ambiguous_keys()["key"].implode())
    )
    return _plain(rows, rows["word"], "elsewhere")


def codes(words: pl.Series) -> pl.DataFrame:
    """Return codes and rarer names of countries, which count only as the whole last part of an address."""
    names = table("country_names")
    variants = exploded("country_variants", "variants").filter(pl.col("iso2") != "-")
    letters = exploded("states", "code").select("country", word=pl.col("code").str.to_lowercase())
    american = letters.filter((pl.col("country") == "US") & (pl.col("word").str.len_chars() == 2))
    rows = pl.concat(
        [
            names.select(place="iso2", word=pl.col("iso2").str.to_lowercase(), kind=pl.lit("code")),
            names.select(place="iso2", word=pl.col("iso3").str.to_lowercase(), kind=pl.lit("code")),
            pl.DataFrame({"place": ["GB"], "word": ["uk"], "kind": ["code"]}),
            american.filter(~pl.col("word").is_in(names["iso2"].str.to_lowercase().implode())).select(
                place="country", word="word", kind=pl.lit("state")
            ),
            variants.select(place="iso2", word="variants", kind=pl.lit("variant")),
        ]
    )
    rows = rows.filter(
        ~pattern(rows["word"]).is_in(words.implode()) & ~pl.col("word").is_in(_everyday().implode())
    )
    shared = letters.group_by("word").agg(also=pl.col("country").unique().sort())
    marked = rows.join(shared, on="word", how="left", maintain_order="left")
    others = pl.col("also").list.set_difference(pl.concat_list("place"))
    also = pl.when((pl.col("kind") != "variant") & (others.list.len() > 0)).then(others)
    last = _plain(marked, marked["word"], "code", also).with_columns(kind=marked["kind"])
    ended = pl.format(" {} {} {} ", pl.lit(START), pl.col("pattern"), pl.lit(END))
    return last.with_columns(pattern=ended, sign=pl.lit("sure"))


def _everyday() -> pl.Series:
    """Return words that name no country in an address: street words (`cad` is Turkish for Chad), `island`, `and`."""
    rows = exploded("context_words").filter(pl.col("kind").str.contains("^street|^everyday$"))
    return key(rows["words"])
