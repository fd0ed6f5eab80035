"""The ownership network: the door of this room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from screening.law.tables import figure
from screening.ownership import parents
from screening.ownership.cascade.fixed_point import find_fixed_point
from screening.ownership.cascade.result import CascadeResult
from screening.ownership.edge_store import write_edges
from screening.ownership.exposure import look_through
from screening.ownership.graph import Direction, edge_page, neighbourhood
from screening.ownership.graph_data import GraphData
from screening.ownership.shares import WHOLE
from screening.ownership.views.paths import PathSet

if TYPE_CHECKING:
    import networkx as nx

HALF = figure("ownership_half")
REMAINDER_FLOOR = 100_000
"""Our choice: below this recorded share of possibly restricted holders, an undisclosed remainder does not count."""


@dataclass(frozen=True, slots=True)
class OwnershipNetwork(GraphData):
    """Who owns whom, on one day. Build with `from_edges`; every method returns new values.

    >>> edges = pl.DataFrame({"owner_id": ["X", "A"], "owned_id": ["A", "B"],
    ...                       "share_min": [500_000, 500_000], "share_max": [500_000, 500_000]})
    >>> net = OwnershipNetwork.from_edges(edges)
    >>> net.cascade({"X"}).select("entity_id", "low", "status", "roots").rows()
    [('A', 500000, 'restricted', ['X']), ('B', 500000, 'restricted', ['X']), ('X', 0, 'none_found', [])]
    >>> print(net.paths("B", {"X"}))
    B <- 50% - A <- 50% - X
    """

    @classmethod
    def from_edges(
        cls,
        edges: pl.DataFrame | pl.LazyFrame,
        entities: pl.DataFrame | None = None,
        as_of: date | None = None,
    ) -> OwnershipNetwork:
        """Build the network from the edge table, in memory or not, and, where there is one, the entity table.

        `edges`: `owner_id, owned_id, share_min, share_max` (parts per million) and the optional columns of
        `tables.inputs.EDGES`; a null `owner_id` is an undisclosed owner. `entities`: `entity_id` and the optional
        columns of `tables.inputs.ENTITIES`. `as_of`: only edges in force on that day count. Raises InvalidFrame.
        """
        return cls.build(edges, entities, as_of)

    @property
    def edges(self) -> pl.DataFrame:
        """Return every edge in force on the day, sorted: columns of EDGES, and the node numbers `owner` and `owned`.

        Written out anew each time; `edges_at` writes those of some entities. An undisclosed owner has the number after
        the last node.
        """
        return write_edges(self.numbered_edges, self.ids)

    def edges_at(self, entity_ids: Iterable[str], end: Literal["owner", "owned"]) -> pl.DataFrame:
        """Return the edges whose `end` is one of the entities: columns as of `edges`. Unknown ids have none."""
        by = self.by_owner if end == "owner" else self.by_owned
        return write_edges(self.numbered_edges[by.edges(self.node_numbers(entity_ids))], self.ids)

    def cascade(
        self, listed: Iterable[str], threshold: int = HALF, remainder_floor: int = REMAINDER_FLOOR
    ) -> pl.DataFrame:
        """Run the 50 percent cascade of one regime from the `listed` entities; see `CascadeResult.frame`.

        `threshold`, `remainder_floor`: parts per million. Listed ids that are not in the network are passed over.
        """
        return self.run_cascade(listed, threshold, remainder_floor).frame()

    def run_cascade(
        self, listed: Iterable[str], threshold: int = HALF, remainder_floor: int = REMAINDER_FLOOR
    ) -> CascadeResult:
        """Run the cascade and return its whole result, so that one run explains many entities."""
        seeds = self.node_numbers(listed)
        point = find_fixed_point(self.holdings, seeds, threshold, remainder_floor)
        names = self.entities.select("entity_id", "name")
        return CascadeResult(names, self.holdings, point, seeds, threshold, remainder_floor)

    def paths(
        self,
        entity_id: str,
        roots: Iterable[str],
        limit: int = 20,
        threshold: int = HALF,
        remainder_floor: int = REMAINDER_FLOOR,
    ) -> PathSet:
        """Explain one entity's status when the `roots` are listed; for many use `run_cascade(...).paths_for`."""
        return self.run_cascade(roots, threshold, remainder_floor).paths(entity_id, limit)

    def ultimate_parents(self) -> pl.DataFrame:
        """Return the ultimate parent of every entity, sorted by id (docs/method/ownership.md).

        Columns: `entity_id, parent_id, parent_name, hq_country, incorporation_country` (of the parent), `basis`
        (majority_chain | declared | no_majority | no_owner_on_record), `unknown`, `largest_holder_id`,
        `offshore_caution`. `parent_id` is null when no owner is on record. `unknown` is true then, in a loop without a
        way out, and where a recorded or undisclosed owner of the parent may have a majority. `offshore_caution`: the
        parent sits where holding companies are often only registered; it is no evidence of headquarters.
        """
        return parents.ultimate_parents(self)

    def look_through(self, listed: Iterable[str]) -> pl.DataFrame:
        """Return the share of the listed entities in every entity, multiplied down the chains: exposure only.

        Columns: `entity_id`, `look_through` (parts per million, from minimum shares). Not the 50 percent test: 50% of
        50% is 25% here and restricted there.
        """
        return look_through(self, self.node_numbers(listed))

    def upstream(self, entity_ids: Iterable[str]) -> pl.DataFrame:
        """Return everybody above the given entities, to the end, through every kind of interest.

        Columns: `entity_id, name, hops` (from the nearest given entity, which has 0), sorted by id.
        Raises UnknownEntity for an id that is not in the network.
        """
        hops = self.hops_above(self.find_nodes(entity_ids))
        found = np.flatnonzero(hops >= 0)
        return self.entities.select("entity_id", "name")[found].with_columns(pl.Series("hops", hops[found]))

    def graph(self, entity_id: str, hops: int = 3, *, fan: int | None = None) -> nx.MultiDiGraph[str]:
        """Return the neighbourhood of an entity in both directions; attributes as in the edge and entity tables.

        Edges run from owner to owned. An undisclosed owner is a node of its own at each entity. With `fan`, a node
        shows at most that many edges to owners and to owned entities, the largest shares, and its attributes
        `hidden_owners` and `hidden_holdings` count the rest; `neighbours` pages through them. Raises UnknownEntity.
        """
        return neighbourhood(self, self.find_nodes([entity_id]), hops, fan)

    def neighbours(
        self, entity_id: str, direction: Direction, offset: int = 0, limit: int = 50
    ) -> tuple[pl.DataFrame, int]:
        """Return one page of an entity's edges to its `owners` or to what is `owned`, and the number of all.

        Columns as EDGES, largest shares first. Raises UnknownEntity.
        """
        return edge_page(self, int(self.find_nodes([entity_id])[0]), direction, offset, limit)

    def oversubscribed(self) -> pl.DataFrame:
        """Return the entities whose owners, undisclosed ones included, have more than 100 percent at least.

        Columns: `entity_id`, `share_min` (the sum), `holders`. Such records are reported, never scaled down.
        """
        hidden = self.numbered_edges.filter(
            (pl.col("owner") == self.undisclosed) & (pl.col("interest") == "equity")
        )
        total, holders = self.holdings.total_min(), self.holdings.by_owned.counts()
        np.add.at(total, hidden["owned"].to_numpy(), hidden["share_min"].to_numpy())
        np.add.at(holders, hidden["owned"].to_numpy(), 1)
        over = np.flatnonzero(total > WHOLE)
        return pl.DataFrame(
            {"entity_id": self.ids.gather(over), "share_min": total[over], "holders": holders[over]}
        )
