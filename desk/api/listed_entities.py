"""Which entities of a network are on a list.

The run has already screened the book, with birth dates, addresses and numbers of customers, and without the pairs that
people have set aside. Its matches hold where it is of the same day, lists, settings and files; else the entities are
screened now.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from desk.api.day_lists import ListDay
from desk.api.server_data import ServerData
from screening.book import CONTACT, screen_entities


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
        ids, lookup = entities["entity_id"], self._data.book_lookup(day.as_of)
        from_run = lookup.screened(ids) if lookup and self._run_holds(day) else ids.clear()
        recorded = self._run_matches.filter(pl.col("matched_entity_id").is_in(from_run.implode()))
        others = entities.filter(~ids.is_in(from_run.implode()))
        fresh = screen_entities(day.screener, others, lookup)
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
        """The matches of the run, one row an entity and party; contact with a party makes nobody the party."""
        matches = self._data.run.table("matches").rename({"record_id": "subject_id"})
        matches = matches.filter(pl.col("band") != CONTACT)
        return matches.drop("customer_id", "role", "evidence_hash").unique(
            ["matched_entity_id", "party_id"], maintain_order=True
        )
