"""Customers at an address that is itself listed (15 CFR 744.16(f)): everybody who uses it is covered.

The street words may be written in many ways, the numbers may not: a listing of Room 805 at number 20 says nothing
certain about Room 806, so unit and house numbers weigh more than half. Another unit of the same building is reported
in a band of its own, `building`.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from screening.text import plain_address

ALERT, REVIEW = 0.90, 0.70
SAME_STREET = 0.85
"""Likeness of street words from which, with a number in common, it is the same building though another unit."""
NUMBER_WEIGHT = 0.6
CELLS = 4_000_000
"""Pairs compared at a time, which bounds the memory of a large book."""

ADDRESS_MATCHES = {
    "customer_id": pl.String(),
    "party_id": pl.String(),
    "score": pl.Float64(),
    "matched_name": pl.String(),
    "query_name": pl.String(),
    "band": pl.String(),
}


def match_addresses(customers: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Return the customers whose address resembles a listed one, best first, in the columns of `ADDRESS_MATCHES`.

    `customers`: customer_id, address, country; null: not recorded. `listed`: party_id, raw, country. `matched_name`
    and `query_name` are the two addresses as they are written; `band`: alert, review or building.

    >>> book = pl.DataFrame({"customer_id": ["c"], "address": ["Rm 5, 8/F, Lee House, 20 Luard Rd"], "country": ["HK"]})
    >>> el = pl.DataFrame({"party_id": ["EL-1"], "raw": ["Room 5, 8th Floor, Lee House, 20 Luard Road"],
    ...                    "country": ["HK"]})
    >>> match_addresses(book, el).select("customer_id", "party_id", "band").row(0)
    ('c', 'EL-1', 'alert')
    """
    parts = [
        _in_country(customers, listed, country) for country in listed["country"].drop_nulls().unique().sort()
    ]
    found = pl.concat(parts) if parts else pl.DataFrame(schema=ADDRESS_MATCHES)
    return found.sort("customer_id", "score", "party_id", descending=[False, True, False])


def _in_country(customers: pl.DataFrame, listed: pl.DataFrame, country: str) -> pl.DataFrame:
    """Compare the distinct addresses of one country; a customer of unknown country is compared everywhere."""
    residents = customers.filter(
        pl.col("address").is_not_null() & (pl.col("country").is_null() | (pl.col("country") == country))
    ).with_columns(plain=plain_address(pl.col("address")))
    entries = listed.filter(pl.col("country") == country).with_columns(plain=plain_address(pl.col("raw")))
    distinct = residents["plain"].unique().sort()
    step = max(1, CELLS // max(1, entries.height))
    blocks = [_compare(distinct[start : start + step], entries) for start in range(0, len(distinct), step)]
    if not blocks:
        return pl.DataFrame(schema=ADDRESS_MATCHES)
    return (
        residents.join(pl.concat(blocks), on="plain")
        .select(
            "customer_id",
            "party_id",
            "score",
            pl.col("raw").alias("matched_name"),
            pl.col("address").alias("query_name"),
            pl.when(pl.col("score") >= ALERT)
            .then(pl.lit("alert"))
            .when(pl.col("score") >= REVIEW)
            .then(pl.lit("review"))
            .otherwise(pl.lit("building"))
            .alias("band"),
        )
        .cast(pl.Schema(ADDRESS_MATCHES))
    )


def _compare(addresses: pl.Series, entries: pl.DataFrame) -> pl.DataFrame:
    """Score addresses against entries: street words by likeness, numbers by how many of the entry's stand there."""
    query_words, query_numbers = _split(addresses)
    target_words, target_numbers = _split(entries["plain"])
    words = process.cdist(query_words, target_words, scorer=fuzz.token_set_ratio, dtype=np.float32) / 100
    shared = np.array(
        [[len(ours & theirs) for theirs in target_numbers] for ours in query_numbers],
        dtype=np.float32,
    ).reshape(words.shape)
    wanted = np.array([max(1, len(theirs)) for theirs in target_numbers], dtype=np.float32)
    score = words * ((1 - NUMBER_WEIGHT) + NUMBER_WEIGHT * shared / wanted)
    building = (words >= SAME_STREET) & (shared >= 1)
    row, column = np.nonzero((score >= REVIEW) | building)
    return pl.DataFrame(
        {
            "plain": addresses.gather(row),
            "party_id": entries["party_id"].gather(column),
            "raw": entries["raw"].gather(column),
            "score": score[row, column].astype(np.float64),
        }
    )


def _split(addresses: pl.Series) -> tuple[list[str], list[frozenset[str]]]:
    """Part each address into its words and the set of its numbers."""
    words = addresses.str.replace_all(r"\b\d+\b", " ").str.replace_all(r"\s+", " ").str.strip_chars()
    numbers = addresses.str.extract_all(r"\b\d+\b")
    return words.to_list(), [frozenset(each) for each in numbers.to_list()]
