"""The places of a customer as conditions and words: which line of each rule on embargoed places applies."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.law import Law, table
from screening.places import address_conflicts
from screening.places.tables import place_labels
from screening.places.tables import table as place_table
from screening.redflags.signals.place_signs import (
    ADDRESS,
    AROUND,
    CONNECTED,
    IN_NAME,
    LEAD,
    RECORD,
    SEATS,
    place_signs,
)

COUNTRY_RULE, REGION_RULE, CONFLICT_RULE = "EMBARGO_COUNTRY", "EMBARGO_REGION", "EMBARGO_ADDRESS_CONFLICT"
LINES: Mapping[str, tuple[str, ...]] = {
    COUNTRY_RULE: (
        *("address", "address_elsewhere", "record", "address_possible"),
        *("around", "address_verify", "in_name"),
    ),
    REGION_RULE: (
        *("named", "named_republic", "named_elsewhere"),
        *("possible", "around", "lead", "in_name", "note"),
    ),
    CONFLICT_RULE: ("embargoed", "other"),
}
"""The lines that a place may give a rule, the strictest first."""
PLACE_WORDS = ("place_field", "place_name", "place_text")
PLACE_SENTENCES = ("place_why", "other_places")
"""What reasons quote of the leading place; the sentences are not repeated in the evidence."""
CRIMEA = "UA-43"
FURTHER = (CONNECTED, RECORD)
"""Fields that contradict the columns of the customer only where they name an embargoed place."""


class PlaceSignals:
    """Places in addresses, telephone numbers and names of customers: the strictest answers for the customer."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the rules on embargoed places."""
        return frozenset(LINES)

    def condition_columns(self, facts: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return `place_<rule>`: the line of the strictest place; null where no place gives the rule one."""
        signs = place_signs(facts)
        found = signs.select("row").unique().sort("row")
        for rule_id in LINES:
            first = _leading(_lines(signs, facts, rule_id, law)).select(
                "row", pl.col("line").alias(f"place_{rule_id}")
            )
            found = found.join(first, on="row", how="left", maintain_order="left")
        return found

    def text_columns(self, facts: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return the words of the leading place, and the others that the rule speaks of."""
        lines = _lines(place_signs(facts), facts, rule_id, law)
        labels = place_labels().rename({"label": "place_name"})
        lead = _leading(lines).join(labels, on="place", how="left", maintain_order="left")
        others = (
            lines.group_by("row", maintain_order=True)
            .agg(others=pl.col("why").unique(maintain_order=True).slice(1, 3).str.join("; "))
            .select(
                "row", other_places=pl.format(" Also: {}.", pl.col("others").replace("", None)).fill_null("")
            )
        )
        return lead.join(others, on="row", how="left", maintain_order="left").select(
            "row", "place_name", "other_places", place_field="field", place_text="text", place_why="why"
        )


def embargoed_countries(law: Law, scope: str = "comprehensive") -> frozenset[str]:
    """Return the countries under an embargo of this scope on the day."""
    return frozenset(law.covered(table("embargoes")).filter(pl.col("scope") == scope)["iso2"])


def embargoed_regions(law: Law) -> frozenset[str]:
    """Return the codes of the embargoed regions on the day."""
    return frozenset(law.covered(table("destinations")).filter(pl.col("branch") == "region")["code"])


def _leading(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.unique("row", keep="first", maintain_order=True)


def _lines(signs: pl.DataFrame, facts: pl.DataFrame, rule_id: str, law: Law) -> pl.DataFrame:
    """Return the signs of which a rule speaks, with `line`; of each row the strictest first."""
    if rule_id == CONFLICT_RULE:
        rows = _conflicts(signs, facts, law)
    else:
        branch = _country_line(law) if rule_id == COUNTRY_RULE else _region_line(law)
        rows = signs.with_columns(line=branch)
    order = {name: number for number, name in enumerate(LINES[rule_id])}
    ranked = rows.drop_nulls("line").with_columns(
        order=pl.col("line").replace_strict(order, return_dtype=pl.Int64)
    )
    return ranked.sort("row", "order", "field", "place", "text", nulls_last=True)


def _country_line(law: Law) -> pl.Expr:
    certainty = pl.col("certainty")
    whole = pl.col("place").is_in(embargoed_countries(law))
    verify = pl.col("place").is_in(embargoed_countries(law, "verify"))
    return (
        pl.when(whole, pl.col("field") == RECORD)
        .then(pl.lit("record"))
        .when(whole, certainty == AROUND)
        .then(pl.lit("around"))
        .when(whole, certainty == "sure", pl.col("country").is_null())
        .then(pl.lit("address"))
        .when(whole, certainty == "sure")
        .then(pl.lit("address_elsewhere"))
        .when(whole, certainty == "possible")
        .then(pl.lit("address_possible"))
        .when(whole, certainty == IN_NAME)
        .then(pl.lit("in_name"))
        .when(verify, certainty.is_in(["sure", "possible"]))
        .then(pl.lit("address_verify"))
    )


def _region_line(law: Law) -> pl.Expr:
    certainty = pl.col("certainty")
    embargoed = pl.col("place").is_in(embargoed_regions(law))
    noted = place_table("regions").filter(pl.col("scope") == "note")["place"]
    there = pl.col("country").is_in(["UA", "RU"]) | pl.col("field").is_in(SEATS)
    sure = embargoed & (certainty == "sure")
    return (
        pl.when(sure, pl.col("place") != CRIMEA)
        .then(pl.lit("named_republic"))
        .when(sure, there.fill_null(False))
        .then(pl.lit("named"))
        .when(sure)
        .then(pl.lit("named_elsewhere"))
        .when(embargoed, certainty == "possible")
        .then(pl.lit("possible"))
        .when(embargoed, certainty == AROUND)
        .then(pl.lit("around"))
        .when(embargoed, certainty == LEAD)
        .then(pl.lit("lead"))
        .when(embargoed, certainty == IN_NAME)
        .then(pl.lit("in_name"))
        .when(pl.col("place").is_in(noted.implode()))
        .then(pl.lit("note"))
    )


def _conflicts(signs: pl.DataFrame, facts: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return the places of addresses that contradict the country columns, with `line`.

    A country column that names a region counts as that region. That an address is in another country than the residence
    is no contradiction where it is that of the headquarters or of the incorporation; a connected address and a
    further record contradict only where an embargoed place is named.
    """
    codes = embargoed_countries(law) | embargoed_regions(law)
    read = signs.filter(pl.col("field").is_in([ADDRESS, *FURTHER])).with_row_index("key")
    read = read.with_columns(pl.col("key").cast(pl.String))
    region = (
        signs.filter(pl.col("field").is_in(SEATS)).unique("row", keep="first").select("row", region="place")
    )
    concerned = facts.select("row", *SEATS).join(read.select("row").unique(), on="row", how="semi")
    columns = concerned.select("row", own=pl.concat_list(SEATS).list.drop_nulls())
    placed = read.join(region, on="row", how="left").join(columns, on="row", how="left")
    placed = placed.with_columns(column=pl.coalesce("region", "country"))
    found = address_conflicts(
        placed.select("key", country="column"),
        placed.select("key", "place", "certainty", "why", word="text"),
        codes,
    ).select("key", line="kind", column="country")
    rows = placed.drop("column").join(found, on="key")
    same = (pl.col("place") == pl.col("column")).fill_null(False)
    own = pl.col("own").list.contains(pl.col("place")) | pl.col("field").is_in(FURTHER)
    return rows.filter(~same & ~((pl.col("line") == "other") & own.fill_null(False))).select(
        *signs.columns, "line"
    )
