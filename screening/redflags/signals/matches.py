"""Matches with listed parties, as conditions and texts read them.

A match in the alert band counts as the listed party; one in the review band leaves open who the subject is. A match of
somebody in a role (end user, forwarder, director ...) is no match of the customer: `party_effects` says what it means.
Of several matches on one list the customer's own goes first, then the strictest; of several Entity List entries the
strictest review policy and all footnotes count.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from lists.reference import reference
from screening.law import Law, table
from screening.law.tables import rules
from screening.redflags.party_effects import RELATED_CLASSES, role_branches, with_effect
from screening.redflags.signals.deal_words import everybody_in_roles, with_deal_words

ALERT, REVIEW = 2, 1
_ADDRESS_LABEL = r"^Address \d+$"
_SPECIAL = ("EL_ADDRESS", "SDN_EAR_744_8")
SAME_BUILDING = "building"
"""Band of an address in the building of a listed one, but not at it."""
GOVERNED = "entity_list_governs"
"""Effect of a match under 15 CFR 744.8 where the same party has an Entity List entry, which takes precedence."""
QUOTED = (
    "list", "party_id", "party_name", "score", "band", "role", "query_name", "beside_name", "counterparty", "field",
    "transactions", "occasions", "first_day", "last_day", "items", "start", "end", "consequence", "role_citation",
)  # fmt: skip
"""What texts and evidence name of the match that speaks."""


class MatchSignals:
    """The column `hits` of the facts: one entry for each listed party that was matched."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the list rules."""
        return frozenset(listing_rules())

    def condition_columns(self, facts: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return `match_<rule>` (`REVIEW` or `ALERT`), `role_<rule>`, `same_building` and `related_person`.

        `role_<rule>`: the branch of the strictest match of somebody in a role; null where there is none.
        """
        matches = matches_by_rule(facts)
        own = matches.filter(pl.col("effect").is_null())
        in_roles = matches.filter(pl.col("effect").is_not_null())
        strengths, effects = [], []
        for rule_id in listing_rules():
            concerned = pl.col("rule_id") == rule_id
            strengths.append(pl.col("strength").filter(concerned).max().alias(f"match_{rule_id}"))
            order = pl.Enum((*role_branches(rule_id), GOVERNED))
            ranked = pl.when(concerned).then("effect").cast(order, strict=False)
            effects.append(ranked.min().cast(pl.String).alias(f"role_{rule_id}"))
        related = pl.col("role_class").is_in(RELATED_CLASSES) & pl.col("counterparty").is_null()
        people = in_roles.filter(related, pl.col("strength") == ALERT).select("row").unique()
        same_building = (pl.col("band") == SAME_BUILDING) & pl.col("effect").is_null()
        return (
            matches.group_by("row")
            .agg(same_building=same_building.any())
            .join(own.group_by("row").agg(strengths), on="row", how="left")
            .join(in_roles.group_by("row").agg(effects), on="row", how="left")
            .join(people.with_columns(related_person=pl.lit(True)), on="row", how="left")
            .sort("row")
        )

    def text_columns(self, facts: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return of each row the best match that takes the branch, with what the list says of the party in words.

        `parties` names everybody in a role on the rule's list; `further_hits` counts the matches that are not quoted.
        """
        matches = matches_by_rule(facts).filter(pl.col("rule_id") == rule_id)
        in_role = (pl.col("effect") == branch).fill_null(False)
        own = pl.col("effect").is_null() & ~in_role.any().over("row")
        meant = matches.filter(in_role | own)
        order = ["strength", "score", "party_id", "role", "counterparty", "query_name"]
        ranked = meant.sort("row", *order, descending=[False, True, True, *4 * [False]], nulls_last=True)
        best = ranked.group_by("row", maintain_order=True).agg(
            pl.col(QUOTED).first(),
            matched_name=pl.coalesce("matched_name", "party_name").first(),
            programs=pl.col("programs").first().list.join(", ").replace("", None),
        )
        count = matches.group_by("row").agg(further_hits=(pl.len().cast(pl.Int64) - 1).replace(0, None))
        named = pl.format("{} ({})", pl.col("party_name"), pl.col("party_id"))
        who = pl.when(pl.col("role").is_not_null()).then(pl.coalesce("counterparty", "query_name"))
        return (
            with_deal_words(best, everybody_in_roles(matches, named))
            .join(count, on="row", how="left", maintain_order="left")
            .join(_listing_notes(meant, law), on="row", how="left", maintain_order="left")
            .with_columns(
                pl.col("footnote_note", "policy_note").fill_null(""),
                counterparty=who,
                listed_words=_listed_words(),
                beside_note=pl.format(" Beside the name: {}.", "beside_name").fill_null(""),
            )
        )


@cache
def listing_rules() -> tuple[str, ...]:
    """Return the ids of the list rules, in the order of the rule table."""
    return tuple(rules().filter(pl.col("family") == "listing")["rule_id"])


@cache
def _tags() -> tuple[str, ...]:
    return tuple(reference("ear_744_8_tags")["tag"])


def matches_by_rule(facts: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each match and rule that it concerns: row, rule_id, strength, effect, list, party_id, ...

    A tagged SDN concerns two rules: OFAC blocking and 15 CFR 744.8. Tags count on the SDN List only. `effect`: the
    branch of a match in a role, null for a match of the customer itself.
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
    named = flat.with_columns(
        rule_id=pl.when(by_address)
        .then(pl.lit("EL_ADDRESS"))
        .otherwise(pl.col("list").replace_strict(own, default="OTHER_LIST", return_dtype=pl.String)),
        strength=pl.col("band")
        .replace_strict({"review": REVIEW, SAME_BUILDING: 0}, default=ALERT, return_dtype=pl.UInt8)
        .fill_null(ALERT),
    )
    twice = named.filter((pl.col("list") == "SDN") & tagged.fill_null(False))
    both = pl.concat([named, twice.with_columns(rule_id=pl.lit("SDN_EAR_744_8"))])
    return _governed(with_effect(both))


def _governed(matches: pl.DataFrame) -> pl.DataFrame:
    """Let the Entity List entry of somebody in a role go before section 744.8 (15 CFR 744.8(a)(1))."""
    key = ["row", "role", "counterparty"]
    listed = matches.filter(pl.col("rule_id") == "EL_LISTING", pl.col("effect") == "party_listed").select(key)
    first = listed.unique().with_columns(governed=pl.lit(True))
    both = (pl.col("rule_id") == "SDN_EAR_744_8") & (pl.col("effect") == "party_listed") & pl.col("governed")
    joined = matches.join(first, on=key, how="left", nulls_equal=True, maintain_order="left")
    effect = pl.when(both.fill_null(False)).then(pl.lit(GOVERNED)).otherwise("effect")
    return joined.with_columns(effect=effect).drop("governed")


def _listed_words() -> pl.Expr:
    since, until = (pl.col(day).cast(pl.String) for day in ("start", "end"))
    first = pl.when(since.is_null()).then(pl.lit("listed")).otherwise(pl.format("listed from {}", since))
    return pl.when(until.is_null()).then(first + " on").otherwise(pl.format("{} to {}", first, until))


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
