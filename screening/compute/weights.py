"""Where controlled model weights may be stored (Supp. 10 to part 748, item 8; 15 CFR 740.27)."""

from __future__ import annotations

import polars as pl

from screening.law import Law


def storage(sites: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Add `state` to the places where controlled weights are stored.

    `sites`: country, operator_hq_country, secured (items 14, 15 and 18 are met: true, false or null). `home`: one of
    the 19. `closed`: D:5 or Macau. Elsewhere only facilities of companies headquartered in the 19 that meet the three
    items: `conditions_met`, `conditions_open` (something is not on record) or `not_allowed_here`.

    >>> from datetime import date
    >>> from screening.law import law_on
    >>> sites = pl.DataFrame({"country": ["US", "AE", "MO"], "operator_hq_country": ["US", "US", "US"],
    ...     "secured": [None, True, True]})
    >>> storage(sites, law_on(date(2026, 11, 22)))["state"].to_list()
    ['home', 'conditions_met', 'closed']
    """
    place, operator = pl.col("country"), pl.col("operator_hq_country")
    partners = law.places.supp_5a - law.places.offshore
    countries = law.places.codes
    state = (
        pl.when(place.is_in(law.places.d5_or_macau))
        .then(pl.lit("closed"))
        .when(place.is_in(law.places.supp_5a))
        .then(pl.lit("home"))
        .when(~place.is_in(countries).fill_null(False) | ~operator.is_in(countries).fill_null(False))
        .then(pl.lit("conditions_open"))
        .when(~operator.is_in(partners) | ~pl.col("secured").fill_null(True))
        .then(pl.lit("not_allowed_here"))
        .when(pl.col("secured"))
        .then(pl.lit("conditions_met"))
        .otherwise(pl.lit("conditions_open"))
    )
    return sites.with_columns(state=state)
