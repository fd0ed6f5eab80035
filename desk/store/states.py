"""The states of a case, the steps between them, and who may do what: all of it data."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

ROLES = ("viewer", "analyst", "approver", "admin")


@dataclass(frozen=True, slots=True)
class State:
    """A state of a case: its label, whether it settles the case, and what it says."""

    state: str
    label: str
    closing: bool
    meaning: str


@cache
def states() -> Mapping[str, State]:
    """Return the states in the order of a case's life.

    >>> [name for name, state in states().items() if state.closing]
    ['true_match', 'false_positive', 'licence_obtained', 'closed']
    """
    rows = (State(r["state"], r["label"], r["closing"] == "yes", r["meaning"]) for r in _rows("states"))
    return MappingProxyType({row.state: row for row in rows})


@cache
def moves_from(state: str) -> tuple[str, ...]:
    """Return the states that may follow a state.

    >>> moves_from("false_positive")
    ('in_review',)
    """
    return tuple(row["to"] for row in _rows("moves") if row["from"] == state)


@cache
def due_days(recommendation: str) -> int:
    """Return within how many days a new case of this recommendation should be settled.

    >>> due_days("stop_confirm")
    1
    """
    return {row["recommendation"]: int(row["days"]) for row in _rows("due_days")}[recommendation]


@cache
def permissions(role: str) -> frozenset[str]:
    """Return what a role may do.

    >>> sorted(permissions("viewer"))
    ['read']
    """
    return frozenset(row["permission"] for row in _rows("permissions") if row[role] == "yes")


@cache
def unsigned_permissions() -> frozenset[str]:
    """Return what a token may do that somebody else made: whatever signs nothing.

    >>> sorted(unsigned_permissions())
    ['personal', 'read', 'screen']
    """
    return frozenset(row["permission"] for row in _rows("permissions") if row["unsigned"] == "yes")


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = files("desk.store").joinpath("data", f"{name}.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))
