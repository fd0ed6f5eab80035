"""The ownership network: the door of this room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from screening.ownership import edge_store as tie_table
from screening.ownership import edges as edge_table
from screening.ownership import parents
from screening.ownership.arrays import Adjacency, Positions, reach
from screening.ownership.cascade import fixed_point
from screening.ownership.cascade.result import CascadeResult
from screening.ownership.exposure import look_through
from screening.ownership.graph import Direction, neighbourhood, page
from screening.ownership.shares import WHOLE
from screening.ownership.views.paths import PathSet

if TYPE_CHECKING:
    import networkx as nx

REMAINDER_FLOOR = 100_000
"""Below this known share of possibly restricted holders, an undisclosed remainder is not held against an
entity."""


@dataclass(frozen=True, slots=True)
class OwnershipNetwork:
    """Who owns whom, on one day. Build with `from_edges`; every method returns new values.

    >>> edges = pl.DataFrame({"owner_id": ["X", "A"], "owned_id": ["A", "B"],
    ...                       "share_min": [500_000, 500_000], "share_max": [500_000, 500_000]})
    >>> net = OwnershipNetwork.from_edges(edges)
    >>> net.cascade({"X"}).select("entity_id", "low", "status", "roots").rows()
    [('A', 500000, 'restricted', ['X']), ('B', 500000, 'restricted', ['X']), ('X', 0, 'none_found', [])]
    >>> print(net.paths("B", {"X"}))
    B <- 50% - A <- 50% - X
    """

    entities: pl.DataFrame  # as ENTITIES, one row a node, sorted by entity_id
    ties: pl.DataFrame  # the edges in force on the day, as `ties.ties_of`
    holdings: fixed_point.Holdings
    conflicts: pl.DataFrame  # owner_id, owned_id, share_min, share_max: stakes on which the sources disagree
    by_owner: Adjacency
    by_owned: Adjacency

    @classmethod
    def from_edges(
        cls,
        edges: pl.DataFrame | pl.LazyFrame,
        entities: pl.DataFrame | None = None,
        as_of: date | None = None,
    ) -> OwnershipNetwork:
        """Build the network from the edge table, in memory or not, and, where known, the entities.

        `edges`: `owner_id, owned_id, share_min, share_max` and the optional columns of `edges.EDGES`; a null
        `owner_id` is an undisclosed holder. `entities`: `entity_id` and the optional columns of
        `edges.ENTITIES`. `as_of` keeps the edges that count on that day. Raises InvalidFrame.
        """
        checked = edge_table.in_force(edge_table.check_edges(edges.lazy()), as_of)
        known = edge_table.check_entities(entities)
        ids, ties = tie_table.ties_of(checked, known["entity_id"])
        nodes = tie_table.described(known, ids, ties)
        held = edge_table.holdings_frame(ties.filter(pl.col("owner") < nodes.height))
        conflicts = held.filter("conflict")
        return cls(
            nodes,
            ties,
            fixed_point.Holdings.build(
                nodes.height,
                held["owner"].to_numpy(),
                held["owned"].to_numpy(),
                held["share_min"].to_numpy(),
                held["share_max"].to_numpy(),
            ),
            conflicts.select(
                ids.gather(conflicts["owner"]).alias("owner_id"),
                ids.gather(conflicts["owned"]).alias("owned_id"),
                pl.col("share_min", "share_max").cast(pl.Int64),
            ),
            Adjacency.by(ties["owner"].to_numpy(), nodes.height + 1),
            Adjacency.by(ties["owned"].to_numpy(), nodes.height + 1),
        )

    @property
    def edges(self) -> pl.DataFrame:
        """Return every edge in force on the day, sorted: columns of EDGES, and the node numbers `owner` and `owned`.

        Written out anew each time; `edges_at` writes those of some entities. An undisclosed owner has the number after
        the last node.
        """
        return tie_table.written(self.ties, self.entities["entity_id"])

    def edges_at(self, entity_ids: Iterable[str], end: Literal["owner", "owned"]) -> pl.DataFrame:
        """Return the edges whose `end` is one of the entities: columns as of `edges`. Unknown ids have none."""
        by = self.by_owner if end == "owner" else self.by_owned
        return tie_table.written(self.ties[by.of(self.places(entity_ids))], self.entities["entity_id"])

    def cascade(
        self, listed: Iterable[str], threshold: int = 500_000, remainder_floor: int = REMAINDER_FLOOR
    ) -> pl.DataFrame:
        """Run the 50 percent cascade of one regime from the `listed` entities; see `CascadeResult.frame`.

        Listed ids that the network does not hold own nothing here and are passed over.
        """
        return self.settle(listed, threshold, remainder_floor).frame()

    def settle(
        self, listed: Iterable[str], threshold: int = 500_000, remainder_floor: int = REMAINDER_FLOOR
    ) -> CascadeResult:
        """Run the cascade and keep what it settled to, so that many entities can be explained from one
        run."""
        seeds = self.places(listed)
        point = fixed_point.settle(self.holdings, seeds, threshold, remainder_floor)
        names = self.entities.select("entity_id", "name")
        return CascadeResult(names, self.holdings, point, seeds, threshold, remainder_floor)

    def paths(
        self,
        entity_id: str,
        roots: Iterable[str],
        limit: int = 20,
        threshold: int = 500_000,
        remainder_floor: int = REMAINDER_FLOOR,
    ) -> PathSet:
        """Explain one entity's status when the `roots` are listed; to explain many, use
        `settle(...).paths`."""
        return self.settle(roots, threshold, remainder_floor).paths(entity_id, limit)

    def ultimate_parents(self) -> pl.DataFrame:
        """Return the ultimate parent of every entity, sorted by id (docs/method/ownership.md).

        Columns: `entity_id, parent_id, parent_name, hq_country, incorporation_country` (of the parent), `basis`
        (majority_chain | declared | no_majority | no_owner_on_record), `unknown`, `largest_holder_id`,
        `offshore_caution`. `parent_id` is null when no owner is on record. `unknown` is true then, in a loop without a
        way out, and where a recorded or undisclosed holder of the top may have a majority. `offshore_caution`: the
        parent sits where holding companies are often only registered; it is no evidence of headquarters.
        """
        return parents.ultimate_parents(self)

    def state_ownership(self, remainder_floor: int = REMAINDER_FLOOR) -> pl.DataFrame:
        """Return how much of each entity states hold, by the same cascade from every entity of kind `state`.

        Columns as of `cascade`; `roots` are the states and their bodies. A question of exposure, not of a list.
        """
        states = self.entities.filter(pl.col("kind") == "state")["entity_id"]
        return self.cascade(states, remainder_floor=remainder_floor)

    def look_through(self, listed: Iterable[str]) -> pl.DataFrame:
        """Return the share of the listed entities in every entity, multiplied down the chains: exposure only.

        Columns: `entity_id`, `look_through` (parts per million, from minimum shares). Not the 50 percent test: 50% of
        50% is 25% here and restricted there.
        """
        return look_through(self, self.places(listed))

    def upstream(self, entity_ids: Iterable[str]) -> pl.DataFrame:
        """Return everybody above the given entities, to the end, through every kind of interest.

        Columns: `entity_id, name, hops` (from the nearest given entity, which has 0), sorted by id.
        Raises UnknownEntity for an id that the network does not hold.
        """
        distance = self.above(self._find(entity_ids))
        found = np.flatnonzero(distance >= 0)
        return self.entities.select("entity_id", "name")[found].with_columns(
            pl.Series("hops", distance[found])
        )

    def above(self, seeds: npt.NDArray[np.integer]) -> Positions:
        """Return how far above the nearest of some nodes each node stands, -1 where it does not."""
        count = self.entities.height + 1  # the last node stands for all undisclosed holders and has no owners
        return reach(seeds, self.by_owned, self.ties["owner"].to_numpy(), count)[:-1]

    def graph(self, entity_id: str, hops: int = 3, *, fan: int | None = None) -> nx.MultiDiGraph[str]:
        """Return the neighbourhood of an entity in both directions; attributes as in the edge and entity tables.

        Edges run from owner to owned. An undisclosed holder is a node of its own at each entity. With `fan`, a node
        shows at most that many owners and holdings, the largest stakes, and its attributes `hidden_owners` and
        `hidden_holdings` count the rest; `neighbours` pages through them. Raises UnknownEntity.
        """
        return neighbourhood(self, self._find([entity_id]), hops, fan)

    def neighbours(
        self, entity_id: str, direction: Direction, offset: int = 0, limit: int = 50
    ) -> tuple[pl.DataFrame, int]:
        """Return one page of an entity's `owners` or `owned` edges, largest stakes first, and the number of all.

        Columns as EDGES. Raises UnknownEntity.
        """
        return page(self, int(self._find([entity_id])[0]), direction, offset, limit)

    def oversubscribed(self) -> pl.DataFrame:
        """Return the entities whose holders, undisclosed ones included, have more than 100 percent at least.

        Columns: `entity_id`, `share_min` (the sum), `holders`. Such records are reported, never scaled down.
        """
        hidden = self.ties.filter(
            (pl.col("owner") == self.entities.height) & (pl.col("interest") == "equity")
        )
        total, holders = self.holdings.total_min(), self.holdings.by_owned.counts()
        np.add.at(total, hidden["owned"].to_numpy(), hidden["share_min"].to_numpy())
        np.add.at(holders, hidden["owned"].to_numpy(), 1)
        over = np.flatnonzero(total > WHOLE)
        return pl.DataFrame(
            {
                "entity_id": self.entities["entity_id"].gather(over),
                "share_min": total[over],
                "holders": holders[over],
            }
        )

    def places(self, entity_ids: Iterable[str]) -> Positions:
        """Return the node numbers of those ids that the network holds, in their order."""
        ids = self.entities["entity_id"]
        wanted = edge_table.series(entity_ids).drop_nulls().unique().sort()
        return edge_table.find(ids, wanted.filter(edge_table.holds(ids, wanted)))

    def _find(self, entity_ids: Iterable[str]) -> Positions:
        """Return the node numbers of ids. Raises UnknownEntity for those that the network does not hold."""
        return edge_table.find(self.entities["entity_id"], edge_table.series(entity_ids).unique().sort())
