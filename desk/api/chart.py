"""The ownership chart of one entity on a day: everybody above it, who of them is listed, and what follows for whom.

The chart is settled on the part of the network above the entity, which is all that its status depends on. A what-if
adds one listed holder that is not there and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from desk.api.book_lookup import part_above
from desk.api.day_lists import ListDay
from desk.api.listed_entities import Marks
from desk.api.server_data import LruCache, ServerData
from screening.book import regimes
from screening.errors import UnknownEntity
from screening.ownership import OwnershipNetwork
from screening.ownership.shares import WHOLE

CHARTS_KEPT = 64
REMAINDER = "?"
"""Prefix of the node that stands for the undisclosed holders of an entity."""
WHAT_IF_LISTS = ("SDN", "EL")
"""Lists on which a what-if puts its holder: one for each regime that counts holdings whole."""


@dataclass(frozen=True)
class Chart:
    """One entity and everybody above it.

    `network`: the part above the entity. `hits`: matched_entity_id, party_id, list, party_name, score, band, ... of
    everybody in it. `restricted`: the columns of `regimes.RESTRICTED`. `what_if`: the holder that was made up, if any.
    `of_run`: the entities whose hits are those of the run; all others were looked up for the chart.
    """

    entity_id: str
    day: ListDay
    network: OwnershipNetwork
    hits: pl.DataFrame
    restricted: pl.DataFrame
    what_if: str | None
    of_run: frozenset[str]

    @cached_property
    def on_path(self) -> dict[tuple[str, str], list[str]]:
        """Return the holdings (owner, owned) that together cause the status, with the regimes they count in."""
        found: dict[tuple[str, str], list[str]] = {}
        for row in self.restricted.filter(pl.col("entity_id") == self.entity_id).to_dicts():
            for path in self.network.paths(self.entity_id, row["root_entities"], limit=20):
                for step in path.steps:
                    regimes_met = found.setdefault((step.owner_id, step.owned_id), [])
                    if row["regime"] not in regimes_met:
                        regimes_met.append(row["regime"])
        return found

    @property
    def marks(self) -> dict[str, str]:
        """Return the worst that stands against each entity: listed, restricted, indeterminate or minority."""
        worst: dict[str, str] = {}
        for status in ("minority", "indeterminate", "restricted"):
            caught = self.restricted.filter(pl.col("status") == status)["entity_id"]
            worst |= dict.fromkeys(caught, status)
        return worst | dict.fromkeys(
            self.hits.filter(pl.col("band") == "alert")["matched_entity_id"], "listed"
        )


class Charts:
    """Makes charts, and keeps some."""

    def __init__(self, world: ServerData) -> None:
        self._world = world
        self._marks = Marks(world)
        self._kept: LruCache[Chart] = LruCache(CHARTS_KEPT)

    def of(self, entity_id: str, day: ListDay, what_if: str | None = None) -> Chart:
        """Return the chart of an entity on a day. Raises UnknownEntity for it, or for a what-if not above it."""
        key = (entity_id, day.as_of, day.names, what_if)
        network = self._world.network(day.as_of)
        floor = self._world.settings.config.ownership.remainder_floor
        return self._kept.get(key, lambda: draw(network, [entity_id], day, what_if, self._marks, floor))

    def beyond(self, entity_ids: Sequence[str], day: ListDay) -> Chart:
        """Return one chart of entities that stand outside another's: what holds for each of them on the day."""
        network, floor = self._world.network(day.as_of), self._world.settings.config.ownership.remainder_floor
        return draw(network, entity_ids, day, None, self._marks, floor)

    def clear(self) -> None:
        """Forget all, because the lists changed."""
        self._kept.clear()


def draw(
    network: OwnershipNetwork,
    entity_ids: Sequence[str],
    day: ListDay,
    what_if: str | None,
    marks: Marks,
    floor: int,
) -> Chart:
    """Mark who above some entities is listed and run the 50 percent test of each regime over them.

    The chart is that of the first of them. `floor`: as `ownership.remainder_floor`. Raises UnknownEntity.
    """
    above = network.upstream(entity_ids)
    entities, edges = part_above(network, above["entity_id"])
    if what_if is not None and what_if.startswith(REMAINDER):
        edges = pl.concat([edges, _remainder(edges, what_if)], how="diagonal")
    part = OwnershipNetwork.from_edges(edges, entities, day.as_of)
    marked = marks.on(part.entities, day)
    listed = marked.hits
    if what_if is not None:
        if what_if not in part.entities["entity_id"]:
            raise UnknownEntity(
                f"{what_if!r} does not stand above {entity_ids[0]!r}. Name an id of the chart."
            )
        listed = pl.concat([listed, _made_up(what_if)], how="diagonal")
    restricted = regimes.restricted_entities(part, listed, floor)
    return Chart(entity_ids[0], day, part, listed, restricted, what_if, frozenset(marked.of_run))


def _remainder(edges: pl.DataFrame, what_if: str) -> pl.DataFrame:
    """Return one made-up holder with all that nobody else is known to hold of an entity."""
    owned = what_if.removeprefix(REMAINDER)
    held = edges.filter(
        (pl.col("owned_id") == owned) & pl.col("owner_id").is_not_null() & (pl.col("interest") == "equity")
    )
    rest = max(0, WHOLE - int(held["share_min"].sum()))
    row = {"owner_id": what_if, "owned_id": owned, "share_min": rest, "share_max": rest}
    return pl.DataFrame(
        [row | {"owner_name": "What if: a listed holder", "interest": "equity", "direct": True}]
    )


def _made_up(entity_id: str) -> pl.DataFrame:
    """Return hits that put an entity on a list of each regime, for the what-if only."""
    return pl.DataFrame(
        [
            {
                "matched_entity_id": entity_id, "party_id": f"{code}-WHAT-IF", "list": code, "score": 1.0,
                "band": "alert", "party_name": f"What if it stood on {code}", "ear_744_8": False,
            }
            for code in WHAT_IF_LISTS
        ]
    )  # fmt: skip
