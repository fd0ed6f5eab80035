"""UK register of people with significant control: the snapshot's JSON lines, shares in bands."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.inputs.ownership.records import Record, Rows, day, first_text, inside, texts
from screening.ownership.register_numbers import companies_house_number
from screening.ownership.shares import WHOLE

BANDS = {
    "25-to-50": (250_001, 500_000),
    "50-to-75": (500_001, 750_000),
    "75-to-100": (750_000, WHOLE),
    "more-than-25": (250_001, WHOLE),
}
"""More than the lower bound, up to the upper: Companies Act 2006, schedule 1A; 75 percent itself is in the last."""
NATURES = {
    "ownership-of-shares": "equity",
    "right-to-share-surplus-assets": "equity",  # what members of a partnership have instead of shares
    "voting-rights": "votes",
    "right-to-appoint-and-remove": "board",
    "significant-influence-or-control": "control",
}
NATURE = re.compile(rf"({'|'.join(NATURES)})(?:-({'|'.join(BANDS)})-percent)?(?:-|$)")
HOLDERS = {"individual": "person", "corporate-entity": "organization", "legal-person": "organization"}
SILENT = ("exemptions", "totals#persons-of-significant-control-snapshot")
NOBODY = "no-individual-or-entity-with-signficant-control"  # the register's own spelling
UNITED_KINGDOM = re.compile(
    r"united kingdom|england|wales|scotland|northern ireland|great britain|^uk$|^gb$", re.I
)


def read_psc(lines: Iterable[tuple[int, Record]], rows: Rows) -> None:
    """Collect edges and holders; a person whom the register shields is an undisclosed holder."""
    for row, line in lines:
        data, number = line.get("data"), line.get("company_number")
        kind = str(inside(data, "kind") or "")
        if kind in SILENT:
            continue
        if isinstance(number, str):
            rows.entities.append({"entity_id": company(number), "identifiers": [company(number)]})
        holder = kind.removesuffix("-person-with-significant-control").removesuffix("-beneficial-owner")
        if not isinstance(data, dict) or not isinstance(number, str):
            rows.problem(row, "company_number", number, "a record without company_number or data")
        elif holder in HOLDERS:
            _holder(row, company(number), data, HOLDERS[holder], rows)
        elif holder == "super-secure" or (kind.endswith("-statement") and data.get("statement") != NOBODY):
            rows.edges.append(_edge(row, company(number), data) | _hidden(data.get("statement") or holder))
        elif not kind.endswith("-statement"):
            rows.problem(row, "kind", kind, "no kind of record that the register publishes")


def company(number: str) -> str:
    """Return the entity id of a registered company.

    >>> company("1234567"), company("sc123456"), company("No. 229269")
    ('GB-COH:01234567', 'GB-COH:SC123456', 'GB-COH:00229269')
    """
    return f"GB-COH:{companies_house_number(number) or number.strip().upper()}"


def _holder(row: int, owned: str, data: Record, kind: str, rows: Rows) -> None:
    """Add a holder and one edge for each nature of control."""
    parts = data.get("name_elements") or {}
    name_parts = (
        [parts.get(part) for part in ("forename", "middle_name", "surname")]
        if isinstance(parts, dict)
        else []
    )
    name = next(iter(texts(data.get("name"))), None) or " ".join(texts(name_parts)) or None
    identification = data.get("identification") if isinstance(data.get("identification"), dict) else {}
    number = next(iter(texts(inside(identification, "registration_number"))), None)
    places = [inside(identification, f"{place}_registered") for place in ("country", "place")]
    register = " ".join(texts(places))
    owner = (
        company(number)
        if number and UNITED_KINGDOM.search(register)
        else f"GB-PSC:{first_text(inside(data, 'links', 'self')) or f'{owned}/{row}'}"
    )
    rows.countries(
        row, country_registered=places[:1]
    )  # what names no country is told: no number is joined by it
    registered = [owner] if owner.startswith("GB-COH:") else None
    rows.entities.append({"entity_id": owner, "name": name, "kind": kind, "identifiers": registered})
    edge = _edge(row, owned, data) | {"owner_id": owner, "owner_name": name}
    natures = texts(data.get("natures_of_control"))
    rows.edges.extend(edge | _nature(row, nature, rows) for nature in natures)
    if not natures:
        rows.edges.append(edge | {"interest": "equity"})


def _edge(row: int, owned: str, data: Record) -> Record:
    return {
        "__row": row,
        "owned_id": owned,
        "start": day(data.get("notified_on")),
        "end": day(data.get("ceased_on")),
        "source": "UK PSC register",
    }


def _hidden(reason: object) -> Record:
    return {"undisclosed": True, "owner_name": str(reason), "interest": "equity"}


def _nature(row: int, nature: str, rows: Rows) -> Record:
    """Read one code. Through a trust or a firm the stake is another's, so only its size is an upper bound."""
    match = NATURE.match(nature)
    if match is None:
        rows.problem(
            row, "natures_of_control", nature, "no code of the register; taken as control", ignored=True
        )
        return {"interest": "control"}
    low, high = BANDS.get(match[2], (0, WHOLE))
    through = "-as-trust" in nature or "-as-firm" in nature
    return {"interest": NATURES[match[1]], "share_min": 0 if through else low, "share_max": high}
