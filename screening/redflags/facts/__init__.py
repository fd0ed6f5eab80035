"""The facts frame: what is known about each customer, one row each, missing meaning unknown."""

from screening.redflags.facts.assembly import assemble
from screening.redflags.facts.columns import conform, schema
from screening.redflags.facts.group_totals import GroupTotals, adding_activities, holders, total_by_group

__all__ = [
    "GroupTotals",
    "adding_activities",
    "assemble",
    "conform",
    "holders",
    "schema",
    "total_by_group",
]
