"""Words in names, lines of business and addresses, from `screening/data/names/concern_words.csv`."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import polars as pl

from screening.law import table
from screening.names.tables import table as words_table


@cache
def pattern(*kinds: str) -> str:
    """Return a pattern that finds any word of the kinds, on word borders, whatever the case.

    >>> bool(re.search(pattern("forwarder"), "Silk Gate Freight FZE"))
    True
    """
    words = words_table("concern_words").filter(pl.col("kind").is_in(kinds))["word"]
    return (
        r"(?i)(?:^|[^\p{L}\p{N}])(?:".replace(r"\p{L}\p{N}", r"\w")
        + "|".join(map(re.escape, words))
        + r")(?:$|[^\w])"
    )


def mentions(column: pl.Expr, *kinds: str) -> pl.Expr:
    """Return whether a text column contains a word of the kinds; null does not."""
    return column.str.contains(pattern(*kinds)).fill_null(False)


def control_date(concern: str) -> date:
    """Return the first control date of a concern.

    >>> control_date("Russia")
    datetime.date(2022, 2, 24)
    """
    rows = table("control_dates").filter(pl.col("concern") == concern).sort("effective_from")
    return date.fromisoformat(rows["effective_from"][0])
