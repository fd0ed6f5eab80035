"""Names and numbers that stand inside a printed name, as rows of their own."""

from __future__ import annotations

import polars as pl

from lists.normalize.name_numbers import numbers_in_names
from lists.normalize.names import second_names
from lists.normalize.scripts import script

NAME_WITHIN = "name_within"
"""The relation of a second name to the text in which it was printed."""


def with_second_names(names: pl.DataFrame, towns: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the names inside names; and say of each, as a relation `name_within`, in which text it was printed.

    `names`: entry, name, name_kind, quality, script, party_type. Returns the first five columns with the new rows at
    the end; and entry, relation, other_name, other_party_id, text. A printed name stays a name.
    """
    found = second_names(names, towns).with_columns(key=pl.col("name").str.to_lowercase())
    printed = names.select("entry", key=pl.col("name").str.to_lowercase())
    fresh = found.join(printed, on=["entry", "key"], how="anti", maintain_order="left").unique(
        ["entry", "key"], keep="first", maintain_order=True
    )
    columns = ["entry", "name", "name_kind", "quality", "script"]
    added = fresh.with_columns(script(fresh["name"]).alias("script")).select(columns)
    origins = fresh.select(
        "entry",
        relation=pl.lit(NAME_WITHIN),
        other_name="name",
        other_party_id=pl.lit(None, pl.String),
        text="printed",
    )
    return pl.concat([names.select(columns), added]), origins


def numbers_within(names: pl.DataFrame, identifiers: pl.DataFrame) -> pl.DataFrame:
    """Return the numbers inside names that are recorded nowhere else, in the columns of `identifiers`.

    What looks like a tail number is one in the name of an aircraft only.
    """
    found = numbers_in_names(names["name"])
    numbers = pl.concat(
        [names.select("entry", "party_type")[found["row"]], found.select("id_type", "id_value")],
        how="horizontal",
    ).with_columns(country=pl.lit(None, pl.String))
    aircraft = (pl.col("party_type") == "aircraft").fill_null(False)
    fresh = numbers.filter((pl.col("id_type") != "tail_number") | aircraft)
    return fresh.join(identifiers, on=["entry", "id_value"], how="anti", maintain_order="left").select(
        identifiers.columns
    )
