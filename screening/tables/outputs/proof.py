"""What a run keeps to show of any customer, with a case or without: who was compared in which role, how far ownership
was recorded, and what each answer of a rule means.

With `fingerprints`, `hits`, `judgements` and `patterns` these make the certificates of a run.
"""

from __future__ import annotations

from dataclasses import replace

from screening.tables.outputs.cases import COVERAGE
from screening.tables.table import Column, Table

RELATIONS = Table(
    "relations",
    "Who was compared with the lists besides a customer itself, and for whose sake: each owner of each entity, each "
    "person, each counterparty.",
    (
        Column(
            "role",
            "owner, director, signatory, beneficial_owner, the role in a transaction, embedded for a name inside "
            "another field, or same_as for the entity of the network that a counterparty is",
            "id",
        ),
        Column("entity_id", "The customer, or the entity that is owned", "id"),
        Column(
            "related_id", "The other, an `entity_id` of `fingerprints`; blank for an undisclosed owner", "id"
        ),
    ),
    key=("role", "entity_id", "related_id"),
)

RECORDED_OWNERSHIP = Table(
    "recorded_ownership",
    "How far the owners of each customer are recorded. Whoever has no row has no recorded holder.",
    (
        Column("entity_id", "Entity of the ownership network that the customer is", "id"),
        Column("holders", "Named holders of a share", "integer"),
        Column("low", "Smallest share that they hold together", "share"),
        Column("high", "Largest share that they may hold together", "share"),
        Column("oldest", "Day of the oldest of the records", "date"),
        Column("newest", "Day of the newest", "date"),
        Column("undated", "Records without a day", "integer"),
    ),
    key=("entity_id",),
)

BRANCHES = Table(
    "branches",
    "What the bytes of `patterns` stand for: every answer that each rule could give on the day.",
    (
        Column("place", "Place of the rule's byte in a pattern, from 0", "integer"),
        Column("position", "Value of the byte", "integer"),
        COVERAGE.column("rule_id"),
        COVERAGE.column("outcome"),
        COVERAGE.column("branch"),
        COVERAGE.column("missing"),
        COVERAGE.column("rule_status"),
        Column("material", "Whether it opens a case, unless the customer's segment weighs the rule otherwise", "flag"),
        replace(
            Column("reason", "The answer in words; a name in brackets stands for a fact of the customer"),
            free_text="our own words",
        ),
    ),
    key=("place", "position"),
)  # fmt: skip
