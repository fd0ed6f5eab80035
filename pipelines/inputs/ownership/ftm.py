"""FollowTheMoney entities as JSON lines: ownership, directorship, family, and who they connect."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.inputs.ownership.records import Record, Rows, day, first_text, inside, texts

EDGE_SCHEMATA = {
    "Ownership": ("owner", "asset", "equity"),
    "Directorship": ("director", "organization", "board"),
    "Family": ("person", "relative", "family"),
    "UnknownLink": ("subject", "object", "control"),
}
"""Schema: property of the owner, property of the owned, interest."""
KINDS = {
    "Person": "person",
    "Company": "organization",
    "Organization": "organization",
    "LegalEntity": "organization",
    "PublicBody": "state",
}
IDENTIFIERS = {
    "leiCode": "lei",
    "registrationNumber": "registration",
    "taxNumber": "tax_id",
    "innCode": "inn",
    "ogrnCode": "ogrn",
    "uscCode": "usc",
}


def read_ftm(entities: Iterable[tuple[int, Record]], rows: Rows) -> None:
    """Collect edges from entities that connect two others, and entities from the rest; other schemata are ignored."""
    for row, entity in entities:
        schema, properties = str(entity.get("schema")), entity.get("properties")
        if not isinstance(entity.get("id"), str) or not isinstance(properties, dict):
            rows.problem(row, "id", entity.get("id"), "an entity without id or properties")
        elif schema in EDGE_SCHEMATA:
            _edges(row, schema, properties, rows)
        elif schema in KINDS:
            rows.entities.append(_entity(row, entity, schema, properties, rows))


def _edges(row: int, schema: str, properties: Record, rows: Rows) -> None:
    """Add one edge for each pair of ends; the percentage is free text."""
    owner, owned, interest = EDGE_SCHEMATA[schema]
    ends = [(a, b) for a in texts(properties.get(owner)) for b in texts(properties.get(owned))]
    if not ends:
        rows.problem(row, owner, schema, f"a link without {owner} or {owned}")
    for owner_id, owned_id in ends:
        rows.edges.append(
            {
                "__row": row,
                "owner_id": owner_id,
                "owned_id": owned_id,
                "interest": interest,
                "share_percent": first_text(properties.get("percentage")),
                "start": day(properties.get("startDate")),
                "end": day(properties.get("endDate")),
                "source": first_text(properties.get("publisher")) or "FollowTheMoney",
                "source_date": day(properties.get("recordDate")) or day(properties.get("modifiedAt")),
            }
        )


def _entity(row: int, entity: Record, schema: str, properties: Record, rows: Rows) -> Record:
    identifiers = [
        f"{ours}:{v}" for theirs, ours in IDENTIFIERS.items() for v in texts(properties.get(theirs))
    ]
    return {
        "entity_id": entity["id"],
        "name": first_text(inside(entity, "caption"), properties.get("name")),
        "kind": KINDS[schema],
        "identifiers": sorted(identifiers) or None,
        **rows.countries(
            row,
            country=texts(properties.get("country")),
            incorporation_country=texts(properties.get("jurisdiction")),
            hq_country=texts(properties.get("mainCountry")),
        ),
    }
