"""What reasons, questions and evidence of destination rules quote of a shipment and of one place of it."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from screening.compute.results import grouped
from screening.law import decimal_figure, figure, table
from screening.redflags.destinations.chips import part_closed
from screening.redflags.wording import country_names

SHOWN_OTHERS = 10
"""Further shipments that the evidence names; of the others it gives the number."""


def shipment_words() -> dict[str, pl.Expr]:
    """Return the words of each leg, as from `legs`, by the names under which texts quote them."""
    number = pl.when(pl.col("count").is_not_null()).then(grouped(pl.col("count")) + " ")
    item = pl.coalesce("part", "goods", pl.lit("item"))
    eccn = pl.when(pl.col("eccn").is_not_null()).then(pl.format(" ({})", "eccn"))
    named = pl.when(pl.col("shipment").is_not_null()).then(pl.format(" {}", "shipment"))
    day = pl.when(pl.col("day").is_not_null()).then(pl.format(" of {}", pl.col("day").cast(pl.String)))
    return {
        "item": pl.concat_str(number.fill_null(""), item, eccn.fill_null("")),
        "shipment": pl.concat_str(
            pl.col("kind").str.replace("_", "-"), named.fill_null(""), day.fill_null("")
        ),
        "place_name": pl.coalesce(
            _country("place"), pl.col("as_written").replace("", None), pl.lit("no country on record")
        ),
        "class_words": _class_words(),
        "group_words": pl.when(pl.col("groups") == "")
        .then(pl.lit("in none of the groups A:5, A:6, D:1, D:4, D:5"))
        .otherwise(pl.format("in {}", "groups")),
    }


def chip_words() -> dict[str, pl.Expr]:
    """Return the words that only DEST_ADVCHIP quotes; legs as from `with_chip_law`."""
    review = (
        pl.when(pl.col("movement") == "transfer_in_country")
        .then(pl.lit(" Case by case is for exports from the United States only."))
        .when((pl.col("movement") == "reexport") | pl.col("from_country").is_not_null())
        .then(pl.lit(" Case by case is for exports from the United States only, below both figures."))
        .otherwise(pl.lit(""))
    )
    shut = (
        pl.when(part_closed())
        .then(pl.lit("shut for this part"))
        .when(pl.col("closed_to") == "d5_macau")
        .then(pl.lit("shut for Macau, Country Group D:5 and companies headquartered or with a parent there"))
        .when(pl.col("closed_to") == "other")
        .then(pl.lit("only for Macau, Country Group D:5 and companies headquartered there"))
        .otherwise(pl.lit("shut for this destination by 740.2(a)(9)(ii)"))
    )
    world = pl.when((pl.col("item_class") == "3A090.a") & ~pl.col("3A090.a")).then(
        pl.lit(
            " The text of 2025 that asks for a licence world-wide for 3A090.a is printed and not enforced."
        )
    )
    early = pl.lit(table("advanced_computing_destinations")["effective_to"].drop_nulls().min())
    scope = pl.when(pl.col("law_day").cast(pl.String) <= early).then(
        pl.format(" Until {} the scope was China and Macau.", early)
    )
    return {
        "review_words": review,
        "shut_words": shut,
        "context_words": pl.coalesce(scope, world, pl.lit("")),
    }


def lead_words(legs: pl.DataFrame, opening: Collection[str]) -> pl.DataFrame:
    """Return the first leg of each `row`, with `other_shipments`: further ones whose branch is in `opening`.

    `legs`: the strictest first, with the words of `shipment_words` and `line`, the branch of each.
    """
    named = pl.format("{}: {} to {} ({})", "shipment", "item", "place_name", "line")
    further = pl.col("named").filter(pl.col("line").is_in([*opening]), pl.int_range(pl.len()) > 0)
    return (
        legs.with_columns(named=named)
        .group_by("row", maintain_order=True)
        .agg(pl.exclude("named").first(), others=further.unique(maintain_order=True))
        .with_columns(other_shipments=_shortened(pl.col("others")))
        .drop("others")
    )


def certifications(facts: pl.DataFrame) -> pl.DataFrame:
    """Return row, certifications: what is on record of the nine that Supp. 2(dd) to part 748 asks for.

    They are answers with the ids of `certifications.csv` in place of that of a rule; the newest counts.
    """
    numbers = table("certifications").select("number", "answer_id").with_row_index("place")
    answers = facts.select("row", "answers").explode("answers", empty_as_null=False).drop_nulls("answers")
    newest = (
        answers.unnest("answers")
        .sort("row", "rule_id", "date", "answer", nulls_last=False)
        .group_by("row", "rule_id", maintain_order=True)
        .agg(pl.col("answer", "evidence").last())
    )
    each = facts.select("row").join(numbers, how="cross")
    filled = each.join(newest, left_on=["row", "answer_id"], right_on=["row", "rule_id"], how="left")
    reference = (
        pl.when(pl.col("evidence").is_not_null()).then(pl.format(" [{}]", "evidence")).otherwise(pl.lit(""))
    )
    one = pl.format("({}) {}{}", "number", pl.col("answer").fill_null("unknown"), reference)
    ordered = filled.sort("row", "place").group_by("row", maintain_order=True)
    return ordered.agg(
        certifications=pl.when(pl.col("answer").is_null().all())
        .then(pl.lit("none of the nine"))
        .otherwise(one.str.join(", "))
    )


def _shortened(names: pl.Expr) -> pl.Expr:
    more = names.list.len().cast(pl.Int64) - SHOWN_OTHERS
    rest = pl.when(more > 0).then(pl.format(", and {} more", more)).otherwise(pl.lit(""))
    shown = names.list.head(SHOWN_OTHERS).list.join(", ")
    return pl.when(names.list.len() > 0).then(pl.concat_str(shown, rest))


def _class_words() -> pl.Expr:
    """Return the class and what it rests on."""
    tpp = grouped(pl.col("tpp").round(0).cast(pl.Int64))
    density = pl.col("density").round(2).cast(pl.String)
    figures_words = (
        pl.when(pl.col("tpp").is_null())
        .then(pl.lit("no figures on record"))
        .when(pl.col("density").is_null())
        .then(pl.format("TPP {}", tpp))
        .otherwise(pl.format("TPP {}, density {}", tpp, density))
    )
    limits = pl.format(
        "density {} is {} or more and TPP {} is {} or more",
        *(density, pl.lit(str(decimal_figure("chip_a_density")))),
        *(tpp, pl.lit(f"{figure('chip_tpp'):,}")),
    )
    name = pl.col("item_class")
    differs = pl.when(pl.col("table_class").is_not_null()).then(
        pl.format("; by the figures of the part {} ({})", "table_class", figures_words)
    )
    return (
        pl.when(name.is_null())
        .then(pl.lit("no class"))
        .when(pl.col("class_by") == "eccn")
        .then(pl.concat_str(pl.format("{} by its ECCN as given", name), differs.fill_null("")))
        .when((pl.col("class_by") == "density") & (name == "3A090.a"))
        .then(pl.format("{}: {}", name, limits))
        .when(name == "none")
        .then(pl.format("below 3A090.a and .b by its figures: {}", figures_words))
        .when(name == "unknown")
        .then(pl.format("class not known: {}", figures_words))
        .otherwise(pl.format("{}: {}", name, figures_words))
    )


def _country(column: str) -> pl.Expr:
    return pl.col(column).replace(dict(country_names()))
