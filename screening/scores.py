"""How a score is written, everywhere alike: two decimals, and what is not certain never looks certain."""

from __future__ import annotations

import polars as pl

SURE, JUST_UNDER, JUST_OVER = "1.00", "0.99+", "0.00+"


def written(score: float) -> str:
    """Write a score.

    >>> written(0.97109), written(0.9951), written(1.0), written(0.001)
    ('0.97', '0.99+', '1.00', '0.00+')
    """
    hundredths = int(score * 100 + 0.5)
    if hundredths >= 100:
        return SURE if score >= 1 else JUST_UNDER
    return JUST_OVER if hundredths == 0 and score > 0 else f"0.{hundredths:02d}"


def written_column(score: pl.Expr) -> pl.Expr:
    """Write a column of scores, as `written` does.

    >>> pl.select(written_column(pl.lit(0.9951))).item()
    '0.99+'
    """
    hundredths = (score * 100 + 0.5).cast(pl.Int64)
    plain = pl.format("0.{}", hundredths.cast(pl.String).str.zfill(2))
    high = pl.when(score >= 1).then(pl.lit(SURE)).otherwise(pl.lit(JUST_UNDER))
    low = pl.when((hundredths == 0) & (score > 0)).then(pl.lit(JUST_OVER)).otherwise(plain)
    return pl.when(hundredths >= 100).then(high).otherwise(low)
