"""OFAC's legacy CSV sets: SDN, ADD, ALT, SDN_COMMENTS, and the same four of the non-SDN consolidated list.

No header, null is `-0-`, the file ends with 0x1A. The three further files join on `ent_num`; remarks are cut at
1,000 characters and go on in the comments file. Layout: OFAC data specification (dat_spec.txt).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from lists.assembly import Draft, Parsed, assemble
from lists.errors import MalformedList
from lists.fetch import SourceFile
from lists.normalize.remarks import read_remarks
from lists.sources.ofac import PARTY_TYPES, non_sdn_list
from lists.tabular import ROW, Table, read_table, reject, rejected_rows

PRIMARY = (
    "ent_num", "name", "type", "program", "title", "call_sign", "vessel_type", "tonnage",
    "gross_registered_tonnage", "vessel_flag", "vessel_owner", "remarks",
)  # fmt: skip
ADDRESS = ("ent_num", "add_num", "street", "city", "country", "add_remarks")
ALIAS = ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks")
COMMENT = ("ent_num", "text")

ROLES: Mapping[str, tuple[str, Sequence[str]]] = {
    "sdn.csv": ("primary", PRIMARY),
    "add.csv": ("address", ADDRESS),
    "alt.csv": ("alias", ALIAS),
    "sdn_comments.csv": ("comment", COMMENT),
    "cons_prim.csv": ("primary", PRIMARY),
    "cons_add.csv": ("address", ADDRESS),
    "cons_alt.csv": ("alias", ALIAS),
    "cons_comments.csv": ("comment", COMMENT),
}
"""File name to its role in a set and its columns."""

_FILLS = {
    "address": ["addresses", "countries"],
    "alias": ["names"],
    "comment": ["long_remarks"],
    "primary": [],
}
_VESSEL = ("call_sign", "vessel_type", "tonnage", "gross_registered_tonnage", "vessel_flag", "title")


def recognize(file: SourceFile) -> bool:
    """Tell whether the file is one of a legacy set: by its name, as the layout has no header, and its first field."""
    return file.name in ROLES and bool(re.match(r'"?\d+"?,', file.head_text.lstrip()))


def group(file: SourceFile) -> str:
    """Files of one folder and one prefix make a set."""
    return f"{file.folder}/{'cons' if file.name.startswith('cons') else 'sdn'}"


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one set. Rows of ADD, ALT and comments whose number is not in SDN are quarantined."""
    tables = {
        ROLES[file.name][0]: _table(file, partial) for file in sorted(found, key=lambda file: file.name)
    }
    primary_name = "cons_prim.csv" if found[0].name.startswith("cons") else "sdn.csv"
    if "primary" not in tables:
        if not partial:
            raise MalformedList(
                f"{found[0].path}: {primary_name} is missing beside it; aliases and addresses cannot stand alone"
            )
        tables["primary"] = Table(
            primary_name, pl.DataFrame(schema=_schema(PRIMARY)), rejected_rows(primary_name, [])
        )
    primary = _without_repeats(tables["primary"])
    numbers = primary.frame["ent_num"].to_list()
    joined = {
        role: reject(table, ~pl.col("ent_num").is_in(numbers), f"no row with this ent_num in {primary_name}")
        for role, table in tables.items()
        if role != "primary"
    }
    there = {file.name for file in found}
    absent = {name: _FILLS[ROLES[name][0]] for name in _siblings(primary_name) if name not in there}
    draft = _draft(primary, joined)
    order = (primary, *(joined[role] for role in sorted(joined)))
    return assemble(draft, tuple(table for table in order if table.rows), absent=absent)


def _table(file: SourceFile, partial: bool) -> Table:
    role, columns = ROLES[file.name]
    cut = [name for name in ("remarks", "text") if name in columns]  # a blank at the cut belongs to the text
    table = read_table(file, columns, null="-0-", end_mark=role != "comment", partial=partial, as_is=cut)
    return reject(table, ~pl.col("ent_num").str.contains(r"^\d+$").fill_null(False), "ent_num is no number")


