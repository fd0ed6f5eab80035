"""All results of detectors and compute ledgers for a book, in one frame."""

from __future__ import annotations

import polars as pl

from screening.compute import allocations, exceptions, validated
from screening.compute.deployments import deployments
from screening.compute.results import RESULT
from screening.law import figure
from screening.redflags.detectors import contact, fleet, stakes, trade
from screening.redflags.facts.inputs import Inputs
from screening.redflags.facts.operations import fine_tuning


def leads(inputs: Inputs, jobs: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Return the results of every detector and ledger that has data, one row each, sorted."""
    parent = pl.when(~pl.col("parent_unknown").fill_null(True)).then("ultimate_parent_hq_country")
    holders = inputs.customers.select("customer_id", "hq_country", parent_hq_country=parent).join(
        groups, on="customer_id"
    )
    chips = deployments(inputs.activity, holders, inputs.law)
    restricted = _restricted(inputs)
    parts = [
        fine_tuning(jobs),
        fleet.detect(inputs, chips),
        allocations.country_allocation(chips, inputs.law),
        allocations.company_allocation(chips, inputs.law),
        exceptions.low_processing(chips, inputs.law),
        exceptions.artificial_intelligence_authorization(chips, inputs.law),
        exceptions.manufacturing(chips, inputs.law),
        validated.shares(chips, inputs.law, int(figure("uveu_from_tpp"))),
        validated.eligibility(chips, inputs.law),
        trade.detect(inputs),
        contact.detect(inputs),
        stakes.detect(inputs, restricted),
        stakes.stale(inputs, restricted),
    ]
    return pl.concat(parts).unique().sort(list(RESULT))


def _restricted(inputs: Inputs) -> pl.DataFrame:
    flat = inputs.customers.select("customer_id", "restricted").explode("restricted", empty_as_null=False)
    return flat.drop_nulls("restricted").unnest("restricted").select("customer_id", "status", "low", "path")
