"""The edges of one day as the network keeps them: node numbers in place of ids, and only columns that hold anything."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from screening.ownership.arrays import Positions
from screening.ownership.edges import EDGES, ENTITIES, INTERESTS

NARROW: Mapping[str, pl.DataType] = {
    "share_min": pl.Int32(),
    "share_max": pl.Int32(),
    "interest": pl.Enum(sorted(INTERESTS)),
    "direct": pl.Boolean(),
}
"""Columns that every tie has, in a quarter of the room that the edge table gives them."""
ENDS = ("owner", "owned")
ORDER = ("interest", "direct", "start", "end", "source", "source_date", "share_min", "share_max")


def nodes_of(edges: pl.LazyFrame, entities: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each entity that the edges or the entity table name, sorted by id: columns of `ENTITIES`.

    A name that the entity table lacks comes from the edges, the first in the alphabet where they differ.
    """
    told = pl.concat(
        edges.select(pl.col(f"{end}_id").alias("entity_id"), pl.col(f"{end}_name").alias("told")).drop_nulls()
        for end in ENDS
    )
    names = told.group_by("entity_id").agg(pl.col("told").min()).collect()
    nodes, ids = entities, ids_of(edges, entities)
    if len(ids) > entities.height:
        nodes = nodes.join(ids.to_frame(), on="entity_id", how="right", maintain_order="right")
    if names.height:
        nodes = nodes.join(names, on="entity_id", how="left", maintain_order="left").with_columns(
            pl.coalesce("name", "told").alias("name")
        )
    return nodes.select(*ENTITIES)


def ids_of(edges: pl.LazyFrame, entities: pl.DataFrame) -> pl.Series:
    """Return the id of everybody whom the edges or the entity table name, sorted."""
    ends = [edges.select(pl.col(f"{end}_id").drop_nulls().unique()).collect().to_series() for end in ENDS]
    every = pl.concat([*(ids.alias("entity_id") for ids in ends), entities["entity_id"]])
    return every.unique().sort()


def ties_of(edges: pl.LazyFrame, ids: pl.Series) -> pl.DataFrame:
    """Return the edges between numbered entities: `owner`, `owned`, the columns of `NARROW`, others of `EDGES` that
    hold anything; sorted.

    `ids`: sorted; an undisclosed owner gets the number after the last.
    """
    numbers = ids.to_frame("id").with_row_index("node").cast({"node": pl.Int32}).lazy()
    numbered = edges
    for end in ENDS:
        numbered = numbered.join(numbers.rename({"node": end, "id": f"{end}_id"}), on=f"{end}_id", how="left")
    others = [name for name in EDGES if name not in (*NARROW, "owner_id", "owned_id")]
    held = edges.select(pl.col(name).is_not_null().any() for name in others).collect().row(0, named=True)
    kept = [name for name in others if held[name]]
    ties = (
        numbered.select(pl.col("owner").fill_null(len(ids)), "owned", *NARROW, *kept)
        .cast(pl.Schema(NARROW))
        .collect()
    )
    return ties[_order(ties)]


def written(ties: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Write ties as the edge table has them: columns of `EDGES`, then `owner` and `owned`."""
    owner = ties["owner"].set(ties["owner"] == len(ids), None)
    absent = [name for name in EDGES if name not in (*ties.columns, "owner_id", "owned_id")]
    return (
        ties.with_columns(
            *(pl.lit(None, EDGES[name]).alias(name) for name in absent),
            owner_id=ids.gather(owner),
            owned_id=ids.gather(ties["owned"]),
        )
        .cast(pl.Schema(EDGES))
        .select(*EDGES, *ENDS)
    )


def _order(ties: pl.DataFrame) -> Positions:
    """Return the places of the ties in their order: by entity, then holder; then by the rest where a pair repeats."""
    pair = ties["owned"].cast(pl.Int64).to_numpy() << 32 | ties["owner"].to_numpy()
    order: Positions = pair.argsort(kind="stable").astype(np.int32)
    pair = pair[order]
    same = pair[1:] == pair[:-1]
    again = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if len(again):
        columns = [name for name in (*ENDS[::-1], *ORDER) if name in ties.columns]
        repeated = ties[order[again]].select(pl.row_index("place"), *columns).sort(columns)
        order[again] = order[again][repeated["place"].to_numpy()]
    return order
