"""From which score a pair is shown for review, and from which it is an alert."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from screening.policy import Limit, Matching

Bands = Mapping[str, Mapping[str, float]]
"""Review and alert score for each party type."""


def score_limits(
    parties: pl.DataFrame, bands: Bands, settings: Matching, segment: str | None = None
) -> pl.DataFrame:
    """Return each party's score limits for the subjects of a segment, or of none: party_id, review_at, alert_at.

    `parties`: party_id, list, party_type. `bands`: the limits as measured for each party type; the policy's for all
    replace them, then each of its `limits` that fits the party and the segment, in their order.
    """
    measured = pl.DataFrame(
        [(kind, limits["review"], limits["alert"]) for kind, limits in sorted(bands.items())],
        schema={"party_type": pl.String, "review_at": pl.Float64, "alert_at": pl.Float64}, orient="row",
    )  # fmt: skip
    limits = parties.select("party_id", "list", "party_type").join(measured, on="party_type", how="left")
    for limit in (Limit(review=settings.review, alert=settings.alert), *settings.limits):
        fits = pl.lit(limit.segment in (None, segment))
        for column in ("list", "party_type"):
            if wanted := getattr(limit, column):
                fits &= pl.col(column) == wanted
        scores = {"review_at": limit.review, "alert_at": limit.alert}
        limits = limits.with_columns(
            pl.when(fits).then(pl.lit(score)).otherwise(column).alias(column)
            for column, score in scores.items()
            if score is not None
        )
    return limits.select("party_id", "review_at", "alert_at")
