"""Whether the shares of a file are percents, or fractions of one that only stand in the column of percents."""

from __future__ import annotations

import polars as pl

from pipelines.errors import InputRejected
from pipelines.inputs.files import ROW
from pipelines.inputs.problems import CLEANED, ROW_PROBLEMS, WHOLE_FILE, problem_rows
from screening.tables.inputs import OWNERSHIP
from screening.tables.outputs import PROBLEMS

SHARE = "share_percent"
_NUMBERS = r"\d+(?:[.,]\d+)?|[.,]\d+"
SLACK = 0.005
"""What shares of a company that are rounded may lack of the whole."""
_PERCENT = "(?i)%|percent|pct"


def fractions_of_companies(rows: pl.DataFrame) -> pl.Series:
    """Return the numbers of the rows whose company has shares that add up to 1: fractions among percents.

    `rows`: owned_id and share_percent as text. Source: regulation note 2, C.4.

    >>> rows = pl.DataFrame({ROW: [2, 3, 4], "owned_id": ["a", "a", "b"], "share_percent": ["0.6", "0,4", "51"]})
    >>> fractions_of_companies(rows).to_list()
    [2, 3]
    """
    number = pl.col(SHARE).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    read = rows.select(ROW, "owned_id", share=number, filled=pl.col(SHARE).is_not_null())
    small = read.filter(pl.col("share").is_between(0, 1, closed="none"))
    if small.is_empty():
        return pl.Series(dtype=pl.Int64)
    company = read.filter("filled", pl.col("owned_id").is_in(small["owned_id"].implode()))
    sums = company.group_by("owned_id").agg(
        sum=pl.col("share").sum(),
        most=pl.col("share").max(),
        rows=pl.len(),
        unread=pl.col("share").null_count(),
    )
    fractions = sums.filter(
        pl.col("sum").is_between(1 - SLACK, 1 + SLACK),
        pl.col("most") < 1,
        pl.col("rows") > 1,
        pl.col("unread") == 0,
    )
    return company.join(fractions, on="owned_id", how="semi")[ROW].sort()


class ShareUnit:
    """Collects, some rows at a time, what the shares of one file say about their unit.

    A share of 0.6 is 60 percent where the file has fractions and 0.6 percent where it has percents: a hundredth of a
    majority. Source: regulation note 2, C.4.
    """

    def __init__(self, file: str) -> None:
        """Begin with a file of which nothing was read."""
        self._file = file
        self._first: tuple[int, str] | None = None
        self._fractions = 0
        self._percents = False

    def add(self, rows: pl.DataFrame) -> None:
        """Take note of the shares of these rows."""
        written = rows.select(ROW, pl.col(SHARE).cast(pl.String)).drop_nulls(SHARE)
        distinct = written.select(pl.col(SHARE).unique())
        numbers = (
            pl.col(SHARE)
            .str.extract_all(_NUMBERS)
            .list.eval(pl.element().str.replace(",", ".", literal=True).cast(pl.Float64, strict=False))
        )
        read = distinct.with_columns(
            most=numbers.list.max(),
            fraction=numbers.list.eval((pl.element() > 0) & (pl.element() < 1)).list.any(),
            signed=pl.col(SHARE).str.contains(_PERCENT),
        )
        self._percents |= bool(read.select(((pl.col("most") > 1) | pl.col("signed")).any()).item())
        small = read.filter(pl.col("fraction") & (pl.col("most") <= 1) & ~pl.col("signed"))
        if small.is_empty():
            return
        found = written.join(small.select(SHARE), on=SHARE, maintain_order="left")
        self._first = self._first or found.row(0)
        self._fractions += found.height

    def problems(self) -> pl.DataFrame:
        """Return what to tell of a file of percents in which some shares are under one, once all rows were added.

        Raises InputRejected where all shares are from 0 to 1 and one is no whole number.
        """
        if self._first is None:
            return PROBLEMS.empty()
        row, value = self._first
        if not self._percents:
            raise InputRejected(
                f"{self._file}: are the shares in {SHARE} fractions or percents? All are from 0 to 1, such as "
                f"{value[:20]} in row {row}, and 0.6 may be 60 percent or 0.6 percent. Write fractions as percents "
                "(60), or percents with their sign (0.6%)."
            )
        reason = (
            f"{self._fractions} shares are under one percent without a percent sign, the first "
            f"{value[:20]} in row {row}: read as percents. Where they are fractions, write 60 for 0.6"
        )
        problem = pl.DataFrame([(1, WHOLE_FILE, value, reason, CLEANED)], schema=ROW_PROBLEMS, orient="row")
        return problem_rows(problem, OWNERSHIP.name, self._file)
