"""Training and fine-tuning jobs among the activities, each with what it counts."""

from __future__ import annotations

import polars as pl

from screening.compute.accelerators import identify
from screening.compute.deployments import named_authorization
from screening.law import figure
from screening.redflags.facts.inputs import JOBS

TUNING = pl.col("kind") == "fine_tuning"
"""Whether a job is fine-tuning and not training."""


def training_jobs(activity: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each training or fine-tuning job: the activity, its group and model, and what it counts.

    `activity`: as from `read_activity`. `groups`: customer_id, group (the ultimate parent, null: none). Added: group,
    model (a job that names none is a model of its own), own (the larger of planned and metered operations, else the
    estimate 6 x parameters x tokens), synthetic (operations of the model that generated the data, where it counts),
    synthetic_unknown, synthetic_unread (operations of a generating model without a share that can be read), exception
    (letters of the licence exception that the reference names), model_of_chip and maker_country of its accelerators.
    """
    rows = activity.filter(is_job())
    estimate = 6 * pl.col("parameters") * pl.col("tokens")
    generated = pl.col("synthetic_share") > figure("synthetic_share_percent") / 100
    chips = identify(rows["accelerator"]).select("accelerator", "maker_country", model_of_chip="model")
    joined = rows.join(groups, on="customer_id", how="left").join(chips, on="accelerator", how="left")
    return joined.with_columns(
        group=pl.coalesce("group", "customer_id"),
        model=pl.coalesce("model_id", pl.format("{}/{}", "customer_id", "activity_id")),
        own=pl.coalesce(pl.max_horizontal("training_ops_planned", "training_ops_metered"), estimate),
        synthetic=pl.when(generated).then("synthetic_model_ops"),
        synthetic_unread=pl.col("synthetic_share").is_null()
        & (pl.col("synthetic_model_ops") > 0).fill_null(False),
        exception=named_authorization(),
        synthetic_unknown=generated.fill_null(False) & pl.col("synthetic_model_ops").is_null(),
    )


def is_job() -> pl.Expr:
    """Return whether a conformed activity is a job, or may be one because something is wrong with it."""
    return pl.col("kind").is_in(JOBS) | pl.col("problem").is_not_null()
