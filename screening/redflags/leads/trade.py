"""Leads from transactions: roles, routes, payers, goods, volumes, payment and items made for somebody else."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from screening.compute.results import grouped, results
from screening.law import figure, policy_figure, table
from screening.redflags.facts.inputs import Inputs
from screening.redflags.leads import watchlists
from screening.redflags.leads.word_patterns import mentions
from screening.redflags.party_effects import role_words
from screening.text import sorted_words

LAST_STOPS = ("intermediate_consignee", "ultimate_consignee", "end_user")
CASH_LIKE = ("cash", "crypto", "prepaid", "stablecoin", "money_order", "gift_card")
OWN_PLACES = ("country", "hq_country", "incorporation_country", "ultimate_parent_hq_country")


def detect(inputs: Inputs) -> pl.DataFrame:
    """Return the leads of each customer's own transactions: RF05, RF09, RF10, RF19, RF21, G03, G07, G12-G16, items."""
    deals = inputs.transactions.join(inputs.customers, on="customer_id")
    return pl.concat(
        [
            _payment(deals),
            _unnamed(deals),
            _last_stop(deals),
            _routes(deals),
            _payers(deals, inputs),
            _goods(deals),
            _jump(inputs),
            _items(deals, inputs),
            _designs(deals),
            watchlists.detect(inputs, deals),
        ]
    )


def _outside(place: pl.Expr) -> pl.Expr:
    """Return whether a place is none of the customer's own; an unknown place is not."""
    own = [pl.col(c).is_not_null() & (pl.col(c) == place) for c in OWN_PLACES]
    return place.is_not_null() & ~pl.any_horizontal(own)


def _payment(deals: pl.DataFrame) -> pl.DataFrame:
    """RF05: payment in cash or something like it."""
    rows = deals.filter(pl.col("payment_method").is_in(CASH_LIKE))
    return results(
        rows,
        "RF05",
        "cash_like",
        subject=pl.col("payment_method"),
        figure=pl.col("amount"),
        period=pl.col("date"),
    )


def _unnamed(deals: pl.DataFrame) -> pl.DataFrame:
    """RF21: a role in a transaction without the name of who has it, so that nobody could be compared with the lists."""
    rows = deals.filter(pl.col("role").is_not_null(), pl.col("counterparty").is_null())
    return results(
        rows,
        "RF21",
        "party_not_named",
        subject=role_words(pl.col("role").str.replace_all(r"[\s-]+", "_")),
        figure=pl.coalesce("item", "transaction_id", pl.lit("no item given")),
        period=pl.col("date"),
    )


def _last_stop(deals: pl.DataFrame) -> pl.DataFrame:
    """RF09 and G07: a forwarder, or a trading or resale firm, as the last stop."""
    who, role = pl.col("counterparty"), pl.col("role").is_in(["ultimate_consignee", "end_user"])
    forwarder = mentions(who, "forwarder")
    dealer = mentions(who, "trading", "reseller") & ~forwarder
    quoted = {"subject": who, "place": pl.col("ship_to_country"), "period": pl.col("date")}
    return pl.concat(
        [
            results(deals.filter(role & forwarder), "RF09", "forwarder", **quoted),
            results(deals.filter(role & forwarder), "G07", "forwarder", **quoted),
            results(deals.filter(role & dealer), "G07", "dealer", **quoted),
        ]
    )


def _routes(deals: pl.DataFrame) -> pl.DataFrame:
    """RF10: goods to one foreign place and money from another. G13: a route through a place known for transshipment."""
    goes, pays = pl.col("ship_to_country"), pl.col("payer_country")
    third = deals.filter(_outside(goes) & _outside(pays) & (goes != pays))
    touched = deals.with_columns(
        touched=pl.concat_list(
            pl.concat_list("ship_to_country").list.drop_nulls(), pl.col("via_countries").fill_null([])
        )
    ).explode("touched", empty_as_null=False)
    touches = pl.col("touched")
    transshipped = touched.join(
        table("transshipment").group_by("iso2").agg(pl.col("concern").sort().str.join(", ")),
        left_on="touched",
        right_on="iso2",
    ).filter(_outside(touches) | mentions(pl.col("counterparty"), "forwarder"))
    return pl.concat(
        [
            results(third, "RF10", "three_places", place=goes, subject=pays, period=pl.col("date")),
            results(
                transshipped,
                "G13",
                "route",
                place=touches,
                subject=pl.col("counterparty"),
                figure=pl.col("concern"),
                period=pl.col("date"),
            ),
        ]
    )


