"""Make a book of any size: customers, ownership edges, entities, activities; the same seed gives the same files.

python -m benchmarks.nightly.book 1_000_000 FOLDER

Names are recombined from real company names and made-up persons of the reference data; two in a hundred customers carry
a listed name, changed by a typing error. Two edges a customer, one activity for five.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.matching.corpus import companies, listed, persons

LISTED, PERSONS = 0.02, 0.15
OWNED = 0.70  # of the customers have an owner on record
ENTITIES = 0.30  # owners that are no customers, for each customer
COUNTRIES = ("US", "GB", "DE", "FR", "JP", "SG", "AE", "HK", "CN", "TR", "IN", "BR")
COUNTRY_SHARE = (0.60, 0.09, 0.08, 0.05, 0.05, 0.03, 0.01, 0.01, 0.01, 0.01, 0.04, 0.02)
KINDS = ("training", "fine_tuning", "inference", "lease", "order")
KIND_SHARE = (0.04, 0.06, 0.60, 0.25, 0.05)


def names(rng: np.random.Generator, count: int, listed_share: float = LISTED) -> pl.DataFrame:
    """Return name, party_type, country of made-up subjects."""
    kind = rng.random(count)
    typed = int((kind < listed_share).sum())
    people = int(((kind >= listed_share) & (kind < listed_share + PERSONS)).sum())
    listed_names = listed().filter(pl.col("name").str.len_chars() > 6)
    parts = [
        _perturbed(rng, listed_names, typed),
        _recombined(rng, persons()["name"], people).with_columns(party_type=pl.lit("person")),
        _recombined(rng, companies()["name"], count - typed - people).with_columns(
            party_type=pl.lit("organization")
        ),
    ]
    country = pl.Series("country", COUNTRIES).gather(rng.choice(len(COUNTRIES), count, p=COUNTRY_SHARE))
    return pl.concat(parts).with_columns(country)[rng.permutation(count)]


def _recombined(rng: np.random.Generator, real: pl.Series, count: int) -> pl.DataFrame:
    """Join the first half of one name's words to the second half of another's."""
    words = real.str.split(" ")
    half = (words.list.len() + 1) // 2
    parts = pl.DataFrame({"words": words, "half": half})
    first = parts[rng.integers(0, len(real), count)].select(
        first=pl.col("words").list.head("half").list.join(" ")
    )
    last = parts[rng.integers(0, len(real), count)].select(
        last=pl.col("words").list.slice("half").list.join(" ")
    )
    return pl.concat([first, last], how="horizontal").select(
        name=pl.format("{} {}", "first", "last").str.strip_chars()
    )


def _perturbed(rng: np.random.Generator, listed_names: pl.DataFrame, count: int) -> pl.DataFrame:
    """Take listed names and leave out one letter, but the first."""
    picked = listed_names[rng.integers(0, listed_names.height, count)]
    place = 1 + (rng.random(count) * (picked["name"].str.len_chars().to_numpy() - 2)).astype(np.int64)
    typed = picked.with_columns(pl.Series("place", place)).select(
        name=pl.format(
            "{}{}", pl.col("name").str.slice(0, "place"), pl.col("name").str.slice(pl.col("place") + 1)
        ),
        party_type="party_type",
    )
    return typed


def customers(rng: np.random.Generator, count: int) -> pl.DataFrame:
    """Return the customers table."""
    founded = pl.Series(rng.integers(0, 12_000, count))
    return names(rng, count).select(
        _ids("C", np.arange(count)).alias("customer_id"),
        "name",
        "party_type",
        "country",
        hq_country=pl.when(pl.Series(rng.random(count) < 0.8)).then("country"),
        incorporated_on=pl.when(pl.Series(rng.random(count) < 0.3)).then(
            pl.lit(date(1993, 1, 1)) + pl.duration(days=pl.lit(founded))
        ),
        address=pl.when(pl.Series(rng.random(count) < 0.5)).then(
            pl.format(
                "{} Harbour Road, Block {}",
                pl.Series(rng.integers(1, 999, count)),
                pl.Series(rng.integers(1, 60, count)),
            )
        ),
    )


def entities(rng: np.random.Generator, count: int) -> pl.DataFrame:
    """Return the owners that are not customers."""
    return names(rng, count, LISTED / 10).select(
        _ids("E", np.arange(count)).alias("entity_id"), "name", kind="party_type", country="country"
    )


def ownership(rng: np.random.Generator, count: int, owners: int, edges: int) -> pl.DataFrame:
    """Return the edges: groups of up to some hundred members under one head, and funds with small stakes in many."""
    owned = rng.integers(0, int(count * OWNED), edges)
    head = owned - owned % 64  # customers of one group stand together; its first is above the others
    dice = rng.random(edges)
    by_head = (dice < 0.25) & (owned != head)
    by_fund = dice > 0.80
    entity = np.where(by_fund, rng.integers(0, max(1, owners // 1000), edges), rng.integers(0, owners, edges))
    owner = (
        pl.DataFrame({"head": _ids("C", head), "entity": _ids("E", entity), "by": by_head})
        .select(pl.when("by").then("head").otherwise("entity"))
        .to_series()
    )
    percent = np.where(by_fund, rng.integers(1, 6, edges), rng.integers(5, 60, edges))
    share = pl.Series(percent).cast(pl.String)
    return pl.DataFrame(
        {"owner_id": owner, "owned_id": _ids("C", owned), "share_percent": share}
    ).with_columns(share_percent=pl.when(pl.Series(rng.random(edges) < 0.8)).then("share_percent"))


def activity(rng: np.random.Generator, count: int, rows: int) -> pl.DataFrame:
    """Return the activities; operations spread around the limits that matter."""
    return pl.DataFrame(
        {
            "customer_id": _ids("C", rng.integers(0, count, rows)),
            "activity_id": _ids("A", np.arange(rows)),
            "kind": pl.Series(KINDS).gather(rng.choice(len(KINDS), rows, p=KIND_SHARE)),
            "training_ops_planned": 10 ** rng.uniform(19, 26.1, rows),
            "model_id": _ids("M", rng.integers(0, max(1, rows // 3), rows)),
            "weights_published": pl.Series(["yes", "no", "unknown"]).gather(rng.integers(0, 3, rows)),
        }
    ).with_columns(start=pl.lit(date(2026, 3, 1)))


def _ids(letter: str, numbers: np.ndarray) -> pl.Series:
    return pl.select(
        pl.format(letter + "{}", pl.lit(pl.Series(numbers)).cast(pl.String).str.zfill(8))
    ).to_series()


def write(folder: Path, count: int, seed: int = 0) -> None:
    """Write the four files of a book."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    owners = max(1, int(count * ENTITIES))
    customers(rng, count).write_csv(folder / "customers.csv")
    entities(rng, owners).write_csv(folder / "entities.csv")
    ownership(rng, count, owners, 2 * count).write_csv(folder / "ownership.csv")
    activity(rng, count, max(1, count // 5)).write_csv(folder / "activity.csv")


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]))
