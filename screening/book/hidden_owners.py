"""Owners whose names hide something, for the customers below them."""

from __future__ import annotations

import polars as pl

from screening.book.network import BookNetwork
from screening.compute.results import no_results
from screening.names.first_look import suspicious
from screening.names.hidden import hidden_signs
from screening.ownership.lineage import lineage
from screening.redflags.leads.hidden_names import AROUND, leads


def hidden_owners(owned: BookNetwork) -> pl.DataFrame:
    """Return the leads of NAME_HIDDEN on everybody above customers, by customer_id, sorted.

    Columns: those of `compute.results.RESULT`. Only owners with such a name are followed, so the cost is theirs.
    """
    network = owned.network
    rows = suspicious(network.entities["name"]).arg_true()
    likely = network.entities.select("entity_id", text="name")[rows]
    named = pl.concat([likely, owned.records.select("entity_id", text="name")])
    hiding = named[hidden_signs(named["text"])["row"]].unique()
    if hiding.is_empty():
        return no_results()
    pairs = lineage(network, hiding["entity_id"].unique(), owned.customers)
    below = pairs.join(hiding.rename({"entity_id": "ancestor_id"}), on="ancestor_id")
    rows_below = owned.by_customer(below).select("customer_id", "text", who=pl.lit("owner"))
    return leads(rows_below, AROUND).sort("customer_id", "subject")
