"""Every key that a country column may hold, and the country it stands for: codes, names, former codes, regions."""

from __future__ import annotations

from functools import cache

import polars as pl

from screening.places.fold import key
from screening.places.tables import exploded, table

KEYS = {"key": pl.String(), "iso2": pl.String(), "region": pl.String(), "how": pl.String()}


@cache
def country_keys() -> pl.DataFrame:
    """Return key, iso2, region, how (code, alpha3, numeric, region, name, former, variant); each key once.

    Where two tables hold one key the first counts: a code before a name, a name before a variant. Keys of
    `ambiguous_keys` are not among them.
    """
    sources = [_codes(), _regions(), _names(), _places(), _former(), _variants()]
    rows = pl.concat([each.select(*KEYS).cast(pl.Schema(KEYS)) for each in sources])
    clear = rows.filter(~pl.col("key").is_in(ambiguous_keys()["key"].implode()))
    return clear.unique("key", keep="first", maintain_order=True)


@cache
def ambiguous_keys() -> pl.DataFrame:
    """Return keys that may mean several countries: key, candidates (codes), reason.

    >>> ambiguous_keys().filter(pl.col("key") == "georgia")["candidates"].item().to_list()
    ['GE', 'US']
    """
    words = exploded("ambiguous", "names")
    former = table("former_codes").filter(pl.col("now").str.contains(" "))
    parts = [
        words.select(key(words["names"]).alias("key"), "candidates", "reason"),
        former.select(
            key(former["code"]).alias("key"), pl.col("now").alias("candidates"),
            reason=pl.lit("the code of a state that was divided"),
        ),
    ]  # fmt: skip
    rows = pl.concat(parts).unique("key", keep="first", maintain_order=True)
    return rows.with_columns(pl.col("candidates").str.split(" "))


@cache
def no_country_keys() -> pl.Series:
    """Return keys that say that no country is given: unknown, stateless, not applicable."""
    rows = exploded("country_variants", "variants")
    return rows.filter(pl.col("iso2") == "-")["variants"]


def _row(frame: pl.DataFrame, keys: pl.Series, how: str) -> pl.DataFrame:
    return frame.select("iso2").with_columns(
        key=keys, region=pl.lit(None, pl.String), how=pl.lit(how, pl.String)
    )


def _codes() -> pl.DataFrame:
    names = table("country_names")
    return pl.concat(
        [
            _row(names, key(names["iso2"]), "code"),
            _row(names, key(names["iso3"]), "alpha3"),
            _row(
                names.filter(pl.col("numeric").is_not_null()), key(names["numeric"].drop_nulls()), "numeric"
            ),
        ]
    )


def _regions() -> pl.DataFrame:
    """Codes of the regions, and the words that name one: Crimea is in Ukraine whoever writes it down."""
    regions = table("regions")
    codes = exploded("regions", "codes").select("place", word="codes")
    words = exploded("gazetteer").filter((pl.col("kind") == "region") | (pl.col("sign") == "sure"))
    both = pl.concat([codes, words.select("place", word="words")]).join(regions, on="place")
    return _row(both.select(iso2="country"), key(both["word"]), "region").with_columns(region=both["place"])


def _names() -> pl.DataFrame:
    names = table("country_names")
    parts = [names.select("iso2", pl.col("en").str.split("|")).explode("en").rename({"en": "name"})]
    languages = [column for column in names.columns if column not in ("iso2", "iso3", "numeric", "en")]
    parts += [names.select("iso2", name=language) for language in languages]
    rows = pl.concat(parts).drop_nulls()
    return _row(rows, key(rows["name"]), "name")


def _places() -> pl.DataFrame:
    """Long names of the embargoed countries, and their towns where a town stands in the column."""
    rows = exploded("gazetteer").filter((pl.col("sign") == "sure") & (pl.col("place").str.len_chars() == 2))
    rows = rows.select(pl.col("place").alias("iso2"), "words", "kind")
    how = rows.select(pl.when(pl.col("kind") == "country").then(pl.lit("name")).otherwise(pl.lit("variant")))
    return _row(rows, key(rows["words"]), "name").with_columns(how=how.to_series())


def _former() -> pl.DataFrame:
    names = exploded("former_names", "names").select("names", iso2="now")
    rows = table("former_codes").filter(~pl.col("now").str.contains(" ")).select("code", "kind", iso2="now")
    how = rows.select(pl.when(pl.col("kind") == "alias").then(pl.lit("code")).otherwise(pl.lit("former")))
    codes = _row(rows, key(rows["code"]), "former").with_columns(how=how.to_series())
    return pl.concat([codes, _row(names, key(names["names"]), "former")])


def _variants() -> pl.DataFrame:
    rows = exploded("country_variants", "variants").filter(pl.col("iso2") != "-")
    return _row(rows, rows["variants"], "variant")
