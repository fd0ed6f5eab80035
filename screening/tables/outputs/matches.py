"""Who may be on a list: all matches, those that open cases, and those that are set aside."""

from __future__ import annotations

from dataclasses import replace

from screening.tables.outputs.columns import (
    BAND,
    CUSTOMER,
    EVIDENCE,
    EVIDENCE_HASH,
    LIST,
    MATCHED_NAME,
    NAME_SCORE,
    NODE,
    PARTY,
    PARTY_NAME,
    PARTY_TYPE,
    QUERY_NAME,
    RECORD,
    SCORE,
    SEGMENT,
    SIMILARITY,
    SUBJECT,
)
from screening.tables.table import Column, Table

SUBJECT_MATCHES = Table(
    "matches of subjects",
    "Every subject that may be a party on a list, of any band.",
    (
        NODE, PARTY, SCORE, SIMILARITY, MATCHED_NAME, QUERY_NAME, BAND, NAME_SCORE, EVIDENCE, SUBJECT, SEGMENT,
    ),
    key=("matched_entity_id", "party_id"),
)  # fmt: skip
"""The matches while a job runs."""

HITS = Table(
    "hits",
    "Matches of everybody who was screened, of any band; a delta builds on them.",
    tuple(RECORD if column is SUBJECT else column for column in SUBJECT_MATCHES.columns),
    key=SUBJECT_MATCHES.key,
)

MEASURE = (
    Column("programs", "Sanctions programmes", "texts"),
    Column("license_requirement_raw", "Licence requirement as printed", free_text="printed by the agency"),
    Column("license_policy", "Review policy of an Entity List entry", "id"),
    Column("footnotes", "Entity List footnotes", "integers"),
    Column("ear_744_8", "Whether it carries a tag of section 744.8", "flag"),
    Column("start", "First day of the listing", "date"),
    Column("end", "Last day of the listing", "date"),
)
"""What a listing imposes."""

MATCHES = Table(
    "matches",
    "Matches that open or fill cases: each customer's own, those of everybody above it, of the people around it, and "
    "of whom it deals with.",
    (
        CUSTOMER,
        Column(
            "role",
            "owner, director, signatory or beneficial_owner; of whom the customer deals with the role in the "
            "transaction, such as end_user, with `_owner` at its end for somebody above it; embedded for a name inside "
            "another field; blank for the customer itself",
            "id",
        ),
        Column(
            "counterparty", "Of whom the customer deals with: the name as given, or the field in which the name stands",
            holds=("name", "address"),
        ),
        Column("transactions", "How many transactions, activities and licences name it in that role", "integer"),
        Column("first_day", "Day of the first of them", "date"),
        Column("last_day", "Day of the last of them", "date"),
        *HITS.columns, LIST, PARTY_TYPE, PARTY_NAME, *MEASURE, EVIDENCE_HASH,
    ),
    key=("customer_id", "matched_entity_id", "role", "party_id", "counterparty"),
)  # fmt: skip

SUPPRESSED = Table(
    "suppressed",
    "Pairs that a person reviewed and found to be two, and whose evidence is still the same.",
    (
        NODE, PARTY, LIST, PARTY_TYPE, SEGMENT, SCORE, BAND, QUERY_NAME, MATCHED_NAME, PARTY_NAME, EVIDENCE_HASH,
        Column("reviewed_as", "Id under which the pair was reviewed", "id"),
        Column("reason", "Why they are two", free_text="a reviewer's words"),
        Column("by", "Who reviewed the pair", free_text="somebody of your own house"),
        Column("date", "Day of the review", "date"),
        Column("expires", "Last day on which the review counts", "date"),
    ),
    key=("matched_entity_id", "party_id"),
)  # fmt: skip

BELOW_LINE = Table(
    "below_line",
    "A sample, another every day, of pairs that scored just under review, for a person to judge.",
    (
        NODE,
        replace(CUSTOMER, meaning="Id of the customer; blank where the name is that of somebody around customers"),
        PARTY, LIST, PARTY_TYPE, SEGMENT, SCORE, SIMILARITY, QUERY_NAME, MATCHED_NAME, PARTY_NAME,
    ),
    key=("matched_entity_id", "party_id"),
)  # fmt: skip

CONTRADICTED = Table(
    "contradicted",
    "Pairs whose names alone would have been shown, and which other evidence contradicts.",
    (
        NODE, RECORD, PARTY, LIST, PARTY_TYPE, NAME_SCORE, SCORE, QUERY_NAME, MATCHED_NAME, PARTY_NAME, EVIDENCE,
    ),
    key=("matched_entity_id", "party_id"),
)  # fmt: skip
