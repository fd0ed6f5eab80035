"""All computed rules, and the sources of signals they read.

A new rule is a row of `rules.csv`, its texts, its cases in the tests, and an entry in the module of its family.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import polars as pl

from screening.law import Law
from screening.redflags.rule import Rule, SignalSource
from screening.redflags.rules import (
    conduct,
    destinations,
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
from screening.redflags.signals.blocked_ties import TieSignals
from screening.redflags.signals.cascade import CascadeSignals
from screening.redflags.signals.matches import MatchSignals
from screening.redflags.signals.parents import ParentSignals
from screening.redflags.signals.places import PlaceSignals
from screening.redflags.signals.reported import AnswerSignals, ResultSignals
from screening.redflags.signals.shipments import ShipmentSignals

RULE_MODULES = (
    listing, ownership, headquarters, destinations, embargo, military, training, conduct, diversion, ledgers, identity,
)  # fmt: skip
SIGNALS: tuple[SignalSource, ...] = (
    MatchSignals(),
    CascadeSignals(),
    TieSignals(),
    ParentSignals(),
    ResultSignals(),
    AnswerSignals(),
    ShipmentSignals(),
    PlaceSignals(),
    identity.MissingFields(),
)


@cache
def computed_rules() -> Mapping[str, Rule]:
    """Return every computed rule by its id."""
    return MappingProxyType(
        {rule_id: rule for module in RULE_MODULES for rule_id, rule in module.computed_rules().items()}
    )


def with_text_columns(
    facts: pl.DataFrame, rule_id: str, branch: str, law: Law
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Add the text columns of every source for a branch of a rule to facts that have `row`.

    Returns the facts and the names of the columns added.
    """
    given = facts.columns
    for source in SIGNALS:
        if rule_id in source.rules:
            columns = source.text_columns(facts, rule_id, branch, law)
            facts = facts.join(columns, on="row", how="left", maintain_order="left")
    return facts, tuple(facts.columns[len(given) :])
