"""From cleaned columns to typed edges: every row used, or set aside with a reason."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

from pipelines.inputs.files import ROW
from pipelines.inputs.problems import IGNORED, SET_ASIDE, problem_rows
from pipelines.inputs.typed import LIST_OR_OBJECT, MAX_TEXT, plausible_day
from screening.ownership.shares import WHOLE, share_range
from screening.tables.inputs import EDGES, INTERESTS

DATES = ("start", "end", "source_date")
IDS = ("owner_id", "owned_id")
NAMES = (*IDS, "owner_name", "owned_name")
NOT_ONE_TEXT = "holds a list or an object: write one value"
YES = ("yes", "true", "1")
NO = ("no", "false", "0")
PART = "__part"


@dataclass(frozen=True, slots=True)
class Check:
    """What makes a value wrong, and what follows: the row is set aside or the value ignored."""

    column: str
    wrong: pl.Expr
    reason: str
    consequence: str = IGNORED


@cache
def undisclosed_names() -> frozenset[str]:
    """Names under which publishers book holders that they cannot or may not name."""
    text = files(__package__).joinpath("data/undisclosed_holders.csv").read_text(encoding="utf-8")
    return frozenset(row["name"] for row in csv.DictReader(text.splitlines()))


def type_edges(cleaned: pl.DataFrame, file: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the usable edges with the columns of `EDGES` and the problems of all rows.

    A share that makes no sense becomes undisclosed: the edge stays and its size is unknown, never clear. Where a field
    joined several entities, nobody says whose share it is, so it is undisclosed up to the share that is given.
    """
    typed = _typed(cleaned).with_row_index(PART)
    found = [_failing(typed, check) for check in CHECKS]
    bad = pl.concat(
        [part for part, check in zip(found, CHECKS, strict=True) if check.consequence == SET_ASIDE]
    )
    problems = problem_rows(pl.concat(found), "ownership", file).unique(maintain_order=True)
    good = typed.join(bad, on=PART, how="anti", maintain_order="left") if bad.height else typed
    joint = pl.col("owner_joint") | pl.col("owned_joint")
    reversed_dates = (pl.col("typed_start") > pl.col("typed_end")).fill_null(value=False)
    edges = good.select(
        pl.when(~pl.col("undisclosed")).then("owner_id").alias("owner_id"),
        "owned_id",
        pl.when(joint).then(0).otherwise(pl.col("typed_min").fill_null(0)).alias("share_min"),
        pl.when("owned_joint").then(WHOLE).otherwise(pl.col("typed_max").fill_null(WHOLE)).alias("share_max"),
        *(pl.when(_is_plain(name)).then(name).alias(name) for name in ("owner_name", "owned_name")),
        pl.col("typed_interest").alias("interest"),
        pl.col("typed_direct").alias("direct"),
        pl.when(~reversed_dates).then("typed_start").alias("start"),
        pl.when(~reversed_dates).then("typed_end").alias("end"),
        pl.when(_is_plain("source")).then("source").alias("source"),
        pl.col("typed_source_date").alias("source_date"),
    )
    return edges.cast(pl.Schema(EDGES.schema())), problems


def _typed(cleaned: pl.DataFrame) -> pl.DataFrame:
    """Add a column with the typed value of each column of the file."""
    lower = {name: pl.col(name).cast(pl.String).str.to_lowercase() for name in ("interest", "direct", *NAMES)}

    def hidden(end: str) -> pl.Expr:
        names = (lower[f"{end}_id"], lower[f"{end}_name"])
        return pl.any_horizontal(name.is_in(undisclosed_names()).fill_null(value=False) for name in names)

    return _with_shares(cleaned).with_columns(
        (pl.col("undisclosed") | hidden("owner")).alias("undisclosed"),
        hidden("owned").alias("owned_undisclosed"),
        pl.when(lower["interest"].is_in(INTERESTS)).then(lower["interest"]).alias("typed_interest"),
        pl.when(lower["direct"].is_in(YES))
        .then(pl.lit(value=True))
        .when(lower["direct"].is_in(NO))
        .then(pl.lit(value=False))
        .alias("typed_direct"),
        *(_date(cleaned, name).alias(f"typed_{name}") for name in DATES),
    )


