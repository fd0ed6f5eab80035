"""Addresses of two sides, compared as places where somebody can be reached: street, number and town or postal code.

A town alone is nobody's address. Words of streets may be written in many ways, numbers may not. To compare a large book
with few listed addresses, only those are parted that have a street word and a number in common with one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from screening.matching.evidence.addresses import address_level, read_addresses
from screening.places import places_in_text

ADDRESS, BUILDING = "address", "building"
ALL_BUT_EQUAL = 85
"""Likeness of two addresses as a whole, where no town is told apart from the street."""
_WORD, _DIGITS = r"\p{L}{3,}", 4
_GENERIC = r"\b(?:city|town|district|region|oblast|province|county|state|prefecture)\b|\S*\d\S*"


@dataclass(frozen=True, slots=True)
class ListedAddresses:
    """Addresses of listed parties, parted once.

    `rows`: place (its number), party_id and the columns of `evidence.addresses.ADDRESSES`. `keys`: word, number, place:
    every street word beside every number. `words`: the distinct words.
    """

    rows: pl.DataFrame
    keys: pl.DataFrame
    words: pl.Series

    @classmethod
    def read(cls, addresses: pl.DataFrame) -> ListedAddresses:
        """Part addresses (party_id and the columns of the lists' table)."""
        numbered = addresses.unique(["party_id", "raw", "country"]).sort("party_id", "raw", "country")
        numbered = numbered.with_row_index("place")
        city = pl.col("city").str.split(",").list.first().str.replace_all(f"(?i){_GENERIC}", "")
        given = numbered.select(
            "street",
            "country",
            subject_id="place",
            written="raw",
            city=city.str.strip_chars().replace("", None),
        )
        parted = read_addresses(given).rename({"subject_id": "place"})
        rows = numbered.select("place", "party_id").join(parted, on="place")
        keys = (
            rows.select("place", "numbers", word=pl.col("words").str.split(" "))
            .explode("word", empty_as_null=False)
            .explode("numbers", empty_as_null=False)
            .drop_nulls()
            .filter(pl.col("word") != "")
            .select("word", "place", number="numbers")
            .unique()
        )
        return cls(rows, keys, keys["word"].unique().sort())


def same_addresses(ours: pl.DataFrame, listed: ListedAddresses) -> pl.DataFrame:
    """Return who has an address of a listed party: subject_id, their_id, kind, written, their_written.

    `ours`: subject_id, address, countries (all that are recorded; none: unknown). `kind`: `address`, or `building`
    where one side names a unit that the other lacks.

    >>> el = pl.DataFrame([{"party_id": "EL-1", "raw": "Room 5, 20 Luard Road, Wan Chai, Hong Kong",
    ...                     "street": "Room 5, 20 Luard Road", "city": "Wan Chai", "country": "HK"}])
    >>> book = pl.DataFrame({"subject_id": ["c"], "address": ["Rm 5, Luard Rd. 20, Wan Chai"], "countries": [["HK"]]})
    >>> same_addresses(book, ListedAddresses.read(el)).select("subject_id", "their_id", "kind").row(0)
    ('c', 'EL-1', 'address')
    """
    pairs = _near(ours, listed)
    mine = ours.filter(pl.col("subject_id").is_in(pairs["subject_id"].implode()))
    none = pl.lit(None, pl.String)
    given = mine.select("subject_id", written="address", street=none, city=none, country=none)
    parted = read_addresses(given).join(mine.select("subject_id", "countries"), on="subject_id")
    theirs = listed.rows.rename(lambda name: name if name == "place" else f"their_{name}")
    both = pairs.join(parted, on="subject_id").join(theirs, on="place")
    if both.is_empty():
        return pl.DataFrame(schema=_FOUND)
    level = address_level(both.with_columns(their_country=none))
    whole = process.cpdist(
        both["whole"].to_list(), both["their_whole"].to_list(), scorer=fuzz.token_set_ratio, dtype=np.float32
    )
    # A town may stand with its postal code beside the street: what the other side has anywhere is no other unit.
    everywhere, theirs_everywhere = (
        pl.col(side).str.extract_all(r"\d+") for side in ("whole", "their_whole")
    )
    differing = (
        pl.col("numbers").list.set_difference(theirs_everywhere).list.len()
        + pl.col("their_numbers").list.set_difference(everywhere).list.len()
    )
    code = pl.col("postcodes").list.set_intersection("their_postcodes").list.len() > 0
    town = pl.format(" {} ", "whole").str.contains(pl.format(" {} ", "their_city"), literal=True)
    no_town = pl.col("their_city").is_null() & (pl.col("whole_likeness") >= ALL_BUT_EQUAL)
    found = (
        both.with_columns(level=level, whole_likeness=pl.Series(whole))
        .filter(pl.col("level") == "same", code | town.fill_null(False) | no_town)
        .with_columns(
            kind=pl.when(differing == 0).then(pl.lit(ADDRESS)).otherwise(pl.lit(BUILDING)),
            their_id="their_party_id",
        )
    )
    return _in_one_country(found).select(*_FOUND).unique()


_FOUND = dict.fromkeys(("subject_id", "their_id", "kind", "written", "their_written"), pl.String())


def _near(ours: pl.DataFrame, listed: ListedAddresses) -> pl.DataFrame:
    """Return the pairs with a street word and a number in common: subject_id, place."""
    text = pl.col("address").str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    written = ours.select("subject_id", text=text).drop_nulls()
    words = (
        written.with_columns(word=pl.col("text").str.extract_all(_WORD))
        .explode("word", empty_as_null=False)
        .filter(pl.col("word").is_in(listed.words.implode()))
        .select("subject_id", "word")
        .unique()
    )
    numbers = (
        written.join(words.select("subject_id").unique(), on="subject_id", how="semi")
        .select("subject_id", number=pl.col("text").str.extract_all(r"\d+"))
        .explode("number", empty_as_null=False)
        .filter(pl.col("number").str.len_chars() <= _DIGITS)
        .unique()
    )
    keys = words.join(numbers, on="subject_id").join(listed.keys, on=["word", "number"])
    return keys.select("subject_id", "place").unique().sort("subject_id", "place")


def _in_one_country(found: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of one country: one that is recorded of ours, or that its address names."""
    recorded = pl.col("countries").list.drop_nulls()
    agrees = recorded.list.contains(pl.col("their_country")) | pl.col("their_country").is_null()
    weighed = found.with_columns(agrees=agrees | (recorded.list.len() == 0))
    sure, open_ = weighed.filter("agrees"), weighed.filter(~pl.col("agrees"))
    if open_.is_empty():
        return sure
    texts = open_.select(key="subject_id", text="written", country=pl.lit(None, pl.String)).unique()
    named = places_in_text(texts).filter(pl.col("certainty") == "sure")
    inside = named.select(subject_id="key", their_country="place").unique()
    return pl.concat([sure, open_.join(inside, on=["subject_id", "their_country"], how="semi")])
