"""How many pairs of names a run found in each band of the score, and how many of them a person had turned down."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.errors import RunOutdated
from pipelines.run import Run
from pipelines.run.manifest import SCHEMA_VERSION

WIDTH = 0.05
BANDS = {
    "list": pl.String(),
    "party_type": pl.String(),
    "segment": pl.String(),  # of the customer; null: none, or an owner or somebody around
    "from_score": pl.Float64(),
    "to_score": pl.Float64(),
    "pairs": pl.Int64(),  # entity and party
    "alerts": pl.Int64(),  # of these pairs, told as alerts
    "reviews": pl.Int64(),  # of these pairs, told for review
    "false_positives": pl.Int64(),  # of these pairs, set aside by a person
    "below_line_sample": pl.Int64(),  # pairs under the review score that were drawn for a person to judge
}
KINDS = ("list", "party_type", "segment")
PAIR = ("matched_entity_id", "party_id")
SEEN = (*PAIR, *KINDS, "score", "band")


def alerts_by_band(run: Run, by: Sequence[str] = KINDS) -> pl.DataFrame:
    """Count the pairs of a run in steps of `WIDTH` of the score: columns of `BANDS`, `by` of `KINDS`, sorted.

    Only names count: a shared address has no score to set a threshold on. A pair stands in the step that holds its
    score; 1.0 stands in the last. Raises RunOutdated.
    """
    if run.manifest["schema_version"] < SCHEMA_VERSION:
        raise RunOutdated(f"{run.path}: written by an older version. Run the screening again.")
    told = run.table("matches").filter(pl.col("band").is_in(["alert", "review"])).select(SEEN).unique(PAIR)
    aside = run.table("suppressed").select(SEEN).with_columns(band=pl.lit("false_positive"))
    sample = run.table("below_line").select(*SEEN[:-1], band=pl.lit("sample"))
    step = (pl.col("score") / WIDTH + 1e-9).floor().clip(upper_bound=round(1 / WIDTH) - 1).cast(pl.Int64)
    counted = (
        pl.concat([told, aside, sample])
        .with_columns(step=step)
        .group_by(*by, "step")
        .agg(
            pairs=pl.col("band").ne("sample").sum(),
            alerts=pl.col("band").eq("alert").sum(),
            reviews=pl.col("band").eq("review").sum(),
            false_positives=pl.col("band").eq("false_positive").sum(),
            below_line_sample=pl.col("band").eq("sample").sum(),
        )
    )
    edges = counted.with_columns(
        from_score=(pl.col("step") * WIDTH).round(2), to_score=((pl.col("step") + 1) * WIDTH).round(2)
    )
    columns = [name for name in BANDS if name not in KINDS or name in by]
    return edges.sort(*by, "step").select(columns).cast({name: BANDS[name] for name in columns})
