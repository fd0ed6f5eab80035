"""Reading a country column: codes, names in many languages, former codes, embargoed regions. Nothing is guessed."""

from __future__ import annotations

import polars as pl
from rapidfuzz import fuzz, process

from screening.law.tables import table as law_table
from screening.places.country_keys import ambiguous_keys, country_keys, no_country_keys
from screening.places.fold import key
from screening.places.tables import place_labels, table

READ = {
    "value": pl.String(),
    "iso2": pl.String(),
    "region": pl.String(),
    "how": pl.String(),
    "candidates": pl.List(pl.String()),
    "why": pl.String(),
}

SUGGESTED = 500
"""Unread values, at most, that are compared with the names of countries to say what they resemble."""

RESEMBLANCE = 86
"""Likeness (0 to 100) from which an unread value is said to resemble a country."""

_SUBDIVISION = r"^([a-z]{2}) ([a-z0-9]{1,3})$"
_PIECES = r"[-–—/(),;:|=]+"


def read_countries(values: pl.Series) -> pl.DataFrame:
    """Read each value of a country column: one row a value, in the same order.

    Out: value; iso2 (null where no country could be read); region (`UA-43` and its like, where the value names an
    embargoed region, whose iso2 is that of Ukraine); how (code, alpha3, numeric, name, former, variant, region);
    candidates (codes a value may mean, where it may mean several); why (what to tell the user, where a value that is
    not blank gives no country). Case, accents, punctuation and "the" do not matter.

    >>> read_countries(pl.Series(["ir", "Iran, Islamic Republic of", "Crimea", "Congo"])).select("iso2", "how").rows()
    [('IR', 'code'), ('IR', 'name'), ('UA', 'region'), (None, None)]
    """
    texts = values.cast(pl.String).alias("value")
    distinct = texts.drop_nulls().unique().sort()
    found = _read_distinct(distinct)
    return texts.to_frame().join(found, on="value", how="left", maintain_order="left").select(*READ)


def _read_distinct(values: pl.Series) -> pl.DataFrame:
    """Read distinct values: whole, then without full stops, then piece by piece; say why where nothing fits."""
    numbers = values.str.strip_chars().str.replace(r"^(\d{1,3})\.0$", "$1")
    rows = pl.DataFrame({"value": values, "text": numbers, "key": key(numbers)}).with_columns(
        dotless=key(numbers.str.replace_all(".", "", literal=True))
    )
    blank = rows.filter(pl.col("key").is_null() & (pl.col("text") == "")).select("value")
    rows = rows.join(blank, on="value", how="anti")
    done = [blank]
    for column in ("key", "dotless"):
        read = rows.join(country_keys(), left_on=column, right_on="key")
        done.append(read.select("value", "iso2", "region", "how"))
        rows = rows.join(read, on="value", how="anti")
        if rows.is_empty():
            return pl.concat(done, how="diagonal").with_columns(
                pl.lit(None).cast(kind).alias(name)
                for name, kind in READ.items()
                if name in ("candidates", "why")
            )
    pieces = _read_pieces(rows)
    done.append(pieces.select("value", "iso2", "region", "how", "candidates", "why"))
    rows = rows.join(pieces, on="value", how="anti")
    done.append(_reasons(rows))
    return pl.concat(done, how="diagonal").unique("value", keep="first", maintain_order=True)


def _read_pieces(rows: pl.DataFrame) -> pl.DataFrame:
    """Read values of several pieces: `IR-Iran`, `Crimea (Russia)`, `US-CA`, and say where pieces disagree."""
    subdivisions = _subdivisions(rows)
    rest = rows.join(subdivisions, on="value", how="anti")
    pieces = rest.select("value", piece=pl.col("text").str.replace_all(_PIECES, "|").str.split("|")).explode(
        "piece"
    )
    pieces = pieces.with_columns(key=key(pieces["piece"])).drop_nulls("key")
    meanings = country_keys().vstack(
        ambiguous_keys().select(
            "key", iso2=pl.lit(None, pl.String), region=pl.lit(None, pl.String), how=pl.lit("?")
        )
    )
    found = pieces.join(meanings, on="key", how="left", maintain_order="left")
    name = pl.col("iso2").drop_nulls()
    whole = found.group_by("value", maintain_order=True).agg(
        pl.len().alias("pieces"),
        pl.col("how").count().alias("read"),
        name.unique(maintain_order=True).alias("countries"),
        pl.col("region").drop_nulls().first(),
        pl.col("how").filter(pl.col("how") != "?").first(),
    )
    whole = whole.filter(
        (pl.col("pieces") > 1) & (pl.col("read") == pl.col("pieces")) & pl.col("how").is_not_null()
    )
    one = (pl.col("countries").list.len() == 1) | pl.col("region").is_not_null()
    home = (
        pl.when(pl.col("region").is_not_null()).then(pl.lit("UA")).otherwise(pl.col("countries").list.first())
    )
    return pl.concat(
        [
            subdivisions,
            whole.select(
                "value",
                iso2=pl.when(one).then(home),
                region="region",
                how=pl.when(one & pl.col("region").is_null()).then("how").when(one).then(pl.lit("region")),
                candidates=pl.when(~one).then("countries"),
                why=pl.when(~one).then(
                    pl.format("names more than one country: {}", pl.col("countries").list.join(", "))
                ),
            ),
        ],
        how="diagonal_relaxed",
    )


