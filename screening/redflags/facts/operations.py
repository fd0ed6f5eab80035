"""Operations of training added up per model over the ultimate parent's group, as the notes to ECCN 4E091 count them.

Per model: all jobs of the group, past and planned, fine-tuning included, plus the base model, plus the largest
generating model where more than a tenth of the operations train on its unpublished output. Nothing is counted twice.
All arithmetic is exact.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.compute.capacity import served
from screening.compute.forecast import crossing
from screening.law import figure, policy_figure
from screening.redflags.facts.jobs import TUNING
from screening.tables.kinds import DTYPES
from screening.text import distinct_texts

CONTROLLED = figure("controlled_training_ops")
WATCHED = int(policy_figure("watched_training_ops"))


def training(jobs: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return the training facts of every customer that has a job: one row a customer, columns as in `facts.csv`.

    `jobs`: as from `training_jobs`. Of several models of a group the one closest to the limit counts for the customer.
    """
    models = _models(jobs).join(_crossings(jobs, as_of), on=["group", "model"], how="left")
    nameless = (
        jobs.filter(pl.col("model_id").is_null())
        .group_by("group")
        .agg(training_ops_nameless=pl.col("own").sum())
    )
    problems = (
        jobs.drop_nulls("problem")
        .group_by("customer_id")
        .agg(training_problem=pl.col("problem").sort().first())
    )
    closest = (
        jobs.select("customer_id", "group", "model")
        .unique()
        .join(models, on=["group", "model"], how="left")
        .sort(
            "customer_id",
            "urgency",
            "training_ops",
            "model",
            descending=[False, False, True, False],
            nulls_last=True,
        )
        .unique("customer_id", keep="first", maintain_order=True)
    )
    return (
        closest.join(nameless, on="group", how="left")
        .join(problems, on="customer_id", how="left")
        .rename({"model": "training_model"})
        .with_columns(training_activity=pl.lit(True))
        .drop("group", "urgency")
        .sort("customer_id")
    )


