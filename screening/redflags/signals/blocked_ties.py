"""Ties to blocked persons below half, as conditions and texts read them. `screening.ownership.ties` found them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.law import Law
from screening.ownership.shares import format_shares
from screening.redflags.signals.deal_words import everybody_in_roles, with_deal_words

RULE = "SDN_TIES"
OWN = (
    *("dealing", "control", "could_reach_half", "just_under", "above_hold"),
    *("significant", "above_significant", "small", "above_small", "unconfirmed"),
)
"""Branches that a tie of the customer takes, the strongest first."""
PARTY: Mapping[str, str] = {
    "dealing": "party_dealing",
    **dict.fromkeys(("control", "could_reach_half", "just_under", "above_hold"), "party_near"),
    **dict.fromkeys(("significant", "above_significant"), "party_significant"),
    **dict.fromkeys(("small", "above_small"), "party_small"),
}
"""The branch that the same tie of a counterparty takes."""
PARTY_BRANCHES = (*dict.fromkeys(PARTY.values()), "party_unconfirmed")


class TieSignals:
    """The column `ties` of the facts: one entry for each tie of the customer or of somebody it deals with."""

    @property
    def rules(self) -> frozenset[str]:
        """Return the rule on ties, and those that mention a small tie beside what they find."""
        return frozenset((RULE, "RF29", "SDN_50"))

    def condition_columns(self, facts: pl.DataFrame, law: Law) -> pl.DataFrame:
        """Return `tie` and `party_tie`: the branch of the strongest tie of the customer and of a counterparty."""
        own, party = pl.col("role").is_null(), pl.col("role").is_not_null()
        return (
            _entries(facts)
            .group_by("row")
            .agg(
                tie=pl.col("effect").filter(own).cast(pl.Enum(OWN)).min().cast(pl.String),
                party_tie=pl.col("effect").filter(party).cast(pl.Enum(PARTY_BRANCHES)).min().cast(pl.String),
            )
        )

    def text_columns(self, facts: pl.DataFrame, rule_id: str, branch: str, law: Law) -> pl.DataFrame:
        """Return the tie that takes the branch, in words; of another rule `tie_note`, what is on record besides."""
        entries = _entries(facts)
        if rule_id != RULE:
            own = entries.filter(pl.col("role").is_null(), pl.col("effect") != "could_reach_half")
            lines = own.select("row", words=_how()).unique().sort("row", "words")
            notes = lines.group_by("row", maintain_order=True).agg(
                tie_note=pl.format(
                    " Beside the 50 percent rule (OFAC FAQ 398, 400): {}.", pl.col("words").str.join("; ")
                )
            )
            return facts.select("row").join(notes, on="row", how="left", maintain_order="left").fill_null("")
        lead = entries.filter(pl.col("effect") == branch).unique("row", keep="first", maintain_order=True)
        everybody = everybody_in_roles(entries, _how())
        return (
            with_deal_words(lead, everybody)
            .with_columns(how=_how())
            .drop("effect", "query_name", "kind", "path", "signs", "above")
            .rename({"known": "tie_share"})
            .with_columns(tie_share=_percent("tie_share"))
        )


def _how() -> pl.Expr:
    """Return a tie in words: what blocked persons hold, by which path, what else they have, and of whom."""
    share = pl.when(pl.col("path").is_not_null()).then(
        pl.format("blocked persons hold {} ({})", _percent("known"), "path")
    )
    words = pl.concat_str(share, pl.col("signs"), separator="; ", ignore_nulls=True)
    whose = pl.when(pl.col("above").is_not_null()).then(pl.format("in {}, an owner above: ", "above"))
    return whose.fill_null("") + words


def _percent(column: str) -> pl.Expr:
    return format_shares(pl.col(column), pl.col(column))


def _entries(facts: pl.DataFrame) -> pl.DataFrame:
    """Return one row a tie with its `effect`, the branch that it takes; sorted."""
    flat = facts.select("row", "ties").explode("ties", empty_as_null=False).drop_nulls("ties").unnest("ties")
    kind = pl.col("kind").replace_strict(PARTY, return_dtype=pl.String)
    unsure = pl.col("band") == "review"
    own = pl.when(unsure).then(pl.lit("unconfirmed")).otherwise("kind")
    party = pl.when(unsure).then(pl.lit("party_unconfirmed")).otherwise(kind)
    keys = ["row", "role", "counterparty", "known", "above", "path", "signs"]
    return flat.with_columns(
        effect=pl.when(pl.col("role").is_null()).then(own).otherwise(party),
        query_name=pl.lit(None, pl.String),
    ).sort(keys, descending=[False, False, False, True, False, False, False], nulls_last=True)
