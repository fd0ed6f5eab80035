"""The rules of addresses, in order: when a word makes a place certain, possible or none (regulation 2, B.5)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from screening.places.tables import watched

SURE, POSSIBLE, NO = "sure", "possible", "no"

MISSION = "an embassy or mission of that country"


@dataclass(frozen=True, slots=True)
class Branch:
    """A rule: where `condition` holds and no earlier one does, the hit has this certainty for this reason."""

    condition: pl.Expr
    certainty: str
    reason: str


def branches() -> list[Branch]:
    """Return the rules in order: for any word, for embargoed regions, for embargoed countries, for other countries."""
    column, friends, kind = pl.col("country"), pl.col("friends"), pl.col("kind")
    watch = pl.col("place").is_in(watched())
    region, nation = watch & pl.col("region"), watch & ~pl.col("region")
    blank, foreign = column.is_null(), column.is_not_null() & ~column.is_in(friends)
    named_elsewhere = pl.col("named").list.set_difference(friends).list.len() > 0
    town_elsewhere = pl.col("towns").list.set_difference(friends).list.len() > 0
    town_at_home = pl.col("towns").list.set_intersection(friends).list.len() > 0
    column_named = pl.col("named").list.contains(column).fill_null(False)
    column_meant = pl.concat_list("named", "towns").list.contains(column).fill_null(False)
    also = pl.col("also").fill_null(pl.lit([], pl.List(pl.String)))
    shared = also.list.len() > 0
    there_too = also.list.contains(column) | (also.list.contains("*") & foreign)
    alone = pl.col("whole") | pl.col("ending")
    country = kind.is_in(["country", "state", "code", "variant"])
    sure = pl.col("sign") == SURE
    surely = watch & ((sure & ~(region & pl.col("within") & foreign)) | (country & alone & ~shared))
    claimed = column.is_in(friends) & (column != pl.col("home"))
    return [
        Branch(pl.col("street"), NO, "it is part of a street's or another place's name"),
        Branch(pl.col("unless_found"), NO, "another word tells a place of the same name"),
        Branch(kind == "decoy", NO, "it only looks like a place"),
        Branch(watch & pl.col("mission"), POSSIBLE, MISSION),
        Branch(pl.col("mission"), NO, MISSION),
        Branch(kind == "adjective", NO, "an adjective names no place"),
        Branch(
            nation & surely & ~alone & foreign & column_meant, POSSIBLE, "the address is in another country"
        ),
        Branch(
            region & surely & (kind == "town") & foreign & column_named,
            POSSIBLE,
            "the address is in another country",
        ),
        Branch(
            nation & surely & (kind == "country") & pl.col("numbered") & ~pl.col("ending"),
            POSSIBLE,
            "a number follows, as after the name of a street",
        ),
        Branch(surely & pl.col("building"), POSSIBLE, "part of the name of a building or a company"),
        Branch(surely, SURE, ""),
        Branch(region & foreign & ~sure, NO, "the country column is another"),
        Branch(region & foreign, POSSIBLE, "the country column is another"),
        Branch(region & blank & (named_elsewhere | town_elsewhere), NO, "the address is elsewhere"),
        Branch(region & shared & claimed, NO, "there are places of that name in the country of the column"),
        Branch(region & shared & (town_at_home | ~alone), NO, "many places have that name"),
        Branch(nation & shared & there_too, NO, "there are places of that name in the country of the column"),
        Branch(nation & shared & (named_elsewhere | town_elsewhere), NO, "the address is elsewhere"),
        Branch(nation & country & alone, SURE, ""),
        Branch(nation & (foreign | blank) & named_elsewhere, NO, "the address is elsewhere"),
        Branch(nation & foreign & town_elsewhere, NO, "the address is elsewhere"),
        Branch(watch & (kind == "area"), POSSIBLE, "only a part of the area is in the region"),
        Branch(region | (watch & shared), POSSIBLE, "the word also has other meanings"),
        Branch(watch, POSSIBLE, "a small place, or a word with other meanings"),
        Branch(pl.col("building"), NO, "part of the name of a building or a company"),
        Branch(shared & there_too, NO, "there are places of that name in the country of the column"),
        Branch(country & pl.col("numbered") & ~pl.col("ending"), NO, "it is part of a street's name"),
        Branch(country & shared & blank, POSSIBLE, "also a state or province"),
        Branch(kind == "variant", POSSIBLE, "a rare name of the country"),
        Branch(country & alone & ~column_named, SURE, ""),
        Branch(country & alone, POSSIBLE, "the address names the country of the column too"),
        Branch((kind == "elsewhere") & column.is_in(watched()), POSSIBLE, "a town of that name is there"),
        Branch(pl.lit(True), NO, "a word inside another name"),
    ]


def chain(rules: list[Branch]) -> tuple[pl.Expr, pl.Expr]:
    """Return two expressions: the certainty and the reason of the first branch that holds."""
    number = pl.coalesce(
        [pl.when(branch.condition.fill_null(False)).then(index) for index, branch in enumerate(rules)]
    )
    numbers = list(range(len(rules)))
    certainties = pl.Series([branch.certainty for branch in rules])
    reasons = pl.Series([branch.reason for branch in rules])
    return (
        number.replace_strict(numbers, certainties, return_dtype=pl.String),
        number.replace_strict(numbers, reasons, return_dtype=pl.String),
    )
