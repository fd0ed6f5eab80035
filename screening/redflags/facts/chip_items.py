"""What a row delivers: its part, the class that 3A090 gives it, and what that class rests on.

A classification as given beats the figures of the part; where they differ, both are on record.
"""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from screening.compute.accelerators import chip_class, identify, parts
from screening.compute.classification import ADVANCED, class_by_eccn
from screening.law import figure, table

LEAST_LETTERS = 4
"""Shorter names of parts, such as T4, are too common to be read out of the text of an item."""
MAKERS = (
    r"(?i)\b(?:gpus?|nvidia|amd|accelerators?|servers?|hgx|dgx|sxm|geforce|ascend|gaudi|tpu|instinct|tesla)\b"
)
"""Words that must stand in the text of an item before a part is read out of it."""


def classify(rows: pl.DataFrame) -> pl.DataFrame:
    """Add to rows with accelerator, item, hs_code, eccn, given_tpp what they deliver.

    Added: goods, part, tpp, density, memory, data_center, item_class, class_by, table_class (of which the fact
    `shipments` speaks), by_letter (whether the maker was told by letter that the part needs a licence).
    """
    accelerator = pl.coalesce("accelerator", _part_in(pl.col("item")))
    rows = rows.with_columns(accelerator=accelerator)
    figures = identify(rows["accelerator"]).select(
        "accelerator", "model", "density", "data_center", memory="dram_gb_s", table_tpp="tpp"
    )
    rows = rows.join(figures, on="accelerator", how="left").with_columns(
        tpp=pl.coalesce("given_tpp", "table_tpp")
    )
    named = pl.col("accelerator").is_not_null() | pl.col("given_tpp").is_not_null()
    by_figures = pl.when(named).then(chip_class(pl.col("tpp"), pl.col("density"), pl.col("data_center")))
    stated = class_by_eccn(pl.col("eccn"))
    differs = stated.is_not_null() & _classes_differ(stated, by_figures)
    by_density = pl.col("tpp") < figure("chip_a_tpp")
    item = pl.coalesce("item", pl.format("HS {}", "hs_code"))
    return rows.with_columns(
        part=pl.coalesce("model", "accelerator"),
        goods=item,
        item_class=pl.coalesce(stated, by_figures),
        class_by=pl.when(stated.is_not_null())
        .then(pl.lit("eccn"))
        .when(by_figures.is_in(ADVANCED))
        .then(pl.when(by_density).then(pl.lit("density")).otherwise(pl.lit("tpp"))),
        table_class=pl.when(differs).then(by_figures),
        by_letter=pl.col("model").is_in(table("chip_letters")["model"].implode()).fill_null(False),
    )


def _classes_differ(stated: pl.Expr, by_figures: pl.Expr) -> pl.Expr:
    """Return whether one of two classes is advanced and the other is another one; an unknown one differs from none."""
    sure = by_figures.is_in([*ADVANCED, "none"])
    either = stated.is_in(ADVANCED) | by_figures.is_in(ADVANCED)
    open_paragraph = (stated == "3A090") & by_figures.is_in(ADVANCED)
    return (sure & either & (stated != by_figures) & ~open_paragraph).fill_null(False)


def _part_in(text: pl.Expr) -> pl.Expr:
    """Return the part that the text of an item names beside a word such as GPU, else null."""
    return pl.when(text.str.contains(MAKERS)).then(text.str.extract(_names(), 1))


@cache
def _names() -> str:
    """Return a pattern of all names of parts with enough letters; a blank or a hyphen may stand inside them."""
    aliases = {
        alias for names in parts()["aliases"] for alias in names.split() if len(alias) >= LEAST_LETTERS
    }
    spaced = (
        r"[ -]?".join(re.findall(r"[a-z]+|\d+", alias))
        for alias in sorted(aliases, key=lambda a: (-len(a), a))
    )
    return rf"(?i)\b({'|'.join(spaced)})\b"
