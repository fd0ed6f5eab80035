"""The computed rules and what they read. A new rule is a row, its texts, its cases, and one entry in its family."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from screening.redflags.families import (
    conduct,
    diversion,
    embargo,
    headquarters,
    identity,
    ledgers,
    listing,
    military,
    ownership,
    training,
)
from screening.redflags.rule import RuleCode, Source
from screening.redflags.sources.cascade import Cascade
from screening.redflags.sources.hits import Hits
from screening.redflags.sources.reported import Answers, Results

FAMILIES = (
    listing, ownership, headquarters, embargo, military, training, conduct, diversion, ledgers, identity,
)  # fmt: skip
SOURCES: tuple[Source, ...] = (Hits(), Cascade(), Results(), Answers(), identity.MissingFields())


@cache
def codes() -> Mapping[str, RuleCode]:
    """Return the code of every computed rule."""
    return MappingProxyType(
        {rule_id: code for family in FAMILIES for rule_id, code in family.codes().items()}
    )
