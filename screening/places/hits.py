"""Finding words of the lexicon in addresses: which, where, and in which surroundings."""

from __future__ import annotations

import polars as pl

from screening.places.context import with_context
from screening.places.find import find_words, words_in
from screening.places.lexicon import plain_patterns, senses
from screening.places.tables import table, watched
from screening.places.words import END, START

STRETCH = 200_000
"""Addresses looked through at a time, which bounds the memory of a large book."""


def framed(laid: pl.Series) -> pl.Series:
    """Return layouts with the end tokens around them, so that their first and their last part can be told."""
    whole = pl.concat_str(pl.lit(f" {START} "), pl.col("text"), pl.lit(f" {END} "))
    return laid.alias("text").to_frame().select(text=whole)["text"]


def rows_with_news(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows (row, text, country) in which a word means more than the country of the column.

    A town elsewhere is news only beside the name of an embargoed country.
    """
    found = words_in(rows["text"])
    words = found.with_columns(country=rows["country"].gather(found["index"]))
    marked = words.join(plain_patterns(), on="pattern", how="left")
    own = (pl.col("plain") == pl.col("country")).fill_null(False)
    idle = pl.col("town").fill_null(False) & ~pl.col("country").is_in(watched()).fill_null(False)
    zipped = _zip_codes(rows.filter((pl.col("country") != "US").fill_null(True)))["row"]
    news = pl.col("index").is_in(marked.filter(~own & ~idle)["index"].unique().implode())
    return rows.with_row_index().filter(news | pl.col("row").is_in(zipped.implode())).drop("index")


def hits(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each word found and each place it may mean, with what surrounds it.

    In: row, text (framed layout), country. Out: those, `start` (how many words come before), and the columns of
    `lexicon.senses` and `context.with_context`. A state of the United States before a ZIP code is found as well.
    """
    found = find_words(rows["text"])
    each = found.select(rows["row"].gather(found["index"]), "pattern", "at")
    spans = pl.concat([each, _zip_codes(rows)])
    spans = spans.join(rows.select("row", "text", "country"), on="row", maintain_order="left")
    binary = pl.col("text").cast(pl.Binary)
    end = pl.col("at") + pl.col("pattern").str.len_bytes() - 1
    sides = spans.with_columns(
        before=binary.bin.slice(0, pl.col("at") + 1).cast(pl.String),
        after=binary.bin.slice(end).cast(pl.String),
    )
    placed = with_context(sides).with_columns(start=pl.col("before").str.count_matches(r"[^\s,]+"))
    meanings = senses().vstack(_zip_senses(placed["pattern"]))
    return placed.drop("before", "after").join(meanings, on="pattern", how="inner", maintain_order="left")


def _zip_codes(rows: pl.DataFrame) -> pl.DataFrame:
    """Find the code of a state with a ZIP code after it at the end, or before the country."""
    codes = table("states").filter(pl.col("country") == "US")["code"].drop_nulls().str.to_lowercase()
    shape = rf"( (?:{'|'.join(codes)})  \d{{5}}(?:  \d{{4}})? )(?: [,;]|$)"
    found = rows.with_columns(pattern=pl.col("text").str.extract(shape)).drop_nulls("pattern")
    return found.select(
        "row", "pattern",
        at=pl.col("text").str.find(pl.col("pattern"), literal=True).cast(pl.UInt32),
    )  # fmt: skip


def _zip_senses(found: pl.Series) -> pl.DataFrame:
    """Return the sense of each state with a ZIP code: the United States."""
    words = found.unique().to_frame().filter(pl.col("pattern").str.contains(r"^ [a-z]{2}  \d{5}"))
    american = (
        senses().filter((pl.col("kind") == "state") & (pl.col("place") == "US")).head(1).drop("pattern")
    )
    return words.join(american, how="cross").with_columns(sign=pl.lit("sure")).select(senses().columns)
