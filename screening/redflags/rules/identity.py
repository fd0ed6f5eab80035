"""Whether a customer record has what the proposed IaaS customer identification rule asks for (89 FR 5698), and names
that hide something.

The first rule is only proposed: it opens a case only with its precautionary switch. It leaves out U.S. customers of
U.S. owners.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.law import Law
from screening.redflags.rule import ALWAYS, Branches, Rule
from screening.redflags.rules.asking import lead_conditions
from screening.redflags.rules.headquarters import within

_KINDS = {
    "beneficial owners": ("beneficial_owner",),
    "means of payment": ("bank",),
    "e-mail": ("email",),
    "telephone": ("phone",),
    "IP addresses of access": ("ip",),
}


def missing_fields() -> Mapping[str, pl.Expr]:
    """Return the fields the proposed 15 CFR 7.302 asks for, each with whether it is missing."""
    kinds = pl.col("connection_kinds").fill_null([])
    by_kind = {
        field: ~pl.any_horizontal(kinds.list.contains(kind) for kind in wanted)
        for field, wanted in _KINDS.items()
    }
    by_kind["means of payment"] &= pl.col("payer_countries").is_null()
    return {
        "name": pl.col("name").is_null(),
        "address": pl.col("address").is_null(),
        "jurisdiction of organisation": pl.coalesce("incorporation_country", "country").is_null(),
        **by_kind,
    }


def _record_complete(law: Law) -> Branches:
    own, parent = pl.coalesce("incorporation_country", "country"), pl.col("ultimate_parent_hq_country")
    american = within(own, law.places.united_states) & within(parent, law.places.united_states)
    return {
        "us_customer": american & ~pl.col("parent_unknown").fill_null(True),
        "incomplete": pl.any_horizontal(missing_fields().values()),
        "complete": ALWAYS,
    }


def _hidden_name(law: Law) -> Branches:
    return {**lead_conditions("NAME_HIDDEN"), "no_name": pl.col("name").is_null(), "plain": ALWAYS}


def computed_rules() -> Mapping[str, Rule]:
    """Return the identification rule, and the one on names."""
    return {"IAAS_CIP": _record_complete, "NAME_HIDDEN": _hidden_name}


class MissingFields:
    """The fields that are missing, which the text of IAAS_CIP names."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the one rule."""
        return frozenset({"IAAS_CIP"})

    def condition_columns(self, facts: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return nothing further: the conditions read the facts themselves."""
        return facts.select("row").head(0)

    def text_columns(self, facts: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return `missing_fields` in words."""
        named = [pl.when(gone).then(pl.lit(field)) for field, gone in missing_fields().items()]
        return facts.select("row", missing_fields=pl.concat_str(named, separator=", ", ignore_nulls=True))
