"""What became of the rows and values of one input file, counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class IgnoredValues:
    """The values of one column that could not be used: how many, of how many filled ones, and up to three of them."""

    column: str
    values: int
    filled: int
    examples: tuple[str, ...] = ()  # cut, without control characters

    @property
    def share(self) -> float:
        """The share of the column's filled values.

        >>> IgnoredValues("country", 3, 12).share
        0.25
        """
        return self.values / max(self.filled, 1)


@dataclass(frozen=True, slots=True)
class FileAccount:
    """One file of a table: rows as its reader counts them, rows set aside by reason, values ignored by column.

    `first_set_aside`: the first of those rows in words.
    """

    table: str
    file: str
    rows: int
    set_aside: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    ignored: tuple[IgnoredValues, ...] = ()
    first_set_aside: tuple[str, ...] = ()
