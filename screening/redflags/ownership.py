"""Findings of the 50 percent cascade per regime, and the duty of Red Flag 29 to find a listed owner's share.

The arithmetic is done before (`screening.ownership`); here its result becomes a rule's answer. OFAC and SSI ask one
question each; the BIS result feeds both the Affiliates rule and Red Flag 29, which needs a root on the Entity List or
the MEU List (Supp. 8(a) to part 744).
"""

from __future__ import annotations

from functools import partial
from types import MappingProxyType

import polars as pl

from screening.redflags.countries import Countries
from screening.redflags.rule import ALWAYS, Branches, Family

_REGIME_RULES = (("ofac", "SDN_50"), ("ssi", "SSI_50"), ("bis", "BIS_AFFILIATES"), ("bis", "RF29"))
_STRENGTH = ("minority", "indeterminate", "restricted")


def _entries(facts: pl.DataFrame) -> pl.DataFrame:
    """Return one row a customer and regime; of several entries the strictest."""
    flat = facts.select("row", "restricted").explode("restricted", empty_as_null=False)
    flat = flat.drop_nulls("restricted").unnest("restricted")
    rank = pl.col("status").replace_strict(
        {s: i for i, s in enumerate(_STRENGTH)}, default=-1, return_dtype=pl.Int8
    )
    return (
        flat.with_columns(rank=rank)
        .sort(
            "row",
            "regime",
            "rank",
            "low",
            "path",
            descending=[False, False, True, True, False],
            nulls_last=True,
        )
        .unique(["row", "regime"], keep="first", maintain_order=True)
        .drop("rank")
    )


def _signals(facts: pl.DataFrame) -> pl.DataFrame:
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
    return _entries(facts).group_by("row").agg(columns)


def _details(facts: pl.DataFrame) -> pl.DataFrame:
    named = _entries(facts).with_columns(pl.col("roots", "root_lists").list.join(", ").replace("", None))
    rules = pl.DataFrame(_REGIME_RULES, schema=["regime", "rule_id"], orient="row")
    return named.join(rules, on="regime")


def _fifty(law: Countries, regime: str) -> Branches:
    status = pl.col(f"{regime}_status")
    unclear = status == "indeterminate"
    return {
        "not_traced": pl.col("restricted").is_null(),
        "owner_unconfirmed": (status == "restricted") & pl.col(f"{regime}_unconfirmed"),
        "restricted": status == "restricted",
        "holder_share_unknown": unclear & (pl.col(f"{regime}_cause") == "holder_share_unknown"),
        "remainder_unknown": unclear,
        "minority": status == "minority",
        "no_owner_on_record": pl.col("parent_unknown"),
        "none_found": ALWAYS,
    }


def _place() -> pl.Expr:
    return pl.coalesce("incorporation_country", "country")


def _affiliates(law: Countries) -> Branches:
    """A U.S. entity stays a conduit for others but the rule does not reach it (Supp. 8(a): foreign entities)."""
    traced = _fifty(law, "bis")
    caught = pl.col("bis_status") == "restricted"
    return {
        "not_traced": traced["not_traced"],
        "us_entity": _place().is_in(law.united_states),
        "place_unknown": caught & ~_place().is_in(law.known).fill_null(False),
        **{name: condition for name, condition in traced.items() if name != "not_traced"},
    }


def _red_flag_29(law: Countries) -> Branches:
    status, el_meu = pl.col("bis_status"), pl.col("bis_el_meu")
    return {
        "not_traced": pl.col("restricted").is_null(),
        "us_entity": _place().is_in(law.united_states),
        "share_known": (status == "restricted") & el_meu,
        "sdn_owner_only": status.is_not_null() & ~el_meu,
        "share_unknown": status == "indeterminate",
        "minority": status == "minority",
        "no_owner_on_record": pl.col("parent_unknown"),
        "none_found": ALWAYS,
    }


OWNERSHIP = Family(
    name="ownership",
    rules=MappingProxyType(
        {
            "SDN_50": partial(_fifty, regime="ofac"),
            "SSI_50": partial(_fifty, regime="ssi"),
            "BIS_AFFILIATES": _affiliates,
            "RF29": _red_flag_29,
        }
    ),
    signals=_signals,
    details=_details,
)
