"""The lists made ready for a night: the parties in effect, the index of their names, the limits of each band."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from lists.schema import ListFrames
from pipelines.config import Matching
from pipelines.stages import hits, subjects
from screening.matching import NameIndex, Particulars, thresholds
from screening.matching.wording import EVIDENCE

HITS = {
    "matched_entity_id": pl.String(),
    "party_id": pl.String(),
    "score": pl.Float64(),
    "similarity": pl.Float64(),
    "matched_name": pl.String(),
    "query_name": pl.String(),
    "band": pl.String(),
    "name_score": pl.Float64(),  # of the names alone; null: no names were compared, or they do not resemble
    "evidence": EVIDENCE,
    "record_id": pl.String(),  # of the customer or entity whose particulars were compared
    "segment": pl.String(),  # of the customer, as the book has it; null: of an owner or somebody around
}


@dataclass(frozen=True, slots=True)
class Watch:
    """Whom we look for. A hit depends on the subject and the party alone, so subjects may come in any division."""

    frames: ListFrames
    parties: pl.DataFrame  # in effect on the day, with their measure
    index: NameIndex
    particulars: Particulars
    settings: Matching
    below: float = 0.0  # how far under review pairs are kept, in the band `below`

    @classmethod
    def over(
        cls,
        frames: ListFrames,
        as_of: date,
        settings: Matching,
        below: float = 0.0,
    ) -> Watch:
        """Make the lists ready for a day."""
        return cls.of(frames, hits.active(frames, pl.lit(as_of)), settings, below)

    @classmethod
    def of(
        cls,
        frames: ListFrames,
        parties: pl.DataFrame,
        settings: Matching,
        below: float = 0.0,
        index: NameIndex | None = None,
    ) -> Watch:
        """Make a watch for these parties (as `hits.active`); `index`: that of their names, where it stands ready."""
        names = index or NameIndex.build(hits.index_names(frames, parties))
        particulars = Particulars.of_parties(parties, frames.identifiers, frames.addresses)
        return cls(frames, parties, names, particulars, settings, below)

    def customers(self, customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return the hits of these customers by name and by address: the columns of `HITS`."""
        return pl.concat([self.names(customers, nodes), self.places(customers, nodes)])

    def names(self, customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return the hits of these customers by name or number: the columns of `HITS`."""
        named = subjects.customer_subjects(customers, nodes)
        return self._named(named, subjects.told_by_customers(customers))

    def places(self, customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return the hits of these customers by address: the columns of `HITS`."""
        found = hits.address_hits(customers, nodes, self.frames, self.parties)
        return pl.concat([pl.DataFrame(schema=HITS), found], how="diagonal")

    def resembling(self, names: pl.DataFrame) -> pl.Series:
        """Return the record_id of all who are called like a party at all; `names`: record_id, name, party_type."""
        return self.index.match(names.rename({"record_id": "query_id"}), limit=1)["query_id"].unique()

    def entities(self, entities: pl.DataFrame) -> pl.DataFrame:
        """Return the hits of these entities by name: the columns of `HITS`."""
        return self._named(subjects.entity_subjects(entities), subjects.told_of_entities(entities))

    def together(self, found: list[pl.DataFrame]) -> pl.DataFrame:
        """Put hits together, as `together` does."""
        return together(found, self.parties)

    def _named(self, subjects: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
        found = hits.match_subjects(
            self.index,
            subjects,
            told,
            self.particulars,
            self.parties,
            thresholds(),
            self.settings,
            self.below,
        )
        return found.select(list(HITS))


def together(found: list[pl.DataFrame], parties: pl.DataFrame) -> pl.DataFrame:
    """Put hits together, the best of each entity and party, with what the list says of the party."""
    every = pl.concat([pl.DataFrame(schema=HITS), *found], how="diagonal")
    return hits.with_party(hits.best_of(every), parties)
