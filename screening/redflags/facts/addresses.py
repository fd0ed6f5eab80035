"""Places that the addresses of shipments name: embargoed regions, and countries other than those of the columns."""

from __future__ import annotations

import polars as pl

from screening.places import places_in_text

NOTHING = pl.DataFrame(schema=dict.fromkeys(("key", "place", "certainty"), pl.String()))
SIGNS = {"sure": "sure", "possible": "possible", "no": "false_friend"}
"""How certain a region is, by the certainty with which an address names it."""


def with_address_places(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the places of addresses to rows with address, address_country, address_field.

    Added: region, region_sign, region_field, region_text (the region that is most certain; of equals the first by its
    code), address_places and address_possible (countries that the address names for certain, or may name).
    """
    numbered = rows.with_row_index("key")
    texts = numbered.select(pl.col("key").cast(pl.String), text="address", country="address_country")
    with_text = texts.drop_nulls("text")
    # Without an address there is nothing to read the dictionary of places for.
    named_places = places_in_text(with_text, with_settled=True) if with_text.height else NOTHING
    found = named_places.with_columns(pl.col("key").cast(pl.UInt32))
    is_region, sure = pl.col("place").str.contains("-"), pl.col("certainty") == "sure"
    order = pl.col("certainty").replace_strict(
        {name: n for n, name in enumerate(SIGNS)}, return_dtype=pl.Int8
    )
    by_row = (
        found.with_columns(
            order=order, sign=pl.col("certainty").replace_strict(SIGNS, return_dtype=pl.String)
        )
        .sort("key", "order", "place")
        .group_by("key", maintain_order=True)
        .agg(
            region=pl.col("place").filter(is_region).first(),
            region_sign=pl.col("sign").filter(is_region).first(),
            address_places=pl.col("place").filter(~is_region, sure),
            address_possible=pl.col("place").filter(~is_region, pl.col("certainty") == "possible"),
        )
    )
    named = pl.col("region").is_not_null()
    return (
        numbered.join(by_row, on="key", how="left", maintain_order="left")
        .with_columns(
            pl.col("address_places", "address_possible").fill_null([]),
            region_field=pl.when(named).then("address_field"),
            region_text=pl.when(named).then("address"),
        )
        .drop("key")
    )
