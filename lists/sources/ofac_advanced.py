"""OFAC's SDN_ADVANCED.XML and CONS_ADVANCED.XML (`Sanctions`, un.org/sanctions/1.0), streamed.

The file opens with its code lists; places and documents come before the parties that point to them, relationships
and list entries after. A party on two lists is two parties here. Schema: OFAC, advanced_xml.xsd.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lists.assembly import ADDRESSES, NAMES, Draft, Parsed, assemble
from lists.fetch import SourceFile
from lists.normalize.list_codes import list_code
from lists.normalize.remarks import Facts, read_facts
from lists.sources.ofac import PARTY_TYPES, non_sdn_list
from lists.sources.ofac_advanced_records import Records
from lists.tabular import Table, record_table
from lists.xml import elements, root_name

_UMBRELLA = "Consolidated List"
_SECTIONS = (
    "DateOfIssue",
    "ReferenceValueSets",
    "Location",
    "IDRegDocument",
    "DistinctParty",
    "ProfileRelationship",
    "SanctionsEntry",
)


def recognize(file: SourceFile) -> bool:
    """Tell by the root element and its namespace."""
    return root_name(file) == "Sanctions" and "un.org/sanctions" in file.head_text[:2_000]


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file. Records that point to a party not in the file are quarantined; so is a party on no list.

    In a sample a party whose list entry was left out stands on the list of the file.
    """
    file = found[0]
    records = Records()
    for section, element in elements(file, _SECTIONS):
        records.take(section, element)
    listings = _listings(records, file, partial)
    lost = records.lost_places
    warnings = (f"{file.name}: {lost} places that parties point to are not in the file",) if lost else ()
    return assemble(
        _draft(records, listings, file),
        _tables(records, listings, file),
        records.published,
        warnings=warnings,
    )


def _listings(records: Records, file: SourceFile, partial: bool) -> pl.DataFrame:
    """Return entry, profile, list, start, programs: one row for each list a party stands on."""
    schema: dict[str, pl.DataType] = {
        "profile": pl.String(),
        "printed": pl.String(),
        "start": pl.Date(),
        "programs": pl.List(pl.String()),
    }
    own = pl.DataFrame(records.listings, schema=schema, orient="row").with_columns(
        list=list_code(pl.col("printed")), umbrella=pl.col("printed") == _UMBRELLA
    )
    named = own.filter(~pl.col("umbrella"))
    under = own.filter("umbrella").join(named, on="profile", how="anti")
    under = under.with_columns(list=non_sdn_list(pl.col("programs")))
    every = pl.concat([named, under]).drop("printed", "umbrella")
    if partial:
        profiles = pl.DataFrame({"profile": list(records.parties)}, schema={"profile": pl.String})
        code = "MBS" if "cons" in file.name else "SDN"
        loose = profiles.join(every, on="profile", how="anti").with_columns(list=pl.lit(code))
        every = pl.concat([every, loose], how="diagonal")
    listed = every.filter(pl.col("profile").is_in(list(records.parties))).drop_nulls("list")
    grouped = listed.group_by("profile", "list").agg(
        pl.col("start").min(), pl.col("programs").explode(empty_as_null=False).drop_nulls()
    )
    return grouped.sort(pl.col("profile").str.to_integer(strict=False), "profile", "list").with_row_index(
        "entry", 1
    )


def _draft(records: Records, listings: pl.DataFrame, file: SourceFile) -> Draft:
    parties = pl.DataFrame(
        list(records.parties.values()),
        schema={
            name: pl.Int64() if name == "row" else pl.String()
            for name in ("profile", "name", "type", "remarks", "row")
        },
        orient="row",
    )
    entries = listings.join(parties, on="profile", how="left").select(
        "entry",
        "list",
        "name",
        "programs",
        "start",
        "remarks",
        number="profile",
        party_type=pl.col("type").str.to_lowercase().replace_strict(PARTY_TYPES, default="unknown"),
        source_ref=pl.lit(f"{file.name} DistinctParty ") + pl.col("row").cast(pl.String),
    )
    facts = _facts(records, listings)
    return Draft(
        entries=entries,
        names=_by_entry(records.names, NAMES, listings),
        addresses=_by_entry(records.addresses, ADDRESSES, listings),
        identifiers=facts.identifiers,
        relations=pl.concat([facts.relations, _relations(records, entries)], how="diagonal"),
    )


def _by_entry(
    rows: Sequence[tuple[object, ...]], columns: dict[str, pl.DataType], listings: pl.DataFrame
) -> pl.DataFrame:
    """Give each entry of a profile its rows: `columns` in order, the profile where the entry will stand."""
    schema = {"profile": pl.String()} | {name: kind for name, kind in columns.items() if name != "entry"}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.join(listings.select("profile", "entry"), on="profile").drop("profile").select(list(columns))


def _facts(records: Records, listings: pl.DataFrame) -> Facts:
    documents = [(records.profile_by_identity.get(identity), text) for identity, text in records.documents]
    rows = [*records.facts, *documents]
    return read_facts(_by_entry(rows, {"entry": pl.Int64(), "text": pl.String()}, listings))


def _relations(records: Records, entries: pl.DataFrame) -> pl.DataFrame:
    schema = {"entry": pl.Int64(), "relation": pl.String(), "other": pl.String(), "text": pl.String()}
    listings = entries.select("entry", profile="number")
    relations = _by_entry(records.relations, schema, listings)
    others = entries.unique("number", keep="first", maintain_order=True).select(
        other="number", other_name="name", other_party_id=pl.col("list") + "-" + pl.col("number")
    )
    return relations.join(others, on="other", how="left").drop("other")


def _tables(records: Records, listings: pl.DataFrame, file: SourceFile) -> tuple[Table, ...]:
    """Account for the records of each kind."""
    listed = set(listings["profile"])
    tables = []
    for kind, subjects in records.subjects.items():
        bad = [
            (row, _fault(kind, subject), subject or "") for row, subject in subjects if subject not in listed
        ]
        good = [row for row, subject in subjects if subject in listed]
        tables.append(record_table(f"{file.name}:{kind}", good, bad))
    return tuple(tables)


def _fault(kind: str, subject: str | None) -> str:
    if kind == "DistinctParty":
        return "stands on no list" if subject else "has no profile or no name"
    return "belongs to a party that is not in the file"
