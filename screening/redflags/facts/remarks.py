"""What the reader of a file noted of its country columns: `country=UA-43` for a region, `country?text` if unread."""

from __future__ import annotations

import polars as pl

UNREAD = r"^[^=]+\?"
"""How a remark begins on a value that could not be read."""
_REGION = r"^([\w ]+)=(UA-\d\d)$"
PLACE_COLUMNS = ("ship_to_country", "site_country", "end_user_country", "counterparty_country")
"""Columns of deliveries and sites in which a region is certain; elsewhere, as on the way, it is possible."""


def regions_noted(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return the regions that country columns name: `key`, field (the column), place (the code of the region).

    In: `key` and country_remarks.

    >>> noted = pl.DataFrame({"row": [0], "country_remarks": [["country=UA-43", "hq_country?Narnia"]]})
    >>> regions_noted(noted, "row").rows()
    [(0, 'country', 'UA-43')]
    """
    each = rows.select(key, remark="country_remarks").explode("remark", empty_as_null=False)
    found = each.drop_nulls("remark").select(
        key, field=pl.col("remark").str.extract(_REGION, 1), place=pl.col("remark").str.extract(_REGION, 2)
    )
    return found.drop_nulls("place")
