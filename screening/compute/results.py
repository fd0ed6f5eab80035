"""The common shape of what a ledger or a detector reports of a customer.

`branch` names the line of the rule's table that applies; its text may quote the five columns in `QUOTED`.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

RESULT: Mapping[str, pl.DataType] = {
    "customer_id": pl.String(),
    "rule_id": pl.String(),
    "branch": pl.String(),
    "subject": pl.String(),  # who or what it is about
    "figure": pl.String(),  # the figure found
    "limit": pl.String(),  # the figure it is compared with
    "place": pl.String(),  # country or site
    "period": pl.String(),  # year, quarter or day
}
QUOTED = ("subject", "figure", "limit", "place", "period")


def no_results() -> pl.DataFrame:
    """Return an empty frame of results."""
    return pl.DataFrame(schema=dict(RESULT))


def results(rows: pl.DataFrame, rule_id: str, branch: str | pl.Expr, **quoted: str | pl.Expr) -> pl.DataFrame:
    """Return one result for each row of `rows`, which has `customer_id`; what is not in `quoted` is null.

    >>> results(pl.DataFrame({"customer_id": ["c"], "n": [7]}), "G09", "shared", figure=pl.col("n")).row(0)[:5]
    ('c', 'G09', 'shared', None, '7')
    """

    def text(value: str | pl.Expr | None) -> pl.Expr:
        return value.cast(pl.String) if isinstance(value, pl.Expr) else pl.lit(value, pl.String)

    return rows.select(
        pl.col("customer_id").cast(pl.String),
        rule_id=pl.lit(rule_id),
        branch=text(branch),
        **{name: text(quoted.get(name)) for name in QUOTED},
    )


def grouped(number: pl.Expr) -> pl.Expr:
    """Return a number as text with a comma at each third digit; thousandths only where there are any.

    >>> pl.DataFrame({"n": [4448230000, 12]}).select(grouped(pl.col("n")))["n"].to_list()
    ['4,448,230,000', '12']
    """
    plain = number.cast(pl.String).str.replace(r"\.0+$", "")
    whole, rest = plain.str.extract(r"^(-?\d+)"), plain.str.extract(r"(\.\d+)$").fill_null("")
    backwards = whole.str.reverse().str.replace_all(r"(\d{3})", "$1,").str.strip_suffix(",")
    return backwards.str.reverse() + rest


def percent(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Return a share as text, to two decimals; for reading only, tests use exact products.

    >>> pl.DataFrame({"a": [1], "b": [8]}).select(s=percent(pl.col("a"), pl.col("b")))["s"].item()
    '12.5%'
    """
    share = (100 * part.cast(pl.Float64) / whole.cast(pl.Float64)).round(2).cast(pl.String)
    return share.str.strip_suffix(".0") + "%"
