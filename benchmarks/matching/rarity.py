"""Learn how rare each word is in names and write `screening/data/names/rarity.csv`.

    python -m benchmarks.matching.rarity

Bits of a word = -log2 of its share of names, the mean of its share on the lists and among clean names, for
names of organizations and of persons apart. Words rarer than one name in `RARE` are left out: they get the
most bits.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.matching import corpus
from screening.names.lexicon import lexicon
from screening.names.tokens import tokenize

FLOOR = 2.0**-13


def shares(names: pl.Series) -> pl.DataFrame:
    """Share of the names that hold each token: token, share."""
    words = lexicon().tokens
    tokens, fresh = tokenize(names, lexicon().ids)
    rows = np.repeat(np.arange(len(tokens)), np.diff(tokens.offsets))
    pairs = pl.DataFrame({"row": rows, "id": tokens.ids}).unique()
    vocabulary = pl.DataFrame({"token": [*words, *fresh]}).with_row_index("id").cast({"id": pl.Int32})
    counts = pairs.group_by("id").len().join(vocabulary, on="id")
    return counts.select("token", share=pl.col("len") / len(names))


def rarity() -> pl.DataFrame:
    """Bits of every word that is not rare: token, organization, person."""
    on_lists = corpus.listed().unique("name")
    is_person = pl.col("party_type") == "person"
    corpora = {
        "organization": [on_lists.filter(~is_person.fill_null(False)), corpus.companies()],
        "person": [on_lists.filter(is_person), corpus.persons()],
    }
    columns = []
    for kind, frames in corpora.items():
        both = (
            pl.concat([shares(frame["name"]) for frame in frames])
            .group_by("token")
            .agg(pl.col("share").sum() / 2)
        )
        columns.append(
            both.filter((pl.col("share") > FLOOR) & (pl.col("token").str.len_bytes() > 0)).select(
                "token", (-pl.col("share").log(2)).round(1).alias(kind)
            )
        )
    return columns[0].join(columns[1], on="token", how="full", coalesce=True).sort("token")


if __name__ == "__main__":
    target = Path(__file__).resolve().parents[2] / "screening" / "data" / "names" / "rarity.csv"
    table = rarity()
    table.write_csv(target)
    print(f"{table.height:,} words written to {target.name}")
