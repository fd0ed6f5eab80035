"""The input tables, each declared once.

The reader of files, the facts of the rules, the page `docs/method/inputs.md`, the bodies of the API and the random
frames of the tests derive from these declarations.
"""

from __future__ import annotations

from collections.abc import Iterator

from screening.tables.inputs.customers import CUSTOMERS
from screening.tables.inputs.network import CONNECTIONS, EDGES, ENTITIES, INTERESTS, OWNERSHIP
from screening.tables.inputs.registers import ANSWERS, LICENCES, RENAMES, SUPPRESSIONS, WATCHLISTS
from screening.tables.inputs.usage import ACTIVITY, TRANSACTIONS

__all__ = [
    "ACTIVITY",
    "ANSWERS",
    "CONNECTIONS",
    "CUSTOMERS",
    "EDGES",
    "ENTITIES",
    "INPUTS",
    "INTERESTS",
    "LICENCES",
    "OWNERSHIP",
    "RENAMES",
    "REQUEST_TABLES",
    "SUPPRESSIONS",
    "TRANSACTIONS",
    "WATCHLISTS",
    "free_text_columns",
]

INPUTS = {
    table.name: table
    for table in (
        *(CUSTOMERS, OWNERSHIP, ENTITIES, ACTIVITY, CONNECTIONS, TRANSACTIONS),
        *(ANSWERS, LICENCES, WATCHLISTS, SUPPRESSIONS, RENAMES),
    )
}
"""Every input table by its name."""

REQUEST_TABLES = tuple(
    name for name in INPUTS if name not in ("customers", "watchlists", "suppressions", "renames")
)
"""The tables that say more of one customer; the others are the house's own."""


def free_text_columns() -> Iterator[tuple[str, str, str]]:
    """Yield table, column and reason of what no list is asked about: text that is nobody's name or place.

    >>> next(free_text_columns())
    ('customers', 'segment', 'a word of your own house')
    """
    for table in INPUTS.values():
        for column in table.columns:
            if column.free_text:
                yield table.name, column.name, column.free_text
