"""Listed parties and lists in the vocabulary of FollowTheMoney, as clients of that dialect read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desk.api.day_lists import ListDay
from lists.schema import LIST_CODES
from lists.snapshot import SnapshotRef

SCHEMAS = {
    "person": "Person", "organization": "Organization", "vessel": "Vessel", "aircraft": "Airplane",
    "address": "Address",
}  # fmt: skip
SANCTIONS = ("SDN", "SSI", "CMIC")
NAME_PROPERTIES = {"aka": "alias", "fka": "previousName", "nka": "alias"}
PROPERTIES = {
    "date_of_birth": "birthDate", "place_of_birth": "birthPlace", "nationality": "nationality",
    "citizenship": "citizenship", "gender": "gender", "title": "position", "passport": "passportNumber",
    "national_id": "idNumber", "identification_number": "idNumber", "tax_id": "taxNumber",
    "registration": "registrationNumber", "lei": "leiCode", "duns": "dunsCode", "giin": "giiNumber",
    "swift_bic": "swiftBic", "imo": "imoNumber", "mmsi": "mmsi", "call_sign": "callSign", "vessel_flag": "flag",
    "vessel_type": "type", "aircraft_serial_number": "serialNumber", "aircraft_tail_number": "registrationNumber",
    "crypto_address": "publicKey", "isin": "isin", "ticker": "ticker", "website": "website", "email": "email",
    "phone": "phone", "incorporation_date": "incorporationDate",
}  # fmt: skip
"""Kinds of identifiers of a list, and the property that holds each; others are notes."""
DATASETS: Mapping[str, Sequence[str]] = {
    "default": (),
    "us_trade_csl": (),
    "us_ofac_sdn": ("SDN",),
    "us_ofac_cons": ("SSI", "CMIC", "MBS", "CAPTA", "PLC", "FSE"),
    "us_bis_denied": ("DPL",),
}
"""Names that clients give to datasets, and the lists that stand for them; none: all."""


def lists_of(dataset: str) -> tuple[str, ...] | None:
    """Return the lists of a dataset, whose case does not matter; none: all of them. None for an unknown dataset.

    >>> lists_of("sdn"), lists_of("us_bis_denied"), lists_of("default"), lists_of("gb_hmt_sanctions")
    (('SDN',), ('DPL',), (), None)
    """
    if dataset.upper() in LIST_CODES:
        return (dataset.upper(),)
    found = DATASETS.get(dataset.lower())
    return None if found is None else tuple(found)


def entity_view(
    party: Mapping[str, Any], tables: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, Any]:
    """Return a party as an entity. `tables`: rows of the names, identifiers and addresses of the party."""
    properties: dict[str, list[str]] = {}
    for name in tables["names"]:
        weak = name["quality"] == "weak"
        kind = "weakAlias" if weak else NAME_PROPERTIES.get(name["name_kind"], "name")
        properties.setdefault(kind, []).append(name["name"])
    for row in tables["identifiers"]:
        stated = PROPERTIES.get(row["id_type"])
        text = row["id_value"] if stated else f"{row['id_type']}: {row['id_value']}"
        properties.setdefault(stated or "notes", []).append(text)
    properties["address"] = [row["raw"] for row in tables["addresses"]]
    properties["country"] = [country.lower() for country in party["countries"]]
    properties["programId"] = [*party["programs"]]
    properties["topics"] = topics(party["list"])
    if party["remarks"]:
        properties.setdefault("notes", []).append(party["remarks"])
    listed = party["listed_from"]
    return {
        "id": party["party_id"],
        "caption": party["primary_name"],
        "schema": SCHEMAS.get(party["party_type"], "LegalEntity"),
        "properties": {
            name: [*dict.fromkeys(filter(None, texts))] for name, texts in properties.items() if texts
        },
        "datasets": [party["list"]],
        "referents": [],
        "target": True,
        "first_seen": listed.isoformat() if listed else None,
    }


def topics(code: str) -> list[str]:
    """Return the topics of the parties of a list."""
    return ["sanction" if code in SANCTIONS else "export.control"]


def catalog_view(day: ListDay) -> dict[str, Any]:
    """Return the lists in use as datasets, and the names under which all or several of them can be asked for."""
    codes = [ref.list for ref in day.lists.snapshots]
    several = [
        {
            "name": name,
            "title": f"{name}: {', '.join(lists or codes)}",
            "children": [code for code in codes if not lists or code in lists],
            "load": True,
        }
        for name, lists in DATASETS.items()
    ]
    datasets = [*map(_dataset, day.lists.snapshots), *several]
    return {
        "datasets": datasets,
        "current": [row["name"] for row in datasets],
        "outdated": [],
        "index_stale": False,
    }


def _dataset(ref: SnapshotRef) -> dict[str, Any]:
    return {
        "name": ref.list,
        "title": f"{ref.list}, {ref.publisher}",
        "version": ref.published.isoformat(),
        "entity_count": ref.counts["parties"],
        "children": [],
        "load": True,
    }
