"""The vetting checklist of Supp. 10 to part 748, items 1-19, as a record filled with what we found.

Each item says `against` (a finding speaks against it), `open` (something it needs is not on record) or `nothing_found`.
None of these is a pass: the record is what a person starts from.
"""

from __future__ import annotations

import polars as pl

from screening.compute.results import percent
from screening.law import Law, table

ONE_PERCENT, ONE_MILLION = 10_000, 1_000_000


def checklist(
    customer_id: str,
    findings: pl.DataFrame,
    attestations: pl.DataFrame | None = None,
    stakes: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return item, title, state, found, asks for one customer, in the order of the items.

    `findings`: all outcomes of the customer (`evaluate`, keep="all"). `attestations`: item, evidence, date.
    `stakes`: as from `reportable_stakes`; one that must be reported speaks against nothing but is named under item 3.
    """
    items = table("veu_items").with_columns(
        pl.col("item").cast(pl.Int64), pl.col("against").fill_null("").str.split(" ")
    )
    mine = findings.filter(pl.col("customer_id") == customer_id)
    raised = mine.filter(pl.col("outcome") == "raised")
    unclear = mine.filter(pl.col("outcome") == "not_evaluable")
    named = items.select("item", pl.col("against").alias("rule_id")).explode("rule_id")
    told = pl.DataFrame(schema={"item": pl.Int64, "said": pl.String})
    if attestations is not None:
        told = attestations.group_by(pl.col("item").cast(pl.Int64)).agg(
            said=pl.format("{} ({})", "evidence", "date").sort().str.join("; ")
        )
    holdings = 0 if stakes is None else stakes.filter(pl.col("report")).height
    noted = f"{holdings} stakes or ventures must be reported" if holdings else None
    joined = (
        items.join(_said(named, raised, "found"), on="item", how="left")
        .join(_said(named, unclear, "unknown"), on="item", how="left")
        .join(told, on="item", how="left")
        .with_columns(noted=pl.when(pl.col("item") == 3).then(pl.lit(noted, pl.String)))
    )
    lacking = (pl.col("kind") == "attested") & pl.col("said").is_null()
    unlooked = (pl.col("item") == 3) & pl.lit(stakes is None)
    state = (
        pl.when(pl.col("found").is_not_null())
        .then(pl.lit("against"))
        .when(pl.col("unknown").is_not_null() | lacking | unlooked | pl.col("noted").is_not_null())
        .then(pl.lit("open"))
        .otherwise(pl.lit("nothing_found"))
    )
    return joined.select(
        "item",
        "title",
        state=state,
        found=pl.concat_str("found", "noted", "unknown", "said", separator="; ", ignore_nulls=True).replace(
            "", None
        ),
        asks="asks",
    ).sort("item")


def _said(named: pl.DataFrame, findings: pl.DataFrame, column: str) -> pl.DataFrame:
    word = pl.format("{} {}", "rule_id", pl.col("outcome").str.replace("_", " ", literal=True))
    rows = named.join(findings.select("rule_id", "outcome"), on="rule_id").sort("item", "rule_id")
    return rows.group_by("item", maintain_order=True).agg(word.str.join(", ").alias(column))


def reportable_stakes(stakes: pl.DataFrame, law: Law) -> pl.DataFrame:
    """Add up holdings by acting-together group and say which must be reported (item 3).

    `stakes`: holder, hq_country, list (null = not listed), share_ppm, value_usd, acts_with (null = alone),
    traded_in (country where the shares are mainly traded; null = not traded). Out: acts_with, share_ppm, value_usd,
    concerned, report, share. Not reported: below 1 percent **and** below a million dollars, for shares mainly traded in
    one of the 19. Unknown size or market counts as reportable.
    """
    concerned = pl.col("hq_country").is_in(law.places.d5_or_macau) | pl.col("list").is_in(["EL", "SDN"])
    together = (
        stakes.with_columns(
            acts_with=pl.coalesce("acts_with", "holder"), concerned=concerned.fill_null(False)
        )
        .group_by("acts_with")
        .agg(
            share_ppm=pl.when(pl.col("share_ppm").is_not_null().all()).then(pl.col("share_ppm").sum()),
            value_usd=pl.when(pl.col("value_usd").is_not_null().all()).then(pl.col("value_usd").sum()),
            concerned=pl.col("concerned").any(),
            market=pl.col("traded_in").is_in(law.places.supp_5a).fill_null(False).all(),
        )
    )
    small = (pl.col("share_ppm") < ONE_PERCENT) & (pl.col("value_usd") < ONE_MILLION) & pl.col("market")
    return (
        together.with_columns(
            report=pl.col("concerned") & ~small.fill_null(False),
            share=percent(pl.col("share_ppm"), pl.lit(1_000_000)),
        )
        .drop("market")
        .sort("acts_with")
    )
