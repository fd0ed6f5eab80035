"""How well and how fast addresses are read: `python -m benchmarks.places.accuracy ../shared/data`.

Real addresses with a country beside them: those of OFAC (2021, 2023, 2026), of companies of Japan and China. The text
is given without its country. Found: what share of the addresses in an embargoed country is found, with a blank column
and with a wrong one. False: how many addresses elsewhere are said to be there. Speed: a million made addresses.
"""

from __future__ import annotations

import csv
import random
import sys
import time
from pathlib import Path

import polars as pl

from screening.places import places_in_text, read_countries

EMBARGOED = ("IR", "SY", "CU", "KP")
REGIONS = ("UA-43", "UA-14", "UA-09")
STREETS = (
    "Main St",
    "High Street",
    "Hauptstrasse",
    "Rue de la Paix",
    "Via Roma",
    "Calle Mayor",
    "ул. Ленина",
)
TOWNS = (
    ("Berlin", "Germany", "DE"), ("Paris", "France", "FR"), ("Austin, TX 78701", "USA", "US"), ("Dubai", "UAE", "AE"),
    ("London SW1A 1AA", "United Kingdom", "GB"), ("Shanghai 200000", "China", "CN"), ("Київ", "Україна", "UA"),
    ("Москва 101000", "Россия", "RU"), ("München", "Deutschland", "DE"), ("São Paulo", "Brazil", "BR"),
)  # fmt: skip


def ofac_addresses(source: Path) -> pl.DataFrame:
    """Return the different addresses of three publications: key, text, country."""
    rows = set()
    for file in sorted(source.glob("ofac/*/add.csv")):
        with file.open(encoding="utf-8", errors="replace") as lines:
            for record in csv.reader(lines):
                if len(record) > 4:
                    parts = [part.strip() for part in record[2:4] if part.strip() not in ("", "-0-")]
                    rows.add((", ".join(parts), record[4].strip()))
    frame = pl.DataFrame(sorted(row for row in rows if row[0]), schema=["text", "country"], orient="row")
    return _keyed(frame.with_columns(country=read_countries(frame["country"])["iso2"]))


def company_addresses(source: Path) -> pl.DataFrame:
    """Return addresses in Japanese and Chinese: key, text, country."""
    pairs = pl.read_csv(source / "names" / "company-name-pairs.derived.csv.gz", infer_schema=False)
    return _keyed(pairs.select(text="local_address", country="country").drop_nulls())


def found(addresses: pl.DataFrame, column: str | None) -> pl.DataFrame:
    """Return for each embargoed country how many addresses are sure, possible and missed, with this country column."""
    there = addresses.filter(pl.col("country").is_in(EMBARGOED))
    places = places_in_text(there.with_columns(country=pl.lit(column, pl.String)))
    right = there.join(places, left_on=["key", "country"], right_on=["key", "place"], how="left")
    return (
        right.group_by("country")
        .agg(
            pl.len().alias("addresses"),
            *((pl.col("certainty") == one).sum().alias(one) for one in ("sure", "possible")),
            pl.col("certainty").is_null().sum().alias("missed"),
        )
        .sort("country")
    )


def wrongly_found(addresses: pl.DataFrame, blank: bool) -> pl.DataFrame:
    """Return the addresses outside the embargoed countries and Ukraine that are said to be there."""
    outside = addresses.filter(~pl.col("country").is_in([*EMBARGOED, "UA"]))
    book = outside.with_columns(country=pl.lit(None, pl.String)) if blank else outside
    places = places_in_text(book).filter(pl.col("place").is_in([*EMBARGOED, *REGIONS]))
    return places.join(outside, on="key").select("country", "place", "certainty", "text")


def made(count: int) -> pl.DataFrame:
    """Return made addresses, all different, with the country of each: nine in ten end with its name."""
    chance = random.Random(7)
    rows = []
    for number in range(count):
        town, name, code = chance.choice(TOWNS)
        end = f", {name}" if chance.random() < 0.9 else ""
        rows.append((str(number), f"Office {number}, {chance.choice(STREETS)}, {town}{end}", code))
    return pl.DataFrame(rows, schema=["key", "text", "country"], orient="row")


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(key=pl.int_range(pl.len()).cast(pl.String)).drop_nulls("country")


def main(source: Path) -> None:
    """Print the measurements."""
    ofac = ofac_addresses(source)
    for column in (None, "AE"):
        print(f"OFAC addresses in embargoed countries, country column {column or 'blank'}")
        print(found(ofac, column).write_csv(separator="\t"))
    for name, addresses in (("OFAC", ofac), ("Japan and China", company_addresses(source))):
        for blank in (False, True):
            wrong = wrongly_found(addresses, blank)
            counts = dict(wrong["certainty"].value_counts().iter_rows())
            kind = "blank" if blank else "right"
            print(f"{name}, {addresses.height:,} addresses, column {kind}: wrongly found {counts}")
    book = made(1_000_000)
    start = time.process_time()
    read_countries(book["country"])
    middle = time.process_time()
    places_in_text(book)
    print(
        f"a million: countries {middle - start:.1f} s, places {time.process_time() - middle:.1f} s of processor time"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
