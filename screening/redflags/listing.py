"""Hits on the lists: the list decides what a hit means (`screening/data/lists.csv`).

A hit in the alert band raises the rule of its list. A hit in the review band leaves the question open, because who
the customer is has not been settled. Several hits on one list: the best one speaks and the rest are counted.
"""

from __future__ import annotations

from functools import partial
from types import MappingProxyType

import polars as pl

from screening.redflags.countries import Countries
from screening.redflags.rule import ALWAYS, Branches, Family
from screening.redflags.tables import rules, table

ALERT, REVIEW = 2, 1
_ADDRESS_LABEL = r"^Address \d+$"


def entries(facts: pl.DataFrame) -> pl.DataFrame:
    """Return the hits one a row, each under the rule ids it speaks to: row, rule_id, list, party_id, ...

    A tagged SDN speaks to two rules: OFAC blocking and 15 CFR 744.8.
    """
    flat = facts.select("row", "hits").explode("hits", empty_as_null=False).drop_nulls("hits").unnest("hits")
    own = dict(
        table("lists").filter(~pl.col("rule_id").is_in(_SPECIAL)).select("list", "rule_id").iter_rows()
    )
    by_address = (pl.col("list") == "EL") & (
        (pl.col("party_type") == "address").fill_null(False)
        | pl.col("party_name").str.contains(_ADDRESS_LABEL)
    )
    named = flat.with_columns(
        rule_id=pl.when(by_address)
        .then(pl.lit("EL_ADDRESS"))
        .otherwise(pl.col("list").replace_strict(own, default="OTHER_LIST", return_dtype=pl.String)),
        strength=pl.when(pl.col("band") == "review").then(REVIEW).otherwise(ALERT).cast(pl.UInt8),
    )
    tagged = named.filter((pl.col("list") == "SDN") & pl.col("ear_744_8")).with_columns(
        rule_id=pl.lit("SDN_EAR_744_8")
    )
    return pl.concat([named, tagged])


_SPECIAL = ("EL_ADDRESS", "SDN_EAR_744_8")


def _signals(facts: pl.DataFrame) -> pl.DataFrame:
    best = entries(facts).group_by("row", "rule_id").agg(pl.col("strength").max())
    columns = [
        pl.col("strength").filter(pl.col("rule_id") == rule_id).max().alias(f"hit_{rule_id}")
        for rule_id in _IDS
    ]
    return best.group_by("row").agg(columns)


def _details(facts: pl.DataFrame) -> pl.DataFrame:
    order = ["strength", "score", "party_id"]
    ranked = entries(facts).sort(order, descending=[True, True, False], nulls_last=True)
    return (
        ranked.group_by("row", "rule_id", maintain_order=True)
        .agg(pl.all().first(), further_hits=pl.len().cast(pl.Int64) - 1)
        .with_columns(
            pl.col("footnotes").cast(pl.List(pl.String)).list.join(", ").replace("", None),
            pl.col("programs").list.join(", ").replace("", None),
            pl.col("further_hits").replace(0, None),
            pl.coalesce("matched_name", "party_name").alias("matched_name"),
        )
        .drop("strength", "party_type", "ear_744_8")
    )


def _hit(law: Countries, rule_id: str, list_code: str) -> Branches:
    strength = pl.col(f"hit_{rule_id}")
    absent = pl.col("lists_missing").str.split(" ").list.contains(list_code).fill_null(False)
    branches = {
        "listed": strength == ALERT,
        "possible": strength == REVIEW,
        "not_screened": pl.col("hits").is_null() | absent,
        "no_hit": ALWAYS,
    }
    if rule_id == "SDN_EAR_744_8":
        # 15 CFR 744.8: an Entity List entry for the same party takes precedence.
        governed = (strength == ALERT) & (pl.col("hit_EL_LISTING") == ALERT)
        return {"entity_list_governs": governed, **branches}
    return branches


_LISTS = {**dict(table("lists").select("rule_id", "list").iter_rows()), "OTHER_LIST": ""}
_IDS = tuple(rules().filter(pl.col("family") == "listing")["rule_id"])

LISTING = Family(
    name="listing",
    rules=MappingProxyType(
        {rule_id: partial(_hit, rule_id=rule_id, list_code=_LISTS[rule_id]) for rule_id in _IDS}
    ),
    signals=_signals,
    details=_details,
)
