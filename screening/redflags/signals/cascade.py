"""Results of the 50 percent rules, as conditions and texts read them. `screening.ownership` worked them out."""

from __future__ import annotations

import polars as pl

from screening.law import Law, table
from screening.law.regimes import regimes
from screening.tables.ownership_status import STATUSES

RULE_REGIMES = {rule_id: regime.id for regime in regimes() for rule_id in regime.rule_ids}
_STRENGTH = {status: rank for rank, status in enumerate(STATUSES)}


class CascadeSignals:
    """The column `restricted` of the facts: one entry a regime in which a listed party owns a share."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the rules on ownership by listed parties."""
        return frozenset(RULE_REGIMES)

    def condition_columns(self, facts: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return `<regime>_status`, `_cause`, `_unconfirmed` and `_el_meu` for each regime.

        `_unconfirmed`: an owner is only a possible match. `_el_meu`: an owner is on the Entity List or the MEU List.
        """
        on_bis_list = pl.col("root_lists").list.set_intersection(["EL", "MEU"]).list.len() > 0
        columns = [
            expression.filter(pl.col("regime") == regime).first().alias(f"{regime}_{name}")
            for regime in dict.fromkeys(RULE_REGIMES.values())
            for name, expression in (
                ("status", pl.col("status")),
                ("cause", pl.col("cause")),
                ("unconfirmed", pl.col("root_band") == "review"),
                ("el_meu", on_bis_list.fill_null(True)),
            )
        ]
        return _entries(facts).group_by("row").agg(columns)

    def text_columns(self, facts: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return the strictest entry of the rule's regime, its lists joined, and its owners' strictest policy."""
        entries = _entries(facts).filter(pl.col("regime") == RULE_REGIMES[rule_id])
        policies = table("license_policies").with_columns(pl.col("rank").cast(pl.Int64))
        strictest = (
            entries.select("row", "license_policies")
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
        return (
            entries.join(strictest, on="row", how="left")
            .with_columns(
                pl.col("roots", "root_lists").list.join(", ").replace("", None),
                pl.col("policy_note").fill_null(""),
            )
            .drop("license_policies")
        )


def _entries(facts: pl.DataFrame) -> pl.DataFrame:
    """Return one row a customer and regime: of several entries the strictest."""
    flat = facts.select("row", "restricted").explode("restricted", empty_as_null=False)
    flat = flat.drop_nulls("restricted").unnest("restricted")
    rank = pl.col("status").replace_strict(_STRENGTH, default=-1, return_dtype=pl.Int8)
    keys, descending = ["row", "regime", "rank", "low", "path"], [False, False, True, True, False]
    return (
        flat.with_columns(rank=rank)
        .sort(keys, descending=descending, nulls_last=True)
        .unique(["row", "regime"], keep="first", maintain_order=True)
        .drop("rank")
    )
