"""The ownership chart of one entity on a day: everybody above it, who of them is listed, and what follows for whom.

The 50 percent tests run on the part of the network above the entity, which is all that its status depends on. A what-if
adds one listed holder that is not on any list and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from desk.api.cache import LruCache
from desk.api.day_lists import ListDay
from desk.api.listed_entities import ListedEntities
from desk.api.server_data import ServerData
from screening.book import part_above, restricted_entities
from screening.errors import UnknownEntity
from screening.ownership import WHOLE, OwnershipNetwork
from screening.tables import STATUSES

CACHED_CHARTS = 64
REMAINDER = "?"
"""Prefix of the node that stands for the undisclosed holders of an entity."""
WHAT_IF_LISTS = ("SDN", "EL")
"""Lists on which a what-if puts its holder: one for each regime that counts holdings whole."""


@dataclass(frozen=True)
class Chart:
    """One entity and everybody above it.

    `network`: the part above the entity. `matches`: matched_entity_id, party_id, list, party_name, score, band, ... of
    everybody in it. `restricted`: the columns of the table of that name. `what_if`: the holder that was made up, if
    any. `from_run`: the entities whose matches are those of the run; all others were screened for the chart.
    """

    entity_id: str
    day: ListDay
    network: OwnershipNetwork
    matches: pl.DataFrame
    restricted: pl.DataFrame
    what_if: str | None
    from_run: frozenset[str]

    @cached_property
    def on_path(self) -> dict[tuple[str, str], list[str]]:
        """Return the edges (owner, owned) that together cause the status, with the regimes they count in."""
        regimes_by_edge: dict[tuple[str, str], list[str]] = {}
        for row in self.restricted.filter(pl.col("entity_id") == self.entity_id).to_dicts():
            for path in self.network.paths(self.entity_id, row["root_entities"], limit=20):
                for step in path.steps:
                    counted = regimes_by_edge.setdefault((step.owner_id, step.owned_id), [])
                    if row["regime"] not in counted:
                        counted.append(row["regime"])
        return regimes_by_edge

    @property
    def statuses(self) -> dict[str, str]:
        """Return the worst status of each entity: listed, restricted, indeterminate or minority."""
        worst: dict[str, str] = {}
        for status in STATUSES[1:]:
            reached = self.restricted.filter(pl.col("status") == status)["entity_id"]
            worst |= dict.fromkeys(reached, status)
        alerts = self.matches.filter(pl.col("band") == "alert")["matched_entity_id"]
        return worst | dict.fromkeys(alerts, "listed")


class Charts:
    """Makes charts, and keeps some in a cache."""

    def __init__(self, data: ServerData) -> None:
        self._data = data
        self._listed = ListedEntities(data)
        self._cache: LruCache[Chart] = LruCache(CACHED_CHARTS)

    def chart(self, entity_id: str, day: ListDay, what_if: str | None = None) -> Chart:
        """Return the chart of an entity on a day. Raises UnknownEntity for it, or for a what-if not above it."""
        key = (entity_id, day.as_of, day.snapshot_names, what_if)
        return self._cache.get(key, lambda: self._draw([entity_id], day, what_if))

    def joint_chart(self, entity_ids: Sequence[str], day: ListDay) -> Chart:
        """Return one chart of several entities, such as those outside another chart: the status of each on the day."""
        return self._draw(entity_ids, day, None)

    def clear(self) -> None:
        """Drop all charts, because the lists changed."""
        self._cache.clear()

    def _draw(self, entity_ids: Sequence[str], day: ListDay, what_if: str | None) -> Chart:
        floor = self._data.settings.config.ownership.remainder_floor
        return draw_chart(self._data.network(day.as_of), entity_ids, day, what_if, self._listed, floor)


def draw_chart(
    network: OwnershipNetwork,
    entity_ids: Sequence[str],
    day: ListDay,
    what_if: str | None,
    listed: ListedEntities,
    floor: int,
) -> Chart:
    """Find who above some entities is listed and run the 50 percent test of each regime over them.

    The chart is that of the first of them. `floor`: as `ownership.remainder_floor`. Raises UnknownEntity.
    """
    above = network.upstream(entity_ids)
    entities, edges = part_above(network, above["entity_id"])
    if what_if is not None and what_if.startswith(REMAINDER):
        edges = pl.concat([edges, _remainder(edges, what_if)], how="diagonal")
    part = OwnershipNetwork.from_edges(edges, entities, day.as_of)
    found = listed.find(part.entities, day)
    matches = found.matches
    if what_if is not None:
        if what_if not in part.entities["entity_id"]:
            raise UnknownEntity(
                f"{what_if!r} does not stand above {entity_ids[0]!r}. Name an id of the chart."
            )
        matches = pl.concat([matches, _made_up(what_if)], how="diagonal")
    restricted = restricted_entities(part, matches, floor)
    return Chart(entity_ids[0], day, part, matches, restricted, what_if, frozenset(found.from_run))


def _remainder(edges: pl.DataFrame, what_if: str) -> pl.DataFrame:
    """Return one made-up edge with the share of an entity that nobody is recorded to own."""
    owned = what_if.removeprefix(REMAINDER)
    recorded = edges.filter(
        (pl.col("owned_id") == owned) & pl.col("owner_id").is_not_null() & (pl.col("interest") == "equity")
    )
    rest = max(0, WHOLE - int(recorded["share_min"].sum()))
    row = {"owner_id": what_if, "owned_id": owned, "share_min": rest, "share_max": rest}
    return pl.DataFrame(
        [row | {"owner_name": "What if: a listed holder", "interest": "equity", "direct": True}]
    )


def _made_up(entity_id: str) -> pl.DataFrame:
    """Return matches that put an entity on a list of each regime, for the what-if only."""
    return pl.DataFrame(
        [
            {
                "matched_entity_id": entity_id, "party_id": f"{code}-WHAT-IF", "list": code, "score": 1.0,
                "band": "alert", "party_name": f"What if it stood on {code}", "ear_744_8": False,
            }
            for code in WHAT_IF_LISTS
        ]
    )  # fmt: skip
