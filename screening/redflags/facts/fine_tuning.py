"""Fine-tuning compared with the training of its base model (Supp. 10 to part 748, item 7)."""

from __future__ import annotations

import polars as pl

from screening.compute.results import no_results, percent, results
from screening.law import figure
from screening.redflags.facts.jobs import TUNING
from screening.tables.kinds import DTYPES


def fine_tuning(jobs: pl.DataFrame) -> pl.DataFrame:
    """Return IAAS_FINE_TUNE_25 results: fine-tuning compared with a quarter of the base model's training.

    `over`, `within` (equal passes) or `base_unknown`; only for base models that may meet ECCN 4E091. `jobs`: as from
    `training_jobs`.
    """
    if jobs.is_empty():
        return no_results()
    base = pl.max_horizontal("base", "trained")
    percent_free = figure("fine_tuning_percent")
    least = figure("controlled_training_ops") * percent_free // 100
    models = (
        jobs.group_by("group", "model")
        .agg(
            tuned=pl.col("own").filter(TUNING).sum(),
            trained=pl.col("own").filter(~TUNING).sum(),
            base=pl.col("base_model_ops").max(),
            published=(pl.col("base_published") == "yes").any(),
            unpublished=(pl.col("base_published") == "no").any() | (~TUNING).any(),
        )
        .with_columns(base=base)
        .with_columns(base_stated=pl.col("base") > 0)
        .filter(pl.col("tuned") > 0, ~pl.col("published").fill_null(False))
    )
    controlled = pl.col("base") >= pl.lit(figure("controlled_training_ops"), dtype=DTYPES["operations"])
    over = 100 * pl.col("tuned") > percent_free * pl.col("base")
    unknown = ~pl.col("base_stated") & (pl.col("tuned") > pl.lit(least, dtype=DTYPES["operations"]))
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
        figure=percent(pl.col("tuned"), pl.when(pl.col("base_stated")).then(pl.col("base"))),
        limit=f"{percent_free}%",
    )
