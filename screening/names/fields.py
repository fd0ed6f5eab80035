"""Name fields that hold more than one name, `Doe Ventures dba Krayinvestbank`, and numbers that stand inside names."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

import polars as pl

from lists.normalize import name_fields
from lists.normalize.name_fields import split_names
from lists.normalize.name_numbers import numbers_in_names
from screening.names.disguise import PART, readings
from screening.names.tables import table
from screening.places.tables import exploded
from screening.places.tables import table as places

WRITTEN = "as written"
"""Kind of a name that is a whole field."""
LEADS = (*name_fields.LEADS, PART)
"""Kinds of names that are not the party's own, or not surely."""


def with_second_names(names: pl.DataFrame, without: Collection[str] = LEADS) -> pl.DataFrame:
    """Add after each name those that stand inside it and what it reads as (`disguise`), with `name_kind`.

    The whole stays a name.
    `names`: name, party_type and more. Names of the kinds `without` are left out: those of `LEADS` are not the party's
    own. A party of unknown type is taken for what its name says, such as a vessel's by its prefix.

    >>> frame = pl.DataFrame({"name": ["Doe dba Roe Bank c/o Poe", "MV Ark"], "party_type": [None, "vessel"]})
    >>> with_second_names(frame).select("name", "name_kind").rows()[1:]
    [('Doe', 'name'), ('Roe Bank', 'trading name'), ('MV Ark', 'as written'), ('Ark', 'name')]
    """
    parts = split_names(names["name"], names["party_type"].cast(pl.String), place_words())
    otherwise = readings(names["name"]).with_columns(party_type=pl.lit(None, pl.String))
    parts = pl.concat([parts, otherwise]).filter(~pl.col("kind").is_in(list(without)))
    written = names.with_columns(pl.col("party_type").cast(pl.String), name_kind=pl.lit(WRITTEN))
    if parts.is_empty():
        return written
    stated = pl.when(pl.col("party_type") != "unknown").then("party_type")
    added = written[parts["row"]].with_columns(
        parts["name"], parts["kind"].alias("name_kind"), parts["party_type"].alias("_type")
    )
    added = added.with_columns(party_type=pl.coalesce(stated, "_type", "party_type")).drop("_type")
    order = pl.concat([pl.int_range(len(names), dtype=pl.UInt32, eager=True), parts["row"]]).arg_sort()
    return pl.concat([written, added.select(written.columns)])[order]


def with_numbers(attributes: pl.DataFrame) -> pl.DataFrame:
    """Add the numbers inside names to the identifiers of subjects: `MT Argo (IMO 9187667)` has `imo:9187667`.

    `attributes`: name, identifiers (a list of `type:value`) and more.

    >>> frame = pl.DataFrame({"name": ["MT Argo (IMO 9187667)", "Roe"], "identifiers": [["mmsi:123456789"], None]})
    >>> with_numbers(frame)["identifiers"].to_list()
    [['mmsi:123456789', 'imo:9187667'], None]
    """
    if not {"name", "identifiers"} <= set(attributes.columns):
        return attributes
    found = numbers_in_names(attributes["name"])
    if found.is_empty():
        return attributes
    texts = found.group_by("row", maintain_order=True).agg(_added=pl.format("{}:{}", "id_type", "id_value"))
    joined = attributes.with_row_index("_row").join(
        texts.rename({"row": "_row"}), on="_row", how="left", maintain_order="left"
    )
    given = pl.col("identifiers").cast(pl.List(pl.String))
    both = pl.concat_list(given.fill_null([]), "_added")
    return joined.with_columns(
        identifiers=pl.when(pl.col("_added").is_null()).then(given).otherwise(both)
    ).drop("_row", "_added")


@cache
def place_words() -> frozenset[str]:
    """Return words in small letters that name places: `Foo (Shanghai)` is one name."""
    cells = [
        *table("places").select(pl.concat_str("word", "variants", separator="|")).to_series(),
        *exploded("towns")["words"],
        *(cell for column in places("country_names") for cell in column.drop_nulls()),
    ]
    return frozenset(word.strip().lower() for cell in cells for word in cell.split("|") if word.strip())
