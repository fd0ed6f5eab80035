"""Derive the spellings of populated places of embargoed countries and regions from GeoNames (CC BY 4.0)."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from anyascii import anyascii
from rapidfuzz import fuzz

from benchmarks.places.countries import LANGUAGES
from screening.names.tables import table as names_table
from screening.places.fold import key
from screening.places.tables import exploded, table

AREAS = {
    "crimea": "UA-43",
    "dnr_oblast": "UA-14",
    "lnr_oblast": "UA-09",
    "iran": "IR",
    "syria": "SY",
    "cuba": "CU",
    "north_korea": "KP",
}
"""Areas of the reference data that become places; Kherson and Zaporizhzhia stand in `gazetteer.csv` alone."""

SCRIPTS = ("Latin", "Cyrillic", "Arabic", "Han", "Hangul", "Kana", "Hebrew", "Greek")
SHORT_SCRIPTS = ("Han", "Hangul", "Kana")
"""Scripts in which two characters make a name."""

SIZE = {"UA-43": 5_000, "IR": 30_000, "SY": 30_000, "CU": 15_000, "KP": 30_000}
"""Inhabitants from which a spelling that names nothing else is a sure sign; smaller places only ask."""

SMALLEST = {"UA-43": 0, "UA-14": 2_000, "UA-09": 2_000, "IR": 5_000, "SY": 0, "CU": 2_000, "KP": 0}
"""Inhabitants below which a place is left out: a village of Iran shares its name with people and streets."""

COMMON_WORD = 100_000
"""Inhabitants below which a word that is frequent in names of people and companies is left out."""

ALIKE, SURELY_ALIKE = 62, 72
"""Likeness (0 to 100) to the main name from which another Latin spelling stays, and from which it may be sure."""

UNLISTED = Path(__file__).with_name("not_places.csv")
"""Words that we struck out by hand, each with the reason."""


def spellings(source: Path) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return one row a place (geonameid, place, kind, name, sure, possible, shared, also), and what was dropped.

    `sure`, `possible`, `shared` hold keys between bars; `shared` are possible ones that also name places elsewhere,
    `also` the countries where (`*`: others too). `kind` is `area` where nobody knows who held the town.
    """
    places = pl.read_csv(source / "places-embargoed-regions.derived.csv", infer_schema=False).filter(
        pl.col("area").is_in(list(AREAS))
    )
    words = pl.read_csv(source / "place-spellings.derived.csv.gz", infer_schema=False)
    rows = words.join(places, on="geonameid").with_columns(
        pl.col("area").replace(AREAS).alias("place"),
        pl.col("population", "elsewhere_as_main_name", "elsewhere_as_alternate").cast(pl.Int64),
    )
    remaining, dropped = _sift(rows.with_columns(key=key(rows["spelling"]), name_key=key(rows["name"])))
    return _written(remaining.with_columns(sign=_sign())), dropped


