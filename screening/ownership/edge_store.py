"""The edges of one day as the network keeps them: node numbers in place of ids, and only columns that hold anything."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from screening.ownership.arrays import Positions, grouped
from screening.ownership.directory import ABSENT, Directory
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


def ties_of(edges: pl.LazyFrame, known: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    """Return the sorted ids of everybody whom the edges name or who is known already, and the edges between their
    numbers: `owner`, `owned`, the columns of `NARROW`, others of `EDGES` that hold anything; sorted.

    `edges`: as `edges.check_edges`. `known`: sorted. An undisclosed owner gets the number after the last id.
    """
    ids, (ties, strange) = known, _numbered(edges, known)
    if not strange.is_empty():
        ids = pl.concat([known, strange]).sort()
        ties, _ = _numbered(edges, ids)
    columns = [name for name in (*ENDS, *NARROW, *EDGES) if name in ties.columns]
    return ids, ties.select(*dict.fromkeys(columns))[_order(ties, len(ids))]


def described(entities: pl.DataFrame, ids: pl.Series, ties: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each id: columns of `ENTITIES`. `entities`: as `edges.check_entities`.

    A name that the entity table lacks comes from the edges, the first in the alphabet where they differ.
    """
    nodes = entities
    if len(ids) > entities.height:
        nodes = nodes.join(ids.to_frame("entity_id"), on="entity_id", how="right", maintain_order="right")
    told = [ties.select(end, told=f"{end}_name") for end in ENDS if f"{end}_name" in ties.columns]
    if told:
        every = pl.concat(frame.rename({frame.columns[0]: "node"}) for frame in told).drop_nulls()
        names = every.group_by("node").agg(pl.col("told").min())
        nodes = (
            nodes.with_row_index("node")
            .cast({"node": pl.Int32})
            .join(names, on="node", how="left", maintain_order="left")
            .with_columns(pl.coalesce("name", "told").alias("name"))
        )
    return nodes.select(*ENTITIES)


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


def _numbered(edges: pl.LazyFrame, ids: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """Return the edges with numbers in place of ids, in their order, and the ids that have none."""
    directory = Directory.of(ids)
    ties = [pl.DataFrame(schema={**dict.fromkeys(ENDS, pl.Int32()), **NARROW})]
    strange = [ids.clear()]
    for batch in edges.collect_batches(maintain_order=True):
        owner, owned = (directory.find(batch[f"{end}_id"]) for end in ENDS)
        for end, places in (("owner_id", owner), ("owned_id", owned)):
            strange.append(batch[end].filter(pl.Series(places == ABSENT)).drop_nulls().unique())
        owner[owner == ABSENT] = len(ids)
        others = (name for name in EDGES if name not in (*NARROW, "owner_id", "owned_id"))
        kept = [name for name in others if batch[name].null_count() < batch.height]
        narrow = batch.select(*NARROW, *kept).cast(pl.Schema(NARROW))
        ties.append(narrow.with_columns(owner=owner, owned=owned))
    return pl.concat(ties, how="diagonal", rechunk=True), pl.concat(strange).unique()


def _order(ties: pl.DataFrame, undisclosed: int) -> Positions:
    """Return the places of the ties in their order: by entity, then holder; then by the rest where a pair repeats."""
    owner, owned = (ties[end].to_numpy() for end in ENDS)
    order = grouped(owner, undisclosed + 1)[1]
    order = order[grouped(owned[order], undisclosed + 1)[1]]
    owner, owned = owner[order], owned[order]
    same = (owned[1:] == owned[:-1]) & (owner[1:] == owner[:-1])
    again = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if len(again):
        columns = [name for name in (*ENDS[::-1], *ORDER) if name in ties.columns]
        repeated = (
            ties[order[again]].select(pl.row_index("place"), *columns).sort(columns, maintain_order=True)
        )
        order[again] = order[again][repeated["place"].to_numpy()]
    return order
