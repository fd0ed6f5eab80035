"""Where in a book something can be planted: for each column that may name somebody, rows around one customer.

A scene makes the rows of one customer, harmless but for the one cell into which the plant goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from screening.tables.inputs import INPUTS

Row = dict[str, Any]
Rows = dict[str, list[Row]]
CONNECTIONS = {
    "name": ("director", "signatory", "beneficial_owner"),
    "address": ("address",),
    "contact": ("phone", "email", "domain", "ip"),
}
"""What the value of a connection is -> the kinds of connection that hold such a thing."""
CONTACT_FIELDS = {"phone": "phone", "email": "email", "domain": "domain"}


@dataclass(frozen=True)
class Scene:
    """A column, a place of its table in the book, and the rows around a customer that lead there."""

    table: str
    column: str
    where: str
    rows: Callable[[str], Rows]  # by the id of the customer; the first row of `table` is the one to plant in

    @property
    def name(self) -> str:
        """The column with its place: `ownership.owned_name of an owner`."""
        return f"{self.table}.{self.column}{f' {self.where}' if self.where else ''}"

    def plant(self, customer: str, value: str) -> Rows:
        """Return the rows with a value planted; a list of texts or countries gets it as its only entry."""
        rows = {name: [dict(row) for row in given] for name, given in self.rows(customer).items()}
        several = INPUTS[self.table].column(self.column).kind in ("texts", "countries")
        rows[self.table][0][self.column] = [value] if several else value
        return rows


def customer_row(customer: str) -> Row:
    """Return a customer of whom nothing is to be said."""
    return {
        "customer_id": customer,
        "name": f"Linden Bakery {customer}",
        "party_type": "organization",
        **dict.fromkeys(("country", "hq_country", "incorporation_country"), "DE"),
    }


def edge(owner: str, owned: str, share: int = 600_000) -> Row:
    """Return a holding that says nothing of names."""
    return {
        "owner_id": owner,
        "owned_id": owned,
        "share_min": share,
        "share_max": share,
        "interest": "equity",
    }


def entity(entity_id: str) -> Row:
    """Return an entity of whom nothing is to be said."""
    return {
        "entity_id": entity_id,
        "name": f"Maple Dairy {entity_id}",
        "kind": "organization",
        "country": "DE",
    }


def _customers(customer: str) -> Rows:
    return {"customers": [customer_row(customer)]}


def _declared_parent(customer: str) -> Rows:
    return {"customers": [customer_row(customer) | {"parent_name": f"Birch Mill {customer}"}]}


def _owner(customer: str) -> Rows:
    return _customers(customer) | {
        "ownership": [edge(f"owner-{customer}", customer)],
        "entities": [entity(f"owner-{customer}")],
    }


def _owner_of_owner(customer: str) -> Rows:
    near, far = f"owner-{customer}", f"top-{customer}"
    return _customers(customer) | {
        "ownership": [edge(far, near), edge(near, customer)],
        "entities": [entity(far), entity(near)],
    }


def _nameless_owner(customer: str) -> Rows:
    return _owner(customer) | {"entities": [{"entity_id": f"owner-{customer}"}]}


def _customer_as_entity(customer: str) -> Rows:
    return _owner(customer) | {"entities": [entity(customer)]}


def _counterparty_as_entity(customer: str) -> Rows:
    return _deal(customer, counterparty=f"partner-{customer}") | {
        "entities": [entity(f"partner-{customer}")],
        "ownership": [edge(f"holder-{customer}", f"partner-{customer}")],
    }


def _owner_of_counterparty(customer: str) -> Rows:
    rows = _counterparty_as_entity(customer)
    return rows | {"entities": [entity(f"holder-{customer}")]}


def _deal(customer: str, **cells: Any) -> Rows:
    deal = {
        "customer_id": customer,
        "date": "2026-10-01",
        "transaction_id": f"t-{customer}",
        "role": "ultimate_consignee",
        "counterparty": f"Aspen Dairy {customer}",
        "counterparty_country": "DE",
        "from_country": "US",
        "ship_to_country": "DE",
        "end_user_country": "DE",
        "item": "ovens",
        "movement": "export",
    }
    return _customers(customer) | {"transactions": [deal | cells]}


def _work(customer: str, **cells: Any) -> Rows:
    work = {
        "customer_id": customer,
        "activity_id": f"a-{customer}",
        "kind": "lease",
        "start": "2026-10-01",
        "accelerator": "H100",
        "count": 8,
        "provision": "remote_only",
        "evidence": "contract",
        "site_country": "DE",
    }
    return _customers(customer) | {"activity": [work | cells]}


def _chips(customer: str) -> Rows:
    return _work(customer, kind="order", provision="items")


def _licence(customer: str) -> Rows:
    licence = {"customer_id": customer, "licence_ref": f"D{customer}", "issued": "2026-01-01"}
    return _customers(customer) | {"licences": [licence]}


def _connection(kind: str) -> Callable[[str], Rows]:
    def rows(customer: str) -> Rows:
        return _customers(customer) | {"connections": [{"entity_id": customer, "kind": kind}]}

    return rows


def _role(role: str, **cells: Any) -> Callable[[str], Rows]:
    return lambda customer: _deal(customer, role=role, **cells)


def _watched(customer: str) -> Rows:
    return {"customers": [customer_row(customer) | {"name": WATCHED}], "watchlists": [{"list": "tip"}]}


WATCHED = "Quorbinel Rhovastrix"
"""Name of a customer that a watchlist names."""
ROLES: Mapping[str, Mapping[str, Any]] = {
    **{
        role: {}
        for role in ("purchaser", "intermediate_consignee", "ultimate_consignee", "end_user", "payer")
    },
    **{role: {"takes_possession": "yes"} for role in ("forwarder", "bank", "carrier", "customs_agent")},
    "exporter": {},
}
"""Roles of counterparties in which a list says something."""
OWNERS = {"of an owner": _owner, "of an owner's owner": _owner_of_owner}
ENTITIES = {
    **OWNERS,
    "of the customer": _customer_as_entity,
    "of a counterparty": _counterparty_as_entity,
    "of a counterparty's owner": _owner_of_counterparty,
}
PLACES: Mapping[tuple[str, str], Mapping[str, Callable[[str], Rows]]] = {
    **{("customers", column): {"": _customers} for column in INPUTS["customers"].names},
    ("customers", "parent_country"): {"": _declared_parent},
    ("ownership", "owner_name"): OWNERS | {"of a counterparty's owner": _owner_of_counterparty},
    ("ownership", "owned_name"): {
        "of the customer": _owner,
        "of an owner": _owner_of_owner,
        "of a counterparty": _counterparty_as_entity,
    },
    **{("entities", column): ENTITIES for column in INPUTS["entities"].names},
    ("entities", "identifiers"): ENTITIES | {"of an owner without a name": _nameless_owner},
    **{
        ("activity", column): {"of a lease": _work, "of an order": _chips}
        for column in INPUTS["activity"].names
    },
    **{("transactions", column): {"": _deal} for column in INPUTS["transactions"].names},
    ("transactions", "counterparty"): {f"as {role}": _role(role, **cells) for role, cells in ROLES.items()},
    **{("licences", column): {"": _licence} for column in INPUTS["licences"].names},
    ("watchlists", "name"): {"": _watched},
}
"""Table and column -> the places where such a cell may stand."""


def scenes(holds: str) -> Iterator[Scene]:
    """Yield every scene of every column that may hold such a thing, in the order of the tables."""
    for table in INPUTS.values():
        for column in table.columns:
            if holds not in column.holds:
                continue
            if table.name == "connections":
                places = {f"as {kind}": _connection(kind) for kind in CONNECTIONS[holds]}
            else:
                places = dict(PLACES[table.name, column.name])
            for where, rows in places.items():
                yield Scene(table.name, column.name, where, rows)
