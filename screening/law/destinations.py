"""Countries by period: their Country Groups, and whether an advanced computing item needs a licence to go there.

15 CFR 742.6(a)(6)(iii) and Supp. 1 to part 740. The scope of a period is a row of `advanced_computing_destinations.csv`
that names Country Groups and places; what a group holds on a day is that of `countries_on`.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from screening.law.countries import Countries, countries_on
from screening.law.tables import table

CHIP_CLASSES = ("3A090.a", "3A090.b", "3A090.c")
GROUPS_SHOWN = ("A:5", "A:6", "D:1", "D:4", "D:5")
"""The groups that decide the scope."""
FIRST_DAY = date(1900, 1, 1)


@cache
def places_by_period() -> pl.DataFrame:
    """Return what the law says of each country from `since` on, sorted by `since`; read it with `on_days`.

    Columns: iso2, since, groups (those of `GROUPS_SHOWN`), closed (Country Group D:5 or Macau), named (the scope names
    the place itself beside the groups), and for each of `CHIP_CLASSES` whether it needs a licence to go there.

    >>> rows = places_by_period().filter(pl.col("iso2") == "AE").tail(1)
    >>> rows.select("groups", "named", "3A090.b").row(0)
    ('A:5', True, True)
    """
    scopes = table("advanced_computing_destinations").with_columns(
        since=pl.col("effective_from").str.to_date(), until=pl.col("effective_to").str.to_date()
    )
    changes = table("country_history")["effective"].drop_nulls().str.to_date()
    ends = scopes["until"].drop_nulls().dt.offset_by("1d")
    days = pl.concat([pl.Series([FIRST_DAY]), scopes["since"], ends, changes]).unique().sort()
    return pl.concat([_on(day, scopes) for day in days]).sort("since", "iso2")


def on_days(rows: pl.DataFrame, place: str, day: str) -> pl.DataFrame:
    """Add to rows with a country and a day what `places_by_period` says; null where the country is no ISO code."""
    numbered = rows.with_row_index("_row").sort(day, "_row", nulls_last=True)
    joined = numbered.join_asof(
        places_by_period(), left_on=day, right_on="since", by_left=place, by_right="iso2", strategy="backward",
        check_sortedness=False,
    )  # fmt: skip
    return joined.sort("_row").drop("_row", "since")


def _on(day: date, scopes: pl.DataFrame) -> pl.DataFrame:
    places = countries_on(day)
    rows = scopes.filter(
        pl.col("since") <= day, pl.col("until").is_null() | (pl.col("until") >= day)
    ).to_dicts()
    covered = {
        name: frozenset[str]().union(*(_scope(r, places) for r in rows if name in r["classes"].split()))
        for name in CHIP_CLASSES
    }
    named = {code for row in rows for code in (row["places"] or "").split()}
    codes = pl.Series("iso2", sorted(places.codes))
    return pl.DataFrame(
        {
            "iso2": codes,
            "since": pl.Series([day] * len(codes), dtype=pl.Date),
            "groups": [", ".join(g for g in GROUPS_SHOWN if code in places.group(g)) for code in codes],
            "closed": [code in places.d5_or_macau for code in codes],
            "named": [code in named for code in codes],
            **{name: [code in covered[name] for code in codes] for name in CHIP_CLASSES},
        }
    )


def _scope(row: dict[str, str | None], places: Countries) -> frozenset[str]:
    """Return the countries of one row: its groups without those of other groups, and the places it names."""
    inside = frozenset[str]().union(*(places.group(g) for g in (row["groups"] or "").split()))
    outside = frozenset[str]().union(*(places.group(g) for g in (row["but_groups"] or "").split()))
    return (inside - outside) | frozenset((row["places"] or "").split())
