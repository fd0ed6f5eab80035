"""What a customer uses and who pays: kind of provision, payers, connections, licences and intent to export."""

from __future__ import annotations

import polars as pl

from screening.redflags.facts.inputs import Inputs
from screening.redflags.facts.remarks import UNREAD
from screening.redflags.leads.contact import ip_country
from screening.text import distinct_texts


def uses(frame: pl.DataFrame, inputs: Inputs, answers: pl.DataFrame, licences: pl.DataFrame) -> pl.DataFrame:
    """Add the columns filled from activity, transactions, connections, answers and the licence register."""
    for name, rows in (
        ("activity", _provision(inputs.activity)),
        ("transactions", _present(inputs.transactions, "has_transactions")),
        ("connections", _connected(inputs.connections)),
    ):
        if name in inputs.given:
            frame = frame.join(rows, on="customer_id", how="left").with_columns(
                pl.col(rows.columns[1]).fill_null(False)
            )
    if "activity" in inputs.given:
        frame = frame.with_columns(pl.col("training_activity").fill_null(False))
    if inputs.given & {"activity", "transactions"}:
        frame = _with_delivery_addresses(frame, inputs)
    frame = _with_remarks(frame, inputs, licences)
    frame = frame.join(_payers(inputs), on="customer_id", how="left")
    return _intent(frame, answers, _valid(licences, inputs))


def _present(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.select("customer_id").drop_nulls().unique().with_columns(pl.lit(True).alias(name))


def _provision(activity: pl.DataFrame) -> pl.DataFrame:
    """Return what is provided: `remote_only` only where every activity says so, and evidence only where each has it."""
    provision = pl.col("provision")
    return activity.group_by("customer_id").agg(
        has_activity=pl.lit(True),
        provision=pl.when((provision == "items").any())
        .then(pl.lit("items"))
        .when((provision == "remote_only").fill_null(False).all())
        .then(pl.lit("remote_only"))
        .otherwise(pl.lit("unknown")),
        provision_evidence=pl.when(pl.col("evidence").is_not_null().all()).then(
            pl.col("evidence").unique().sort().str.join(", ")
        ),
    )


def _connected(connections: pl.DataFrame) -> pl.DataFrame:
    country = ip_country(pl.col("value"))
    return connections.group_by(customer_id="entity_id").agg(
        has_connections=pl.lit(True),
        connection_kinds=pl.col("kind").drop_nulls().unique().sort(),
        ip_countries=country.filter(pl.col("kind") == "ip").drop_nulls().unique().sort(),
    )


def contact_details(connections: pl.DataFrame) -> pl.DataFrame:
    """Return the addresses and telephone numbers by which customers can be reached: customer_id, kind, text."""
    wanted = connections.filter(pl.col("kind").is_in(["address", "phone"]))
    return wanted.select("kind", customer_id="entity_id", text="value").unique()


def _with_delivery_addresses(frame: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """Say of each customer whether an address of a counterparty or site is on record."""
    addressed = pl.concat(
        rows.drop_nulls(column).select("customer_id")
        for rows, column in (
            (inputs.activity, "site_address"),
            (inputs.transactions, "counterparty_address"),
        )
    )
    given = pl.col("customer_id").is_in(addressed["customer_id"].implode())
    return frame.with_columns(has_delivery_address=given)


def _with_remarks(frame: pl.DataFrame, inputs: Inputs, licences: pl.DataFrame) -> pl.DataFrame:
    """Add to the remarks on the customer's own country columns those on payers, and what was not read elsewhere.

    `licences`: the register. Regions of deliveries and sites are left out: `shipments` has them.
    """
    rows = [
        each.select("customer_id", remark="country_remarks")
        for each in (inputs.activity, inputs.transactions, licences)
    ]
    every = pl.concat(rows).explode("remark", empty_as_null=False).drop_nulls("remark")
    further = every.filter(pl.col("remark").str.contains(rf"^payer_country=|{UNREAD}")).unique()
    if further.is_empty():
        return frame
    added = further.sort("remark").group_by("customer_id", maintain_order=True).agg(added="remark")
    if "country_remarks" not in frame.columns:
        frame = frame.with_columns(country_remarks=pl.lit(None, pl.List(pl.String)))
    both = pl.concat_list(pl.col("country_remarks").fill_null([]), pl.col("added").fill_null([]))
    return (
        frame.join(added, on="customer_id", how="left")
        .with_columns(country_remarks=pl.when(both.list.len() > 0).then(both))
        .drop("added")
    )


def _payers(inputs: Inputs) -> pl.DataFrame:
    paid = pl.concat(
        [
            inputs.activity.select("customer_id", "payer_country"),
            inputs.transactions.select("customer_id", "payer_country"),
        ]
    )
    return (
        paid.drop_nulls().group_by("customer_id").agg(payer_countries=pl.col("payer_country").unique().sort())
    )


def _valid(licences: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """Return of each customer the licences that are valid on the day and when it was told of its duty to have one.

    Rows for Red Flag 28 or for any rule; an advisory opinion is no licence. Out: customer_id,
    licence_or_notice_evidence, customer_told.
    """
    day = inputs.law.as_of
    valid = (pl.col("issued").is_null() | (pl.col("issued") <= day)) & (
        pl.col("expires").is_null() | (pl.col("expires") >= day)
    )
    notice = (pl.col("kind") == "notice").fill_null(False)
    licence = ~notice & (pl.col("kind").fill_null("licence") != "advisory_opinion")
    when = pl.coalesce(pl.col("issued").cast(pl.String), pl.lit("a day that is not on record"))
    notified = pl.format("{} ({})", when, pl.col("licence_ref")).filter(notice)
    return (
        licences.filter(valid, pl.col("rule_id").fill_null("RF28") == "RF28")
        .group_by("customer_id")
        .agg(
            licence_or_notice_evidence=distinct_texts(pl.col("licence_ref").filter(licence)),
            customer_told=distinct_texts(notified),
        )
    )


def _intent(frame: pl.DataFrame, answers: pl.DataFrame, licences: pl.DataFrame) -> pl.DataFrame:
    """Take the answer to RF28 as intent where activity states none, and the register as evidence of a licence."""
    answer = pl.col("answer")
    intent = (
        answers.filter(pl.col("rule_id") == "RF28", answer.is_in(["yes", "no"]))
        .sort("date", nulls_last=False)
        .group_by("customer_id", maintain_order=True)
        .agg(answered=answer.last())
    )
    if "intends_export" not in frame.columns:
        frame = frame.with_columns(intends_export=pl.lit(None, pl.String))
    stated = pl.col("intends_export").is_in(["yes", "no"])
    return (
        frame.join(intent, on="customer_id", how="left")
        .join(licences, on="customer_id", how="left")
        .with_columns(
            intends_export=pl.when(stated)
            .then("intends_export")
            .otherwise(pl.coalesce("answered", "intends_export")),
        )
        .drop("answered")
    )
