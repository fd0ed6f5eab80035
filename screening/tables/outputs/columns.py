"""Columns that several tables of a run have."""

from __future__ import annotations

from dataclasses import replace

from screening.tables.table import Column

CUSTOMER = Column("customer_id", "Id of the customer", "id")
NODE = Column("matched_entity_id", "Entity of the ownership network that was matched", "id")
PARTY = Column("party_id", "Party on the list", "id")
SUBJECT = Column("subject_id", "Customer or other entity whose name and attributes were compared", "id")
RECORD = replace(SUBJECT, name="record_id")
"""What the run's tables call the subject."""
LIST = Column("list", "Code of the list", "id")
PARTY_TYPE = Column(
    "party_type", "What the party is: person, organization, vessel, aircraft or address", "id"
)
PARTY_NAME = Column("party_name", "Name of the party as listed", holds=("name",))
SEGMENT = Column("segment", "Segment of the customer; blank for owners and people around customers", "id")
BANDS = ("alert", "review", "contradicted", "below", "building", "contact")
BAND = Column(
    "band",
    "alert or review; contradicted (other evidence speaks against the names), below (just under review), building "
    "(at a listed address) or contact (reached where the party is; the score is our weight of that)",
    "choice",
    choices=BANDS,
)
EVIDENCE = Column(
    "evidence",
    "What was compared, one entry each",
    "rows",
    fields=(
        Column("kind", "name, identifier, birth, nationality, country or address", "id"),
        Column("verdict", "agrees, contradicts, open (neither) or missing", "id"),
        Column("weight", "For the match (above 0) or against it, in log odds", "number"),
        Column("text", "The same in words", holds=("name", "address", "country", "identifier")),
    ),
)
SCORE = Column("score", "Probability that both are the same party", "number")
NAME_SCORE = Column(
    "name_score",
    "The probability by the names alone; blank where no names were compared or they do not resemble",
    "number",
)
SIMILARITY = Column("similarity", "How much the names resemble, from 0 to 1", "number")
MATCHED_NAME = Column("matched_name", "Name of the party that matched", holds=("name",))
QUERY_NAME = Column("query_name", "Name of the subject that matched", holds=("name",))
EVIDENCE_HASH = Column("evidence_hash", "Hash of what a reviewer sees of the pair", "id")
RECOMMENDATION = Column(
    "recommendation", "What to do: stop_confirm, hold, licence_check, ask, review or note", "id"
)
SEVERITY = Column("severity", "From 0 to 100", "integer")
