"""Text as people type it and programs pad it: NULs and outer blanks are taken away, and what is blank is null."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

NUL = "\x00"


def clean_text(rows: pl.DataFrame, names: Sequence[str], with_nul: Sequence[str]) -> pl.DataFrame:
    """Clean the text columns `names`. `with_nul`: those of them that `columns_with_nul` finds.

    >>> clean_text(pl.DataFrame({"a": [" x\\0", " ", None]}), ["a"], ["a"])["a"].to_list()
    ['x', None, None]
    """
    filled = [name for name in names if rows[name].null_count() < rows.height]
    plain = rows.with_columns(pl.col(with_nul).str.replace_all(NUL, "", literal=True)) if with_nul else rows
    stripped = plain.with_columns(pl.col(filled).str.strip_chars())
    return stripped.with_columns(pl.when(pl.col(filled) != "").then(pl.col(filled)))


def columns_with_nul(rows: pl.DataFrame, names: Sequence[str]) -> list[str]:
    """Return those of the text columns `names` in which any text has a NUL character."""
    found = rows.select(pl.col(names).str.contains(NUL, literal=True).any())
    return [name for name in names if found[name].any()]


def names_with_nul(with_nul: Sequence[str]) -> pl.Expr:
    r"""Return for each row which of these columns hold a NUL, joined by ", "; null where none does.

    >>> pl.DataFrame({"a": ["x\0", "y"]}).select(names_with_nul(["a"]).alias("nul"))["nul"].to_list()
    ['a', None]
    """
    named = [pl.when(pl.col(name).str.contains(NUL, literal=True)).then(pl.lit(name)) for name in with_nul]
    marks = pl.concat_str(named, separator=", ", ignore_nulls=True).replace("", None)
    return marks if with_nul else pl.lit(None, pl.String)


def is_strictly_increasing(keys: pl.Series) -> bool:
    """Return whether no key is null and each is greater than the one before, so that none occurs twice.

    >>> [is_strictly_increasing(pl.Series(keys)) for keys in (["a", "b"], ["a", "a"], ["b", "a"])]
    [True, False, False]
    """
    return not keys.null_count() and keys.is_sorted() and not (keys == keys.shift()).any()
