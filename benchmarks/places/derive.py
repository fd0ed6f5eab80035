"""Write the derived tables of `screening/data/places` anew: `python -m benchmarks.places.derive ../shared/data/places`.

Prints what was read, kept and dropped; the same source gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from benchmarks.places.countries import country_names, country_variants, former_codes
from benchmarks.places.geonames import spellings
from screening.places.tables import table

FOLDER = Path(__file__).resolve().parents[2] / "screening" / "data" / "places"


def write(name: str, frame: pl.DataFrame) -> None:
    """Write one table and say how large it is; the tables read before are read again."""
    path = FOLDER / f"{name}.csv"
    frame.write_csv(path)
    table.cache_clear()
    print(f"{path.name}: {frame.height:,} rows, {path.stat().st_size:,} bytes")


def tell(dropped: dict[str, int]) -> None:
    """Say what was left out."""
    for reason, count in dropped.items():
        print(f"  left out, {reason}: {count:,}")


def main(source: Path) -> None:
    """Derive every table from the folder of the reference data."""
    write("country_names", country_names(source))
    write("former_codes", former_codes(source))
    variants, dropped = country_variants(source)
    write("country_variants", variants)
    tell(dropped)
    places, dropped = spellings(source)
    write("geonames", places)
    tell(dropped)
    for sign in ("sure", "possible", "shared"):
        words = places[sign].drop_nulls().str.split("|").explode()
        print(f"  {sign}: {len(words):,} spellings, {words.n_unique():,} different")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
