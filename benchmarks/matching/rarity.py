"""Learn how rare each word is in names and write `screening/data/names/rarity.csv`.

    python -m benchmarks.matching.rarity

Bits of a word = -log2 of its share of names. For `organization` and `person` that is the mean of its share on the
lists and among clean names, from which its weight follows: a word on a hundred listed names tells them apart no
better than a common one. For `company` it is its share of clean names alone: how much of a surprise it is that a
customer bears it at all (huawei: 9 bits by the one, 18 by the other). Rarer words are left out. Clean names are
those of the development half only, so that the test half stays unseen.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.matching import corpus
from benchmarks.matching.cases import half
from screening.names.lexicon import lexicon
from screening.names.tokens import tokenize

FLOOR = 2.0**-13
CLEAN_FLOOR = 2.0**-15


def shares(names: pl.Series) -> pl.DataFrame:
    """Return the share of the names that contain each token: token, share."""
    words = lexicon().tokens
    tokens, fresh = tokenize(names, lexicon().ids)
    rows = np.repeat(np.arange(len(tokens)), np.diff(tokens.offsets))
    pairs = pl.DataFrame({"row": rows, "id": tokens.ids}).unique()
    vocabulary = pl.DataFrame({"token": [*words, *fresh]}).with_row_index("id").cast({"id": pl.Int32})
    counts = pairs.group_by("id").len().join(vocabulary, on="id")
    return counts.select("token", share=pl.col("len") / len(names))


def rarity() -> pl.DataFrame:
    """Return the bits of every word that is not rare: token, organization, person, company."""
    on_lists = corpus.listed().unique("name")
    is_person = pl.col("party_type") == "person"
    companies, persons = (
        names.filter(pl.col("name").map_elements(half, return_dtype=pl.String) == "dev")
        for names in (corpus.companies(), corpus.persons())
    )
    corpora = {
        "organization": [on_lists.filter(~is_person.fill_null(False)), companies],
        "person": [on_lists.filter(is_person), persons],
    }
    table = _bits(shares(companies["name"]), "company", CLEAN_FLOOR)
    for kind, frames in corpora.items():
        found = pl.concat([shares(frame["name"]) for frame in frames])
        both = found.group_by("token").agg(pl.col("share").sum() / 2)
        table = table.join(_bits(both, kind, FLOOR), on="token", how="full", coalesce=True)
    return table.select("token", "organization", "person", "company").sort("token")


def _bits(found: pl.DataFrame, kind: str, floor: float) -> pl.DataFrame:
    frequent = found.filter((pl.col("share") > floor) & (pl.col("token").str.len_bytes() > 0))
    return frequent.select("token", (-pl.col("share").log(2)).round(1).alias(kind))


if __name__ == "__main__":
    target = Path(__file__).resolve().parents[2] / "screening" / "data" / "names" / "rarity.csv"
    table = rarity()
    table.write_csv(target)
    print(f"{table.height:,} words written to {target.name}")
