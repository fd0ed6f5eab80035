"""The lists made ready for a night: the parties in effect, the index of their names, the limits of each band."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from lists.schema import ListFrames
from pipelines.config import Matching
from pipelines.stages import hits, subjects
from screening.matching import NameIndex, thresholds

HITS = {
    "matched_entity_id": pl.String(),
    "party_id": pl.String(),
    "score": pl.Float64(),
    "similarity": pl.Float64(),
    "matched_name": pl.String(),
    "query_name": pl.String(),
    "band": pl.String(),
}


@dataclass(frozen=True, slots=True)
class Watch:
    """Whom we look for. A hit depends on the subject and the party alone, so subjects may come in any division."""

    frames: ListFrames
    parties: pl.DataFrame  # in effect on the day, with their measure
    index: NameIndex
    settings: Matching
    below: float = 0.0  # how far under review pairs are kept, in the band `below`

    @classmethod
    def over(
        cls,
        frames: ListFrames,
        as_of: date,
        settings: Matching,
        index: NameIndex | None = None,
        below: float = 0.0,
    ) -> Watch:
        """Make the lists ready for a day; `index`: that of the day's parties, where it stands ready already."""
        parties = hits.active(frames, pl.lit(as_of))
        names = index or NameIndex.build(hits.index_names(frames, parties))
        return cls(frames, parties, names, settings, below)

    def customers(self, customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return the hits of these customers by name and by address: the columns of `HITS`."""
        places = hits.address_hits(customers, nodes, self.frames, self.parties)
        return pl.concat([self._named(subjects.customer_subjects(customers, nodes)), places], how="diagonal")

    def entities(self, entities: pl.DataFrame) -> pl.DataFrame:
        """Return the hits of these entities by name: the columns of `HITS`."""
        return self._named(subjects.entity_subjects(entities))

    def together(self, found: list[pl.DataFrame]) -> pl.DataFrame:
        """Put hits together, the best of each entity and party, with what the list says of the party."""
        keys = ["matched_entity_id", "party_id"]
        best = (
            pl.concat([pl.DataFrame(schema=HITS), *found], how="diagonal")
            .sort(*keys, "score", "query_name", "matched_name", descending=[False, False, True, False, False])
            .unique(keys, keep="first", maintain_order=True)
        )
        return hits.with_party(best, self.parties)

    def _named(self, subjects: pl.DataFrame) -> pl.DataFrame:
        found = hits.match_subjects(
            self.index, subjects, self.parties, thresholds(), self.settings, self.below
        )
        return pl.concat([pl.DataFrame(schema=HITS), found], how="diagonal")
