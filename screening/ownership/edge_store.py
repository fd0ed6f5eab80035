"""The edges of one day as a network keeps them: node numbers in place of ids, and only columns that are not empty."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from screening.ownership.arrays import Positions, group_by_node
from screening.ownership.directory import ABSENT, Directory
from screening.tables.inputs import EDGES, ENTITIES, INTERESTS

NARROW: Mapping[str, pl.DataType] = {
    "share_min": pl.Int32(),
    "share_max": pl.Int32(),
    "interest": pl.Enum(sorted(INTERESTS)),
    "direct": pl.Boolean(),
}
"""Columns that every edge has, in a quarter of the room that the edge table gives them."""
ENDS = ("owner", "owned")
ORDER = ("interest", "direct", "start", "end", "source", "source_date", "share_min", "share_max")


def number_edges(edges: pl.LazyFrame, given: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    """Return the sorted ids of all nodes, and the edges between their numbers, sorted by `owned`, then `owner`.

    `edges`: as from `edges.check_edges`. `given`: ids of nodes that may have no edges, sorted. A node's number is the
    position of its id; an undisclosed owner gets the number after the last id. Columns of the edges: `owner`, `owned`,
    those of `NARROW`, and others of `EDGES` that are not empty.
    """
    ids, (numbered, further) = given, _number(edges, given)
    if not further.is_empty():
        ids = pl.concat([given, further]).sort()
        numbered, _ = _number(edges, ids)
    columns = [name for name in (*ENDS, *NARROW, *EDGES.names) if name in numbered.columns]
    return ids, numbered.select(*dict.fromkeys(columns))[_order(numbered, len(ids))]


def describe_nodes(entities: pl.DataFrame, ids: pl.Series, numbered: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each id: columns of `ENTITIES`. `entities`: as from `edges.check_entities`.

    A name that the entity table lacks comes from the edges, the first in the alphabet where they differ.
    """
    nodes = entities
    if len(ids) > entities.height:
        nodes = nodes.join(ids.to_frame("entity_id"), on="entity_id", how="right", maintain_order="right")
    named = [
        numbered.select(node=end, edge_name=f"{end}_name")
        for end in ENDS
        if f"{end}_name" in numbered.columns
    ]
    if named:
        names = pl.concat(named).drop_nulls().group_by("node").agg(pl.col("edge_name").min())
        nodes = (
            nodes.with_row_index("node")
            .cast({"node": pl.Int32})
            .join(names, on="node", how="left", maintain_order="left")
            .with_columns(pl.coalesce("name", "edge_name").alias("name"))
        )
    return nodes.select(ENTITIES.names)


def write_edges(numbered: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Write numbered edges as the edge table has them: columns of `EDGES`, then `owner` and `owned`."""
    owner = numbered["owner"].set(numbered["owner"] == len(ids), None)
    absent = [name for name in EDGES.names if name not in (*numbered.columns, "owner_id", "owned_id")]
    return (
        numbered.with_columns(
            *(pl.lit(None, EDGES.column(name).dtype).alias(name) for name in absent),
            owner_id=ids.gather(owner),
            owned_id=ids.gather(numbered["owned"]),
        )
        .cast(pl.Schema(EDGES.schema()))
        .select(*EDGES.names, *ENDS)
    )


def _number(edges: pl.LazyFrame, ids: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """Return the edges with numbers in place of ids, in their order, and the ids that are not in `ids`."""
    directory = Directory.build(ids)
    numbered = [pl.DataFrame(schema={**dict.fromkeys(ENDS, pl.Int32()), **NARROW})]
    further = [ids.clear()]
    for batch in edges.collect_batches(maintain_order=True):
        owner, owned = (directory.find(batch[f"{end}_id"]) for end in ENDS)
        for end, numbers in (("owner_id", owner), ("owned_id", owned)):
            further.append(batch[end].filter(pl.Series(numbers == ABSENT)).drop_nulls().unique())
        owner[owner == ABSENT] = len(ids)
        others = (name for name in EDGES.names if name not in (*NARROW, "owner_id", "owned_id"))
        filled = [name for name in others if batch[name].null_count() < batch.height]
        narrow = batch.select(*NARROW, *filled).cast(pl.Schema(NARROW))
        numbered.append(narrow.with_columns(owner=owner, owned=owned))
    return pl.concat(numbered, how="diagonal", rechunk=True), pl.concat(further).unique()


def _order(numbered: pl.DataFrame, undisclosed: int) -> Positions:
    """Return the positions of the edges in their order: by owned, then owner; then by the rest where a pair repeats."""
    owner, owned = (numbered[end].to_numpy() for end in ENDS)
    order = group_by_node(owner, undisclosed + 1)[1]
    order = order[group_by_node(owned[order], undisclosed + 1)[1]]
    owner, owned = owner[order], owned[order]
    same = (owned[1:] == owned[:-1]) & (owner[1:] == owner[:-1])
    again = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if len(again):
        columns = [name for name in (*ENDS[::-1], *ORDER) if name in numbered.columns]
        repeated = (
            numbered[order[again]].select(pl.row_index("place"), *columns).sort(columns, maintain_order=True)
        )
        order[again] = order[again][repeated["place"].to_numpy()]
    return order
