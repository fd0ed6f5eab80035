"""All matches of a book put together: those that stand, those a review set aside, those that evidence contradicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from screening.book.below_line import above_line
from screening.book.contradicted import contradicted_matches
from screening.book.matches import join_parties
from screening.book.suppression import reviews_on, set_aside, with_evidence_hash
from screening.tables.book import Book


@dataclass(frozen=True, slots=True)
class CombinedMatches:
    """The matches of everybody who was screened, each with its party."""

    every: pl.DataFrame  # of any band; columns of `matches.join_parties`
    standing: pl.DataFrame  # alerts and reviews that no review of a person sets aside
    suppressed: pl.DataFrame
    contradicted: pl.DataFrame

    @property
    def below_count(self) -> int:
        """How many pairs lie below the line."""
        return self.every.height - self.standing.height - self.suppressed.height - self.contradicted.height


def combine_matches(
    found: list[pl.DataFrame], parties: pl.DataFrame, book: Book, nodes: pl.DataFrame, as_of: date
) -> CombinedMatches:
    """Put the matches of all parts of a book together.

    `found`: columns of `MATCHES`. `parties`: as `active_parties`. `nodes`: customer_id, entity_id of the customers who
    are one node with somebody else.
    """
    every = join_parties(found, parties)
    reviews = reviews_on(book, nodes, as_of)
    standing, suppressed = set_aside(with_evidence_hash(above_line(every)), reviews, as_of)
    return CombinedMatches(every, standing, suppressed, contradicted_matches(every))
