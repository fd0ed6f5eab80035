"""Places that the addresses of shipments name: embargoed regions, and countries other than those of the columns."""

from __future__ import annotations

import polars as pl

from screening.places import place_label, places_in_text
from screening.places.tables import table
from screening.redflags.facts.remarks import PLACE_COLUMNS, regions_noted

NOTHING = pl.DataFrame(schema=dict.fromkeys(("key", "place", "certainty"), pl.String()))
SIGNS = {"sure": "sure", "possible": "possible", "no": "false_friend"}
"""How certain a region is, by the certainty with which an address names it."""


def with_address_places(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the places of addresses to rows with address, address_country, address_field.

    Added: region, region_sign, region_field, region_text (the region that is most certain; of equals the first by its
    code; one that means a note only after the others), address_places and address_possible (countries that the address
    names for certain, or may name).
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
    noted = pl.col("place").is_in(table("regions").filter(pl.col("scope") == "note")["place"].implode())
    by_row = (
        found.with_columns(
            # A region that no order names does not hide one that an order names.
            order=pl.when(noted, pl.col("certainty") != "no").then(1.5).otherwise(order),
            sign=pl.col("certainty").replace_strict(SIGNS, return_dtype=pl.String),
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


def with_column_regions(rows: pl.DataFrame) -> pl.DataFrame:
    """Put the region that a country column names in the place of one that the address names less certainly.

    In: country_remarks and the columns of `with_address_places`. A payer is no place of a shipment.
    """
    numbered = rows.with_row_index("key")
    noted = regions_noted(numbered, "key").filter(pl.col("field") != "payer_country")
    if noted.is_empty():
        return rows
    sure = pl.col("field").is_in(PLACE_COLUMNS)
    labels = {code: place_label(code) for code in table("regions")["place"]}
    first = (
        noted.with_columns(certain=sure)
        .sort("key", "certain", "field", "place", descending=[False, True, False, False])
        .unique("key", keep="first", maintain_order=True)
        .select(
            "key",
            column_region="place",
            column_sign=pl.when("certain").then(pl.lit("sure")).otherwise(pl.lit("possible")),
            column_field="field",
            column_text=pl.col("place").replace(labels),
        )
    )
    joined = numbered.join(first, on="key", how="left", maintain_order="left")
    strengths = {name: n for n, name in enumerate(SIGNS.values())}
    rank = [
        pl.col(c).replace_strict(strengths, default=9, return_dtype=pl.Int8)
        for c in ("column_sign", "region_sign")
    ]
    stronger = rank[0] < rank[1]
    parts = ("region", "sign", "field", "text")
    named = {name: name if name == "region" else f"region_{name}" for name in parts}
    return joined.with_columns(
        pl.when(stronger).then(f"column_{part}").otherwise(name).alias(name) for part, name in named.items()
    ).select(rows.columns)
