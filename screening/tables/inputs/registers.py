"""What is on file: answers, licences, names to watch, reviews of matches, changes of ids."""

from __future__ import annotations

from screening.tables.inputs.columns import country_remarks
from screening.tables.table import Column, Table

ANSWERS = Table(
    "answers",
    "What customers said when they were asked.",
    (
        Column("customer_id", "Customer who was asked", "id", needed=True, refers="customer"),
        Column("rule_id", "Rule that the answer speaks to", "id", needed=True, refers="rule"),
        Column(
            "answer", "The answer", "choice", needed=True, choices=("yes", "no", "unknown", "refused")
        ),
        Column("evidence", "What the answer rests on", free_text="what an answer rests on, for people to read"),
        Column("date", "Day of the answer", "date"),
        Column("by", "Who recorded it", free_text="somebody of your own house"),
    ),
)  # fmt: skip

LICENCES = Table(
    "licences",
    "The register of licences and other authorizations held.",
    (
        Column("customer_id", "Customer who holds the licence", "id", needed=True, refers="customer"),
        Column("licence_ref", "Number or name of the licence or authorization", "id", needed=True),
        Column("rule_id", "Rule that it speaks to; blank is any", "id", refers="rule"),
        Column("issued", "First day", "date"),
        Column("expires", "Last day; blank is no end", "date"),
        Column(
            "conditions", "Conditions in short, for people to read",
            free_text="terms of a licence, for people to read",
        ),
        Column(
            "kind", "What it is; blank is a licence", "choice",
            choices=("licence", "exception", "notice", "advisory_opinion", "ofac_general", "ofac_specific"),
        ),
        Column("consignee", "Party that it names", holds=("name",)),
        Column("destinations", "Countries that it names", "countries", holds=("country",)),
        country_remarks(),
        Column(
            "items", "Classifications and quantities that it names, for people to read",
            free_text="products that a licence names, for people to read",
        ),
    ),
)  # fmt: skip

WATCHLISTS = Table(
    "watchlists",
    "Names that you were told of and that no agency's list holds.",
    (
        Column(
            "list",
            "tip (named as a supplier to Russia in a register of others) or bis_letter (named in a letter from BIS "
            "to you)",
            "choice", needed=True, choices=("tip", "bis_letter")
        ),
        Column("name", "Name as that list gives it", needed=True, holds=("name",)),
        Column(
            "source", "Where the name comes from and when; the finding quotes it",
            free_text="where a name was published",
        ),
    ),
)  # fmt: skip

SUPPRESSIONS = Table(
    "suppressions",
    "Pairs of a customer or other entity and a listed party that a person reviewed and found to be two.",
    (
        Column("customer_id", "Customer or other entity whose name was compared", "id", needed=True),
        Column("party_id", "Party on the list", "id", needed=True),
        Column("evidence_hash", "Hash of what the reviewer saw, from the table `matches`", "id", needed=True),
        Column("reason", "Why they are two", needed=True, free_text="a reviewer's words"),
        Column("by", "Who reviewed the pair", needed=True, free_text="somebody of your own house"),
        Column("date", "Day of the review", "date", needed=True),
        Column("expires", "Last day on which the review counts", "date", needed=True),
    ),
)

RENAMES = Table(
    "renames",
    "Ids that changed.",
    (
        Column("old_id", "Id of a customer or other entity before", "id", needed=True),
        Column("new_id", "Its id from the day on", "id", needed=True),
        Column("date", "Day from which the new id is in use", "date", needed=True),
    ),
)