def _without_repeats(primary: Table) -> Table:
    primary = reject(primary, pl.col("name").is_null(), "has no name")
    return reject(primary, ~pl.col("ent_num").is_first_distinct(), "ent_num stands twice")


def _siblings(primary_name: str) -> tuple[str, ...]:
    cons = primary_name.startswith("cons")
    return tuple(name for name in ROLES if name.startswith("cons") == cons)


def _schema(columns: Sequence[str]) -> dict[str, pl.DataType]:
    return {ROW: pl.Int64()} | {name: pl.String() for name in columns}


def _draft(primary: Table, joined: Mapping[str, Table]) -> Draft:
    rows = _with_comments(primary.frame, joined.get("comment"))
    facts = read_remarks(rows.select("entry", "remarks"))
    programs = pl.col("program").str.split("] [")
    entries = rows.select(
        "entry",
        list=_list_code(primary.file, programs),
        number="ent_num",
        party_type=pl.col("type").str.to_lowercase().replace_strict(PARTY_TYPES, default="organization"),
        name="name",
        programs=programs,
        remarks="remarks",
        source_ref=pl.lit(f"{primary.file} row ") + pl.col(ROW).cast(pl.String),
    )
    return Draft(
        entries=entries,
        names=pl.concat([_aliases(joined.get("alias")), facts.names]),
        addresses=_addresses(joined.get("address")),
        identifiers=pl.concat([facts.identifiers, _vessel(rows)]),
        relations=pl.concat([facts.relations, _vessel_owner(rows)]),
    )


def _with_comments(primary: pl.DataFrame, comments: Table | None) -> pl.DataFrame:
    rows = primary.with_columns(entry=pl.col("ent_num").cast(pl.Int64))
    if comments is None:
        return rows
    more = comments.frame.sort(ROW).group_by("ent_num", maintain_order=True).agg(pl.col("text").str.join(""))
    joined = rows.join(more, on="ent_num", how="left", maintain_order="left")
    whole = pl.concat_str("remarks", "text", ignore_nulls=True)
    return joined.with_columns(remarks=pl.when(pl.coalesce("remarks", "text").is_not_null()).then(whole))


def _list_code(file: str, programs: pl.Expr) -> pl.Expr:
    return pl.lit("SDN") if file == "sdn.csv" else non_sdn_list(programs)


def _aliases(table: Table | None) -> pl.DataFrame:
    frame = table.frame if table else pl.DataFrame(schema=_schema(ALIAS))
    return frame.select(
        entry=pl.col("ent_num").cast(pl.Int64),
        name="alt_name",
        name_kind="alt_type",
        quality=pl.lit("strong"),
    )


def _addresses(table: Table | None) -> pl.DataFrame:
    """Every ADD row is an address, also the 2,652 rows (2023-12-28) that carry no part of one."""
    frame = table.frame if table else pl.DataFrame(schema=_schema(ADDRESS))
    raw = pl.concat_str("street", "city", "country", "add_remarks", separator=", ", ignore_nulls=True)
    return frame.select(
        entry=pl.col("ent_num").cast(pl.Int64),
        raw=pl.when(raw != "").then(raw),
        street="street",
        city=pl.col("city").str.replace(_POSTAL, "").str.strip_chars(" ,"),
        postal_code=pl.col("city").str.extract(_POSTAL),
        region=pl.col("country").str.extract(r"^Region: (.+)"),
        country="country",
    )


_POSTAL = r"\s((?:[A-Z]{1,3}-)?[A-Z0-9]*[0-9][A-Z0-9-]*(?:\s[0-9][A-Z]{2})?)$"


def _vessel(rows: pl.DataFrame) -> pl.DataFrame:
    facts = rows.select("entry", *_VESSEL).unpivot(
        index="entry", variable_name="id_type", value_name="id_value"
    )
    flag = pl.when(pl.col("id_type") == "vessel_flag").then(pl.col("id_value"))
    return facts.drop_nulls("id_value").select("entry", "id_type", "id_value", country=flag)


def _vessel_owner(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.drop_nulls("vessel_owner").select(
        "entry", relation=pl.lit("vessel_owner"), other_name="vessel_owner", text="vessel_owner"
    )
