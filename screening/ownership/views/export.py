"""A neighbourhood in the formats of other tools: GraphML, BODS 0.4, FollowTheMoney.

Each takes the networkx graph of `OwnershipNetwork.graph`; nothing is lost that the format can say.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from screening.ownership.shares import WHOLE, format_share

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.MultiDiGraph[str]

NAMESPACE = UUID("6f1d1c36-8f0a-5a57-9a0e-3b6d6d1f2c11")
"""Our own namespace: the same record always gets the same statement id."""

BODS_INTERESTS = {
    "equity": "shareholding",
    "votes": "votingRights",
    "board": "boardMember",
    "board_majority": "appointmentOfBoard",
    "nominee": "nominee",
}
FTM_KINDS = {"person": "Person", "state": "PublicBody", "organization": "Company"}
FTM_RELATIONS = {
    "board": ("Directorship", "director", "organization"),
    "family": ("Family", "person", "relative"),
    "control": ("UnknownLink", "subject", "object"),
    "board_majority": ("UnknownLink", "subject", "object"),
    "golden_share": ("UnknownLink", "subject", "object"),
    "signatory": ("UnknownLink", "subject", "object"),
    "nominee": ("UnknownLink", "subject", "object"),
}
FTM_PLACES = {"country": "country", "mainCountry": "hq_country", "jurisdiction": "incorporation_country"}
FTM_IDENTIFIERS = {"lei": "leiCode", "registration": "registrationNumber", "tax_id": "taxNumber"}


def graphml(graph: Graph) -> str:
    """Return the graph as GraphML; dates and lists become text, blanks are left out."""
    import networkx as nx  # noqa: PLC0415 - only where a graph is written

    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        plain.add_node(node, **_plain(data))
    for owner, owned, data in graph.edges(data=True):
        plain.add_edge(owner, owned, **_plain(data))
    return "\n".join(nx.generate_graphml(plain)) + "\n"


def _plain(data: dict[str, Any]) -> dict[str, str | int | bool]:
    filled = {key: value for key, value in data.items() if value is not None and key != "id"}
    return {
        key: value
        if isinstance(value, (str, int, bool))
        else "; ".join(value)
        if isinstance(value, list)
        else str(value)
        for key, value in filled.items()
    }


def bods(graph: Graph, statement_date: date, publisher: str) -> list[dict[str, Any]]:
    """Return the statements of a BODS 0.4 package: entities and persons, then one relationship for each edge."""
    publication = {
        "publicationDate": statement_date.isoformat(),
        "bodsVersion": "0.4",
        "publisher": {"name": publisher},
    }

    def statement(kind: str, record: str, subject: str, details: dict[str, Any]) -> dict[str, Any]:
        return {
            "statementId": str(uuid5(NAMESPACE, f"{kind} {record} {statement_date}")),
            "declarationSubject": subject,
            "statementDate": statement_date.isoformat(),
            "publicationDetails": publication,
            "recordId": record,
            "recordType": kind,
            "recordStatus": "new",
            "recordDetails": {"isComponent": False, **details},
        }

    found = []
    for node, data in graph.nodes(data=True):
        if data.get("kind") != "undisclosed":
            kind = "person" if data.get("kind") == "person" else "entity"
            found.append(statement(kind, node, node, _bods_entity(node, data)))
    for number, (owner, owned, data) in enumerate(graph.edges(data=True), 1):
        record, details = f"{owner} > {owned} #{number}", _bods_relationship(graph, owner, owned, data)
        source = {"type": ["thirdParty"], "description": data.get("source") or "unknown"}
        found.append(statement("relationship", record, owned, details) | {"source": source})
    return found


def _bods_entity(node: str, data: dict[str, Any]) -> dict[str, Any]:
    name = data.get("name") or node
    identifiers = [
        dict(zip(("scheme", "id"), item.rsplit(":", 1), strict=False))
        for item in data.get("identifiers") or []
    ]
    if data.get("kind") == "person":
        return {
            "personType": "knownPerson",
            "names": [{"type": "legal", "fullName": name}],
            "identifiers": identifiers,
        }
    kinds = {"state": "stateBody", "arrangement": "arrangement"}
    place = data.get("incorporation_country")
    return {
        "entityType": {"type": kinds.get(data.get("kind") or "", "registeredEntity")},
        "name": name,
        "identifiers": identifiers,
        **({"jurisdiction": {"code": place, "name": place}} if place else {}),
    }


def _bods_relationship(graph: Graph, owner: str, owned: str, data: dict[str, Any]) -> dict[str, Any]:
    interest: dict[str, Any] = {
        "type": BODS_INTERESTS.get(data["interest"], "otherInfluenceOrControl"),
        "directOrIndirect": "direct" if data["direct"] else "indirect",
        "beneficialOwnershipOrControl": False,
        "details": data["interest"],
    }
    low, high = data["share_min"], data["share_max"]
    if low == high:
        interest["share"] = {"exact": low / 10_000}
    elif (low, high) != (0, WHOLE):
        interest["share"] = {"minimum": low / 10_000, "maximum": high / 10_000}
    for theirs, ours in (("startDate", "start"), ("endDate", "end")):
        if data.get(ours):
            interest[theirs] = data[ours].isoformat()
    unnamed = graph.nodes[owner].get("kind") == "undisclosed"
    party = {
        "reason": "informationUnknownToPublisher",
        "description": data.get("owner_name") or "undisclosed",
    }
    return {"subject": owned, "interestedParty": party if unnamed else owner, "interests": [interest]}


def ftm(graph: Graph) -> Iterator[dict[str, Any]]:
    """Yield FollowTheMoney entities: the parties of the graph, then a relation for each edge between disclosed ones."""
    for node, data in graph.nodes(data=True):
        if data.get("kind") != "undisclosed":
            yield {
                "id": node,
                "schema": FTM_KINDS.get(data.get("kind") or "", "LegalEntity"),
                "properties": _ftm(node, data),
            }
    for number, (owner, owned, data) in enumerate(graph.edges(data=True), 1):
        if graph.nodes[owner].get("kind") == "undisclosed":
            continue
        schema, tail, head = FTM_RELATIONS.get(data["interest"], ("Ownership", "owner", "asset"))
        relation = {tail: [owner], head: [owned]}
        if schema == "Ownership" and (data["share_min"], data["share_max"]) != (0, WHOLE):
            relation["percentage"] = [format_share(data["share_min"], data["share_max"]).rstrip("%")]
        for theirs, ours in (("startDate", "start"), ("endDate", "end"), ("publisher", "source")):
            if data.get(ours):
                relation[theirs] = [str(data[ours])]
        identity = str(uuid5(NAMESPACE, f"{schema} {owner} {owned} {number}"))
        yield {"id": identity, "schema": schema, "properties": relation | {"role": [data["interest"]]}}


def _ftm(node: str, data: dict[str, Any]) -> dict[str, list[str]]:
    properties = {"name": [data.get("name") or node]}
    for theirs, ours in FTM_PLACES.items():
        if data.get(ours):
            properties[theirs] = [data[ours].lower()]
    for item in data.get("identifiers") or []:
        scheme, _, value = item.rpartition(":")
        properties.setdefault(FTM_IDENTIFIERS.get(scheme, "idNumber"), []).append(value)
    return properties
