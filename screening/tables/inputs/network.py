"""Who owns whom, who stands in that network, and who acts for whom."""

from __future__ import annotations

from dataclasses import replace

from screening.tables.inputs.columns import country, country_remarks, identifiers
from screening.tables.table import Column, Table

INTERESTS = (
    *("equity", "votes", "board", "control", "consolidation", "nominee", "family"),
    *("board_majority", "golden_share", "signatory", "declared"),
)
"""Kinds of interest. Only `equity` adds up to 50 percent, and two as a stake of unknown size: `consolidation`, and
`declared`, a parent that the customer names."""

EDGES = Table(
    "edges",
    "One row an edge: one source says that somebody owns, controls or sits on the board of somebody else.",
    (
        Column(
            "owner_id", "Entity that owns; blank only where the holder is undisclosed", "id", needed=True
        ),
        Column("owned_id", "Entity that is owned", "id", needed=True),
        Column("share_min", "Smallest share in parts per million; blank is undisclosed", "share", needed=True),
        Column("share_max", "Largest share in parts per million; blank is undisclosed", "share", needed=True),
        Column("owner_name", "Name of the owner", holds=("name",)),
        Column("owned_name", "Name of the owned", holds=("name",)),
        Column("interest", "Kind of interest, equity where it is blank", "choice", choices=INTERESTS),
        Column("direct", "Whether the share is held directly; blank is yes", "flag"),
        Column("start", "First day", "date"),
        Column("end", "Last day on which it counts", "date"),
        Column("source", "Where the row comes from", free_text="the name of a register or file"),
        Column("source_date", "Day of that record", "date"),
    ),
)  # fmt: skip

SHARE_PERCENT = Column(
    "share_percent",
    'Share in percent, such as "50", "33.333", "25-50" or ">=75"; blank is undisclosed. Needed unless `share_min` and '
    "`share_max` are there",
    free_text="a number, written as people write shares",
)

OWNERSHIP = Table(
    "ownership",
    EDGES.meaning,
    (
        *(replace(column, needed=column.kind == "id") for column in EDGES.columns),
        SHARE_PERCENT,
    ),
)
"""The file of edges: the columns of `EDGES`, and shares in percent too."""

ENTITIES = Table(
    "entities",
    "One row an entity of the ownership network.",
    (
        Column("entity_id", "Id as in the ownership file", "id", needed=True),
        Column("name", "Name of the entity", holds=("name",)),
        Column(
            "kind", "What it is", "word",
            choices=(
                *("organization", "person", "vessel", "aircraft"),
                *("state", "fund", "arrangement", "unknown"),
            ),
        ),
        country("country", "Where it is"),
        country("hq_country", "Where its headquarters are"),
        country("incorporation_country", "Where it was founded"),
        identifiers("Numbers as `type:value`, as of customers"),
        country_remarks(),
        Column(
            "dispersed",
            "yes: what is not on record of its shares is public float, and a source says so",
            "choice",
            choices=("yes", "no"),
        ),
    ),
    key=("entity_id",),
)  # fmt: skip

CONNECTIONS = Table(
    "connections",
    "One row a person who acts for a customer or other entity, or a detail by which it can be reached. Those people "
    "are screened too; who shares an address, a telephone or a bank account with a listed party is reported.",
    (
        Column("entity_id", "Customer or other entity", "id", needed=True, refers="entity"),
        Column(
            "kind", "What the value is", "choice", needed=True,
            choices=(
                *("director", "signatory", "beneficial_owner"),
                *("address", "phone", "email", "domain", "bank", "ip"),
            ),
        ),
        Column(
            "value", "The value; an ip may end in a country code, as in 203.0.113.24 CN",
            needed=True, holds=("name", "address", "contact"),
        ),
        Column("start", "First day", "date"),
        Column("end", "Last day", "date"),
        Column("source", "Where the row comes from", free_text="the name of a register or file"),
    ),
)  # fmt: skip
