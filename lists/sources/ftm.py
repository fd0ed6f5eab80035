"""FollowTheMoney JSON lines, as OpenSanctions publishes them: any such dataset can be a list.

A line is an entity: people, organizations and vessels are parties; sanctions give them programme and dates; ownership,
directorship and family become relations. The list is named by the first dataset of the entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from lists.assembly import ADDRESSES, IDENTIFIERS, NAMES, RELATIONS, Draft, Parsed, assemble
from lists.fetch import SourceFile
from lists.jsonrecords import Records, read_lines
from lists.normalize import dates
from lists.reference import reference
from lists.tabular import record_table

_LINKS = {  # schema: relation, the property of the party it belongs to, the property of the other
    "Ownership": ("owned_by", "asset", "owner"),
    "Directorship": ("directed_by", "organization", "director"),
    "Family": ("family", "person", "relative"),
    "Associate": ("associate", "person", "associate"),
    "Membership": ("member_of", "member", "organization"),
    "Employment": ("employed_by", "employee", "employer"),
    "Representation": ("represented_by", "client", "agent"),
    "Succession": ("succeeded_by", "predecessor", "successor"),
    "UnknownLink": ("linked_to", "subject", "object"),
}
_COUNTRY_TYPES = ("nationality", "citizenship", "vessel_flag")


def recognize(file: SourceFile) -> bool:
    """Tell by the first line: an entity with id, schema and properties."""
    first = file.head_text.lstrip().split("\n", 1)[0]
    return first.startswith("{") and all(f'"{key}"' in first for key in ("id", "schema", "properties"))


def read(found: Sequence[SourceFile], partial: bool) -> Parsed:
    """Read one file; lines that are no entity, and parties without id or name, are quarantined."""
    file = found[0]
    lines, bad = read_lines(file, partial)
    party_types = dict(reference("ftm_schemata").iter_rows())
    entities: dict[str, tuple[int, dict[str, Any]]] = {}
    for row, record in lines:
        key = str(record.get("id"))
        if not _is_entity(record) or key in entities:
            bad.append((row, "has no id, schema or properties, or its id stands twice", key))
        elif record.get("schema") in party_types and not _values(record, "name"):
            bad.append((row, "has no name", key))
        else:
            entities[key] = row, record
    parties = {key: row for key, (row, record) in entities.items() if record.get("schema") in party_types}
    draft = _draft(entities, parties, file, party_types)
    return assemble(draft, (record_table(file.name, sorted(row for row, _ in entities.values()), bad),))


def _is_entity(record: dict[str, Any]) -> bool:
    kinds = {"id": str, "schema": str, "properties": dict}
    return all(isinstance(record.get(key), kind) for key, kind in kinds.items())


def _values(record: dict[str, Any], name: str) -> list[str]:
    given = record["properties"].get(name)
    return [str(value).strip() for value in given if value] if isinstance(given, list) else []


def _first(record: dict[str, Any], name: str) -> str | None:
    return next(iter(_values(record, name)), None)


def _draft(
    entities: dict[str, tuple[int, dict[str, Any]]],
    parties: dict[str, int],
    file: SourceFile,
    types: dict[str, str],
) -> Draft:
    records: Records = [entities[key] for key in parties]
    code = _list_code(records, file)
    sanctions = _sanctions(
        [record for _, record in entities.values() if record.get("schema") == "Sanction"], parties
    )
    entries = pl.DataFrame(
        [
            (row, code, record["id"], types[record["schema"]], _caption(record), _countries(record),
             _values(record, "program") or _values(record, "programId"), "; ".join(_values(record, "notes")) or None,
             f"{file.name} line {row}")
            for row, record in records
        ],
        schema={"entry": pl.Int64, "list": pl.String, "number": pl.String, "party_type": pl.String,
                "name": pl.String, "own_countries": pl.List(pl.String), "own_programs": pl.List(pl.String),
                "remarks": pl.String, "source_ref": pl.String},
        orient="row",
    )  # fmt: skip
    entries = entries.join(sanctions, on="entry", how="left").with_columns(
        countries=pl.col("own_countries").list.eval(pl.element().str.to_uppercase()),
        programs=pl.concat_list("own_programs", pl.col("programs").fill_null([])),
    )
    return Draft(
        entries=entries,
        names=pl.DataFrame(
            [name for row, record in records for name in _names(row, record)], schema=NAMES, orient="row"
        ),
        addresses=pl.DataFrame(
            [place for row, record in records for place in _addresses(row, record, entities)],
            schema=ADDRESSES,
        ),
        identifiers=pl.DataFrame(
            [fact for row, record in records for fact in _identifiers(row, record)],
            schema=IDENTIFIERS,
            orient="row",
        ),
        relations=pl.DataFrame(list(_relations(entities, parties, code)), schema=RELATIONS, orient="row"),
    )


def _list_code(records: Records, file: SourceFile) -> str:
    """`us_ofac_sdn` makes the list US_OFAC_SDN; without datasets the file names it."""
    given = [record.get("datasets") for _, record in records]
    named = next((names[0] for names in given if isinstance(names, list) and names), file.name.split(".")[0])
    return re.sub(r"[^A-Z0-9]+", "_", str(named).upper()).strip("_") or "FTM"


def _caption(record: dict[str, Any]) -> str:
    return str(record.get("caption") or _values(record, "name")[0]).strip()


def _countries(record: dict[str, Any]) -> list[str]:
    rules = reference("ftm_properties").filter(target="country")["property"]
    return [value for name in rules for value in _values(record, name)]


def _names(row: int, record: dict[str, Any]) -> Iterator[tuple[int, str, str, str]]:
    for name in _values(record, "name"):
        if name != _caption(record):
            yield row, name, "aka", "strong"
    for name, kind in (
        reference("ftm_properties").filter(target="name").select("property", "kind").iter_rows()
    ):
        weak = kind == "weak"
        for value in _values(record, name):
            yield row, value, "aka" if weak else kind, "weak" if weak else "strong"


def _identifiers(row: int, record: dict[str, Any]) -> Iterator[tuple[int, str, str, str | None]]:
    for name, kind in (
        reference("ftm_properties").filter(target="identifier").select("property", "kind").iter_rows()
    ):
        for value in _values(record, name):
            yield row, kind, value, value if kind in _COUNTRY_TYPES else None


def _addresses(
    row: int, record: dict[str, Any], entities: dict[str, tuple[int, dict[str, Any]]]
) -> Iterator[dict[str, object]]:
    for raw in _values(record, "address"):
        yield {"entry": row, "raw": raw, "street": raw}
    for key in _values(record, "addressEntity"):
        if key in entities:
            place = entities[key][1]
            yield {
                "entry": row,
                "raw": _first(place, "full") or str(place.get("caption") or "") or None,
                "street": _first(place, "street"),
                "city": _first(place, "city"),
                "region": _first(place, "state") or _first(place, "region"),
                "postal_code": _first(place, "postalCode"),
                "country": _first(place, "country"),
            }


def _sanctions(records: list[dict[str, Any]], parties: dict[str, int]) -> pl.DataFrame:
    """Return entry, programs, start, end, citations from the sanctions that name a party."""
    rows = [
        (parties[key], _values(record, "program") or _values(record, "authority"), _first(record, "startDate"),
         _first(record, "listingDate"), _first(record, "endDate"), _values(record, "sourceUrl"))
        for record in records
        for key in _values(record, "entity")
        if key in parties
    ]  # fmt: skip
    frame = pl.DataFrame(
        rows,
        schema={"entry": pl.Int64, "program": pl.List(pl.String), "start": pl.String, "listed": pl.String,
                "end": pl.String, "citation": pl.List(pl.String)},
        orient="row",
    )  # fmt: skip
    return frame.group_by("entry").agg(
        programs=pl.col("program").explode(empty_as_null=False).drop_nulls(),
        start=pl.coalesce(dates.parse(pl.col("start")), dates.parse(pl.col("listed"))).min(),
        # one sanction without an end keeps the party listed
        end=pl.when(pl.col("end").null_count() == 0).then(dates.parse(pl.col("end")).max()),
        citations=pl.col("citation").explode(empty_as_null=False).drop_nulls().unique().sort(),
    )


def _relations(
    entities: dict[str, tuple[int, dict[str, Any]]], parties: dict[str, int], code: str
) -> Iterator[tuple[int, str, str | None, str | None, str]]:
    for _, record in entities.values():
        if record.get("schema") not in _LINKS:
            continue
        relation, own, other = _LINKS[record["schema"]]
        words = ", ".join(_values(record, "role") + _values(record, "percentage")) or relation
        for key in _values(record, own):
            for named in _values(record, other):
                other_entity = entities.get(named)
                if key in parties:
                    party_id = f"{code}-{named}" if named in parties else None
                    yield (
                        parties[key],
                        relation,
                        str(other_entity[1].get("caption") or named) if other_entity else named,
                        party_id,
                        words,
                    )
