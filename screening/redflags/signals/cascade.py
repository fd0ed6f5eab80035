"""Results of the 50 percent rules, as conditions and texts read them. `screening.ownership` worked them out.

An entry without a role is about the owners of the customer; one with a role about those of a counterparty.
"""

from __future__ import annotations

import polars as pl

from screening.law import Law, table
from screening.law.regimes import regimes
from screening.redflags.party_effects import strictest_first
from screening.redflags.party_ownership import RULES, ownership_effect, party_branches
from screening.redflags.signals.deal_words import everybody_in_roles, with_deal_words
from screening.tables.ownership_status import STATUSES

RULE_REGIMES = {rule_id: regime.id for regime in regimes() for rule_id in regime.rule_ids}
UNCONFIRMED = "owner_unconfirmed"
"""The branch of what would be if possible matches were right."""
_STRENGTH = {status: rank for rank, status in enumerate(STATUSES)}


class CascadeSignals:
    """The column `restricted` of the facts: one entry a regime in which a listed party owns a share."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the rules on ownership by listed parties."""
        return frozenset(RULE_REGIMES)

    def condition_columns(self, facts: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return `<regime>_status`, `_cause`, `_el_meu` and `_doubtful` for each regime, and `party_<rule>`.

        `_status`: by owners who are identified. `_doubtful`: the worse status if possible matches are right too, null
        where it is none. `_el_meu`: an owner is on the Entity List or the MEU List.
        `party_<rule>`: the branch of the strictest entry of a counterparty; null where there is none.
        """
        on_bis_list = pl.col("root_lists").list.set_intersection(["EL", "MEU"]).list.len() > 0
        columns = [
            expression.filter(pl.col("regime") == regime, pl.col("role").is_null(), _doubtful() == doubtful)
            .first()
            .alias(f"{regime}_{name}")
            for regime in dict.fromkeys(RULE_REGIMES.values())
            for name, expression, doubtful in (
                ("status", pl.col("status"), False),
                ("cause", pl.col("cause"), False),
                ("el_meu", on_bis_list.fill_null(True), False),
                ("doubtful", pl.col("status"), True),
            )
        ]
        entries = _entries(facts)
        effects = [
            ownership_effect(rule_id, law)
            .filter(pl.col("regime") == RULE_REGIMES[rule_id], pl.col("role").is_not_null())
            .cast(pl.Enum(strictest_first(rule_id, party_branches(rule_id, law))))
            .min()
            .cast(pl.String)
            .alias(f"party_{rule_id}")
            for rule_id in RULES
        ]
        return entries.group_by("row").agg(*columns, *effects)

    def text_columns(self, facts: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return the strictest entry that takes the branch, its lists joined, and its owners' strictest policy.

        `parties` names every counterparty of which listed parties own a share under the rule's regime.
        """
        entries = _entries(facts).filter(pl.col("regime") == RULE_REGIMES[rule_id])
        effect = pl.lit(None, pl.String)
        if rule_id in RULES:
            effect = pl.when(pl.col("role").is_not_null()).then(ownership_effect(rule_id, law))
        entries = entries.with_columns(effect=effect, query_name=pl.lit(None, pl.String))
        takes = (pl.col("effect") == branch).fill_null(False)
        meant = _doubtful() if branch == UNCONFIRMED else ~_doubtful()
        own = pl.col("role").is_null() & ~takes.any().over("row")
        entries = entries.sort(pl.col("row"), own & meant, descending=[False, True], maintain_order=True)
        lead = entries.filter(takes | own).unique("row", keep="first", maintain_order=True)
        policies = table("license_policies").with_columns(pl.col("rank").cast(pl.Int64))
        strictest = (
            lead.select("row", "license_policies")
            .explode("license_policies", empty_as_null=False)
            .join(policies, left_on="license_policies", right_on="license_policy")
            .sort("row", "rank", descending=[False, True])
            .group_by("row", maintain_order=True)
            .agg(
                policy_note=pl.format(
                    " Strictest review policy among the owners: {}.", pl.col("words").first()
                )
            )
        )
        concerned = entries.filter(pl.col("effect").is_not_null())
        everybody = everybody_in_roles(concerned, pl.coalesce("path", pl.lit("owner on a list")))
        return (
            with_deal_words(lead, everybody)
            .join(strictest, on="row", how="left")
            .with_columns(
                pl.col("roots", "root_lists").list.join(", ").replace("", None),
                pl.col("policy_note").fill_null(""),
            )
            .drop("license_policies", "effect", "query_name", "possession", "service")
        )


def _entries(facts: pl.DataFrame) -> pl.DataFrame:
    """Return one row a customer, regime, counterparty in a role, and sure or doubtful: the strictest entry; sorted."""
    flat = facts.select("row", "restricted").explode("restricted", empty_as_null=False)
    flat = flat.drop_nulls("restricted").unnest("restricted")
    rank = pl.col("status").replace_strict(_STRENGTH, default=-1, return_dtype=pl.Int8)
    keys = ["row", "regime", "rank", "low", "path", "role", "counterparty"]
    return (
        flat.with_columns(rank=rank, doubtful=_doubtful())
        .sort(keys, descending=[False, False, True, True, False, False, False], nulls_last=True)
        .unique(["row", "regime", "role", "counterparty", "doubtful"], keep="first", maintain_order=True)
        .drop("rank", "doubtful")
    )


def _doubtful() -> pl.Expr:
    return (pl.col("root_band") == "review").fill_null(False)
