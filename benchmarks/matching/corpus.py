"""The reference data as plain frames: names on the lists, names of clean companies and persons.

Run the commands of this folder from the root of the repository with the reference data at `../shared`.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
_TYPES = {"Entity": "organization", "Individual": "person", "Vessel": "vessel", "Aircraft": "aircraft"}


def listed() -> pl.DataFrame:
    """Every name on every list of 2026-07-31: party_id, list, name, party_type, country, position (0 = primary)."""
    with gzip.open(SHARED / "csl" / "screening-list.compact-2026-07-31.json.gz") as file:
        document = json.load(file)
    sources = [
        source[source.rindex("(") + 1 : source.rindex(")")] if "(" in source else source
        for source in (s.split(" - ")[0] for s in document["tables"]["sources"])
    ]
    rows = [
        (f"{sources[entry['s']]}-{ordinal}", sources[entry["s"]], name, _TYPES.get(entry.get("t")),
         (entry.get("c") or [None])[0], position)
        for ordinal, entry in enumerate(document["entries"])
        for position, name in enumerate([entry["n"], *entry.get("a", [])])
    ]  # fmt: skip
    columns = ["party_id", "list", "name", "party_type", "country", "position"]
    return pl.DataFrame(rows, schema=columns, orient="row").filter(pl.col("name") != "")


def companies() -> pl.DataFrame:
    """Clean company names: name, country (GLEIF and SEC registrants, each name once)."""
    gleif = pl.read_csv(SHARED / "customers" / "gleif-legal-names-2025-10.csv.gz", infer_schema=False)
    sec = pl.read_csv(SHARED / "customers" / "sec-company-tickers-2026-10.csv", infer_schema=False)
    names = pl.concat([
        gleif.select(name="Entity.LegalName", country="Entity.LegalAddress.Country"),
        sec.select("name", country=pl.lit("US")),
    ])  # fmt: skip
    return names.drop_nulls("name").unique("name", keep="first", maintain_order=True)


def persons() -> pl.DataFrame:
    """Made-up clean persons: name, country (null)."""
    made_up = pl.read_csv(SHARED / "customers" / "synthetic-persons-us.csv.gz", infer_schema=False)
    names = made_up.select(name="full_name", country=pl.lit(None, pl.String))
    return names.drop_nulls("name").unique("name", keep="first", maintain_order=True)