def _sift(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the spellings worth having, one row a place and key, and how many were dropped for which reason."""
    word, letters = pl.col("key"), pl.col("key").str.len_chars()
    rows = rows.with_columns(alike=_likeness(rows))
    struck = pl.read_csv(UNLISTED, infer_schema=False)["word"]
    smallest = pl.col("place").replace_strict(SMALLEST, return_dtype=pl.Int64)
    reasons = {
        "codes of airports": pl.col("kind") == "code",
        "machine transliterations": pl.col("kind") == "machine_translit",
        "other scripts": ~pl.col("script").is_in(SCRIPTS),
        "too short": word.is_null()
        | (letters < pl.when(pl.col("script").is_in(SHORT_SCRIPTS)).then(2).otherwise(4)),
        "too few inhabitants": pl.col("population") < smallest,
        "unlike the main name": (pl.col("alike") < ALIKE) & (pl.col("script") == "Latin"),
        "names a larger place elsewhere": _larger_elsewhere(),
        "a common word of names, and a small place": ~pl.col("place").str.starts_with("UA")
        & (pl.col("population") < COMMON_WORD)
        & word.is_in(names_table("rarity")["token"].implode()),
        "struck out by hand": word.is_in(struck.implode()),
        "names of countries, states and towns elsewhere": word.is_in(_taken()),
        "already in gazetteer.csv": _in_gazetteer(),
    }
    dropped = {}
    for reason, condition in reasons.items():
        remaining = rows.filter(~condition.fill_null(False))
        dropped[reason] = rows.height - remaining.height
        rows = remaining
    merged = rows.group_by("geonameid", "key").agg(
        pl.col("place", "name", "population", "script", "held_2014_2022", "same_name_elsewhere_top3").first(),
        pl.col("elsewhere_as_main_name", "elsewhere_as_alternate", "alike").max(),
        pl.col("biggest_elsewhere").drop_nulls().sort().first(),
    )
    dropped["the same key again"] = rows.height - merged.height
    return merged, dropped


def _likeness(rows: pl.DataFrame) -> pl.Series:
    """Return how much each spelling is like the main name, 0 to 100; other scripts by their Latin letters."""
    pairs = rows.select("key", "name_key").fill_null("").iter_rows()
    return pl.Series(
        [fuzz.ratio(anyascii(word).lower().replace(" ", ""), name.replace(" ", "")) for word, name in pairs]
    )


def _taken() -> list[str]:
    """Return words that mean another country, a state or a large town elsewhere."""
    names = table("country_names")
    own = ("IR", "SY", "CU", "KP")
    countries = names.filter(~pl.col("iso2").is_in(own))
    towns = names_table("places").filter(~pl.col("country").is_in([*own, "UA"]))
    texts = [
        *(countries[code].str.split("|").explode() for code in ("en", *LANGUAGES)),
        names.filter(pl.col("iso2").is_in(own))["en"].str.split("|").explode(),
        exploded("states", "names")["names"],
        exploded("towns")["words"],
        towns["word"],
        towns["variants"].str.split("|").explode(),
    ]
    return pl.concat([key(each).alias("key") for each in texts]).drop_nulls().unique().to_list()


def _larger_elsewhere() -> pl.Expr:
    """Whether the word names a larger place elsewhere, and several: San Antonio is not Cuba."""
    largest = pl.col("biggest_elsewhere").str.extract(r":(\d+)$", 1).cast(pl.Int64)
    return (largest > pl.col("population")) & (pl.col("elsewhere_as_main_name") >= 2)


def _in_gazetteer() -> pl.Expr:
    """Whether the word stands in the gazetteer for the same place, which then says how sure it is."""
    rows = exploded("gazetteer")
    listed = rows["place"] + "|" + key(rows["words"])
    return (pl.col("place") + "|" + pl.col("key")).is_in(listed.implode())


def _sign() -> pl.Expr:
    """Weigh a spelling: shared with other places, sure, or possible."""
    two_characters = pl.col("script").is_in(SHORT_SCRIPTS) & (pl.col("key").str.len_chars() <= 2)
    elsewhere = (pl.col("elsewhere_as_main_name") + pl.col("elsewhere_as_alternate") > 0) | two_characters
    large = pl.col("population") >= pl.col("place").replace_strict(SIZE, default=10**9, return_dtype=pl.Int64)
    latin = pl.col("script") == "Latin"
    long = pl.col("key").str.len_chars() >= 5
    like = pl.col("alike") >= pl.when(latin).then(SURELY_ALIKE).otherwise(ALIKE)
    distinct = large & long & like & pl.col("script").is_in(["Latin", "Cyrillic"])
    return (
        pl.when(elsewhere)
        .then(pl.lit("shared"))
        .when(distinct)
        .then(pl.lit("sure"))
        .otherwise(pl.lit("possible"))
    )


def _written(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row a place as it stands in the table."""
    countries = (
        pl.concat_str(
            pl.col("same_name_elsewhere_top3", "biggest_elsewhere"), separator=";", ignore_nulls=True
        )
        .str.extract_all(r"\b[A-Z]{2}:")
        .list.eval(pl.element().str.head(2))
    )
    many = pl.col("elsewhere_as_main_name") + pl.col("elsewhere_as_alternate") > countries.list.len()
    marked = rows.with_columns(
        countries=pl.when(many).then(pl.concat_list(countries, pl.lit(["*"]))).otherwise(countries),
        occupied=pl.col("held_2014_2022").is_not_null(),
    )
    own = ("UA", "IR", "SY", "CU", "KP")
    groups = marked.sort("key").group_by("place", "geonameid", "name").agg(
        pl.col("occupied").first(),
        *(pl.col("key").filter(pl.col("sign") == sign).str.join("|").replace("", None).alias(sign)
          for sign in ("sure", "possible", "shared")),
        also=pl.col("countries").filter(pl.col("sign") == "shared").explode().drop_nulls().unique().sort(),
    )  # fmt: skip
    unknown = pl.col("place").is_in(["UA-14", "UA-09"]) & ~pl.col("occupied")
    return groups.select(
        pl.col("geonameid").cast(pl.Int64),
        "place",
        pl.when(unknown).then(pl.lit("area")).otherwise(pl.lit("town")).alias("kind"),
        "name", "sure", "possible", "shared",
        also=pl.col("also").list.filter(~pl.element().is_in(list(own))).list.join(" ").replace("", None),
    ).sort("place", "name", "geonameid")  # fmt: skip
