"""Everything that can go wrong in screening.

ScreeningError
├── InvalidFrame     a frame lacks a column or holds what it must not; carries every problem found
├── UnknownEntity    the ownership network holds no such entity
├── UnknownRule      a switch or an override names a rule that the rule table does not hold
├── OverrideError    an override of a rule's period lacks its status, citation, person or date
└── DocumentError    a record lacks what makes it one: question, answer, evidence, person or second person
"""

from __future__ import annotations

from collections.abc import Sequence


class ScreeningError(Exception):
    """Root of every error that the package raises on purpose. The message says what, where and what to do."""


class InvalidFrame(ScreeningError):
    """A frame lacks a column or holds what it must not; `problems` holds every reason found."""

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([message, *(f"  - {problem}" for problem in self.problems)]))


class UnknownEntity(ScreeningError):
    """The ownership network holds no such entity."""


class UnknownRule(ScreeningError):
    """A switch or an override names a rule that the rule table does not hold."""


class OverrideError(ScreeningError):
    """An override of a rule's period lacks its status, citation, person or date."""


class DocumentError(ScreeningError):
    """A record lacks its question, answer, evidence, person or second person."""
