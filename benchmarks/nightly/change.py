"""Change one customer in a hundred of a book, as a day does: half get another's name, a quarter leave, a quarter come.

python -m benchmarks.nightly.change FOLDER CHANGED
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import polars as pl

SHARE = 0.01


def changed(book: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return the customers of the day after."""
    dice = rng.random(book.height)
    others = book["name"].gather(rng.integers(0, book.height, book.height))
    renamed = book.with_columns(name=pl.when(pl.Series(dice < SHARE / 2)).then(others).otherwise("name"))
    stay = pl.Series((dice < SHARE / 2) | (dice >= SHARE * 3 / 4))
    new = book.filter(pl.Series(dice >= 1 - SHARE / 4)).with_columns(
        pl.format("N{}", "customer_id").alias("customer_id")
    )
    return pl.concat([renamed.filter(stay), new])


if __name__ == "__main__":
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    shutil.copytree(source, target, dirs_exist_ok=True)
    book = pl.read_csv(source / "customers.csv", infer_schema=False)
    changed(book, np.random.default_rng(1)).write_csv(target / "customers.csv")
