"""The matches of entities of a network: for a chart or a trace, where nobody asks for a whole book."""

from __future__ import annotations

import polars as pl

from screening.book.below_line import above_line
from screening.book.lookup import BookLookup
from screening.book.matches import CONTACT, join_parties
from screening.book.screener import Screener


def screen_entities(
    screener: Screener, entities: pl.DataFrame, lookup: BookLookup | None = None
) -> pl.DataFrame:
    """Return the alerts and reviews of these entities, as the screening of the whole book finds them.

    `entities`: as ENTITIES. Those that are customers in the book of `lookup` are matched by everything that is recorded
    of them, all others by name and number. Columns: as of `join_parties`.
    """
    if lookup is None:
        found = [screener.match_entities(entities)]
    else:
        customers, nodes = lookup.customers_among(entities["entity_id"])
        others = entities.filter(~pl.col("entity_id").is_in(nodes["entity_id"].implode()))
        found = [screener.match_customers(customers, nodes), screener.match_entities(others)]
    return above_line(join_parties(found, screener.parties)).filter(pl.col("band") != CONTACT)
