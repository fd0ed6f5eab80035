"""All matches of a book together: those that count, those a review set aside, and those that evidence contradicts."""

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

    every: pl.DataFrame  # in any band; columns of `matches.join_parties`
    standing: pl.DataFrame  # alerts and reviews that no person's review sets aside, with `evidence_hash`
    suppressed: pl.DataFrame  # those that one sets aside: columns of the table `suppressed`
    contradicted: pl.DataFrame  # columns of the table `contradicted`

    @property
    def below_count(self) -> int:
        """How many pairs scored below the review score."""
        return self.every.height - self.standing.height - self.suppressed.height - self.contradicted.height


def combine_matches(
    found: list[pl.DataFrame], parties: pl.DataFrame, book: Book, nodes: pl.DataFrame, as_of: date
) -> CombinedMatches:
    """Put the matches of all parts of a book together.

    `found`: columns of `SUBJECT_MATCHES`. `parties`: as from `active_parties`. `nodes`: customer_id, entity_id of the
    customers who share a node with somebody else.
    """
    every = join_parties(found, parties)
    reviews = reviews_on(book, nodes, as_of)
    standing, suppressed = set_aside(with_evidence_hash(above_line(every)), reviews, as_of)
    return CombinedMatches(every, standing, suppressed, contradicted_matches(every))
