"""Which entities of a network are on a list.

The run has already screened the book, with birth dates, addresses and numbers of customers, and without the pairs that
people have set aside. Its matches hold where it is of the same day, lists, settings and files; else the entities are
screened now.
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
from screening.ownership.edges import contains


@dataclass(frozen=True, slots=True)
class EntityMatches:
    """The matches of some entities.

    `matches`: matched_entity_id, party_id, list, party_name, score, band, ..., the best of each entity first.
    `from_run`: ids of the entities whose matches are those of the run.
    """

    matches: pl.DataFrame
    from_run: pl.Series


class ListedEntities:
    """Finds the matches of entities of one server's book."""

    def __init__(self, data: ServerData) -> None:
        self._data = data

    def find(self, entities: pl.DataFrame, day: ListDay) -> EntityMatches:
        """Return the matches of these entities (columns as ENTITIES, sorted) on a day."""
        ids = entities["entity_id"]
        from_run = ids.filter(contains(self._screened, ids)) if self._run_holds(day) else ids.clear()
        recorded = self._run_matches.filter(pl.col("matched_entity_id").is_in(from_run.implode()))
        fresh = self._screen(entities.filter(~ids.is_in(from_run.implode())), day)
        matches = pl.concat([recorded.select(fresh.columns), fresh])
        best_first = matches.sort("matched_entity_id", "score", "party_id", descending=[False, True, False])
        return EntityMatches(best_first, from_run)

    def _run_holds(self, day: ListDay) -> bool:
        """Tell whether the run is of this day, these lists, and the settings and files of the server."""
        manifest, book = self._data.run.manifest, self._data.book
        lists = {(row["list"], row["hash"]) for row in manifest["lists"]}
        files = {row["sha256"] for row in manifest["inputs"]}
        return (
            book is not None
            and manifest["as_of"] == day.as_of.isoformat()
            and manifest["config_sha256"] == self._data.settings.config.sha256
            and lists == {(ref.list, ref.hash) for ref in day.lists.snapshots}
            and files >= {source.sha256 for source in book.sources}
        )

    @cached_property
    def _run_matches(self) -> pl.DataFrame:
        """The matches of the run, one row an entity and party."""
        matches = self._data.run.table("matches").drop("customer_id", "role", "evidence_hash")
        return matches.unique(["matched_entity_id", "party_id"], maintain_order=True)

    @cached_property
    def _screened(self) -> pl.Series:
        """The ids of the entities that the run screened, sorted: the customers and everybody above them."""
        lookup = self._data.book_lookup(self._data.run_day)
        assert lookup is not None  # asked for only where there is a book
        above = lookup.network.hops_above(np.flatnonzero(lookup.book_network.customers)) >= 0
        return lookup.network.entities["entity_id"].filter(pl.Series(above))

    def _screen(self, entities: pl.DataFrame, day: ListDay) -> pl.DataFrame:
        """Screen entities as the nightly job does: customers by all that is recorded of them, others by name and
        number."""
        screener = day.screener
        among = self._data.customers_among(entities["entity_id"], day.as_of)
        if among is None:
            return above_line(join_parties([screener.match_entities(entities)], screener.parties))
        others = entities.filter(~pl.col("entity_id").is_in(among[1]["entity_id"].implode()))
        found = [screener.match_customers(*among), screener.match_entities(others)]
        return above_line(join_parties(found, screener.parties))
