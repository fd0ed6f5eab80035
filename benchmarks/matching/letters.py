"""Learn how likely each letter is after the two before it in words of names; write `screening/data/names/letters.csv`.

    python -m benchmarks.matching.letters

Learned from the distinct words of the lists and of clean names, so that frequent words do not count more than once.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks.matching import corpus
from screening.names.clean import clean

FEWEST = 4  # rarer triples are left to the default


def letters() -> pl.DataFrame:
    """Return the bits of a letter after two others: letters (three; ^ before a word, $ after), bits."""
    names = pl.concat([corpus.listed()["name"], corpus.companies()["name"], corpus.persons()["name"]])
    words = clean(names).str.split(" ").explode().unique().to_frame("word")
    words = words.filter(pl.col("word").str.contains(r"^[a-z]{3,20}$")).select("^^" + pl.col("word") + "$")
    spans = pl.concat([words.select(letters=pl.col("literal").str.slice(at, 3)) for at in range(21)])
    counts = spans.filter(pl.col("letters").str.len_bytes() == 3).group_by("letters").len()
    before = counts.group_by(pl.col("letters").str.slice(0, 2).alias("before")).agg(
        pl.col("len").sum().alias("all")
    )
    table = counts.with_columns(before=pl.col("letters").str.slice(0, 2)).join(before, on="before")
    table = table.filter(pl.col("len") >= FEWEST)
    bits = -((pl.col("len") + 0.5) / (pl.col("all") + 13.5)).log(2)
    return table.select("letters", bits.round(1).alias("bits")).sort("letters")


if __name__ == "__main__":
    target = Path(__file__).resolve().parents[2] / "screening" / "data" / "names" / "letters.csv"
    learned = letters()
    learned.write_csv(target)
    print(f"{learned.height:,} triples written to {target.name}")