def _models(jobs: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each model of a group: operations, what is unknown of them, weights, intent, evidence."""
    nothing = pl.lit(0, dtype=DTYPES["operations"])
    derived = TUNING | pl.col("base_model_ops").is_not_null() | pl.col("base_published").is_in(["yes", "no"])
    summed = jobs.group_by("group", "model").agg(
        training_group_customers=pl.col("customer_id").n_unique().cast(pl.Int64),
        training_ops_planned=_sum("training_ops_planned"),
        training_ops_metered=_sum("training_ops_metered"),
        any_own=pl.col("own").is_not_null().any(),
        own_unknown=pl.col("own").is_null().any(),
        own_training=pl.col("own").filter(~TUNING).sum(),
        own_tuning=pl.col("own").filter(TUNING).sum(),
        base_training=pl.col("base_model_ops").filter(~TUNING).max().fill_null(nothing),
        base_tuning=pl.col("base_model_ops").filter(TUNING).max().fill_null(nothing),
        base_stated=pl.col("base_model_ops").is_not_null().any(),
        base_published=_agreed("base_published", ("no", "yes")),
        has_pretraining=(~TUNING).any(),
        derived=derived.any(),
        synthetic=pl.col("synthetic").max().fill_null(nothing),
        synthetic_unknown=pl.col("synthetic_unknown").any(),
        weights_published=_weights(),
        intends_export=_agreed("intends_export", ("yes", "no")),
        training_sites=pl.col("site_country").drop_nulls().unique().sort(),
        training_synthetic_unread=pl.col("synthetic_unread").any(),
        exception_named=pl.col("exception").drop_nulls().sort().first(),
        licence_named=distinct_texts(pl.col("licence_ref")),
        figures_from=distinct_texts(pl.col("evidence")),
        capability_claim=_agreed("capability_claim", ("no", "yes")),
        classification_ref=distinct_texts(pl.col("classification_ref")),
        training_chip_makers=pl.col("maker_country").drop_nulls().unique().sort(),
        training_chips_unknown=pl.col("maker_country").is_null().any(),
        **served("training"),
    )
    return _with_totals(summed).select(
        "group",
        "model",
        "training_group_customers",
        "training_ops_planned",
        "training_ops_metered",
        "training_ops",
        "training_ops_incomplete",
        "weights_published",
        "derived_exempt",
        "intends_export",
        "training_sites",
        "training_synthetic_unread",
        "exception_named",
        "licence_named",
        "figures_from",
        "capability_claim",
        "classification_ref",
        "training_chip_makers",
        "training_chips_unknown",
        "training_own_use",
        "training_end_user_countries",
        "training_end_user_unknown",
        "urgency",
    )


def _with_totals(models: pl.DataFrame) -> pl.DataFrame:
    """Add the total, whether it is complete, the exemption of derived models, and the urgency (0 first)."""
    base = pl.max_horizontal("base_training", "base_tuning")
    # The base of a fine-tuning job includes the group's own pre-training of that model: the larger counts once.
    before_tuning = pl.max_horizontal(pl.col("own_training") + pl.col("base_training"), "base_tuning")
    total = before_tuning + pl.col("own_tuning") + pl.col("synthetic")
    added = total - base
    always = pl.lit(figure("derived_addition_ops"), dtype=DTYPES["operations"])
    small = added <= pl.max_horizontal(always, base * figure("derived_addition_percent") // 100)
    base_missing = pl.col("derived") & ~pl.col("base_stated") & ~pl.col("has_pretraining")
    exempt = (
        pl.when(~pl.col("derived") | ~small | (pl.col("base_published") == "no"))
        .then(pl.lit("no"))
        .when(pl.col("own_unknown") | pl.col("synthetic_unknown") | (pl.col("base_published") != "yes"))
        .then(pl.lit("unknown"))
        .otherwise(pl.lit("yes"))
    )
    exempted = (pl.col("weights_published") == "yes") | (pl.col("derived_exempt") == "yes")
    return (
        models.with_columns(
            training_ops=pl.when("any_own").then(total),
            training_ops_incomplete=pl.col("own_unknown") | pl.col("synthetic_unknown") | base_missing,
            derived_exempt=exempt,
        )
        .with_columns(derived_exempt=pl.when(pl.col("derived")).then("derived_exempt"))
        .with_columns(
            urgency=pl.when(exempted.fill_null(False))
            .then(3)
            .when(pl.col("training_ops") >= pl.lit(CONTROLLED, dtype=DTYPES["operations"]))
            .then(0)
            .when(pl.col("training_ops").is_null() | pl.col("training_ops_incomplete"))
            .then(1)
            .otherwise(2)
        )
    )


def _crossings(jobs: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return when metered operations of each model reach the limits: group, model, forecast_1e25, forecast_1e26."""
    metered = jobs.select(
        "group",
        "model",
        "start",
        "end",
        metered="training_ops_metered",
        earlier=pl.sum_horizontal("base_model_ops", "synthetic").cast(pl.Float64),
    )
    return crossing(metered, {"forecast_1e25": WATCHED, "forecast_1e26": CONTROLLED}, as_of)


def _sum(column: str) -> pl.Expr:
    """Return the sum of the values; null if there are none."""
    return pl.when(pl.col(column).is_not_null().any()).then(pl.col(column).sum())


def _agreed(column: str, order: tuple[str, ...]) -> pl.Expr:
    """Return the first answer of `order` that any job gives, else unknown: the most careful one comes first."""
    chain: pl.Expr = pl.lit("unknown")
    for answer in reversed(order):
        chain = pl.when((pl.col(column) == answer).any()).then(pl.lit(answer)).otherwise(chain)
    return chain


def _weights() -> pl.Expr:
    """Return what the jobs of a model say about its weights; `contradicting` if they disagree."""
    published = pl.col("weights_published")
    closed = published.is_in(["no", "planned"]).any()
    return (
        pl.when((published == "yes").any() & closed)
        .then(pl.lit("contradicting"))
        .otherwise(_agreed("weights_published", ("no", "planned", "yes")))
    )
