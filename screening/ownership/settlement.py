"""What one cascade settled to: the table for machines, the paths for people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from screening.errors import UnknownEntity
from screening.ownership import paths, roots
from screening.ownership.arrays import Ints, Positions
from screening.ownership.cascade import NEVER, FixedPoint, Holdings

STATUSES = ("none_found", "minority", "indeterminate", "restricted")


@dataclass(frozen=True, slots=True)
class Settlement:
    """The fixed point of one regime's cascade over one network."""

    entities: pl.DataFrame  # entity_id, name, in the order of the nodes
    holdings: Holdings
    point: FixedPoint
    listed: Positions
    threshold: int

    def frame(self) -> pl.DataFrame:
        """Return one row an entity, sorted by id.

        Columns: `entity_id`, `listed`, `low`, `known`, `high` (parts per million), `status`, `cause`
        (holder_share_unknown or remainder_unknown where indeterminate, else null), `roots` (ids of the listed
        parties whose holdings count, sorted), `rounds` (in which it was caught; null where it was not).
        """
        point, status = self.point, self._status()
        named = np.zeros(self.holdings.nodes, dtype=np.bool_)
        named[self.listed] = True
        rounds = np.where(point.sure != NEVER, point.sure, point.possible)
        cause = np.where(point.known >= self.threshold, "holder_share_unknown", "remainder_unknown")
        return pl.DataFrame(
            {
                "entity_id": self.entities["entity_id"],
                "listed": named,
                "low": point.low,
                "known": point.known,
                "high": point.high,
                "status": pl.Series(STATUSES).gather(status),
                "cause": pl.select(pl.when(pl.Series(status == 2)).then(pl.Series(cause))).to_series(),
                "roots": self._roots(status),
                "rounds": pl.select(pl.when(pl.Series(rounds != NEVER)).then(pl.Series(rounds))).to_series(),
            }
        )

    def paths(self, entity_id: str, limit: int = 20) -> paths.PathSet:
        """Return the holdings that make the entity's status, as at most `limit` paths up to listed parties.

        Raises UnknownEntity when the network does not hold the entity.
        """
        node = self.entities["entity_id"].search_sorted(entity_id)
        if node >= self.entities.height or self.entities["entity_id"][node] != entity_id:
            raise UnknownEntity(f"The ownership network holds no entity {entity_id!r}. Check the id.")
        ids, names = self.entities["entity_id"], self.entities["name"]
        found, complete = paths.chains(self.holdings, self.point, node, self.threshold, limit)
        return paths.PathSet(
            entity_id,
            STATUSES[int(self._status()[node])],
            tuple(
                paths.steps(self.holdings, chain, ids.__getitem__, lambda n: names[n] or ids[n])
                for chain in found
            ),
            complete,
        )

    def _status(self) -> Ints:
        """Number each node's status in STATUSES (regulation note, D.2)."""
        status = np.where(self.point.known > 0, 1, 0)
        status[self.point.high >= self.threshold] = 2
        status[self.point.low >= self.threshold] = 3
        return status

    def _roots(self, status: Ints) -> pl.Series:
        """List the ids of each node's roots, an empty list where nobody stands behind it."""
        found = roots.root_sets(self.holdings, self.point, status == 3, self.listed)
        ids = self.entities["entity_id"]
        lists = [ids.gather(list(members)).to_list() for members in found.sets]
        table = pl.Series([*lists, []], dtype=pl.List(pl.String))
        return table.gather(np.where(found.of_node < 0, len(lists), found.of_node))
