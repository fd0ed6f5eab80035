"""Everything that can go wrong in screening.

ScreeningError
├── InvalidFrame     a frame lacks a column or has values it must not have; lists every problem found
├── UnknownEntity    no such entity is in the ownership network
├── UnknownRule      a switch or an override names a rule that is not in the rule table
└── OverrideError    an override of a rule's period lacks its status, citation, person or date
"""

from __future__ import annotations

from collections.abc import Sequence


class ScreeningError(Exception):
    """Root of the errors that the package raises on purpose. The message says what, where and what to do."""


class InvalidFrame(ScreeningError):
    """A frame lacks a column or has values it must not have; `problems` lists them all."""

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([message, *(f"  - {problem}" for problem in self.problems)]))


class UnknownEntity(ScreeningError):
    """No such entity is in the ownership network."""


class UnknownRule(ScreeningError):
    """A switch or an override names a rule that is not in the rule table."""


class OverrideError(ScreeningError):
    """An override of a rule's period lacks its status, citation, person or date."""
