"""Matches with listed parties, as conditions and texts read them.

A match in the alert band counts as the listed party; one in the review band leaves open who the customer is. A match of
a related person (director, signatory, payer ...) is no match of the customer. Of several matches on one list the best
identified one is quoted; of several Entity List entries the strictest review policy and all footnotes count.
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
    """The column `hits` of the facts: one entry for each listed party that was matched."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the list rules."""
        return frozenset(listing_rules())

    def condition_columns(self, facts: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return `match_<rule>` (`REVIEW` or `ALERT`), `related_<rule>`, `same_building` and `related_person`."""
        matches = matches_by_rule(facts)
        own = matches.filter(~pl.col("related"))
        related = matches.filter(pl.col("related"), pl.col("strength") == ALERT)
        concerns = {rule_id: pl.col("rule_id") == rule_id for rule_id in listing_rules()}
        strength = [
            pl.col("strength").filter(is_rule).max().alias(f"match_{r}") for r, is_rule in concerns.items()
        ]
        persons = [is_rule.any().alias(f"related_{r}") for r, is_rule in concerns.items()]
        rows = matches.group_by("row").agg(same_building=(pl.col("band") == SAME_BUILDING).any())
        return (
            rows.join(own.group_by("row").agg(strength), on="row", how="left")
            .join(related.group_by("row").agg(*persons, related_person=pl.lit(True)), on="row", how="left")
            .sort("row")
        )

    def text_columns(self, facts: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return the best match of each row on the rule's list, with what the list says of the party in words."""
        matches = matches_by_rule(facts).filter(pl.col("rule_id") == rule_id)
        order = ["strength", "related", "score", "party_id"]
        ranked = matches.sort("row", *order, descending=[False, True, False, True, False], nulls_last=True)
        best = ranked.group_by("row", maintain_order=True).agg(
            pl.col(
                "list", "party_id", "party_name", "score", "band", "role", "query_name", "beside_name"
            ).first(),
            matched_name=pl.coalesce("matched_name", "party_name").first(),
            programs=pl.col("programs").first().list.join(", "),
            further_hits=(pl.len().cast(pl.Int64) - 1).replace(0, None),
        )
        return best.join(_listing_notes(matches, law), on="row", how="left").with_columns(
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


def matches_by_rule(facts: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each match and rule that it concerns: row, rule_id, strength, related, list, party_id, ...

    A tagged SDN concerns two rules: OFAC blocking and 15 CFR 744.8. Tags count on the SDN List only.
    """
    flat = facts.select("row", "hits").explode("hits", empty_as_null=False).drop_nulls("hits").unnest("hits")
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


def _listing_notes(matches: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Return in words the strictest review policy and the footnotes in force of all parties that may be meant."""
    policies = table("license_policies").with_columns(pl.col("rank").cast(pl.Int64))
    strictest = (
        matches.join(policies, on="license_policy")
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
        matches.select("row", "footnotes")
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
    return (
        matches.select("row").unique().join(strictest, on="row", how="left").join(noted, on="row", how="left")
    )
