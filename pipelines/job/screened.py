"""What a job writes down of who was compared: for whose sake, with which parties. Certificates read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from lists.schema import ListFrames
from pipelines.delta.previous_matches import party_hashes
from pipelines.run.staging import Staging
from screening.book.counterparties import Counterparties
from screening.book.network import BookNetwork
from screening.book.relations import OWNER, other_relations, owner_relations, recorded_ownership
from screening.tables.book import Book
from screening.tables.outputs import PARTIES


@dataclass(frozen=True, slots=True)
class ScreenedAround:
    """Who was compared besides the customers, and how far owners are recorded, in the order of the run's tables."""

    relations: Iterable[pl.DataFrame]  # frames of RELATIONS, in the staging folder
    recorded: pl.DataFrame  # as RECORDED_OWNERSHIP

    @classmethod
    def write(
        cls,
        book: Book,
        network: BookNetwork,
        related: pl.DataFrame,
        parties: Counterparties,
        staging: Staging,
    ) -> ScreenedAround:
        """Write the relations down while the network is in memory. Raises OutOfSpace."""
        others = other_relations(book, related, parties)
        written = staging.frames(staging.scratch("relations"))
        written.add(others.filter(pl.col("role") < OWNER))
        for owners in owner_relations(network, parties):
            written.add(owners)
        written.add(others.filter(pl.col("role") > OWNER))
        return cls(written, recorded_ownership(network))

    def tables(self) -> Mapping[str, Iterable[pl.DataFrame]]:
        """Return the tables by name."""
        return {"relations": self.relations, "recorded_ownership": [self.recorded]}


def stated_parties(frames: ListFrames, parties: pl.DataFrame) -> pl.DataFrame:
    """Return the parties in effect as the run states them: columns of `PARTIES`, sorted."""
    stated = parties.select("party_id", "list", "party_type", party_name="primary_name")
    hashes = party_hashes(frames, parties)
    return PARTIES.conform(hashes.join(stated, on="party_id", how="left", maintain_order="left"))
