"""Which keys of two files meet: ids that are written alike, and numbers of the same type."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from screening.ownership.identity_keys import number_keys
from screening.tables.inputs import ENTITIES, INPUTS

IDS = ("customer_id", "owner_id", "owned_id", "entity_id", "old_id", "new_id")
LEI = "^[A-Z0-9]{18}[0-9]{2}$"
SEAT = "seat:"
"""Before a country, in the id of everybody there: a number without a type is read by the country."""
NUMBERS = "numbers"
"""Name of the key of identifiers, and of ids that are identifiers of a register."""


@dataclass(frozen=True, slots=True)
class Join:
    """How many different values of a key stand in the other file. `example`: one of them."""

    key: str
    other_key: str
    joined: int
    values: int
    example: str | None


def file_keys(table: str, frame: pl.DataFrame, entities: pl.DataFrame) -> dict[str, pl.Series]:
    """Return the different values of each key of a file. `entities`: those of an ownership file, as ENTITIES."""
    columns = [name for name in INPUTS[table].names if name in IDS and name in frame.columns]
    keys = {name: frame[name].drop_nulls().unique().sort() for name in columns}
    is_number = pl.col("entity_id").str.contains(":") | pl.col("entity_id").str.contains(LEI)
    nothing = pl.lit(None, pl.List(pl.String)).alias("identifiers")
    holders = [frame.select(pl.col(name).alias("entity_id"), nothing).filter(is_number) for name in columns]
    numbered = [c.name for c in INPUTS[table].columns if c.kind == "texts" and "identifier" in c.holds]
    for name in numbered:
        if name in frame.columns:
            holders.append(frame.select(_seat(frame).alias("entity_id"), pl.col(name).alias("identifiers")))
    holders.append(
        entities.select(pl.when(is_number).then("entity_id").otherwise(_seat(entities)), "identifiers")
    )
    every = (
        pl.concat(holders)
        .drop_nulls("entity_id")
        .group_by("entity_id")
        .agg(pl.col("identifiers").explode().drop_nulls())
        .with_columns(country=pl.col("entity_id").str.strip_prefix(SEAT))
    )
    evidence = number_keys(ENTITIES.conform(every))["evidence"]
    if len(found := evidence.filter(~evidence.str.starts_with(SEAT)).unique().sort()):
        keys[NUMBERS] = found
    return keys


def join_keys(keys: dict[str, pl.Series], other: dict[str, pl.Series]) -> list[Join]:
    """Return the keys of one file of which values stand in the other, those that join most first."""
    found = []
    for name, values in keys.items():
        for other_name, others in other.items():
            if (name == NUMBERS) != (other_name == NUMBERS):
                continue
            common = values.filter(values.is_in(others.implode()))
            if len(common):
                found.append(Join(name, other_name, len(common), len(values), str(common[0])))
    return sorted(found, key=lambda join: (-join.joined, join.key, join.other_key))


def _seat(frame: pl.DataFrame) -> pl.Expr:
    """Return an id for all who are in one country."""
    columns = [name for name in ("incorporation_country", "country", "hq_country") if name in frame.columns]
    return pl.lit(SEAT) + pl.coalesce(*columns, pl.lit("")) if columns else pl.lit(SEAT)
