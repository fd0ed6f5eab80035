"""The vetting checklist of Supp. 10 to part 748, items 1-19, filled with what the records say.

The state of an item is `against` (a finding contradicts it), `open` (something it needs is not on record) or
`nothing_found`. None of these is a pass: a person starts from the checklist.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from screening.compute.results import percent
from screening.law import Law, figure, table


def checklist(
    customer_id: str,
    findings: pl.DataFrame,
    attestations: Mapping[int, str] = MappingProxyType({}),
    owners: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return item, title, state, found, asks for one customer, in the order of the items.

    `findings`: every outcome of the customer, as from `evaluate`. `attestations`: evidence by item. `owners`: as from
    `reportable_owners`; those that must be reported are counted under item 3 and leave it open.
    """
    items = table("veu_items").with_columns(
        pl.col("item").cast(pl.Int64), pl.col("against").fill_null("").str.split(" ")
    )
    mine = findings.filter(pl.col("customer_id") == customer_id)
    raised = mine.filter(pl.col("outcome") == "raised")
    unclear = mine.filter(pl.col("outcome") == "not_evaluable")
    named = items.select("item", pl.col("against").alias("rule_id")).explode("rule_id")
    evidence = pl.DataFrame(
        {"item": list(attestations), "attested": list(attestations.values())},
        schema={"item": pl.Int64, "attested": pl.String},
    )
    reportable = 0 if owners is None else owners.filter(pl.col("report")).height
    count = f"{reportable} stakes or ventures must be reported" if reportable else None
    joined = (
        items.join(_rules_by_item(named, raised, "found"), on="item", how="left")
        .join(_rules_by_item(named, unclear, "unknown"), on="item", how="left")
        .join(evidence, on="item", how="left")
        .with_columns(reportable=pl.when(pl.col("item") == 3).then(pl.lit(count, pl.String)))
    )
    not_attested = (pl.col("kind") == "attested") & pl.col("attested").is_null()
    not_given = (pl.col("item") == 3) & pl.lit(owners is None)
    state = (
        pl.when(pl.col("found").is_not_null())
        .then(pl.lit("against"))
        .when(pl.col("unknown").is_not_null() | not_attested | not_given | pl.col("reportable").is_not_null())
        .then(pl.lit("open"))
        .otherwise(pl.lit("nothing_found"))
    )
    return joined.select(
        "item",
        "title",
        state=state,
        found=pl.concat_str(
            "found", "reportable", "unknown", "attested", separator="; ", ignore_nulls=True
        ).replace("", None),
        asks="asks",
    ).sort("item")


def _rules_by_item(named: pl.DataFrame, findings: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return item and, in `column`, the rules of the item among the findings, with their outcome."""
    word = pl.format("{} {}", "rule_id", pl.col("outcome").str.replace("_", " ", literal=True))
    rows = named.join(findings.select("rule_id", "outcome"), on="rule_id").sort("item", "rule_id")
    return rows.group_by("item", maintain_order=True).agg(word.str.join(", ").alias(column))


def reportable_owners(owners: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Add up the shares of owners who act together, and say which must be reported (item 3).

    `owners`: owner_id, hq_country, list (null: not listed), share_ppm, value_usd, acts_with (null: alone), traded_in
    (country where the shares are mainly traded; null: not traded). Out: acts_with, share_ppm, value_usd, concerned
    (headquartered in D:5 or Macau, or on the Entity List or SDN List), report, share. Not reported: below 1 percent
    **and** below a million dollars, for shares mainly traded in one of the 19. Unknown counts as reportable.
    """
    concerned = pl.col("hq_country").is_in(law.places.d5_or_macau) | pl.col("list").is_in(["EL", "SDN"])
    together = (
        owners.with_columns(
            acts_with=pl.coalesce("acts_with", "owner_id"), concerned=concerned.fill_null(False)
        )
        .group_by("acts_with")
        .agg(
            share_ppm=pl.when(pl.col("share_ppm").is_not_null().all()).then(pl.col("share_ppm").sum()),
            value_usd=pl.when(pl.col("value_usd").is_not_null().all()).then(pl.col("value_usd").sum()),
            concerned=pl.col("concerned").any(),
            market=pl.col("traded_in").is_in(law.places.supp_5a).fill_null(False).all(),
        )
    )
    small = (
        (pl.col("share_ppm") < figure("veu_reportable_share"))
        & (pl.col("value_usd") < figure("veu_reportable_value"))
        & pl.col("market")
    )
    return (
        together.with_columns(
            report=pl.col("concerned") & ~small.fill_null(False),
            share=percent(pl.col("share_ppm"), pl.lit(1_000_000)),
        )
        .drop("market")
        .sort("acts_with")
    )
