"""Operations of training added up per model over the ultimate parent's group, as the notes to ECCN 4E091 count them.

Per job: the larger of planned and metered operations, else 6 x parameters x tokens. Per model: all jobs of the group,
past and planned, fine-tuning included, plus the base model, plus the largest generating model where more than a tenth
of the operations train on its unpublished output. Nothing is counted twice. All arithmetic is exact.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from screening.compute.forecast import crossing
from screening.compute.results import no_results, percent, results
from screening.law import figure, policy_figure
from screening.redflags.facts.inputs import JOBS
from screening.tables.kinds import DTYPES

CONTROLLED = figure("controlled_training_ops")
WATCHED = int(policy_figure("watched_training_ops"))


def training(jobs: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return the training facts of every customer that has a job: one row a customer.

    `jobs` as from `training_jobs`. Of several models the one closest to the limit speaks for the customer. Columns as
    in the facts table.
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
    spoken = (
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
        spoken.join(nameless, on="group", how="left")
        .join(problems, on="customer_id", how="left")
        .rename({"model": "training_model"})
        .with_columns(training_activity=pl.lit(True))
        .drop("group", "urgency")
        .sort("customer_id")
    )


def training_jobs(activity: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Return one row a training or fine-tuning job: its own operations, its additions and what is wrong with it.

    `activity` as conformed; `groups`: customer_id, group (the ultimate parent, null for none).
    """
    rows = activity.filter(is_job())
    estimate = 6 * pl.col("parameters") * pl.col("tokens")
    generated = pl.col("synthetic_share") > figure("synthetic_share_percent") / 100
    return rows.join(groups, on="customer_id", how="left").with_columns(
        group=pl.coalesce("group", "customer_id"),
        model=pl.coalesce("model_id", pl.format("{}/{}", "customer_id", "activity_id")),
        own=pl.coalesce(pl.max_horizontal("training_ops_planned", "training_ops_metered"), estimate),
        synthetic=pl.when(generated).then("synthetic_model_ops"),
        reference=pl.concat_str("licence_ref", "evidence", separator=", ", ignore_nulls=True).replace(
            "", None
        ),
        synthetic_unknown=generated.fill_null(False) & pl.col("synthetic_model_ops").is_null(),
    )


def is_job() -> pl.Expr:
    """Return whether a conformed activity is a job, or may be one: something is wrong with it."""
    return pl.col("kind").is_in(JOBS) | pl.col("problem").is_not_null()


def _models(jobs: pl.DataFrame) -> pl.DataFrame:
    """One row a model of a group: operations, what is unknown about them, weights, intent, evidence."""
    nothing = pl.lit(0, dtype=DTYPES["operations"])
    derived = _TUNING | pl.col("base_model_ops").is_not_null() | pl.col("base_published").is_in(["yes", "no"])
    summed = jobs.group_by("group", "model").agg(
        training_group_customers=pl.col("customer_id").n_unique().cast(pl.Int64),
        training_ops_planned=_sum("training_ops_planned"),
        training_ops_metered=_sum("training_ops_metered"),
        any_own=pl.col("own").is_not_null().any(),
        own_unknown=pl.col("own").is_null().any(),
        own_training=pl.col("own").filter(~_TUNING).sum(),
        own_tuning=pl.col("own").filter(_TUNING).sum(),
        base_training=pl.col("base_model_ops").filter(~_TUNING).max().fill_null(nothing),
        base_tuning=pl.col("base_model_ops").filter(_TUNING).max().fill_null(nothing),
        base_known=pl.col("base_model_ops").is_not_null().any(),
        base_published=_agreed("base_published", ("no", "yes")),
        has_pretraining=(~_TUNING).any(),
        derived=derived.any(),
        synthetic=pl.col("synthetic").max().fill_null(nothing),
        synthetic_unknown=pl.col("synthetic_unknown").any(),
        weights_published=_weights(),
        intends_export=_agreed("intends_export", ("yes", "no")),
        training_sites=pl.col("site_country").drop_nulls().unique().sort(),
        licence_or_notice_evidence=pl.col("reference")
        .drop_nulls()
        .unique()
        .sort()
        .str.join(", ")
        .replace("", None),
    )
    return _judged(summed).select(
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
        "licence_or_notice_evidence",
        "urgency",
    )


