"""Leads from lists that the user supplies: suppliers to Russia in other registers, parties that a BIS letter names.

A name is on such a list if it has the same words in any order, whatever the case and punctuation. Nothing is guessed: a
list that should be compared like those of the agencies belongs in the list store, as one of the user's own.
"""

from __future__ import annotations

import polars as pl

from screening.compute.results import no_results, results
from screening.redflags.facts.inputs import Inputs
from screening.text import sorted_words


def detect(inputs: Inputs, deals: pl.DataFrame) -> pl.DataFrame:
    """Return the leads G15 and G16, of a counterparty or the customer itself. `deals`: the transactions."""
    if inputs.watchlists.is_empty():
        return no_results()
    partners = named(deals, "counterparty", inputs.watchlists)
    own = named(inputs.customers, "name", inputs.watchlists)
    letter = pl.col("list") == "bis_letter"
    return pl.concat(
        [
            results(rows, rule_id, "named", subject=pl.col(column), figure=pl.col("source"))
            for rows, rule_id, column in (
                (partners.filter(pl.col("list") == "tip"), "G15", "counterparty"),
                (partners.filter(letter), "G16", "counterparty"),
                (own.filter(pl.col("list") == "tip"), "G15", "name"),
                (own.filter(letter), "G16", "name"),
            )
        ]
    )


def named(rows: pl.DataFrame, column: str, watchlists: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose name in `column` is on a list, with its `list` and `source`.

    >>> tips = pl.DataFrame({"list": ["tip"], "name": ["BUYER Ltd."], "source": ["register of 2026"]})
    >>> named(pl.DataFrame({"counterparty": ["Ltd Buyer", "Seller", "-"]}), "counterparty", tips).rows()
    [('Ltd Buyer', 'tip', 'register of 2026')]
    """
    watch = watchlists.select("list", "source", key=sorted_words(pl.col("name"))).filter(pl.col("key") != "")
    return rows.with_columns(key=sorted_words(pl.col(column))).join(watch, on="key").drop("key")
