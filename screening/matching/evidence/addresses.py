"""Addresses as evidence: the country is a gate, then street and number, building, postal code and town.

An address is parted at its commas. What follows the first part and has neither a number nor a word for a street, or
has a postal code, is a place and tells little; the rest is street, house, unit or box. Words may be written in many
ways, numbers may not.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from screening.addresses import SAME_STREET
from screening.names.tables import table
from screening.text import address_words, plain_address

_NUMBER, _POSTCODE = r"\b\d{1,4}\b", r"\b\d{5,7}\b"
ADDRESSES = {
    "subject_id": pl.String(),
    "written": pl.String(),
    "country": pl.String(),
    "whole": pl.String(),
    "words": pl.String(),  # of street and house
    "numbers": pl.List(pl.String()),
    "postcodes": pl.List(pl.String()),
    "city": pl.String(),
}
_BOX = "box"


def read_addresses(addresses: pl.DataFrame) -> pl.DataFrame:
    """Part addresses into what is compared: one row an address, in the columns of `ADDRESSES`, sorted by subject.

    `addresses`: subject_id, written (as given), street, city, country. `street` and `city` may be null: then `written`
    is all there is.

    >>> given = pl.DataFrame({"subject_id": ["a"], "written": ["Rm 5, 8/F, 20 Luard Road, Wanchai, Hong Kong"],
    ...                       "street": [None], "city": [None], "country": ["HK"]})
    >>> read_addresses(given).select("words", pl.col("numbers").list.join(" ")).row(0)
    ('luard', '5 8 20')
    """
    if addresses.is_empty():
        return pl.DataFrame(schema=ADDRESSES | {"subject_id": addresses.schema["subject_id"]})
    parts = pl.coalesce("street", "written").str.split(",")
    place = ~pl.element().str.contains(_street_pattern()) | pl.element().str.contains(r"^\D*\d{5,7}\D*$")
    rest = parts.list.slice(1).list.eval(pl.element().filter(~place)).list.join(" ")
    texts = (
        addresses.lazy()
        .drop_nulls("written")
        .with_columns(pl.col("street", "city", "country").cast(pl.String))
    )
    read = texts.with_columns(
        whole=plain_address(pl.col("written")),
        own=plain_address(pl.concat_str(parts.list.first(), pl.lit(" "), rest)),
        city=plain_address(pl.col("city")),
    )
    word = pl.element().str.contains(r"^\p{L}{3,}$") & ~pl.element().is_in(_common_words())
    chosen = read.select(
        "subject_id",
        "written",
        "country",
        "whole",
        words=pl.col("own").str.split(" ").list.eval(pl.element().filter(word)).list.join(" "),
        numbers=pl.col("own").str.extract_all(_NUMBER).list.unique(maintain_order=True),
        postcodes=pl.col("whole").str.extract_all(_POSTCODE).list.unique(maintain_order=True),
        city=pl.when(pl.col("city").str.len_chars() > 2).then("city"),
    )
    return chosen.sort("subject_id", "written").collect()


def address_level(pairs: pl.DataFrame) -> pl.Series:
    """Return how two addresses agree, from the columns of `ADDRESSES` and the same with `their_` before them.

    same, alike (the same building, another unit or none), postcode, city; null where nothing agrees, or the countries
    differ. Symmetric.
    """
    shared, fewer = (
        pl.col("numbers").list.set_intersection("their_numbers").list.len(),
        pl.min_horizontal(pl.col("numbers").list.len(), pl.col("their_numbers").list.len()),
    )
    likeness = process.cpdist(
        pairs["words"].to_list(),
        pairs["their_words"].to_list(),
        scorer=fuzz.token_set_ratio,
        dtype=np.float32,
    )
    same_code = pl.col("postcodes").list.set_intersection("their_postcodes").list.len() > 0
    same_city = pl.any_horizontal(
        pl.format(" {} ", whole).str.contains(pl.format(" {} ", city), literal=True).fill_null(False)
        for whole, city in (("whole", "their_city"), ("their_whole", "city"))
    )
    named = (pl.col("words") != "") & (pl.col("their_words") != "")
    only_box = (pl.col("words") == _BOX) | (pl.col("their_words") == _BOX)
    building = (
        named & (pl.col("likeness") >= 100 * SAME_STREET) & (shared > 0) & (~only_box | same_code | same_city)
    )
    gate = (pl.col("country") == pl.col("their_country")).fill_null(True)
    return pairs.with_columns(pl.Series("likeness", likeness)).select(
        level=pl.when(~gate).then(None)
        .when(building & (shared == fewer)).then(pl.lit("same"))
        .when(building).then(pl.lit("alike"))
        .when(same_code).then(pl.lit("postcode"))
        .when(same_city).then(pl.lit("city"))
    )["level"]  # fmt: skip


@cache
def _street_pattern() -> str:
    """Return a pattern of what makes a part of an address street or house: a number, or a word for a street."""
    words = table("address_words").filter(street="yes")["word"]
    return rf"(?i)\d|\b(?:{'|'.join(words)})\b"


@cache
def _common_words() -> list[str]:
    """Return the words that stand in every other address, as `plain_address` writes them."""
    common = table("address_words").filter(common="yes")["word"].to_list()
    return sorted({*address_words().values(), *common})
