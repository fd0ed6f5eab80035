"""The facts frame: what is known about each customer, one row each, missing meaning unknown."""

from screening.redflags.facts.assembly import assemble
from screening.redflags.facts.columns import conform, schema
from screening.redflags.facts.together import Together, adding_up, holders, see_together

__all__ = ["Together", "adding_up", "assemble", "conform", "holders", "schema", "see_together"]
