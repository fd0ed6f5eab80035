"""Our list codes for the names that publishers print."""

from __future__ import annotations

import polars as pl

from lists.reference import reference


def list_code(printed: pl.Expr) -> pl.Expr:
    """Return the code of a list by a printed name of it, null for one we do not know.

    >>> frame = pl.DataFrame({"printed": ["SDN List", "NS-MBS List", "Someone's List"]})
    >>> frame.select(list_code(pl.col("printed"))).to_series().to_list()
    ['SDN', 'MBS', None]
    """
    names = reference("list_names")
    return printed.replace_strict(names["printed"], names["list"], default=None, return_dtype=pl.String)
