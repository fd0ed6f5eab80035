"""What can only be counted over several customers: operations and accelerators add up over a group, allocations over a
country, and an item may have been ordered earlier by another customer.

Everything else about a customer follows from its own rows, so with these totals customers can be taken in any division.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from screening.compute import allocations, exceptions, validated
from screening.compute.capacity import CAPACITY_KINDS, capacity
from screening.compute.deployments import deployments, with_chips
from screening.compute.results import RESULT
from screening.law import Law, policy_figure
from screening.redflags.facts.columns import read_facts
from screening.redflags.facts.fine_tuning import fine_tuning
from screening.redflags.facts.inputs import read_activity, read_input
from screening.redflags.facts.jobs import is_job, training_jobs
from screening.redflags.facts.operations import training
from screening.redflags.facts.parents import ultimate_parents
from screening.redflags.leads.trade import ORDERED, taken_over

SLICE = 100_000
"""Rows of activities that are read at once: with all their columns, filled or not, they take much memory."""


@dataclass(frozen=True, slots=True)
class GroupTotals:
    """What was added up, by customer."""

    training: (
        pl.DataFrame
    )  # customer_id and the columns of `operations.training`; customers with a training job
    capacity: (
        pl.DataFrame
    )  # customer_id and the columns of `capacity`; customers whose group leases or orders parts
    results: pl.DataFrame  # of the ledgers and detectors that read several customers: columns of `RESULT`


def adding_activities(activity: pl.DataFrame | None) -> pl.DataFrame:
    """Return the activities that may count together with those of others, as from `read_activity`: a small part.

    >>> rows = pl.DataFrame({"customer_id": ["c", "c"], "activity_id": ["1", "2"], "kind": ["inference", "training"]})
    >>> adding_activities(rows)["activity_id"].to_list()
    ['2']
    """
    rows = pl.DataFrame() if activity is None else activity
    slices = [
        read_activity(rows.slice(first, SLICE), first).filter(counts_together())
        for first in range(0, rows.height, SLICE)
    ]
    return pl.concat([read_activity(None), *slices])


def counts_together() -> pl.Expr:
    """Return whether a conformed activity may count together with those of others: a training job, or chips."""
    return is_job() | with_chips()


def customer_groups(customers: pl.DataFrame, parents: pl.DataFrame | None) -> pl.DataFrame:
    """Return customer_id, group (its ultimate parent, else itself), hq_country, parent_hq_country.

    `customers`: customer_id, hq_country, parent_name, parent_country; `parents`: as of `assemble`.
    """
    own = customers.select("customer_id", *(c for c in ("hq_country",) if c in customers.columns))
    return groups_from_facts(own.join(ultimate_parents(customers, parents), on="customer_id", how="left"))


def groups_from_facts(facts: pl.DataFrame) -> pl.DataFrame:
    """Return the same as `customer_groups` from columns of the facts frame."""
    columns = (
        "customer_id",
        "hq_country",
        "ultimate_parent_id",
        "ultimate_parent_hq_country",
        "parent_unknown",
    )
    parent_settled = ~pl.col("parent_unknown").fill_null(True)
    return read_facts(facts, columns).select(
        "customer_id",
        "hq_country",
        parent_hq_country=pl.when(parent_settled).then("ultimate_parent_hq_country"),
        group=pl.coalesce("ultimate_parent_id", "customer_id"),
    )


def total_by_group(
    groups: pl.DataFrame,
    activity: pl.DataFrame,
    transactions: pl.DataFrame | None,
    listed: pl.DataFrame | None,
    law: Law,
) -> GroupTotals:
    """Add up operations and chips over groups, allocations over countries, and find orders taken over from others.

    `groups`: as from `customer_groups`, of the customers in `activity`, which is as from `adding_activities`.
    `transactions`, `listed`: as in `assemble`.
    """
    jobs = training_jobs(activity, groups.select("customer_id", "group"))
    chips = deployments(activity, groups, law)
    found = [
        fine_tuning(jobs),
        allocations.country_allocation(chips, law),
        allocations.company_allocation(chips, law),
        exceptions.low_processing(chips, law),
        exceptions.artificial_intelligence_authorization(chips, law),
        validated.shares(chips, law, int(policy_figure("uveu_from_tpp"))),
        taken_over(read_input("transactions", transactions, ORDERED), read_input("listed", listed)),
    ]
    return GroupTotals(
        training(jobs, law.as_of),
        _capacity_by_customer(chips, jobs, law.as_of),
        pl.concat(found).unique().sort(list(RESULT)),
    )


def _capacity_by_customer(chips: pl.DataFrame, jobs: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return what the parts leased or ordered by each customer's group could do, less those on which jobs run."""
    running = pl.col("end").is_null() | (pl.col("end") >= as_of)
    busy = jobs.filter(running, pl.col("model_of_chip").is_not_null()).group_by(
        "group", model="model_of_chip"
    )
    groups = capacity(chips, busy.agg(pl.col("count").cast(pl.Float64).sum()), as_of)
    leasing = chips.filter(pl.col("kind").is_in(CAPACITY_KINDS)).select("customer_id", "group").unique()
    return leasing.join(groups, on="group").drop("group").sort("customer_id")
