"""The computed rules and what they read. A new rule is a row, its texts, its cases, and one entry in its family."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import polars as pl

from screening.law import Law
from screening.redflags.rule import Rule, Source
from screening.redflags.rules import (
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
from screening.redflags.signals.cascade import CascadeSignals
from screening.redflags.signals.matches import MatchSignals
from screening.redflags.signals.reported import AnswerSignals, ResultSignals

RULE_MODULES = (
    listing, ownership, headquarters, embargo, military, training, conduct, diversion, ledgers, identity,
)  # fmt: skip
SIGNALS: tuple[Source, ...] = (
    MatchSignals(),
    CascadeSignals(),
    ResultSignals(),
    AnswerSignals(),
    identity.MissingFields(),
)


@cache
def computed_rules() -> Mapping[str, Rule]:
    """Return the code of every computed rule."""
    return MappingProxyType(
        {rule_id: code for family in RULE_MODULES for rule_id, code in family.computed_rules().items()}
    )


def with_text_columns(
    rows: pl.DataFrame, rule_id: str, branch: str, law: Law
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Add to rows what the sources can say in words to this branch of a rule; return them and the names added."""
    given = rows.columns
    for source in SIGNALS:
        if rule_id in source.rules:
            details = source.details(rows, rule_id, branch, law)
            rows = rows.join(details, on="row", how="left", maintain_order="left")
    return rows, tuple(rows.columns[len(given) :])
