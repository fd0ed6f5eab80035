"""Postcodes and telephone numbers of the embargoed regions."""

from __future__ import annotations

import polars as pl

from screening.places.tables import table

_LABELS = r" (?:box|pobox|inn|ogrn|kpp|okpo|edrpou|tel|phone|fax|mob|инн|огрн|кпп|окпо|едрпоу|тел|факс|моб)  "
"""Words before a number that is no postcode."""


def may_hold_postcodes(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows (text, country, postal) in which a postcode of a region could stand."""
    ranges = table("postcodes")
    starts = ranges.select(pl.col("first", "last").str.head(1))
    digits = "".join(sorted({*starts["first"], *starts["last"]}))
    fits = pl.col("country").is_null() | pl.col("country").is_in(ranges["country"].unique().sort().implode())
    number = pl.col("text").str.contains(rf" [{digits}]\d{{4,5}} ") | pl.col("postal").is_not_null()
    return rows.filter(fits & number)


def postcode_hits(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the postcodes of a region: row, place, kind, sign, word, start (null for one of the postcode column).

    In: row, text (framed layout), country, postal, near (whether the address speaks of Ukraine or Russia). A number
    counts by the country of the column. Where none is given the address must point to Ukraine or Russia otherwise:
    298100 alone may stand in Singapore, 95472 in California.
    """
    ranges = table("postcodes").with_columns(pl.col("digits", "first", "last").cast(pl.Int64))
    fits = may_hold_postcodes(rows).filter(pl.col("country").is_not_null() | pl.col("near"))
    numbers = pl.concat([_in_text(fits), _in_column(fits)])
    marked = numbers.with_columns(
        digits=pl.col("word").str.len_chars().cast(pl.Int64), number=pl.col("word").cast(pl.Int64)
    )
    found = marked.join(ranges.rename({"country": "of_country"}), on="digits").filter(
        pl.col("number").is_between("first", "last")
        & ((pl.col("country") == pl.col("of_country")) | pl.col("country").is_null())
        & ((pl.col("certainty") != "house") | pl.col("country").is_not_null())
    )
    return found.select("row", "place", "kind", "sign", "word", "start")


def phone_places(phones: pl.DataFrame) -> pl.DataFrame:
    """Return the embargoed regions whose numbering range a telephone number is in; always `possible`: users move.

    In: key, text, country (of the customer, or null). Out: key, place, certainty, word, start, why. National forms
    (8 978 ..., 065 ...) are read for customers of Russia and Ukraine.

    >>> phones = pl.DataFrame({"key": ["c"], "text": ["+7 (978) 123-45-67"], "country": ["UA"]})
    >>> phone_places(phones).select("key", "place", "certainty").row(0)
    ('c', 'UA-43', 'possible')
    """
    digits = pl.col("text").str.replace_all(r"\D", "")
    plus = pl.col("text").str.contains(r"^\D*\+")
    russian = (pl.col("country") == "RU") & digits.str.contains(r"^8\d{10}$")
    ukrainian = (pl.col("country") == "UA") & digits.str.contains(r"^0\d{9}$")
    number = (
        pl.when(plus)
        .then(digits)
        .when(digits.str.starts_with("00"))
        .then(digits.str.slice(2))
        .when(russian)
        .then(pl.concat_str(pl.lit("7"), digits.str.slice(1)))
        .when(ukrainian)
        .then(pl.concat_str(pl.lit("38"), digits))
    )
    ranges = table("phones").join(table("regions").select("place", "name"), on="place")
    found = phones.with_columns(number=number).drop_nulls("number").join(ranges, how="cross")
    inside = found.filter(pl.col("number").str.starts_with(pl.col("prefix")))
    return (
        inside.select(
            "key", "place",
            certainty="sign",
            word=pl.concat_str(pl.lit("+"), "prefix"),
            start=pl.lit(0, pl.UInt32),
            why=pl.format("the number is in a range of {}; users move", "name"),
        )
        .unique(["key", "place"], keep="first", maintain_order=True)
        .sort("key", "place")
    )  # fmt: skip


def _in_text(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the numbers of five or six digits in the text, without those of a box, an account or a telephone."""
    clean = rows.with_columns(pl.col("text").str.replace_all(_LABELS + r"\d+ ", "  -  "))
    words = clean.select("row", "country", word=pl.col("text").str.extract_all(r"[^\s,;]+")).explode("word")
    placed = words.with_columns(start=pl.int_range(pl.len(), dtype=pl.UInt32).over("row"))
    return placed.filter(pl.col("word").str.contains(r"^\d{5,6}$")).select("row", "country", "word", "start")


def _in_column(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the number in the postcode column."""
    number = pl.col("postal").str.replace_all(r"[^\p{L}\d]", "")
    found = rows.select("row", "country", word=number, start=pl.lit(None, pl.UInt32))
    return found.filter(pl.col("word").str.contains(r"^\d{5,6}$"))
