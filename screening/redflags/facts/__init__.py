"""The facts frame: what is known about each customer, one row each, missing meaning unknown."""

from screening.redflags.facts.assembly import assemble
from screening.redflags.facts.columns import conform, schema

__all__ = ["assemble", "conform", "schema"]
