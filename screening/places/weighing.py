"""How certain the words of an address make a place: each word by the rules, then all words of a place together."""

from __future__ import annotations

import polars as pl

from screening.places.branches import MISSION, NO, POSSIBLE, SURE, branches, chain
from screening.places.tables import watched

COMBINED = {
    "row": pl.UInt32(),
    "place": pl.String(),
    "certainty": pl.String(),
    "words": pl.List(pl.String()),
    "start": pl.UInt32(),
    "reason": pl.String(),
}

UNLESS_RANGE = r"^(\d+)-(\d+)$"


def weigh(hits: pl.DataFrame) -> pl.DataFrame:
    """Add `certainty` (sure, possible, no) and `reason` to each hit; hits of the column's own country are left out.

    In: the columns of `hits.hits`, postcodes among them with kind `postcode`.
    """
    named = _countries_named(hits)
    rows = hits.join(named, on="row", how="left").with_columns(
        pl.col("named", "towns").fill_null(pl.lit([], pl.List(pl.String)))
    )
    rows = rows.with_columns(unless_found=_unless(rows))
    certainty, reason = chain(branches())
    weighed = rows.with_columns(certainty=certainty, reason=reason)
    own = (pl.col("place") == pl.col("country")).fill_null(False)
    idle = (pl.col("certainty") == NO) & ~pl.col("place").is_in(watched())
    return weighed.filter(pl.col("place").is_not_null() & ~own & ~idle)


def _countries_named(hits: pl.DataFrame) -> pl.DataFrame:
    """Return for each row the countries that its text names for certain, and those of the large towns in it."""
    plain = ~pl.col("street") & ~pl.col("mission") & ~pl.col("building") & pl.col("place").is_not_null()
    alone = pl.col("whole") | pl.col("ending")
    country = pl.col("kind").is_in(["country", "state", "code"]) & alone
    unclear = (pl.col("kind") == "code") & pl.col("also").is_not_null() & pl.col("country").is_null()
    return (
        hits.filter(plain)
        .group_by("row")
        .agg(
            named=pl.col("place").filter(country & ~unclear).unique().sort(),
            towns=pl.col("place").filter(pl.col("kind") == "elsewhere").unique().sort(),
        )
    )


def _unless(rows: pl.DataFrame) -> pl.Series:
    """Whether the text of a hit holds a word or a postcode that tells another place of the same name."""
    wanted = rows.select("row", "text", "unless").with_row_index("hit").drop_nulls("unless").explode("unless")
    bounds = wanted.with_columns(
        first=pl.col("unless").str.extract(UNLESS_RANGE, 1).cast(pl.Int64),
        last=pl.col("unless").str.extract(UNLESS_RANGE, 2).cast(pl.Int64),
    )
    word = bounds.filter(pl.col("first").is_null()).filter(
        pl.col("text").str.contains(
            pl.format(" {} ", pl.col("unless").str.replace_all(" ", "  ")), literal=True
        )
    )
    numbers = bounds.drop_nulls("first").with_columns(number=pl.col("text").str.extract_all(r"\b\d+\b"))
    inside = numbers.explode("number").filter(
        pl.col("number").cast(pl.Int64, strict=False).is_between("first", "last")
    )
    found = pl.concat([word["hit"], inside["hit"]]).unique()
    numbered = rows.select("row").with_row_index("hit")
    return numbered.select(unless_found=pl.col("hit").is_in(found.implode())).get_column("unless_found")


def combine(weighed: pl.DataFrame) -> pl.DataFrame:
    """Return one row a row and place: certainty, words, start, reason; two possible signs of one place are sure.

    The two must be names of different things, and at least one must point into the region itself: a town and its oblast
    say nothing about the side of a line. For a country one of them must name nothing else. A word that may name two
    regions names the one that is certain.
    """
    if weighed.is_empty():
        return pl.DataFrame(schema=COMBINED)
    possible = pl.col("certainty") == POSSIBLE
    sign = possible & (pl.col("reason") != MISSION)
    pointing = pl.when(pl.col("region")).then(pl.col("kind") != "area").otherwise(pl.col("also").is_null())
    ranked = weighed.with_columns(
        rank=pl.col("certainty").replace_strict({SURE: 0, POSSIBLE: 1, NO: 2}, return_dtype=pl.Int8),
        watch=pl.col("place").is_in(watched()),
        foreign=(~pl.col("country").is_in("friends")).fill_null(False),
    ).sort("row", "place", "rank", "start", "word", nulls_last=True)
    groups = ranked.group_by("row", "place", maintain_order=True).agg(
        pl.col("certainty", "reason", "start", "watch", "foreign").first(),
        pl.col("word")
        .filter(pl.col("rank") == pl.col("rank").min())
        .unique(maintain_order=True)
        .alias("words"),
        ((pl.col("name").filter(sign).n_unique() >= 2) & (sign & pointing).any()).alias("two"),
    )
    joined = possible & pl.col("two") & pl.col("watch") & ~pl.col("foreign")
    final = groups.with_columns(
        certainty=pl.when(joined).then(pl.lit(SURE)).otherwise("certainty"),
        reason=pl.when(joined).then(pl.lit("two signs of one place")).otherwise("reason"),
    )
    return _one_region_a_word(ranked, final).select(*COMBINED)


def _one_region_a_word(hits: pl.DataFrame, final: pl.DataFrame) -> pl.DataFrame:
    """Settle possible places all of whose words are words of a place that is certain."""
    live = hits.filter((pl.col("certainty") != NO) & pl.col("watch")).select("row", "place", "start")
    marked = live.join(final.select("row", "place", final="certainty"), on=["row", "place"])
    taken = marked.filter(pl.col("final") == SURE).select("row", "start").unique()
    open_ones = marked.filter(pl.col("final") == POSSIBLE)
    left = open_ones.join(taken, on=["row", "start"], how="anti").select("row", "place").unique()
    settled = open_ones.select("row", "place").unique().join(left, on=["row", "place"], how="anti")
    there = final.join(
        settled.with_columns(settled=pl.lit(True)), on=["row", "place"], how="left", maintain_order="left"
    )
    gone = pl.col("settled").fill_null(False)
    return there.with_columns(
        certainty=pl.when(gone).then(pl.lit(NO)).otherwise("certainty"),
        reason=pl.when(gone)
        .then(pl.lit("the word belongs to another place that is certain"))
        .otherwise("reason"),
    )
