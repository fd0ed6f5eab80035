"""What a run records of its inputs, and of everybody and everything it compared; the next delta builds on it."""

from __future__ import annotations

from screening.tables.outputs.columns import (
    CUSTOMER,
    LIST,
    PARTY,
    PARTY_NAME,
    PARTY_TYPE,
    SEGMENT,
    SUBJECT,
)
from screening.tables.table import Column, Table

PROBLEMS = Table(
    "problems",
    "What was wrong with the input files, row by row.",
    (
        Column("table", "Which input table", "id"),
        Column("file", "Name of the file", "id"),
        Column("row", "Row in the file; the header of a CSV is row 1", "integer"),
        Column("column", "Which column of ours", "id"),
        Column("value", "The value, cut after 80 characters", holds=("name", "address", "country", "identifier")),
        Column("reason", "What is wrong with it", free_text="our own words"),
        Column(
            "consequence", "row_set_aside, value_ignored or value_cleaned", "choice",
            choices=("row_set_aside", "value_ignored", "value_cleaned"),
        ),
    ),
    key=("table", "file", "row", "column", "reason"),
)  # fmt: skip

JUDGEMENTS = Table(
    "judgements",
    "On what each customer's assessment rests; a delta assesses only those for whom it changed.",
    (
        CUSTOMER,
        Column("row", "Fingerprint of the columns by which it is compared", "hash128"),
        Column("beside", "Fingerprint of all else; blank is assessed anew every time", "hash128"),
        Column("pattern", "Key of its row in `patterns`", "hash64"),
    ),
    key=("customer_id",),
)

PATTERNS = Table(
    "patterns",
    "The distinct sets of answers of all rules.",
    (
        Column("pattern", "Hash of the branches", "hash64"),
        Column(
            "branches", "The branch that spoke, one byte a rule in the order of the rules of the day", "bytes"
        ),
    ),
    key=("pattern",),
)

PARTIES = Table(
    "parties",
    "The parties that were in effect on the day.",
    (
        PARTY,
        LIST,
        PARTY_TYPE,
        PARTY_NAME,
        Column("hash", "Fingerprint of all that is compared of the party", "hash128"),
    ),
    key=("party_id",),
)

FINGERPRINTS = Table(
    "fingerprints",
    "Everybody who was compared, customers and others.",
    (
        Column("kind", "customer or entity", "choice", choices=("customer", "entity")),
        SUBJECT,
        Column("entity_id", "Entity of the ownership network that the subject is", "id"),
        SEGMENT,
        Column("names", "Its names as they were given", "texts", holds=("name",)),
        Column("hash", "Fingerprint of all that is compared of the subject", "hash128"),
        Column(
            "words",
            "Row numbers in `words`, from 1, of the words of all its names; a 0 ends a name",
            "places",
        ),
    ),
    key=("kind", "subject_id"),
)

WORDS = Table(
    "words",
    "Every word of every name that was compared, once.",
    (Column("word", "The word as it is compared", holds=("name",)),),
    key=("word",),
)