def _subdivisions(rows: pl.DataFrame) -> pl.DataFrame:
    """Read ISO 3166-2 codes, `US-CA` or `IR-23`; `CN-HK` is Hong Kong, which has a code of its own."""
    parts = rows.filter(pl.col("text").str.contains(r"^\w{2}-\w{1,3}$")).select(
        "value",
        iso2=pl.col("key").str.extract(_SUBDIVISION, 1).str.to_uppercase(),
        part=pl.col("key").str.extract(_SUBDIVISION, 2).str.to_uppercase(),
    )
    codes = table("country_names")["iso2"].implode()
    states = table("states").with_columns(pl.col("code").str.split("|")).explode("code")
    own = law_table("countries").filter(pl.col("treated_as").is_not_null())
    marked = parts.filter(pl.col("iso2").is_in(codes)).join(
        own.select(part="iso2", parent="treated_as"), on="part", how="left"
    )
    territory = (pl.col("parent") == pl.col("iso2")).fill_null(False)
    state = pl.concat_str("iso2", "part").is_in((states["country"] + states["code"]).drop_nulls().implode())
    certain = territory | state | ~pl.col("part").is_in(codes)
    return marked.filter(certain).select(
        "value",
        iso2=pl.when(territory).then("part").otherwise("iso2"),
        region=pl.lit(None, pl.String),
        how=pl.lit("code"),
    )


def _reasons(rows: pl.DataFrame) -> pl.DataFrame:
    """Say of each value that was not read why: ambiguous, no country, a number, or unknown with what it resembles."""
    marked = rows.join(ambiguous_keys(), on="key", how="left").join(_resembling(rows), on="value", how="left")
    short = pl.col("text").str.contains(r"^\d{1,2}$")
    several = pl.col("candidates").list
    candidates = (
        pl.when(several.len() > 5)
        .then(pl.concat_str(several.head(3).list.join(", "), pl.lit(" or another")))
        .otherwise(several.join(" or "))
    )
    return marked.select(
        "value",
        "candidates",
        why=pl.when(candidates.is_not_null())
        .then(pl.format("may be {}: {}", candidates, "reason"))
        .when(pl.col("reason").is_not_null())
        .then("reason")
        .when(pl.col("key").is_in(no_country_keys().implode()))
        .then(pl.lit("names no country"))
        .when(short)
        .then(pl.lit("is a number of fewer than three digits; ISO numbers have three"))
        .when(pl.col("resembles").is_not_null())
        .then(pl.format("is no country that we can read; it resembles {}", "resembles"))
        .otherwise(pl.lit("is no country that we can read")),
    )


def _resembling(rows: pl.DataFrame) -> pl.DataFrame:
    """Return value and the country whose English name it resembles, for the first unread values."""
    names = place_labels().filter(pl.col("place").str.len_chars() == 2)
    names = names.with_columns(key=key(names["label"]))
    texts = [f"{name} ({code})" for code, name in names.select("place", "label").iter_rows()]
    keys = names["key"].to_list()
    unread = rows.drop_nulls("key").filter(pl.col("key").str.len_chars() >= 4).head(SUGGESTED)
    best = [
        process.extractOne(word, keys, scorer=fuzz.ratio, score_cutoff=RESEMBLANCE) for word in unread["key"]
    ]
    return unread.select("value").with_columns(
        resembles=pl.Series([texts[hit[2]] if hit else None for hit in best], dtype=pl.String)
    )
