"""The 50 percent rules: whose shares add up under which of them, from `screening/data/law/regimes.csv`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from screening.law.tables import figure, table


@dataclass(frozen=True, slots=True)
class Regime:
    """One 50 percent rule. Owners on any of its lists add up together.

    `rule_ids`: the rules that read its results. `lists`: codes of the lists all of whose parties count. `tagged_lists`:
    lists of which only the parties with a tag of 15 CFR 744.8 count. `threshold`: the share (parts per million) from
    which an entity is restricted.
    """

    id: str
    rule_ids: tuple[str, ...]
    lists: tuple[str, ...]
    tagged_lists: tuple[str, ...]
    threshold: int
    citation: str

    def counts(self) -> pl.Expr:
        """Return whether a listed party counts, by its columns `list` and `ear_744_8`.

        >>> parties = pl.DataFrame({"list": ["EL", "SDN", "SDN", "DPL"], "ear_744_8": [None, True, None, None]})
        >>> [parties.filter(regime.counts())["list"].to_list() for regime in regimes()]
        [['EL', 'SDN'], ['SDN', 'SDN'], []]
        """
        tagged = pl.col("list").is_in(self.tagged_lists) & pl.col("ear_744_8").fill_null(False)
        return pl.col("list").is_in(self.lists) | tagged


@cache
def regimes() -> tuple[Regime, ...]:
    """Return the regimes that are switched on, in the order of the table.

    >>> [regime.id for regime in regimes()]
    ['bis', 'ofac', 'ssi']
    """
    rows = table("regimes").filter(pl.col("status") == "on").fill_null("")
    return tuple(
        Regime(
            id=row["regime"],
            rule_ids=tuple(row["rule_ids"].split()),
            lists=tuple(row["lists"].split()),
            tagged_lists=tuple(row["tagged_lists"].split()),
            threshold=figure(row["threshold"]),
            citation=row["citation"],
        )
        for row in rows.iter_rows(named=True)
    )