def _judged(models: pl.DataFrame) -> pl.DataFrame:
    """Add the total, its gaps, the exemption of derived models, and how urgent the model is."""
    base = pl.max_horizontal("base_training", "base_tuning")
    # A fine-tuning job's base already holds the group's own pre-training of that model: take the larger once.
    before_tuning = pl.max_horizontal(pl.col("own_training") + pl.col("base_training"), "base_tuning")
    total = before_tuning + pl.col("own_tuning") + pl.col("synthetic")
    added = total - base
    always = pl.lit(figure("derived_addition_ops"), dtype=DTYPES["operations"])
    small = added <= pl.max_horizontal(always, base * figure("derived_addition_percent") // 100)
    base_missing = pl.col("derived") & ~pl.col("base_known") & ~pl.col("has_pretraining")
    exempt = (
        pl.when(~pl.col("derived") | ~small | (pl.col("base_published") == "no"))
        .then(pl.lit("no"))
        .when(pl.col("own_unknown") | pl.col("synthetic_unknown") | (pl.col("base_published") != "yes"))
        .then(pl.lit("unknown"))
        .otherwise(pl.lit("yes"))
    )
    out = (pl.col("weights_published") == "yes") | (pl.col("derived_exempt") == "yes")
    return (
        models.with_columns(
            training_ops=pl.when("any_own").then(total),
            training_ops_incomplete=pl.col("own_unknown") | pl.col("synthetic_unknown") | base_missing,
            derived_exempt=exempt,
        )
        .with_columns(derived_exempt=pl.when(pl.col("derived")).then("derived_exempt"))
        .with_columns(
            urgency=pl.when(out.fill_null(False))
            .then(3)
            .when(pl.col("training_ops") >= pl.lit(CONTROLLED, dtype=DTYPES["operations"]))
            .then(0)
            .when(pl.col("training_ops").is_null() | pl.col("training_ops_incomplete"))
            .then(1)
            .otherwise(2)
        )
    )


def _crossings(jobs: pl.DataFrame, as_of: date) -> pl.DataFrame:
    metered = jobs.select(
        "group",
        "model",
        "start",
        "end",
        metered="training_ops_metered",
        earlier=pl.sum_horizontal("base_model_ops", "synthetic").cast(pl.Float64),
    )
    return crossing(metered, {"forecast_1e25": WATCHED, "forecast_1e26": CONTROLLED}, as_of)


def fine_tuning(jobs: pl.DataFrame) -> pl.DataFrame:
    """Return IAAS_FINE_TUNE_25 results: fine-tuning held against a quarter of the base model's training.

    `over`, `within`, `base_unknown`; only for bases that may meet ECCN 4E091. Equal passes (Supp. 10 to part 748, 7).
    """
    if jobs.is_empty():
        return no_results()
    base = pl.max_horizontal("base", "trained")
    percent_free = figure("fine_tuning_percent")
    least = CONTROLLED * percent_free // 100
    models = (
        jobs.group_by("group", "model")
        .agg(
            tuned=pl.col("own").filter(_TUNING).sum(),
            trained=pl.col("own").filter(~_TUNING).sum(),
            base=pl.col("base_model_ops").max(),
            published=(pl.col("base_published") == "yes").any(),
            unpublished=(pl.col("base_published") == "no").any() | (~_TUNING).any(),
        )
        .with_columns(base=base)
        .with_columns(known=pl.col("base") > 0)
        .filter(pl.col("tuned") > 0, ~pl.col("published").fill_null(False))
    )
    controlled = pl.col("base") >= pl.lit(CONTROLLED, dtype=DTYPES["operations"])
    over = 100 * pl.col("tuned") > percent_free * pl.col("base")
    unknown = ~pl.col("known") & (pl.col("tuned") > pl.lit(least, dtype=DTYPES["operations"]))
    branch = (
        pl.when(unknown | (controlled & over & ~pl.col("unpublished").fill_null(False)))
        .then(pl.lit("base_unknown"))
        .when(controlled & over)
        .then(pl.lit("over"))
        .when(controlled)
        .then(pl.lit("within"))
    )
    rows = jobs.select("customer_id", "group", "model").unique().join(models, on=["group", "model"])
    rows = rows.with_columns(branch=branch).drop_nulls("branch")
    return results(
        rows,
        "IAAS_FINE_TUNE_25",
        pl.col("branch"),
        subject=pl.col("model"),
        figure=percent(pl.col("tuned"), pl.when(pl.col("known")).then(pl.col("base"))),
        limit=f"{percent_free}%",
    )


_TUNING = pl.col("kind") == "fine_tuning"


def _sum(column: str) -> pl.Expr:
    """Sum of what is known; null when nothing is."""
    return pl.when(pl.col(column).is_not_null().any()).then(pl.col(column).sum())


def _agreed(column: str, order: tuple[str, ...]) -> pl.Expr:
    """Return the first of `order` that any job says, else unknown: the careful answer wins."""
    chain: pl.Expr = pl.lit("unknown")
    for answer in reversed(order):
        chain = pl.when((pl.col(column) == answer).any()).then(pl.lit(answer)).otherwise(chain)
    return chain


def _weights() -> pl.Expr:
    """Return what the jobs of a model say about its weights; `contradicting` when they disagree."""
    says = pl.col("weights_published")
    closed = says.is_in(["no", "planned"]).any()
    return (
        pl.when((says == "yes").any() & closed)
        .then(pl.lit("contradicting"))
        .otherwise(_agreed("weights_published", ("no", "planned", "yes")))
    )
