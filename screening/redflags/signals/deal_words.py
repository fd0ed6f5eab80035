"""What a match in a role says of the dealings with whom it concerns, in words: who, in which role, how often, when."""

from __future__ import annotations

import polars as pl

from screening.redflags.party_effects import OWNER_SUFFIX, role_words

DEAL_WORDS = (
    "role_words", "dealings", "deals_note", "items_note", "below_note", "also_note", "listed_words", "occasions",
    "consequence", "role_citation", "start", "end",
)  # fmt: skip
"""What reasons quote and evidence does not repeat."""


def dealings() -> pl.Expr:
    """Return how often and when, as in `2 transactions from 2026-10-01 to 2026-10-02`; null where there was no dealing.

    >>> import datetime
    >>> day = datetime.date(2026, 10, 1)
    >>> frame = pl.DataFrame({"occasions": ["1 activity"], "first_day": [day], "last_day": [day]})
    >>> frame.select(dealings()).item()
    '1 activity on 2026-10-01'
    """
    first, last = pl.col("first_day").cast(pl.String), pl.col("last_day").cast(pl.String)
    days = (
        pl.when(first.is_null() & ~pl.col("occasions").str.contains(r"^\d"))  # a name, not dealings
        .then(pl.lit(""))
        .when(first.is_null())
        .then(pl.lit(" without a day"))
        .when(first == last)
        .then(pl.format(" on {}", first))
        .otherwise(pl.format(" from {} to {}", first, last))
    )
    return pl.col("occasions") + days


def everybody_in_roles(entries: pl.DataFrame, named: pl.Expr) -> pl.DataFrame:
    """Return row, `parties` (who is in which role, one each, joined) and `others`, how many those are.

    `entries`: row, role, counterparty, query_name, occasions, first_day, last_day, and what `named` reads: the words
    for what was found. Rows without a role are passed over. Several subjects of one counterparty count as one.
    """
    who = pl.coalesce("counterparty", "query_name")
    words = pl.concat_str(
        pl.concat_str(named, who, separator=": "), role_words(pl.col("role")), dealings(),
        separator=", ", ignore_nulls=True,
    )  # fmt: skip
    each = (
        entries.filter(pl.col("role").is_not_null())
        .select("row", words.alias("words"))
        .unique()
        .sort("row", "words")
    )
    return each.group_by("row", maintain_order=True).agg(
        parties=pl.col("words").str.join(" | "), others=pl.len().cast(pl.Int64)
    )


def with_deal_words(best: pl.DataFrame, everybody: pl.DataFrame) -> pl.DataFrame:
    """Add the words of `DEAL_WORDS` and `parties` to the entries that speak, one a row.

    `best`: row, role, counterparty, query_name, items, occasions, first_day, last_day. `everybody`: as from
    `everybody_in_roles`.
    """
    deal = dealings()
    items = pl.when(pl.col("items").is_not_null()).then(pl.format(" ({})", "items")).otherwise(pl.lit(""))
    others = pl.col("others").fill_null(0) - pl.col("role").is_not_null().cast(pl.Int64)
    below = pl.when(pl.col("role").str.ends_with(OWNER_SUFFIX)).then(
        pl.format(", above {} in {}", "counterparty", deal)
    )
    return (
        best.join(everybody, on="row", how="left", maintain_order="left")
        .with_columns(
            role_words=role_words(pl.col("role")),
            dealings=deal,
            items_note=items,
            deals_note=(pl.format(" in {}", deal) + items).fill_null(""),
            below_note=below.fill_null(""),
            also_note=pl.when(others == 1)
            .then(pl.lit(" One more in a role is named in the evidence."))
            .when(others > 1)
            .then(pl.format(" {} more in roles are named in the evidence.", others))
            .otherwise(pl.lit("")),
        )
        .drop("others")
    )
