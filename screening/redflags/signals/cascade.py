"""Results of the 50 percent cascade, as conditions and texts read them.

The arithmetic was done in `screening.ownership`.
"""

from __future__ import annotations

import polars as pl

from screening.law import Law, table

RULE_REGIMES = {"SDN_50": "ofac", "SSI_50": "ssi", "BIS_AFFILIATES": "bis", "RF29": "bis"}
_STRENGTH = {"minority": 0, "indeterminate": 1, "restricted": 2}


class CascadeSignals:
    """The column `restricted`."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the rules on ownership by listed parties."""
        return frozenset(RULE_REGIMES)

    def signals(self, sheet: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return `<regime>_status`, `_cause`, `_unconfirmed` (rests on a possible match) and `_el_meu`."""
        on_bis_list = pl.col("root_lists").list.set_intersection(["EL", "MEU"]).list.len() > 0
        columns = [
            expression.filter(pl.col("regime") == regime).first().alias(f"{regime}_{name}")
            for regime in ("ofac", "ssi", "bis")
            for name, expression in (
                ("status", pl.col("status")),
                ("cause", pl.col("cause")),
                ("unconfirmed", pl.col("root_band") == "review"),
                ("el_meu", on_bis_list.fill_null(True)),
            )
        ]
        return _entries(sheet).group_by("row").agg(columns)

    def details(self, rows: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return the strictest entry of the rule's regime, its lists joined, and its owners' strictest policy."""
        mine = _entries(rows).filter(pl.col("regime") == RULE_REGIMES[rule_id])
        policies = table("license_policies").with_columns(pl.col("rank").cast(pl.Int64))
        strictest = (
            mine.select("row", "license_policies")
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
            mine.join(strictest, on="row", how="left")
            .with_columns(
                pl.col("roots", "root_lists").list.join(", ").replace("", None),
                pl.col("policy_note").fill_null(""),
            )
            .drop("license_policies")
        )


def _entries(sheet: pl.DataFrame) -> pl.DataFrame:
    """Return one row a customer and regime; of several entries the strictest."""
    flat = sheet.select("row", "restricted").explode("restricted", empty_as_null=False)
    flat = flat.drop_nulls("restricted").unnest("restricted")
    rank = pl.col("status").replace_strict(_STRENGTH, default=-1, return_dtype=pl.Int8)
    keys, descending = ["row", "regime", "rank", "low", "path"], [False, False, True, True, False]
    return (
        flat.with_columns(rank=rank)
        .sort(keys, descending=descending, nulls_last=True)
        .unique(["row", "regime"], keep="first", maintain_order=True)
        .drop("rank")
    )
