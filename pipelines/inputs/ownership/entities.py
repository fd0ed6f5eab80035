"""Reading the entity table: names, countries and identifiers of who stands in the network."""

from __future__ import annotations

from screening.tables.table import Column, Table

ENTITIES = Table(
    "entities",
    (
        Column("entity_id", required=True),
        Column("name"),
        Column("kind"),
        Column("country", "country"),
        Column("hq_country", "country"),
        Column("incorporation_country", "country"),
        Column("identifiers", "texts"),  # type:value
    ),
    key=("entity_id",),
)
