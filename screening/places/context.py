"""What stands around a word in its part of an address: a street word, a building, a mission, or nothing but numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from screening.names.tables import table as names_table
from screening.places.fold import pattern
from screening.places.tables import exploded

STREETS = ("st", "rd", "ave", "blvd", "ln", "dr", "sq", "hwy", "cad", "sok", "mah")
"""What the street words of `screening/data/names/address_words.csv` mean; the others there are rooms and floors."""

PARTS = ("left", "right", "rest")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Patterns over the texts to the left and right of a word, up to the next comma.

    A street word that comes before its name (`ul. Kerchenskaya`) speaks for the word after it, one that comes after
    (`Crimea Road`) for the word before it; at the edge of a part, or beside a number, either speaks for its neighbour.
    """

    street_left: str
    street_right: str
    other_name_left: str
    other_name_right: str
    building: str
    mission_left: str
    mission_right: str


@cache
def surroundings() -> Surroundings:
    """Return the patterns, made from `context_words.csv` and the street words of the address table."""
    before, either = _words("street_before"), _words("street_either")
    after = sorted({*_words("street_after"), *either, *_street_words()} - set(before))
    particles = _any(_words("particle"))
    between = rf"(?:\s+{particles})*\s*$"
    mission = _any(_words("mission"))
    return Surroundings(
        street_left=rf"(?:^|\s){_any(before)}{between}|^\s*(?:\S*\d\S*\s+)*{_any(after)}{between}",
        street_right=rf"^\s*{_any(after)}(?:\s|$)|^\s*{_any(before)}\s*(?:$|\S*\d)",
        other_name_left=rf"(?:^|\s){_any(_words('other_name_before'))}\s*$",
        other_name_right=rf"^\s*{_any(_words('other_name_after'))}(?:\s|$)",
        building=_any(_words("building")),
        mission_left=rf"(?:^|\s){mission}{between}",
        mission_right=rf"^\s*{mission}(?:\s|$)",
    )


def with_context(hits: pl.DataFrame) -> pl.DataFrame:
    """Add what surrounds each hit: street, mission, building (bool), whole (nothing but numbers beside it), ending,
    numbered (a house number follows it).

    In: before, after (the text on either side of the word, in the layout with its end tokens). `street` also says that
    the word is part of another name, such as Crimea Township. `ending`: no letters follow in the whole address.
    """
    shape = surroundings()
    sides = hits.with_columns(
        left=pl.col("before").str.split(",").list.last(),
        right=pl.col("after").str.split(",").list.first().str.strip_chars_end("; "),
    )
    left, right = pl.col("left").str, pl.col("right").str
    numbers = r"^\s*(?:\S*\d\S*\s*)*$"
    return sides.with_columns(
        street=left.contains(shape.street_left)
        | right.contains(shape.street_right)
        | left.contains(shape.other_name_left)
        | right.contains(shape.other_name_right),
        mission=left.contains(shape.mission_left) | right.contains(shape.mission_right),
        building=left.contains(rf"(?:^|\s){shape.building}\s*$")
        | right.contains(rf"^\s*{shape.building}(?:\s|$)"),
        whole=left.contains(numbers) & right.contains(numbers),
        numbered=right.contains(r"^\s*(?:no\s+)?\d"),
        ending=~pl.col("after").str.contains(r"\p{L}"),
    ).drop("left", "right")


@cache
def _words(kind: str) -> tuple[str, ...]:
    rows = exploded("context_words").filter(pl.col("kind") == kind)
    return tuple(pattern(rows["words"]).str.strip_chars().unique().sort())


def _street_words() -> list[str]:
    rows = names_table("address_words").filter(pl.col("means").is_in(STREETS) & (pl.col("word") != "saint"))
    return [*rows["word"], *rows["means"].unique()]


def _any(words: tuple[str, ...] | list[str]) -> str:
    """Return a pattern for any of the words, the longer first."""
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"
