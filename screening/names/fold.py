"""Folded spelling: words that sound alike or are romanized by different systems come out alike."""

from __future__ import annotations

from functools import cache

import polars as pl

from screening.names.tables import table


def fold(tokens: pl.Series) -> pl.Series:
    """Return the folded spelling of each token: digraphs become one letter, doubled letters one.

    >>> fold(pl.Series(["mohammed", "mokhammed", "zhukov", "jukow", "cetc"])).to_list()
    ['mohamed', 'mohamed', 'jukov', 'jukov', 'ketk']
    """
    if tokens.is_empty():
        return tokens
    expression = pl.col("token") + "$"
    for spellings, folded in _passes():
        expression = expression.str.replace_many(list(spellings), list(folded), leftmost=True)
    return tokens.alias("token").to_frame().select(expression.str.strip_chars_end("$"))["token"]


@cache
def _passes() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return the replacements by pass, longest spelling first, since the first that fits is taken."""
    rows = table("folding").sort(
        "pass", pl.col("from").str.len_bytes(), "from", descending=[False, True, False]
    )
    return tuple(
        (tuple(part["from"].to_list()), tuple(part["to"].to_list()))
        for _, part in rows.group_by("pass", maintain_order=True)
    )
