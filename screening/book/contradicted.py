"""Pairs whose names alone would have been shown, and which other evidence contradicts.

Another year of birth or another IMO number lowers a match under the review score; it does not remove it. The pairs are
a table of the run with everything that was compared, so that investigators can see them and find a wrong date.
"""

from __future__ import annotations

import polars as pl

from screening.tables import outputs

CONTRADICTED = "contradicted"
"""Band of such a pair."""


def contradicted_matches(found: pl.DataFrame) -> pl.DataFrame:
    """Return the matches, with their party, that only contradicting evidence keeps under review: columns of the table
    `contradicted`, sorted."""
    against = found.filter(pl.col("band") == CONTRADICTED).rename({"subject_id": "record_id"})
    return against.select(outputs.CONTRADICTED.names).sort("matched_entity_id", "party_id")
