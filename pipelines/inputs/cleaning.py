"""Text as people type it and programs pad it: NULs and outer blanks are taken away, and what is blank is null."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

NUL = "\x00"


def bare(rows: pl.DataFrame, names: Sequence[str], held: Sequence[str]) -> pl.DataFrame:
    """Clean the columns of text with these names. `held`: those of them that hold NULs, as `holding_nul` tells.

    >>> bare(pl.DataFrame({"a": [" x\\0", " ", None]}), ["a"], ["a"])["a"].to_list()
    ['x', None, None]
    """
    told = [name for name in names if rows[name].null_count() < rows.height]
    without = rows.with_columns(pl.col(held).str.replace_all(NUL, "", literal=True)) if held else rows
    stripped = without.with_columns(pl.col(told).str.strip_chars())
    return stripped.with_columns(pl.when(pl.col(told) != "").then(pl.col(told)))


def holding_nul(rows: pl.DataFrame, names: Sequence[str]) -> list[str]:
    """Return the names of the columns in which any text holds a NUL character."""
    found = rows.select(pl.col(names).str.contains(NUL, literal=True).any())
    return [name for name in names if found[name].any()]


def rising(keys: pl.Series) -> bool:
    """Tell whether no key is null and each is greater than the one before: so none stands twice.

    >>> rising(pl.Series(["a", "b"])), rising(pl.Series(["a", "a"])), rising(pl.Series(["b", "a"]))
    (True, False, False)
    """
    return not keys.null_count() and keys.is_sorted() and not (keys == keys.shift()).any()
