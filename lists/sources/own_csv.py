"""A list of the user's own: any CSV, with a TOML file of the same name beside it that says what its columns mean.

```toml
list = "WATCH"            # code of the list; required
publisher = "Risk desk"   # optional
published = 2026-01-05    # optional
delimiter = ";"           # optional
separator = "|"           # between several values in one field; optional, "; " if not given
[columns]                 # ours = theirs; name is required
name = "Company"
other_names = "Also known as"
```

Columns: name, party_id, party_type, other_names, weak_names, country, address, city, region, postal_code, programs,
listed_from, listed_to, remarks; every other key of [columns] names an identifier type.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from lists.assembly import Draft, Parsed, assemble
from lists.errors import MalformedList
from lists.fetch import SourceFile
from lists.identity import namesake_key
from lists.normalize import dates
from lists.normalize.countries import country_code
from lists.schema import LIST_CODES, OPTIONAL_LISTS, PARTY_TYPES
from lists.tabular import ROW, Table, add_absent_columns, read_table, reject, reject_unread_dates

_COLUMNS = (
    "name", "party_id", "party_type", "other_names", "weak_names", "country", "address", "city", "region",
    "postal_code", "programs", "listed_from", "listed_to", "remarks",
)  # fmt: skip
_OURS = (*LIST_CODES, *OPTIONAL_LISTS)


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the TOML file says."""

    list: str
    columns: Mapping[str, str]
    published: date | None
    delimiter: str
    separator: str


def recognize(file: SourceFile) -> bool:
    """Tell by the TOML file of the same name next to it."""
    return file.name.endswith((".csv", ".tsv", ".txt")) and _sidecar(file) is not None


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; rows without a name or with an unreadable date are quarantined."""
    file = found[0]
    mapped = _mapping(file)
    table = read_table(file, delimiter=mapped.delimiter, partial=partial)
    absent = [theirs for theirs in mapped.columns.values() if theirs.lower() not in table.frame.columns]
    if absent:
        raise MalformedList(
            f"{file.path}: has no column {', '.join(absent)}; its columns are {table.frame.columns[1:]}"
        )
    ours = [pl.col(theirs.lower()).alias(name) for name, theirs in mapped.columns.items()]
    chosen = Table(file.name, table.frame.select(ROW, *ours), table.rejected, table.warnings)
    table = add_absent_columns(chosen, (), _COLUMNS)
    table = reject(table, pl.col("name").is_null(), "has no name", pl.lit(mapped.list))
    table = reject_unread_dates(table, ("listed_from", "listed_to"), pl.lit(mapped.list))
    repeated = pl.col("party_id").is_not_null() & ~pl.col("party_id").is_first_distinct()
    table = reject(table, repeated, "party_id stands twice", pl.lit(mapped.list))
    return assemble(_draft(table, mapped), (table,), mapped.published)


def _sidecar(file: SourceFile) -> Path | None:
    stem = re.sub(r"(\.(csv|tsv|txt))?(\.(gz|zip))?$", "", file.path.name, flags=re.IGNORECASE)
    path = file.folder / f"{stem}.toml"
    return path if path.is_file() else None


def _mapping(file: SourceFile) -> Mapped:
    path = _sidecar(file)
    assert path is not None
    try:
        toml: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MalformedList(f"{path}: not readable ({error})") from error
    code, columns = toml.get("list"), toml.get("columns")
    if not isinstance(code, str) or not re.fullmatch(r"[A-Z][A-Z0-9_]{1,31}", code) or code in _OURS:
        raise MalformedList(
            f"{path}: list must be a code of your own like WATCH, in capitals, not one of {_OURS}"
        )
    if not isinstance(columns, dict) or not isinstance(columns.get("name"), str):
        raise MalformedList(f"{path}: [columns] must say which column is the name")
    day = toml.get("published")
    return Mapped(
        code, {str(ours): str(theirs) for ours, theirs in columns.items()}, day if isinstance(day, date) else None,
        str(toml.get("delimiter", ",")), str(toml.get("separator", "; ")),
    )  # fmt: skip


def _draft(table: Table, mapped: Mapped) -> Draft:
    def many(column: str) -> pl.Expr:
        return pl.col(column).str.split(mapped.separator).list.eval(pl.element().str.strip_chars())

    rows = table.frame.with_columns(entry=ROW)
    place = ("address", "city", "region", "postal_code", "country")
    countries = many("country").list.eval(country_code(pl.element())).list.drop_nulls()
    types = [name for name in mapped.columns if name not in _COLUMNS]
    facts = [
        rows.select("entry", id_type=pl.lit(name), id_value=many(name)).explode(
            "id_value", empty_as_null=False
        )
        for name in types
    ]
    names = [
        rows.select("entry", name=many(column), name_kind=pl.lit("aka"), quality=pl.lit(quality)).explode(
            "name", empty_as_null=False
        )
        for column, quality in (("other_names", "strong"), ("weak_names", "weak"))
    ]
    empty = pl.DataFrame(schema={"entry": pl.Int64, "id_type": pl.String, "id_value": pl.String})
    return Draft(
        entries=rows.select(
            "entry",
            "name",
            "remarks",
            list=pl.lit(mapped.list),
            number="party_id",
            party_type=pl.when(pl.col("party_type").str.to_lowercase().is_in(PARTY_TYPES)).then(
                pl.col("party_type").str.to_lowercase()
            ),
            key=namesake_key(pl.lit(mapped.list), countries, pl.lit(None, pl.String)),
            tiebreak="address",
            countries=countries,
            programs=many("programs"),
            start=dates.parse(pl.col("listed_from")),
            end=dates.parse(pl.col("listed_to")),
            source_ref=pl.lit(f"{table.file} row ") + pl.col(ROW).cast(pl.String),
        ),
        names=pl.concat(names).drop_nulls("name").filter(pl.col("name") != ""),
        addresses=rows.filter(
            pl.any_horizontal(pl.col("address", "city", "postal_code").is_not_null())
        ).select(
            "entry",
            "city",
            "region",
            "postal_code",
            raw=pl.concat_str(place, separator=", ", ignore_nulls=True),
            street="address",
            country=many("country").list.first(),
        ),
        identifiers=pl.concat([empty, *facts]).drop_nulls("id_value").filter(pl.col("id_value") != ""),
    )
