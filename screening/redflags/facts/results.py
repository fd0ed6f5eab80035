"""All results of detectors and compute ledgers, in one frame."""

from __future__ import annotations

import polars as pl

from screening.compute import exceptions, validated
from screening.compute.deployments import deployments
from screening.compute.results import RESULT
from screening.redflags.facts.group_totals import groups_from_facts
from screening.redflags.facts.inputs import Inputs
from screening.redflags.leads import contact, edge_history, fleet, hidden_names, trade


def all_results(inputs: Inputs, group_results: pl.DataFrame, contacts: pl.DataFrame) -> pl.DataFrame:
    """Return the results of each customer's own rows, those of its group, and contacts: columns of `RESULT`, sorted."""
    chips = deployments(inputs.activity, groups_from_facts(inputs.customers), inputs.law)
    restricted = _restricted(inputs)
    parts = [
        group_results,
        contacts,
        fleet.detect(inputs, chips),
        exceptions.manufacturing(chips, inputs.law),
        validated.eligibility(chips, inputs.law),
        trade.detect(inputs),
        contact.detect(inputs),
        hidden_names.detect(inputs),
        edge_history.detect(inputs, restricted),
        edge_history.stale(inputs, restricted),
    ]
    return pl.concat(parts).unique().sort(list(RESULT))


def _restricted(inputs: Inputs) -> pl.DataFrame:
    """Return the results of the 50 percent rules about the customers themselves."""
    flat = inputs.customers.select("customer_id", "restricted").explode("restricted", empty_as_null=False)
    own = flat.drop_nulls("restricted").unnest("restricted").filter(pl.col("role").is_null())
    return own.select("customer_id", "status", "low", "path")
