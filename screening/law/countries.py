"""Countries on a day: EAR Country Groups, the 19 destinations of Supp. 5(a) and their territories.

Source: Supp. 1 to part 740 and Supp. 5(a) to part 740; dated changes in `country_history.csv`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from screening.law.tables import table


@dataclass(frozen=True, slots=True)
class Countries:
    """Sets of ISO codes on one day. `codes`: every code that has a row.

    `supp_5a` are the 19 destinations of Supp. 5(a) to part 740 with their territories. `offshore` are places
    where a holding company is often only registered: never taken for the headquarters without more evidence.
    """

    as_of: date
    codes: frozenset[str]
    groups: tuple[tuple[str, frozenset[str]], ...]
    supp_5a: frozenset[str]
    offshore: frozenset[str]
    united_states: frozenset[str]

    def group(self, name: str) -> frozenset[str]:
        """Return the members of a Country Group, for example `D:5`; empty for a group without members."""
        return dict(self.groups).get(name, frozenset())

    @property
    def d5_or_macau(self) -> frozenset[str]:
        """Return D:5 and Macau; Hong Kong is in through China. The EAR names Macau beside D:5 each time."""
        return self.group("D:5") | {"MO"}


@cache
def countries_on(as_of: date) -> Countries:
    """Return the country sets of a day, rebuilt from the present table and the dated changes.

    >>> "KH" in countries_on(date(2025, 5, 1)).d5_or_macau, "KH" in countries_on(date(2026, 1, 15)).d5_or_macau
    (True, False)
    """
    rows = table("countries").to_dicts()
    members: dict[str, set[str]] = {}
    for row in rows:
        for group in (row["groups"] or "").split():
            members.setdefault(group, set()).add(row["iso2"])
    later = table("country_history").filter(pl.col("effective").str.to_date() > as_of)
    for change in later.sort("effective", descending=True).to_dicts():
        place = members.setdefault(change["group"], set())
        if change["change"] == "joined":
            place.discard(change["iso2"])
        else:
            place.add(change["iso2"])
    return Countries(
        as_of=as_of,
        codes=frozenset(row["iso2"] for row in rows),
        groups=tuple((name, frozenset(codes)) for name, codes in sorted(members.items())),
        supp_5a=frozenset(row["iso2"] for row in rows if row["supp_5a"] == "yes"),
        offshore=frozenset(row["iso2"] for row in rows if row["offshore_caution"] == "yes"),
        united_states=frozenset(r["iso2"] for r in rows if "US" in (r["iso2"], r["treated_as"])),
    )
