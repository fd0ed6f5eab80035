"""The lists made ready to screen against: the parties in effect, the index of their names, the limits of each band."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from lists.schema import ListFrames
from screening.book.matches import MATCHES, active_parties, address_matches, index_names, match_subjects
from screening.book.subjects import (
    customer_attributes,
    customer_names,
    customer_subjects,
    entity_attributes,
    entity_names,
    entity_subjects,
)
from screening.matching import Attributes, NameIndex, thresholds
from screening.matching.evidence.identifier_matches import named_by_number
from screening.policy import Matching


@dataclass(frozen=True, slots=True)
class Screener:
    """Whom we look for. A match depends on the subject and the party alone, so subjects may come in any division."""

    frames: ListFrames
    parties: pl.DataFrame  # in effect on the day, with their measure
    index: NameIndex
    attributes: Attributes  # of the parties
    settings: Matching
    below: float = 0.0  # how far under review pairs are kept, in the band `below`

    @classmethod
    def on_day(cls, frames: ListFrames, as_of: date, settings: Matching, below: float = 0.0) -> Screener:
        """Make the lists ready for a day."""
        return cls.for_parties(frames, active_parties(frames, pl.lit(as_of)), settings, below)

    @classmethod
    def for_parties(
        cls,
        frames: ListFrames,
        parties: pl.DataFrame,
        settings: Matching,
        below: float = 0.0,
        index: NameIndex | None = None,
    ) -> Screener:
        """Screen against these parties (as `active_parties`). `index`: that of their names, where it stands ready."""
        names = index or NameIndex.build(index_names(frames, parties))
        attributes = Attributes.of_parties(parties, frames.identifiers, frames.addresses)
        return cls(frames, parties, names, attributes, settings, below)

    def with_tokens(self, words: list[str]) -> Screener:
        """Return the same screener with these words in its vocabulary."""
        return replace(self, index=self.index.with_tokens(words))

    def tokenize_names(self, names: pl.DataFrame) -> tuple[Screener, pl.DataFrame]:
        """Tokenize names for more than one use.

        `names`: subject_id, name and more. Returns the same screener with their words in its vocabulary, and the names
        with the column `words`.
        """
        index, words = self.index.tokenize_names(names["name"])
        return replace(self, index=index), names.with_columns(words)

    def customers(
        self, customers: pl.DataFrame, nodes: pl.DataFrame, names: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """Return the matches of these customers by name, number and address: the columns of `MATCHES`.

        `nodes`: customer_id, entity_id. `names`: theirs, as `tokenize_names` returned them, where it was called before.
        """
        return pl.concat([self.names(customers, nodes, names), self.addresses(customers, nodes)])

    def names(
        self, customers: pl.DataFrame, nodes: pl.DataFrame, names: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """Return the matches of these customers by name or number, as `customers` does."""
        tokenized = customer_names(customers) if names is None else names
        return self._match(customer_subjects(tokenized, nodes), customer_attributes(customers))

    def addresses(self, customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return the matches of these customers by address: the columns of `MATCHES`."""
        found = address_matches(customers, nodes, self.frames, self.parties)
        return pl.concat([pl.DataFrame(schema=MATCHES), found], how="diagonal")

    def entities(self, entities: pl.DataFrame, names: pl.DataFrame | None = None) -> pl.DataFrame:
        """Return the matches of these entities by name or number: the columns of `MATCHES`.

        `names`: theirs, as `tokenize_names` returned them, where it was called before.
        """
        tokenized = entity_names(entities) if names is None else names
        return self._match(entity_subjects(tokenized), entity_attributes(entities))

    def name_candidates(self, names: pl.DataFrame) -> pl.Series:
        """Return the subject_id of all who are called like a party at all; `names`: as for `names` and `entities`."""
        found = self.index.find(names)
        return names["subject_id"][np.unique(found.query)].unique()

    def number_candidates(self, attributes: pl.DataFrame) -> pl.Series:
        """Return the subject_id of all who have a number of a party that names it by itself.

        `attributes`: what is recorded of the subjects beside their names, by subject_id.
        """
        if not self.attributes.identifiers or attributes.schema["identifiers"] == pl.Null:
            return pl.Series(dtype=pl.String)
        bearers = attributes.filter(pl.col("identifiers").list.len() > 0)
        numbers = Attributes.of_subjects(bearers.drop("address", "date_of_birth", strict=False))
        return named_by_number(numbers, self.attributes)["subject_id"].unique()

    def _match(self, subjects: pl.DataFrame, attributes: pl.DataFrame) -> pl.DataFrame:
        found = match_subjects(
            self.index,
            subjects,
            attributes,
            self.attributes,
            self.parties,
            thresholds(),
            self.settings,
            self.below,
        )
        return found.select(list(MATCHES))
