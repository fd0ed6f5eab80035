"""DEST_CHART: what reasons for control and the Commerce Country Chart say of a classification and a destination.

Supp. 1 to part 774 and Supp. 1 to part 738, as parsed from an eCFR state. A line that a person checks: it reads entries
and columns, and neither paragraphs nor notes nor licence exceptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from screening.law import Law, table
from screening.redflags.destinations.legs import ENDS
from screening.redflags.rule import ALWAYS, Branches
from screening.redflags.wording import country_names

ANSWERS = ("section", "required", "perhaps", "open", "no_reasons", "not_by_chart")
"""What the chart may answer: see a section of part 746; licence required; required for parts of the entry; not worked
out here; no reason on record; nothing."""


def chart_branches(law: Law) -> Branches:
    """Return the branches of DEST_CHART for one place of a shipment, in order. Legs: as from `with_chart`."""
    domestic = pl.col("place").is_in(sorted(law.places.united_states)) | (pl.col("movement") == "import")
    named = pl.col("licence").is_not_null() | pl.col("licence_ref").is_not_null()
    return {
        "other_role": ~pl.col("place_role").is_in(ENDS),
        "not_classified": pl.col("eccn").is_null(),
        "place_unknown": pl.col("place").is_null(),
        "home": domestic,
        "eccn_unknown": pl.col("chart").is_null(),
        "section": (pl.col("chart") == "section") | pl.col("programme").is_not_null(),
        "authorization_named": pl.col("chart").is_in(["required", "perhaps"]) & named,
        **{name: pl.col("chart") == name for name in ANSWERS[1:-1]},
        ANSWERS[-1]: ALWAYS,
    }


def with_chart(legs: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Add chart (the answer) and determination (a line of text) to legs; null where there is no entry or place."""
    pairs = legs.select("entry", "place").drop_nulls().unique().sort("entry", "place")
    lines = legs.join(determinations(pairs, law), on=["entry", "place"], how="left", maintain_order="left")
    # Part 746 reaches further than the chart.
    further = pl.when(pl.col("chart") != "section").then(pl.format("; {} as well", "section"))
    return lines.with_columns(pl.concat_str("determination", further.fill_null("")))