def _with_shares(cleaned: pl.DataFrame) -> pl.DataFrame:
    """Add the range from parts per million where given, else from percentages; null where it makes no sense.

    A percentage is read once however many rows write it.
    """
    written = cleaned.select("share_percent").unique()
    read = written.with_columns(
        share_range(pl.col("share_percent")).struct.rename_fields(["low", "high"]).alias("read")
    )
    frame = cleaned.join(
        read.unnest("read"), on="share_percent", how="left", nulls_equal=True, maintain_order="left"
    )
    least = pl.col("share_min").cast(pl.Int64, strict=False)
    most = pl.col("share_max").cast(pl.Int64, strict=False)
    sound = (least >= 0) & (least <= most) & (most <= WHOLE)
    blank = pl.col("share_min").is_null() & pl.col("share_max").is_null()
    return frame.with_columns(
        pl.when(blank).then("low").when(sound).then(least).alias("typed_min"),
        pl.when(blank).then("high").when(sound).then(most).alias("typed_max"),
    ).drop("low", "high")


def _date(cleaned: pl.DataFrame, name: str) -> pl.Expr:
    if cleaned.schema[name] != pl.String:
        return plausible_day(pl.col(name).cast(pl.Date, strict=False))
    return plausible_day(pl.col(name).str.to_date("%Y-%m-%d", strict=False))


def _not_understood(name: str) -> Check:
    return Check(name, pl.col(name).is_not_null() & pl.col(f"typed_{name}").is_null(), "not understood")


def _is_plain(name: str) -> pl.Expr:
    """Return whether a text is one value that is not too long; null where there is none."""
    text = pl.col(name).cast(pl.String)
    return ~text.str.contains(LIST_OR_OBJECT) & (text.str.len_chars() <= MAX_TEXT)


CHECKS = (
    Check("owner_id", pl.col("owner_id").is_null() & ~pl.col("undisclosed"), "required and blank", SET_ASIDE),
    Check("owned_id", pl.col("owned_id").is_null(), "required and blank", SET_ASIDE),
    Check("owned_id", pl.col("owned_undisclosed"), "an undisclosed holder cannot be owned", SET_ASIDE),
    Check(
        "owner_id",
        (pl.col("owner_id") == pl.col("owned_id")) & (pl.col("typed_max").fill_null(WHOLE) == WHOLE),
        "owns itself wholly: it is its own top, not its own holder",
        SET_ASIDE,
    ),
    *(
        Check(name, pl.col(name).str.len_chars() > MAX_TEXT, f"longer than {MAX_TEXT} characters", SET_ASIDE)
        for name in NAMES
    ),
    *(
        Check(
            name,
            pl.col(name).str.contains(LIST_OR_OBJECT),
            NOT_ONE_TEXT,
            SET_ASIDE if name in IDS else IGNORED,
        )
        for name in (*NAMES, "source")
    ),
    Check("source", pl.col("source").str.len_chars() > MAX_TEXT, f"longer than {MAX_TEXT} characters"),
    Check("share", pl.col("typed_min").is_null(), "not a share from 0 to 100 percent; taken as undisclosed"),
    Check("end", pl.col("typed_start") > pl.col("typed_end"), "ends before it starts; both dates ignored"),
    *(_not_understood(name) for name in ("interest", "direct", *DATES)),
)


def _failing(typed: pl.DataFrame, check: Check) -> pl.DataFrame:
    """List the rows that fail one check with the value at fault."""
    percent = pl.col("share_percent")
    parts = pl.format(
        "{} to {}", *(pl.col(n).cast(pl.String).fill_null("blank") for n in ("share_min", "share_max"))
    )
    value = pl.coalesce(percent, parts) if check.column == "share" else pl.col(check.column).cast(pl.String)
    return typed.filter(check.wrong.fill_null(value=False)).select(
        PART,
        ROW,
        pl.lit(check.column).alias("column"),
        value.alias("value"),
        pl.lit(check.reason).alias("reason"),
        pl.lit(check.consequence).alias("consequence"),
    )