def _payers(deals: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """G12: a payer in a country that is neither the customer's nor the destination."""
    pays = pl.col("payer_country")
    orders = inputs.activity.filter(pays.is_not_null()).join(inputs.customers, on="customer_id")
    both = pl.concat(
        [
            deals.filter(_outside(pays) & (pays != pl.col("ship_to_country")).fill_null(True)).select(
                "customer_id", pays, day="date"
            ),
            orders.filter(_outside(pays) & (pays != pl.col("site_country")).fill_null(True)).select(
                "customer_id", pays, day="start"
            ),
        ]
    )
    return results(both, "G12", "third_country", place=pays, period=pl.col("day"))


def _goods(deals: pl.DataFrame) -> pl.DataFrame:
    """G14: goods on the Common High Priority List."""
    hs6 = pl.col("hs_code").str.replace_all(r"\D", "").str.slice(0, 6)
    rows = deals.with_columns(hs6=hs6).join(table("priority_goods"), on="hs6")
    return results(
        rows,
        "G14",
        "listed_goods",
        subject=pl.col("hs6"),
        figure=pl.col("tier"),
        place=pl.col("ship_to_country"),
        period=pl.col("date"),
    )


def _jump(inputs: Inputs) -> pl.DataFrame:
    """G03: volume in the year after a control date against the year before it; rows of one transaction count once."""
    paid = inputs.transactions.filter(pl.col("amount") > 0)
    together = pl.coalesce("transaction_id", pl.int_range(pl.len()).cast(pl.String))
    once = paid.with_columns(together=together, alone=pl.col("transaction_id").is_null())
    deals = once.sort("amount", descending=True).unique(
        ["customer_id", "together", "alone"], keep="first", maintain_order=True
    )
    parts = [results(deals.clear(), "G03", "jump")]  # there is no control date before the first
    for day in (
        table("control_dates")
        .filter(pl.col("effective_from").str.to_date() <= inputs.law.as_of)["effective_from"]
        .str.to_date()
    ):
        year, when = timedelta(days=365), pl.col("date")
        sums = deals.group_by("customer_id").agg(
            before=pl.col("amount").filter((when >= day - year) & (when < day)).sum(),
            after=pl.col("amount").filter((when >= day) & (when < day + year)).sum(),
            times=((when >= day) & (when < day + year)).sum(),
        )
        rows = sums.filter(
            pl.col("before") > 0,
            pl.col("after") >= policy_figure("jump_factor") * pl.col("before"),
            pl.col("times") >= policy_figure("jump_transactions"),
        )
        parts.append(
            results(
                rows,
                "G03",
                "jump",
                subject=grouped(pl.col("before").round(0).cast(pl.Int64)),
                figure=grouped(pl.col("after").round(0).cast(pl.Int64)),
                period=pl.lit(day.isoformat()),
            )
        )
    return pl.concat(parts)


def _items(deals: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """Return the leads of words in the item text (`item_marks.csv`)."""
    there = inputs.law.places.d5_or_macau
    parts = []
    for rule_id, branch, pattern in table("item_marks").select("rule_id", "branch", "pattern").iter_rows():
        rows = deals.filter(pl.col("item").str.contains(pattern).fill_null(False))
        if rule_id in ("RF14", "RF26"):
            onward = pl.col("ship_to_country").is_in(there) | pl.col("hq_country").is_in(there)
            rows = rows.filter(onward.fill_null(False))
        parts.append(
            results(
                rows,
                rule_id,
                branch,
                subject=pl.col("item"),
                place=pl.col("ship_to_country"),
                period=pl.col("date"),
            )
        )
    return pl.concat(parts)


ORDERED = ("customer_id", "date", "item")
"""Columns of transactions that say who ordered what and when."""


def taken_over(transactions: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Return RF25 and G18: an item that was ordered before by somebody who is listed now.

    An item few customers ever ordered counts as made for the first of them. `transactions`: `ORDERED`.
    """
    listed = listed.filter(pl.col("band").fill_null("alert") == "alert").select(
        pl.col("matched_entity_id").alias("listed_id"), "party_name", "list"
    )
    orders = transactions.with_columns(made=sorted_words(pl.col("item"))).filter(
        pl.col("made").str.len_chars() > 0
    )
    rare = (
        orders.group_by("made")
        .agg(who=pl.col("customer_id").n_unique())
        .filter((pl.col("who") > 1) & (pl.col("who") <= policy_figure("custom_item_customers")))
    )
    rare_orders = orders.join(rare, on="made")
    by_listed = rare_orders.select(listed_id="customer_id", made="made", first="date").join(
        listed, on="listed_id"
    )
    rows = rare_orders.join(by_listed, on="made").filter(
        pl.col("customer_id") != pl.col("listed_id"), pl.col("date") >= pl.col("first")
    )
    quoted = {
        "subject": pl.col("item"),
        "figure": pl.format("{} ({})", "party_name", "list"),
        "period": pl.col("date"),
    }
    return pl.concat(
        [results(rows, "RF25", "taken_over", **quoted), results(rows, "G18", "taken_over", **quoted)]
    )


def _designs(deals: pl.DataFrame) -> pl.DataFrame:
    """RF19: a chip of 50 billion transistors or more, by whether it has high-bandwidth memory."""
    large = deals.filter(pl.col("transistors") >= figure("design_transistors"))
    memory = (
        pl.when(pl.col("hbm") == "yes")
        .then(pl.lit("design"))
        .when(pl.col("hbm") == "no")
        .then(pl.lit("without_memory"))
        .otherwise(pl.lit("memory_unknown"))
    )
    return results(
        large,
        "RF19",
        memory,
        subject=pl.col("item"),
        figure=grouped(pl.col("transistors").cast(pl.Int64)),
        period=pl.col("date"),
    )