def determinations(pairs: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return entry, place, chart, determination of pairs of an entry and a country; unknown entries are left out.

    >>> from datetime import date
    >>> from screening.law import law_on
    >>> pair = pl.DataFrame({"entry": ["5A002"], "place": ["VN"]})
    >>> found = determinations(pair, law_on(date(2026, 12, 1)))
    >>> found["chart"].item(), found["determination"].item()[:49]
    ('required', '5A002 to Vietnam (VN): controlled for NS 1, AT 1,')
    """
    entries = pl.concat([table("eccn_reasons").select("eccn", "whole", "part"), _ear99()])
    asked = pairs.join(entries, left_on="entry", right_on="eccn").join(_columns(), on="place", how="left")
    tokens = pl.concat(_tokens(asked, limb) for limb in ("whole", "part"))
    tokens = tokens.join(_scopes(law), on="scope", how="left", maintain_order="left")
    chart = pl.col("scope").is_null()
    marked = pl.col("marked").list.contains(pl.col("token"))
    in_scope = pl.col("places").list.contains(pl.col("place"))
    by_chart = pl.col("token").str.replace(r"(\d)$", " $1")
    by_scope = pl.format("{} ({})", "reason", pl.coalesce("words", "scope"))
    found = (
        tokens.with_columns(
            covered=pl.when(chart).then(marked).otherwise(in_scope).fill_null(False),
            reason_words=pl.when(chart).then(by_chart).otherwise(by_scope),
            unsettled=~chart & pl.col("places").is_null() & pl.col("rule_id").is_null(),
        )
        .group_by("entry", "place", maintain_order=True)
        .agg(
            reasons=_reasons(pl.col("limb") == "whole"),
            partly=_reasons(pl.col("limb") == "part"),
            required=_reasons((pl.col("limb") == "whole") & pl.col("covered")),
            perhaps=_reasons((pl.col("limb") == "part") & pl.col("covered")),
            open=_reasons(pl.col("unsettled")),
        )
    )
    rows = asked.join(found, on=["entry", "place"], how="left").with_columns(chart=_answer())
    return rows.select("entry", "place", "chart", determination=_line()).sort("entry", "place")


def _reasons(rows: pl.Expr) -> pl.Expr:
    """Return the reasons of these rows as text, null where there are none."""
    return pl.col("reason_words").filter(rows).str.join(", ").replace("", None)


def _answer() -> pl.Expr:
    named = [pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in ANSWERS[:4]]
    nothing = pl.col("reasons").is_null() & pl.col("partly").is_null()
    ear99 = pl.when(pl.col("entry") == "EAR99").then(pl.lit("not_by_chart"))
    return pl.coalesce(ear99, *named, pl.when(nothing).then(pl.lit("no_reasons")), pl.lit("not_by_chart"))


def _line() -> pl.Expr:
    whole = pl.format("controlled for {}", "reasons")
    parts = pl.format("parts of the entry for {}", "partly")
    controls = pl.concat_str(whole, parts, separator="; ", ignore_nulls=True).replace("", None)
    answers = {
        "section": pl.format("the chart has no columns for it and refers to {}", "section"),
        "required": pl.format(
            "X in the chart, or in the scope, for {}: licence required unless an exception", "required"
        ),
        "perhaps": pl.format("X in the chart, or in the scope, for parts of the entry: {}", "perhaps"),
        "open": pl.format("not worked out here: {}", "open"),
        "no_reasons": pl.lit("the entry as parsed gives no reason for control; it may refer to another list"),
        "not_by_chart": pl.lit("no X and in no scope; parts 744 and 746 and the notes to the entry remain"),
    }
    answer = pl.coalesce(*(pl.when(pl.col("chart") == name).then(text) for name, text in answers.items()))
    place = pl.col("place").replace(dict(country_names()))
    text = pl.concat_str(controls, answer, separator="; ", ignore_nulls=True)
    return pl.format("{} to {}: {}", "entry", place, text)


def _tokens(asked: pl.DataFrame, limb: str) -> pl.DataFrame:
    """Return one row for each reason for which the whole entry, or a part of it, is controlled."""
    rows = asked.select("entry", "place", "marked", token=pl.col(limb).str.split(" "))
    named = rows.explode("token", empty_as_null=False).drop_nulls("token")
    return named.with_columns(
        reason=pl.col("token").str.extract(r"^([A-Z]+)"),
        scope=pl.col("token").str.extract(r":(.+)$"),
        limb=pl.lit(limb),
    )


def _ear99() -> pl.DataFrame:
    return pl.DataFrame(
        [("EAR99", None, None)], {c: pl.String() for c in ("eccn", "whole", "part")}, orient="row"
    )


@cache
def _columns() -> pl.DataFrame:
    """Return the chart's columns by country: place, marked (those with an X), section; a territory has its parent's."""
    chart = table("commerce_country_chart").select("iso2", "section", marked=pl.col("columns").str.split(" "))
    own = pl.col("iso2").is_in(chart["iso2"].implode())
    places = table("countries").select(place="iso2", iso2=pl.when(own).then("iso2").otherwise("treated_as"))
    return places.join(chart, on="iso2").select("place", "marked", "section")


def _scopes(law: Law) -> pl.DataFrame:
    """Return the scopes that are no column of the chart: scope, words, rule_id, places (null: not worked out)."""
    rows = table("control_scopes")
    codes = [_places(text, law.places.codes, dict(law.places.groups)) for text in rows["places"]]
    return rows.select("scope", "words", "rule_id", pl.Series("places", codes, dtype=pl.List(pl.String())))


def _places(
    text: str | None, codes: frozenset[str], groups: Mapping[str, frozenset[str]]
) -> list[str] | None:
    """Return the countries that words such as `*` (all), `-CA` (all but one), `D:5` and `MO` stand for."""
    if text is None:
        return None
    found: set[str] = set()
    for word in text.split():
        if word == "*":
            found |= codes
        elif word.startswith("-"):
            found |= codes - {word[1:]}
        else:
            found |= groups.get(word, frozenset({word}))
    return sorted(found)
