"""The facts frame: one row a customer with everything the rules read. What is missing is unknown, never clear."""

from screening.redflags.facts.assembly import assemble
from screening.redflags.facts.columns import conform, schema
from screening.redflags.facts.group_totals import (
    GroupTotals,
    adding_activities,
    customer_groups,
    total_by_group,
)

__all__ = [
    "GroupTotals",
    "adding_activities",
    "assemble",
    "conform",
    "customer_groups",
    "schema",
    "total_by_group",
]
