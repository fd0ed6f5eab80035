"""Hits on the lists, as conditions and texts read them.

A hit in the alert band speaks; one in the review band leaves open who the customer is. A hit on a related person
(director, signatory, payer ...) is not a hit on the customer. Of several hits on one list the best identified speaks;
of several Entity List entries the strictest review policy and all footnotes count.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from lists.reference import reference
from screening.law import Law, table
from screening.law.tables import rules

ALERT, REVIEW = 2, 1
_ADDRESS_LABEL = r"^Address \d+$"
_SPECIAL = ("EL_ADDRESS", "SDN_EAR_744_8")
SAME_BUILDING = "building"
"""Band of an address in the building of a listed one, but not at it."""


class MatchSignals:
    """The column `hits`."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the list rules."""
        return frozenset(listing_rules())

    def signals(self, sheet: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return `hit_<rule>` (1 review, 2 alert), `related_<rule>`, `same_building` and `related_person`."""
        found = entries(sheet)
        party = found.filter(~pl.col("related"))
        related = found.filter(pl.col("related"), pl.col("strength") == ALERT)
        on_list = {rule_id: pl.col("rule_id") == rule_id for rule_id in listing_rules()}
        strength = [pl.col("strength").filter(on).max().alias(f"hit_{r}") for r, on in on_list.items()]
        persons = [on.any().alias(f"related_{r}") for r, on in on_list.items()]
        rows = found.group_by("row").agg(same_building=(pl.col("band") == SAME_BUILDING).any())
        return (
            rows.join(party.group_by("row").agg(strength), on="row", how="left")
            .join(related.group_by("row").agg(*persons, related_person=pl.lit(True)), on="row", how="left")
            .sort("row")
        )

    def details(self, rows: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return the best hit of each row on the rule's list, with what its entry says in words."""
        mine = entries(rows).filter(pl.col("rule_id") == rule_id)
        order = ["strength", "related", "score", "party_id"]
        ranked = mine.sort("row", *order, descending=[False, True, False, True, False], nulls_last=True)
        best = ranked.group_by("row", maintain_order=True).agg(
            pl.col(
                "list", "party_id", "party_name", "score", "band", "role", "query_name", "beside_name"
            ).first(),
            matched_name=pl.coalesce("matched_name", "party_name").first(),
            programs=pl.col("programs").first().list.join(", "),
            further_hits=(pl.len().cast(pl.Int64) - 1).replace(0, None),
        )
        return best.join(_entry(mine, law), on="row", how="left").with_columns(
            pl.col("programs").replace("", None),
            pl.col("footnote_note", "policy_note").fill_null(""),
            beside_note=pl.format(" Beside the name: {}.", "beside_name").fill_null(""),
        )


@cache
def listing_rules() -> tuple[str, ...]:
    """Return the ids of the list rules, in the order of the rule table."""
    return tuple(rules().filter(pl.col("family") == "listing")["rule_id"])


@cache
def _tags() -> tuple[str, ...]:
    return tuple(reference("ear_744_8_tags")["tag"])


def entries(sheet: pl.DataFrame) -> pl.DataFrame:
    """Return the hits one a row, each under the rules it speaks to: row, rule_id, strength, related, list, ...

    A tagged SDN speaks to two rules: OFAC blocking and 15 CFR 744.8. Tags count on the SDN List only.
    """
    flat = sheet.select("row", "hits").explode("hits", empty_as_null=False).drop_nulls("hits").unnest("hits")
    lists = table("lists").filter(~pl.col("rule_id").is_in(_SPECIAL))
    own = dict(lists.select("list", "rule_id").iter_rows())
    by_address = (pl.col("list") == "EL") & (
        (pl.col("party_type") == "address").fill_null(False)
        | pl.col("party_name").str.contains(_ADDRESS_LABEL)
    )
    tags = pl.col("programs").list.eval(
        pl.element().str.strip_chars().str.replace_all(" ", "-", literal=True)
    )
    tagged = pl.coalesce("ear_744_8", tags.list.set_intersection(list(_tags())).list.len() > 0)
    roles = table("roles").filter(pl.col("kind") == "related")["role"]
    named = flat.with_columns(
        rule_id=pl.when(by_address)
        .then(pl.lit("EL_ADDRESS"))
        .otherwise(pl.col("list").replace_strict(own, default="OTHER_LIST", return_dtype=pl.String)),
        strength=pl.col("band")
        .replace_strict({"review": REVIEW, SAME_BUILDING: 0}, default=ALERT, return_dtype=pl.UInt8)
        .fill_null(ALERT),
        related=pl.col("role").is_in(roles.implode()).fill_null(False),
    )
    twice = named.filter((pl.col("list") == "SDN") & tagged.fill_null(False))
    return pl.concat([named, twice.with_columns(rule_id=pl.lit("SDN_EAR_744_8"))])


def _entry(mine: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return in words the strictest review policy and the footnotes in force of all entries that may be meant."""
    policies = table("license_policies").with_columns(pl.col("rank").cast(pl.Int64))
    strictest = (
        mine.join(policies, on="license_policy")
        .sort("row", "rank", descending=[False, True])
        .group_by("row", maintain_order=True)
        .agg(
            pl.col("license_policy").first(),
            policy_note=pl.format(" Review policy: {}.", pl.col("words").first()),
        )
    )
    footnotes = table("footnotes").with_columns(pl.col("footnote").cast(pl.Int64))
    valid = footnotes.filter(pl.col("rule_id").is_in([r for r, s in law.statuses.items() if s == "in_force"]))
    noted = (
        mine.select("row", "footnotes")
        .explode("footnotes", empty_as_null=False)
        .drop_nulls()
        .unique()
        .join(valid, left_on="footnotes", right_on="footnote")
        .sort("row", "footnotes")
        .group_by("row", maintain_order=True)
        .agg(
            footnote=pl.col("footnotes").cast(pl.String).str.join(", "),
            footnote_note=pl.format(
                " Footnote {}: {} ({}).", "footnotes", "consequence", "citation"
            ).str.join(""),
        )
    )
    return mine.select("row").unique().join(strictest, on="row", how="left").join(noted, on="row", how="left")
