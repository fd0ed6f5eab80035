"""The six tables of a list snapshot: their columns, types and keys.

Every source yields these six frames and every reader may rely on them. A column that the publisher
does not fill is null (or an empty list), never absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import polars as pl

SCHEMA_VERSION = 1

LIST_CODES = (
    "EL", "MEU", "MIEU", "UVL", "DPL", "SDN", "SSI", "CMIC", "MBS", "CAPTA", "PLC", "FSE", "ISN", "DTC",
)  # fmt: skip
"""The lists we know by code, in order of the law that stands behind them (BIS, OFAC, State)."""

OPTIONAL_LISTS = ("UN", "EU", "UK", "1260H", "1286", "889", "UFLPA", "FCC")
"""Lists that are screened only where somebody asks for them: other law, or none on exports."""

PARTY_TYPES = ("person", "organization", "vessel", "aircraft", "address", "unknown")
NAME_KINDS = ("primary", "aka", "fka", "nka")
NAME_QUALITIES = ("strong", "weak")
LICENSE_POLICIES = (
    "policy_of_denial",
    "presumption_of_denial",
    "mixed",
    "case_by_case",
    "presumption_of_approval",
    "see_section",
)
"""Entity List review policies, strictest first; `see_section` is for a human to resolve."""

PARTIES: Mapping[str, pl.DataType] = {
    "party_id": pl.String(),
    "list": pl.String(),
    "party_type": pl.String(),
    "primary_name": pl.String(),
    "countries": pl.List(pl.String()),  # ISO alpha-2, sorted
    "programs": pl.List(pl.String()),  # sorted
    "listed_from": pl.Date(),
    "listed_to": pl.Date(),  # last day on which the listing has effect; null = no end
    "remarks": pl.String(),
    "source_ref": pl.String(),  # file and row (or element) it came from
}
NAMES: Mapping[str, pl.DataType] = {
    "party_id": pl.String(),
    "name": pl.String(),
    "name_kind": pl.String(),
    "quality": pl.String(),
    "script": pl.String(),  # ISO 15924: Latn, Cyrl, Hani, Arab, ...
}
ADDRESSES: Mapping[str, pl.DataType] = {
    "party_id": pl.String(),
    "raw": pl.String(),
    "street": pl.String(),
    "city": pl.String(),
    "region": pl.String(),
    "postal_code": pl.String(),
    "country": pl.String(),  # ISO alpha-2
}
IDENTIFIERS: Mapping[str, pl.DataType] = {
    "party_id": pl.String(),
    "id_type": pl.String(),  # date_of_birth, place_of_birth, passport, tax_id, registration, imo, lei, ...
    "id_value": pl.String(),
    "country": pl.String(),
}
MEASURES: Mapping[str, pl.DataType] = {
    "party_id": pl.String(),  # key: one row a party
    "license_requirement_raw": pl.String(),
    "license_policy_raw": pl.String(),
    "license_policy": pl.String(),  # one of LICENSE_POLICIES, or null
    "footnotes": pl.List(pl.Int64()),
    "citations": pl.List(pl.String()),
    "ear_744_8": pl.Boolean(),
    "start": pl.Date(),
    "end": pl.Date(),
}
RELATIONS: Mapping[str, pl.DataType] = {
    "party_id": pl.String(),
    "relation": pl.String(),  # linked_to, sub_unit, affiliate, scope, vessel_owner, ...
    "other_name": pl.String(),
    "other_party_id": pl.String(),
    "text": pl.String(),
}

TABLES: Mapping[str, Mapping[str, pl.DataType]] = {
    "parties": PARTIES,
    "names": NAMES,
    "addresses": ADDRESSES,
    "identifiers": IDENTIFIERS,
    "measures": MEASURES,
    "relations": RELATIONS,
}


def empty(table: str) -> pl.DataFrame:
    """Return an empty frame with the columns of `table`.

    >>> empty("names").columns
    ['party_id', 'name', 'name_kind', 'quality', 'script']
    """
    return pl.DataFrame(schema=dict(TABLES[table]))


@dataclass(frozen=True, slots=True)
class ListFrames:
    """The six tables together, each with exactly the columns of `TABLES`."""

    parties: pl.DataFrame = field(default_factory=lambda: empty("parties"))
    names: pl.DataFrame = field(default_factory=lambda: empty("names"))
    addresses: pl.DataFrame = field(default_factory=lambda: empty("addresses"))
    identifiers: pl.DataFrame = field(default_factory=lambda: empty("identifiers"))
    measures: pl.DataFrame = field(default_factory=lambda: empty("measures"))
    relations: pl.DataFrame = field(default_factory=lambda: empty("relations"))

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the frames by table name, in the order of `TABLES`."""
        return {f.name: getattr(self, f.name) for f in fields(self)}
