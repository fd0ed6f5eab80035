"""The lists made ready for a night: the parties in effect, the index of their names, the limits of each band."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from lists.schema import ListFrames
from pipelines.config import Matching
from pipelines.stages import hits, subjects
from screening.matching import NameIndex, Particulars, thresholds
from screening.matching.equality import named_by_number
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

    def knowing(self, words: list[str]) -> Watch:
        """Return the same watch, which also knows these words."""
        return replace(self, index=self.index.knowing(words))

    def reading(self, names: pl.DataFrame) -> tuple[Watch, pl.DataFrame]:
        """Read names for more than one use: returns the same watch, which knows their words, and the names with them.

        `names`: record_id, name and more; the column `words` comes to it.
        """
        index, words = self.index.reading(names["name"])
        return replace(self, index=index), names.with_columns(words)

    def customers(
        self, customers: pl.DataFrame, nodes: pl.DataFrame, names: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """Return the hits of these customers by name and by address: the columns of `HITS`.

        `names`: theirs, as of `reading`, where they are read already.
        """
        return pl.concat([self.names(customers, nodes, names), self.places(customers, nodes)])

    def names(
        self, customers: pl.DataFrame, nodes: pl.DataFrame, names: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """Return the hits of these customers by name or number, as `customers` does."""
        read = subjects.customer_names(customers) if names is None else names
        return self._named(subjects.customer_subjects(read, nodes), subjects.told_by_customers(customers))

    def places(self, customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return the hits of these customers by address: the columns of `HITS`."""
        found = hits.address_hits(customers, nodes, self.frames, self.parties)
        return pl.concat([pl.DataFrame(schema=HITS), found], how="diagonal")

    def entities(self, entities: pl.DataFrame, names: pl.DataFrame | None = None) -> pl.DataFrame:
        """Return the hits of these entities by name: the columns of `HITS`.

        `names`: theirs, as of `reading`, where they are read already.
        """
        read = subjects.entity_names(entities) if names is None else names
        return self._named(subjects.entity_subjects(read), subjects.told_of_entities(entities))

    def resembling(self, names: pl.DataFrame) -> pl.Series:
        """Return the record_id of all who are called like a party at all; `names`: as for `names` and `entities`."""
        found = self.index.find(names)
        return names["record_id"][np.unique(found.query)].unique()

    def numbered(self, told: pl.DataFrame) -> pl.Series:
        """Return the record_id of all who have a number of a party that names it by itself.

        `told`: what is known of them beside their names, by record_id.
        """
        if not self.particulars.identifiers or told.schema["identifiers"] == pl.Null:
            return pl.Series(dtype=pl.String)
        bearers = told.filter(pl.col("identifiers").list.len() > 0)
        numbers = Particulars.of_subjects(bearers.drop("address", "date_of_birth", strict=False))
        return named_by_number(numbers, self.particulars)["record_id"].unique()

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
