"""Who of a network is on a list: as the run found, where it looked at them on the same day with the same lists,
settings and files; else looked up now.

The run weighs birth dates, addresses and numbers of customers, and knows which pairs people have set aside.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from desk.api.day_lists import ListDay
from desk.api.server_data import ServerData
from screening.book.below_line import above_line
from screening.book.matches import join_parties
from screening.ownership.edges import holds


@dataclass(frozen=True, slots=True)
class Marked:
    """`hits`: matched_entity_id, party_id, list, party_name, score, band, ... `of_run`: ids of whom the run saw."""

    hits: pl.DataFrame
    of_run: pl.Series


class Marks:
    """Marks the entities of the book of one server."""

    def __init__(self, world: ServerData) -> None:
        self._world = world

    def on(self, entities: pl.DataFrame, day: ListDay) -> Marked:
        """Return what stands against these entities (columns as ENTITIES, sorted) on a day."""
        ids = entities["entity_id"]
        of_run = ids.filter(holds(self._screened, ids)) if self._is_of_run(day) else ids.clear()
        known = self._matched.filter(pl.col("matched_entity_id").is_in(of_run.implode()))
        anew = self._look_up(entities.filter(~ids.is_in(of_run.implode())), day)
        hits = pl.concat([known.select(anew.columns), anew])
        best_first = hits.sort("matched_entity_id", "score", "party_id", descending=[False, True, False])
        return Marked(best_first, of_run)

    def _is_of_run(self, day: ListDay) -> bool:
        """Tell whether the run is of this day, these lists, and the settings and files of the server."""
        told, book = self._world.run.manifest, self._world.book
        lists = {(row["list"], row["hash"]) for row in told["lists"]}
        files = {row["sha256"] for row in told["inputs"]}
        return (
            book is not None
            and told["as_of"] == day.as_of.isoformat()
            and told["config_sha256"] == self._world.settings.config.sha256
            and lists == {(ref.list, ref.hash) for ref in day.listed.snapshots}
            and files >= {source.sha256 for source in book.sources}
        )

    @cached_property
    def _matched(self) -> pl.DataFrame:
        """The hits of the run, one row an entity and party."""
        matches = self._world.run.table("matches").drop("customer_id", "role", "evidence_hash")
        return matches.unique(["matched_entity_id", "party_id"], maintain_order=True)

    @cached_property
    def _screened(self) -> pl.Series:
        """The ids of the nodes that the run screened, sorted: the customers and everybody above them."""
        held = self._world.held(self._world.run_day)
        assert held is not None  # asked for only where there is a book
        network = held.owned.network
        above = network.above(np.flatnonzero(held.owned.customers)) >= 0
        return network.entities["entity_id"].filter(pl.Series(above))

    def _look_up(self, entities: pl.DataFrame, day: ListDay) -> pl.DataFrame:
        """Screen entities as the night would: customers with all that they told, others by name and number."""
        screener = day.screener(self._world.settings.config.matching)
        among = self._world.customers_among(entities["entity_id"], day.as_of)
        if among is None:
            return above_line(join_parties([screener.entities(entities)], screener.parties))
        others = entities.filter(~pl.col("entity_id").is_in(among[1]["entity_id"].implode()))
        found = [screener.customers(*among), screener.entities(others)]
        return above_line(join_parties(found, screener.parties))
