"""The result of one cascade: the table for machines, the paths for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
import polars as pl

from screening.ownership.arrays import Ints, Positions
from screening.ownership.cascade.deciding import deciding_shares
from screening.ownership.cascade.fixed_point import NEVER, FixedPoint, Holdings
from screening.ownership.cascade.proof import Proof
from screening.ownership.cascade.roots import root_sets
from screening.ownership.edges import find
from screening.ownership.views.paths import PathSet, write_paths
from screening.tables.ownership_status import INDETERMINATE, MINORITY, NONE_FOUND, RESTRICTED, STATUSES

TOGETHER = 5_000
"""Entities whose paths are in memory at a time."""


@dataclass(frozen=True, slots=True)
class CascadeResult:
    """The fixed point of one regime's cascade over one network.

    `entities`: entity_id, name, in the order of the nodes. `listed`: the node numbers from which it started.
    `threshold`, `remainder_floor`: parts per million.
    """

    entities: pl.DataFrame
    holdings: Holdings
    point: FixedPoint
    listed: Positions
    threshold: int
    remainder_floor: int

    def frame(self, *, reached: bool = False) -> pl.DataFrame:
        """Return one row an entity, sorted by id; with `reached` only those in which a listed party has a share.

        Columns: `entity_id`, `listed`, `low`, `known`, `high` (parts per million), `status`, `cause`
        (holder_share_unknown or remainder_unknown where indeterminate, else null), `roots` (ids of the listed parties
        whose holdings count, sorted), `roots_complete` (false where an entity that is not restricted has more than
        twenty and only the first are given), `rounds` (the round in which it became restricted, or possibly so; null
        where it did not).
        """
        point, status = self.point, self.status()
        nodes = np.flatnonzero(status) if reached else np.arange(self.holdings.nodes)
        listed = np.zeros(self.holdings.nodes, dtype=np.bool_)
        listed[self.listed] = True
        rounds = np.where(point.sure != NEVER, point.sure, point.possible)[nodes]
        roots, complete = self._roots(status, nodes)
        cause = np.where(point.recorded[nodes] >= self.threshold, "holder_share_unknown", "remainder_unknown")
        status = status[nodes]
        return pl.DataFrame(
            {
                "entity_id": self.entities["entity_id"].gather(nodes),
                "listed": listed[nodes],
                "low": point.low[nodes],
                "known": point.recorded[nodes],
                "high": point.high[nodes],
                "status": pl.Series(STATUSES).gather(status),
                "cause": pl.select(
                    pl.when(pl.Series(status == INDETERMINATE)).then(pl.Series(cause))
                ).to_series(),
                "roots": roots,
                "roots_complete": complete,
                "rounds": pl.select(pl.when(pl.Series(rounds != NEVER)).then(pl.Series(rounds))).to_series(),
            }
        )

    def paths(self, entity_id: str, limit: int = 20) -> PathSet:
        """Return the holdings that make the entity's status, as at most `limit` paths up to listed parties.

        Raises UnknownEntity for an id that is not in the network.
        """
        return next(self.paths_for([entity_id], limit))

    def paths_for(
        self, entity_ids: Sequence[str], limit: int = 20, *, shorten: bool = False
    ) -> Iterator[PathSet]:
        """Explain many entities, in the order given; much cheaper than one at a time. Raises UnknownEntity.

        With `shorten` of a very long path only both ends are given, and how many holdings are between them.
        """
        nodes = find(self.entities["entity_id"], pl.Series(entity_ids, dtype=pl.String))
        status = self.status()
        proof = Proof(self.holdings, self.point, self.threshold)
        proof.prepare(nodes)
        for start in range(0, len(nodes), TOGETHER):
            some = nodes[start : start + TOGETHER]
            found = [proof.chains(proof.holdings_for(node), limit, shorten=shorten) for node in some.tolist()]
            every = [chain for chains, _ in found for chain in chains]
            written = iter(write_paths(self.holdings, every, self.entities))
            for entity_id, number, (chains, complete) in zip(
                entity_ids[start : start + TOGETHER], status[some].tolist(), found, strict=True
            ):
                yield PathSet(entity_id, STATUSES[number], tuple(islice(written, len(chains))), complete)

    def deciding(self, entity_id: str) -> pl.DataFrame:
        """Return which single open share could decide an indeterminate entity; empty for any other status.

        Columns: `holder_id`, `holder_name` (null: the undisclosed remainder), `holder_status`, `share_min`,
        `share_max`, `could_restrict` (alone, at its most), `needed` (the parts per million it would have to add; null
        where it cannot), `could_settle` (at its least, nothing is left to doubt). Raises UnknownEntity.
        """
        node = int(find(self.entities["entity_id"], pl.Series([entity_id]))[0])
        return deciding_shares(
            self.entities, self.holdings, self.point, node, self.threshold, self.remainder_floor
        )

    def status(self) -> Ints:
        """Number each node's status in STATUSES (docs/method/ownership.md)."""
        point = self.point
        return np.select(
            [point.low >= self.threshold, point.high >= self.threshold, point.recorded > 0],
            [RESTRICTED, INDETERMINATE, MINORITY],
            default=NONE_FOUND,
        )

    def _roots(self, status: Ints, nodes: Ints) -> tuple[pl.Series, pl.Series]:
        """Return the ids of each node's roots, an empty list where it has none, and whether the list is complete."""
        found = root_sets(self.holdings, self.point, status == RESTRICTED, self.listed)
        members = [*found.sets, ()]
        owner = np.repeat(np.arange(len(members)), [len(each) for each in members])
        ids = self.entities["entity_id"].gather(list(chain.from_iterable(members)))
        filled = pl.DataFrame({"set": owner, "id": ids}).group_by("set", maintain_order=True).agg("id")
        lists = pl.DataFrame({"set": np.arange(len(members))}).join(
            filled, on="set", how="left", maintain_order="left"
        )
        number = np.where(found.numbers < 0, len(found.sets), found.numbers)[nodes]
        return (
            lists["id"].fill_null(pl.Series([[]], dtype=pl.List(pl.String))).gather(number),
            pl.Series([*found.complete, True], dtype=pl.Boolean).gather(number),
        )
