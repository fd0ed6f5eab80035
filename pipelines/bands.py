"""How many pairs of names a run found in each band of the score, and what people decided about them."""

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
    "segment": pl.String(),  # of the customer; null: it has none, or an owner or a related person was compared
    "from_score": pl.Float64(),
    "to_score": pl.Float64(),
    "pairs": pl.Int64(),  # entity and party
    "alerts": pl.Int64(),  # of these pairs, reported as alerts
    "reviews": pl.Int64(),  # of these pairs, reported for review
    "false_positives": pl.Int64(),  # of these pairs, set aside by a person
    "below_line_sample": pl.Int64(),  # pairs under the review score that were drawn for a person to decide
}
VERDICT_COLUMNS = {
    "called_true": pl.Int64(),  # of these pairs, the same party as people decided
    "called_false": pl.Int64(),  # of these pairs, another party
    "precision": pl.Float64(),  # share of the true among those decided
    "precision_low": pl.Float64(),  # of 95 percent of such intervals (Wilson) the true share lies inside
    "precision_high": pl.Float64(),
}
Z = 1.959964  # of the normal distribution, for 95 percent
KINDS = ("list", "party_type", "segment")
PAIR = ("matched_entity_id", "party_id")
REVIEWED = (*PAIR, "evidence_hash")
PAIR_COLUMNS = (*PAIR, *KINDS, "score", "band")


def alerts_by_band(run: Run, by: Sequence[str] = KINDS, verdicts: pl.DataFrame | None = None) -> pl.DataFrame:
    """Count the pairs of a run in steps of `WIDTH` of the score.

    Columns: `BANDS`, sorted, of `KINDS` only those named in `by`. Only names count: a shared address has no score to
    set a threshold on. A score of 1.0 counts in the last step.

    verdicts: the columns of `REVIEWED` and `same`, whether people called the pair the same party. A verdict counts
    for the evidence that it was given on. With verdicts there are the columns of `VERDICT_COLUMNS` too.

    Raises RunOutdated.
    """
    if run.manifest["schema_version"] < SCHEMA_VERSION:
        raise RunOutdated(f"{run.path}: written by an older version. Run the screening again.")
    fields = (*PAIR_COLUMNS, "evidence_hash")
    matches = (
        run.table("matches").filter(pl.col("band").is_in(["alert", "review"])).select(fields).unique(PAIR)
    )
    suppressed = run.table("suppressed").select(fields).with_columns(band=pl.lit("false_positive"))
    sample = run.table("below_line").select(*PAIR_COLUMNS[:-1], band=pl.lit("sample"))
    step = (pl.col("score") / WIDTH + 1e-9).floor().clip(upper_bound=round(1 / WIDTH) - 1).cast(pl.Int64)
    pairs = _with_verdicts(pl.concat([matches, suppressed, sample], how="diagonal"), verdicts).with_columns(
        step=step
    )
    counted = pairs.group_by(*by, "step").agg(
        pairs=pl.col("band").ne("sample").sum(),
        alerts=pl.col("band").eq("alert").sum(),
        reviews=pl.col("band").eq("review").sum(),
        false_positives=pl.col("band").eq("false_positive").sum(),
        below_line_sample=pl.col("band").eq("sample").sum(),
        called_true=pl.col("same").sum(),
        called_false=(~pl.col("same")).sum(),
    )
    edges = counted.with_columns(
        from_score=(pl.col("step") * WIDTH).round(2), to_score=((pl.col("step") + 1) * WIDTH).round(2)
    ).with_columns(**_precision(pl.col("called_true"), pl.col("called_true") + pl.col("called_false")))
    wanted = BANDS | (VERDICT_COLUMNS if verdicts is not None else {})
    columns = [name for name in wanted if name not in KINDS or name in by]
    return edges.sort(*by, "step").select(columns).cast({name: wanted[name] for name in columns})


def _with_verdicts(pairs: pl.DataFrame, verdicts: pl.DataFrame | None) -> pl.DataFrame:
    """Add `same`: what people called each pair, null where nobody decided."""
    if verdicts is None:
        return pairs.with_columns(same=pl.lit(None, pl.Boolean))
    return pairs.join(verdicts.select(*REVIEWED, "same"), on=REVIEWED, how="left")


def _precision(true: pl.Expr, decided: pl.Expr) -> dict[str, pl.Expr]:
    """Return the share of the true and its interval after Wilson; null where nothing was decided."""
    share = true / decided
    middle = share + Z**2 / (2 * decided)
    spread = Z * (share * (1 - share) / decided + Z**2 / (4 * decided**2)).sqrt()
    bounds = {"": share, "_low": middle - spread, "_high": middle + spread}
    scale = {"": pl.lit(1.0), "_low": 1 + Z**2 / decided, "_high": 1 + Z**2 / decided}
    return {
        f"precision{end}": pl.when(decided > 0).then((bounds[end] / scale[end]).round(3)) for end in bounds
    }
