"""What one cascade settled to: the table for machines, the paths for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
import polars as pl

from screening.ownership.arrays import Ints, Positions
from screening.ownership.cascade.deciding import deciding_shares
from screening.ownership.cascade.fixed_point import NEVER, FixedPoint, Holdings, without
from screening.ownership.cascade.proof import Support
from screening.ownership.cascade.roots import root_sets
from screening.ownership.edges import find
from screening.ownership.views.paths import PathSet, write_paths

MOST_PATHS = 100
STATUSES = ("none_found", "minority", "indeterminate", "restricted")


@dataclass(frozen=True, slots=True)
class CascadeResult:
    """The fixed point of one regime's cascade over one network."""

    entities: pl.DataFrame  # entity_id, name, in the order of the nodes
    holdings: Holdings
    point: FixedPoint
    listed: Positions
    threshold: int
    remainder_floor: int

    def frame(self, *, reached: bool = False) -> pl.DataFrame:
        """Return one row an entity, sorted by id; with `reached` only those that a listed holder reaches.

        Columns: `entity_id`, `listed`, `low`, `known`, `high` (parts per million), `status`, `cause`
        (holder_share_unknown or remainder_unknown where indeterminate, else null), `roots` (ids of the listed parties
        whose holdings count, sorted), `roots_complete` (false where an entity that is not restricted has more than
        twenty and only the first are given), `rounds` (in which it was caught; null where it was not).
        """
        point, status = self.point, self.status()
        nodes = np.flatnonzero(status) if reached else np.arange(self.holdings.nodes)
        named = np.zeros(self.holdings.nodes, dtype=np.bool_)
        named[self.listed] = True
        rounds = np.where(point.sure != NEVER, point.sure, point.possible)[nodes]
        listed_behind, complete = self._roots(status, nodes)
        cause = np.where(point.known[nodes] >= self.threshold, "holder_share_unknown", "remainder_unknown")
        status = status[nodes]
        return pl.DataFrame(
            {
                "entity_id": self.entities["entity_id"].gather(nodes),
                "listed": named[nodes],
                "low": point.low[nodes],
                "known": point.known[nodes],
                "high": point.high[nodes],
                "status": pl.Series(STATUSES).gather(status),
                "cause": pl.select(pl.when(pl.Series(status == 2)).then(pl.Series(cause))).to_series(),
                "roots": listed_behind,
                "roots_complete": complete,
                "rounds": pl.select(pl.when(pl.Series(rounds != NEVER)).then(pl.Series(rounds))).to_series(),
            }
        )

    def paths(self, entity_id: str, limit: int = 20) -> PathSet:
        """Return the holdings that make the entity's status, as at most `limit` paths up to listed parties.

        Raises UnknownEntity when the network does not hold the entity.
        """
        return self.paths_of([entity_id], limit)[0]

    def paths_of(self, entity_ids: Sequence[str], limit: int = 20) -> list[PathSet]:
        """Explain many entities, in the order given; much cheaper than one at a time. Raises UnknownEntity."""
        nodes = find(self.entities["entity_id"], pl.Series(entity_ids, dtype=pl.String))
        support = Support(self.holdings, self.point, self.threshold)
        support.learn(nodes)
        found = [support.chains(support.of(node), limit) for node in nodes.tolist()]
        written = iter(
            write_paths(self.holdings, [chain for chains, _ in found for chain in chains], self.entities)
        )
        return [
            PathSet(entity_id, STATUSES[status], tuple(islice(written, len(chains))), complete)
            for entity_id, status, (chains, complete) in zip(
                entity_ids, self.status()[nodes].tolist(), found, strict=True
            )
        ]

    def path_sets(self, entity_id: str, limit: int = 5) -> tuple[PathSet, ...]:
        """Return up to `limit` minimal path sets of a restricted entity: each alone is enough, fewest stakes first.

        Nobody counts who is restricted only through the entity itself. Empty for any other status. Raises
        UnknownEntity.
        """
        node = int(find(self.entities["entity_id"], pl.Series([entity_id]))[0])
        point = without(self.holdings, self.listed, self.threshold, node)
        support = Support(self.holdings, point, self.threshold)
        found = [support.chains(first, MOST_PATHS) for first in support.alternatives(node, limit)]
        return tuple(
            PathSet(entity_id, "restricted", write_paths(self.holdings, chains, self.entities), complete)
            for chains, complete in found
        )

    def deciding(self, entity_id: str) -> pl.DataFrame:
        """Return which single open share could decide an indeterminate entity; empty for any other status.

        Columns: `holder_id`, `holder_name` (null: the undisclosed remainder), `holder_status`, `share_min`,
        `share_max`, `could_restrict` (alone, at its most), `needed` (the parts per million it would have to add; null
        where it cannot), `could_settle` (at its least, nothing is left to doubt). Raises UnknownEntity.
        """
        node = int(find(self.entities["entity_id"], pl.Series([entity_id]))[0])
        return deciding_shares(self, node)

    def status(self) -> Ints:
        """Number each node's status in STATUSES (docs/method/ownership.md)."""
        low, known, high = self.point.low, self.point.known, self.point.high
        return np.select([low >= self.threshold, high >= self.threshold, known > 0], [3, 2, 1], default=0)

    def _roots(self, status: Ints, nodes: Ints) -> tuple[pl.Series, pl.Series]:
        """List the ids of each node's roots, an empty list where nobody stands behind it, and whether it is whole."""
        found = root_sets(self.holdings, self.point, status == 3, self.listed)
        members = [*found.sets, ()]
        owner = np.repeat(np.arange(len(members)), [len(each) for each in members])
        ids = self.entities["entity_id"].gather(list(chain.from_iterable(members)))
        known = pl.DataFrame({"set": owner, "id": ids}).group_by("set", maintain_order=True).agg("id")
        lists = pl.DataFrame({"set": np.arange(len(members))}).join(
            known, on="set", how="left", maintain_order="left"
        )
        number = np.where(found.of_node < 0, len(found.sets), found.of_node)[nodes]
        return (
            lists["id"].fill_null(pl.Series([[]], dtype=pl.List(pl.String))).gather(number),
            pl.Series([*found.complete, True], dtype=pl.Boolean).gather(number),
        )
