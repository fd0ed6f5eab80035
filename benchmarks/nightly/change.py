"""Change a book and the lists as a day does: one customer in a hundred, five parties in a thousand.

python -m benchmarks.nightly.change FOLDER CHANGED [STORE CHANGED_STORE]

Of the changed customers half get another's name, a quarter leave, a quarter come; of the changed parties half get
another's name and half leave.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from lists.schema import ListFrames
from lists.store import Store

CUSTOMERS, PARTIES = 0.01, 0.005


def changed(book: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return the customers of the day after."""
    dice = rng.random(book.height)
    others = book["name"].gather(rng.integers(0, book.height, book.height))
    renamed = book.with_columns(name=pl.when(pl.Series(dice < CUSTOMERS / 2)).then(others).otherwise("name"))
    stay = pl.Series((dice < CUSTOMERS / 2) | (dice >= CUSTOMERS * 3 / 4))
    new = book.filter(pl.Series(dice >= 1 - CUSTOMERS / 4)).with_columns(
        pl.format("N{}", "customer_id").alias("customer_id")
    )
    return pl.concat([renamed.filter(stay), new])


def changed_list(frames: ListFrames, rng: np.random.Generator) -> ListFrames:
    """Return a list of the day after."""
    dice = rng.random(frames.parties.height)
    ids = frames.parties["party_id"]
    left = ids.filter(pl.Series(dice < PARTIES / 2))
    renamed = ids.filter(pl.Series((dice >= PARTIES / 2) & (dice < PARTIES)))
    others = frames.names["name"].gather(rng.integers(0, frames.names.height, frames.names.height))
    names = frames.names.with_columns(
        name=pl.when(pl.col("party_id").is_in(renamed.implode())).then(others).otherwise("name")
    ).unique(["party_id", "name"], keep="first", maintain_order=True)
    stay = {
        table: rows.filter(~pl.col("party_id").is_in(left.implode()))
        for table, rows in (frames.tables() | {"names": names}).items()
    }
    return ListFrames(**stay)


def publish(source: Path, target: Path, rng: np.random.Generator) -> None:
    """Copy a store and publish the changed lists of the day after in it."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    store = Store(target)
    for ref in store.load().snapshots:
        manifest = replace(
            store.manifest(ref), published=ref.published + timedelta(days=1), tables={}, stored_at=""
        )
        store.publish(manifest, changed_list(store.read(ref), rng), store.quarantine(ref), store.defects(ref))


if __name__ == "__main__":
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    rng = np.random.default_rng(1)
    shutil.copytree(source, target, dirs_exist_ok=True)
    changed(pl.read_csv(source / "customers.csv", infer_schema=False), rng).write_csv(
        target / "customers.csv"
    )
    if len(sys.argv) > 3:
        publish(Path(sys.argv[3]), Path(sys.argv[4]), rng)
