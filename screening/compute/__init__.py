"""Compute ledgers: TPP of chips, allocations, licence exceptions, validated end users, stored weights, forecasts.

Arithmetic on decimals and integers; equal to a limit passes. What the results mean for a customer is said by the rules
of the family `ledgers` in `screening.redflags`.
"""

from screening.compute.accelerators import chip_class, identify, parts, tpp
from screening.compute.allocations import company_allocation, country_allocation
from screening.compute.capacity import capacity, served
from screening.compute.deployments import deployments
from screening.compute.exceptions import artificial_intelligence_authorization, low_processing, manufacturing
from screening.compute.forecast import crossing
from screening.compute.validated import eligibility, notices, shares
from screening.compute.vetting import checklist, reportable_owners
from screening.compute.weights import storage

__all__ = [
    "artificial_intelligence_authorization",
    "capacity",
    "checklist",
    "chip_class",
    "company_allocation",
    "country_allocation",
    "crossing",
    "deployments",
    "eligibility",
    "identify",
    "low_processing",
    "manufacturing",
    "notices",
    "parts",
    "reportable_owners",
    "served",
    "shares",
    "storage",
    "tpp",
]
