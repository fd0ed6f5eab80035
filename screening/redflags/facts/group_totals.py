"""What only all customers together tell: operations and accelerators add up over a group, allocations over a country,
and an item may have been ordered before by somebody else.

All else about a customer its own rows tell: beside this, customers may be taken in any division.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from screening.compute import allocations, exceptions, validated
from screening.compute.deployments import deployments, with_chips
from screening.compute.results import RESULT
from screening.law import Law, policy_figure
from screening.redflags.facts.columns import read_columns
from screening.redflags.facts.inputs import conform_activity, conform_input
from screening.redflags.facts.operations import fine_tuning, is_job, training, training_jobs
from screening.redflags.facts.parents import ultimate_parents
from screening.redflags.leads.trade import ORDERED, taken_over

SLICE = 100_000
"""Rows of activities that are made to conform at once: all their columns, filled or not, take room."""


@dataclass(frozen=True, slots=True)
class GroupTotals:
    """Two narrow frames, whatever is known of the customers beside."""

    training: pl.DataFrame  # customer_id and the columns of `operations.training`, of those who have a job
    results: pl.DataFrame  # of ledgers and detectors that look at several customers, as `RESULT`


def adding_activities(activity: pl.DataFrame | None) -> pl.DataFrame:
    """Return the activities that may count together with others', as `conform_activity`: few of them do.

    >>> rows = pl.DataFrame({"customer_id": ["c", "c"], "activity_id": ["1", "2"], "kind": ["inference", "training"]})
    >>> adding_up(rows)["activity_id"].to_list()
    ['2']
    """
    rows = pl.DataFrame() if activity is None else activity
    slices = [
        conform_activity(rows.slice(first, SLICE), first).filter(counts_together())
        for first in range(0, rows.height, SLICE)
    ]
    return pl.concat([conform_activity(None), *slices])


def counts_together() -> pl.Expr:
    """Return whether a conformed activity may count together with others': a job, or chips."""
    return is_job() | with_chips()


def holders(customers: pl.DataFrame, parents: pl.DataFrame | None) -> pl.DataFrame:
    """Return customer_id, group (its ultimate parent, else itself), hq_country, parent_hq_country.

    `customers`: customer_id, hq_country, parent_name, parent_country; `parents`: as of `assemble`.
    """
    seats = customers.select("customer_id", *(c for c in ("hq_country",) if c in customers.columns))
    return seated(seats.join(ultimate_parents(customers, parents), on="customer_id", how="left"))


def seated(facts: pl.DataFrame) -> pl.DataFrame:
    """Return the same from columns of the facts frame."""
    columns = (
        "customer_id",
        "hq_country",
        "ultimate_parent_id",
        "ultimate_parent_hq_country",
        "parent_unknown",
    )
    told = ~pl.col("parent_unknown").fill_null(True)
    return read_columns(facts, columns).select(
        "customer_id",
        "hq_country",
        parent_hq_country=pl.when(told).then("ultimate_parent_hq_country"),
        group=pl.coalesce("ultimate_parent_id", "customer_id"),
    )


def total_by_group(
    holders: pl.DataFrame,
    activity: pl.DataFrame,
    transactions: pl.DataFrame | None,
    listed: pl.DataFrame | None,
    law: Law,
) -> GroupTotals:
    """Add up what counts together.

    `activity`: as from `adding_activities`; `holders`: as from there, of the customers in it. `transactions`, `listed`:
    as of `assemble`.
    """
    jobs = training_jobs(activity, holders.select("customer_id", "group"))
    chips = deployments(activity, holders, law)
    found = [
        fine_tuning(jobs),
        allocations.country_allocation(chips, law),
        allocations.company_allocation(chips, law),
        exceptions.low_processing(chips, law),
        exceptions.artificial_intelligence_authorization(chips, law),
        validated.shares(chips, law, int(policy_figure("uveu_from_tpp"))),
        taken_over(conform_input("transactions", transactions, ORDERED), conform_input("listed", listed)),
    ]
    return GroupTotals(training(jobs, law.as_of), pl.concat(found).unique().sort(list(RESULT)))
