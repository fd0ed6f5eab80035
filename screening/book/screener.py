"""The lists of a day, made ready to compare with: the parties in effect, the index of their names, their attributes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from lists.schema import ListFrames
from screening.book.contacts import ListedContacts, contact_matches
from screening.book.matches import active_parties, address_matches, best_matches, index_names, match_subjects
from screening.book.subjects import (
    customer_attributes,
    customer_names,
    customer_subjects,
    entity_attributes,
    entity_names,
    entity_subjects,
)
from screening.matching import Attributes, NameIndex, thresholds
from screening.matching.evidence.identifier_forms import tails_in_names
from screening.matching.evidence.identifier_matches import named_by_number
from screening.policy import Matching
from screening.tables.outputs import SUBJECT_MATCHES


@dataclass(frozen=True, slots=True)
class Screener:
    """Compares subjects with listed parties.

    A match depends on the subject and the party alone, so subjects can be compared in any division.
    """

    frames: ListFrames
    parties: pl.DataFrame  # in effect on the day, with their measure
    index: NameIndex
    attributes: Attributes  # of the parties
    contacts: ListedContacts  # of the parties
    settings: Matching
    below: float = 0.0  # pairs this far under the review score are returned too, in the band `below`

    @classmethod
    def on_day(cls, frames: ListFrames, as_of: date, settings: Matching, below: float = 0.0) -> Screener:
        """Return the screener over the parties in effect on a day."""
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
        """Return the screener over these parties, as from `active_parties`.

        `index`: that of their names, where it has been made already.
        """
        listed = index_names(frames, parties)
        names = index or NameIndex.build(listed)
        tails = tails_in_names(listed)
        numbers = pl.concat([frames.identifiers.select(tails.columns), tails])
        attributes = Attributes.from_parties(parties, numbers, frames.addresses)
        contacts = ListedContacts.read(frames, parties)
        return cls(frames, parties, names, attributes, contacts, settings, below)

    def with_tokens(self, words: list[str]) -> Screener:
        """Return the same screener with these words in its vocabulary."""
        return replace(self, index=self.index.with_tokens(words))

    def tokenize_names(self, names: pl.DataFrame) -> tuple[Screener, pl.DataFrame]:
        """Tokenize names once, where they are needed more than once.

        `names`: subject_id, name and more. Returns the screener with their words in its vocabulary, and the names with
        the column `words`, which only this screener and those made from it understand.
        """
        index, words = self.index.tokenize_names(names["name"])
        return replace(self, index=index), names.with_columns(words)

    def match_customers(
        self, customers: pl.DataFrame, nodes: pl.DataFrame, names: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """Return the matches of these customers by name, number and address: the columns of `SUBJECT_MATCHES`.

        `nodes`: customer_id, entity_id. `names`: theirs, as `tokenize_names` returned them, where it was called before.
        """
        return pl.concat([self.match_names(customers, nodes, names), self.match_addresses(customers, nodes)])

    def match_names(
        self, customers: pl.DataFrame, nodes: pl.DataFrame, names: pl.DataFrame | None = None
    ) -> pl.DataFrame:
        """Return the matches of these customers by name or number; arguments as of `match_customers`."""
        tokenized = customer_names(customers) if names is None else names
        return self._match(customer_subjects(tokenized, nodes), customer_attributes(customers))

    def match_addresses(self, customers: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
        """Return the matches of these customers by address, and their contacts with listed parties."""
        found = address_matches(customers, nodes, self.frames, self.parties)
        contacts = contact_matches(customers, nodes, self.contacts)
        return best_matches(pl.concat([SUBJECT_MATCHES.empty(), found, contacts], how="diagonal"))

    def match_entities(self, entities: pl.DataFrame, names: pl.DataFrame | None = None) -> pl.DataFrame:
        """Return the matches of these entities by name, number and address: the columns of `SUBJECT_MATCHES`.

        `names`: theirs, as `tokenize_names` returned them, where it was called before.
        """
        return pl.concat([self.match_entity_names(entities, names), self.match_entity_addresses(entities)])

    def match_entity_names(self, entities: pl.DataFrame, names: pl.DataFrame | None = None) -> pl.DataFrame:
        """Return the matches of these entities by name or number; arguments as of `match_entities`."""
        tokenized = entity_names(entities) if names is None else names
        return self._match(entity_subjects(tokenized), entity_attributes(entities))

    def match_entity_addresses(self, entities: pl.DataFrame) -> pl.DataFrame:
        """Return the matches of these entities by address, and their contacts with listed parties."""
        details = [name for name in ("address", "identifiers", "contact") if name in entities.columns]
        if "address" not in details:
            return SUBJECT_MATCHES.empty()
        reached = entities.filter(pl.any_horizontal(pl.col(details).is_not_null()))
        placed = reached.unique("entity_id", keep="first", maintain_order=True)
        nodes = placed.select("entity_id", customer_id="entity_id")
        return self.match_addresses(placed.rename({"entity_id": "customer_id"}), nodes)

    def name_candidates(self, names: pl.DataFrame) -> pl.Series:
        """Return the subject_id of all whose name resembles that of a party; `names`: as from `tokenize_names`."""
        found = self.index.find(names)
        return names["subject_id"][np.unique(found.query)].unique()

    def number_candidates(self, attributes: pl.DataFrame) -> pl.Series:
        """Return the subject_id of all who have an identifier that names a party by itself.

        `attributes`: what is recorded of the subjects besides their names, by subject_id.
        """
        if not self.attributes.identifiers or attributes.schema["identifiers"] == pl.Null:
            return pl.Series(dtype=pl.String)
        bearers = attributes.filter(pl.col("identifiers").list.len() > 0)
        numbers = Attributes.from_subjects(bearers.drop("address", "date_of_birth", strict=False))
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
        return found.select(SUBJECT_MATCHES.names)
