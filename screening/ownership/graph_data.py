"""The arrays and frames of an ownership network on one day, as one frozen value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl

from screening.ownership import edges as edge_table
from screening.ownership.arrays import Adjacency, Positions, reach
from screening.ownership.cascade.fixed_point import Holdings
from screening.ownership.edge_store import describe_nodes, number_edges


@dataclass(frozen=True, slots=True)
class GraphData:
    """Who owns whom: nodes, edges in force, and the holdings that the edges add up to.

    `entities`: columns of `tables.inputs.ENTITIES`, one row a node, sorted by `entity_id`; a node's number is its row.
    `numbered_edges`: as from `edge_store.number_edges`; an undisclosed owner has the number `undisclosed`.
    `holdings`: one merged range for each owner of each entity. `conflicts`: owner_id, owned_id, share_min, share_max of
    the holdings on which the sources disagree. `by_owner`, `by_owned`: the edges grouped by either end.
    """

    entities: pl.DataFrame
    numbered_edges: pl.DataFrame
    holdings: Holdings
    conflicts: pl.DataFrame
    by_owner: Adjacency
    by_owned: Adjacency

    @classmethod
    def build(
        cls, edges: pl.DataFrame | pl.LazyFrame, entities: pl.DataFrame | None, as_of: date | None
    ) -> Self:
        """Check the tables and put the edges in force on a day on node numbers. Raises InvalidFrame.

        `edges`: as `edges.check_edges` takes them. `entities`: as `edges.check_entities` takes them.
        """
        in_force = edge_table.in_force(edge_table.check_edges(edges.lazy()), as_of)
        given = edge_table.check_entities(entities)
        ids, numbered = number_edges(in_force, given["entity_id"])
        nodes = describe_nodes(given, ids, numbered)
        merged = edge_table.holdings_frame(numbered.filter(pl.col("owner") < nodes.height))
        conflicts = merged.filter("conflict")
        return cls(
            nodes,
            numbered,
            Holdings.build(
                nodes.height,
                *(merged[name].to_numpy() for name in ("owner", "owned", "share_min", "share_max")),
            ),
            conflicts.select(
                ids.gather(conflicts["owner"]).alias("owner_id"),
                ids.gather(conflicts["owned"]).alias("owned_id"),
                pl.col("share_min", "share_max").cast(pl.Int64),
            ),
            Adjacency.build(numbered["owner"].to_numpy(), nodes.height + 1),
            Adjacency.build(numbered["owned"].to_numpy(), nodes.height + 1),
        )

    @property
    def ids(self) -> pl.Series:
        """The ids of the nodes, sorted."""
        return self.entities["entity_id"]

    @property
    def undisclosed(self) -> int:
        """The node number that stands for every undisclosed owner: the one after the last node."""
        return self.entities.height

    def node_numbers(self, entity_ids: Iterable[str]) -> Positions:
        """Return the node numbers of those ids that are in the network, sorted, each once."""
        wanted = edge_table.series(entity_ids).drop_nulls().unique().sort()
        return edge_table.find(self.ids, wanted.filter(edge_table.contains(self.ids, wanted)))

    def find_nodes(self, entity_ids: Iterable[str]) -> Positions:
        """Return the node numbers of ids, sorted, each once. Raises UnknownEntity for an id not in the network."""
        return edge_table.find(self.ids, edge_table.series(entity_ids).unique().sort())

    def hops_above(self, seeds: npt.NDArray[np.integer]) -> Positions:
        """Return how many edges each node stands above the nearest of some nodes, -1 where it does not."""
        owners = self.numbered_edges["owner"].to_numpy()
        return reach(seeds, self.by_owned, owners, self.undisclosed + 1)[:-1]  # nobody owns the undisclosed
