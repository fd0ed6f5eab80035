"""The input tables of a job, each declared once."""

from __future__ import annotations

from screening.tables.table import Column, Table

YES_NO = ("yes", "no", "unknown")

CUSTOMERS = Table(
    "customers",
    (
        Column("customer_id", required=True),
        Column("name", required=True),
        Column("party_type", "choice", choices=("person", "organization", "vessel", "aircraft", "unknown")),
        Column("other_names", "texts"),
        Column("country", "country"),
        Column("hq_country", "country"),
        Column("incorporation_country", "country"),
        Column("address"),
        Column("date_of_birth", "birth date"),
        Column("identifiers", "texts"),  # type:value
        Column("parent_name"),
        Column("parent_country", "country"),
        Column("incorporated_on", "date"),
        Column("segment"),
    ),
    key=("customer_id",),
)

ACTIVITY = Table(
    "activity",
    (
        Column("customer_id", required=True),
        Column("activity_id", required=True),
        Column(
            "kind",
            "choice",
            required=True,
            choices=("training", "fine_tuning", "inference", "lease", "order", "deployment"),
        ),
        Column("start", "date"),
        Column("end", "date"),
        Column("training_ops_planned", "number"),
        Column("training_ops_metered", "number"),
        Column("model_id"),
        Column("parameters", "number"),
        Column("tokens", "number"),
        Column("base_model_ops", "number"),
        Column("base_published", "choice", choices=YES_NO),
        Column("synthetic_share", "number"),
        Column("synthetic_model_ops", "number"),
        Column("weights_published", "choice", choices=(*YES_NO, "planned")),
        Column("intends_export", "choice", choices=YES_NO),
        Column("provision", "choice", choices=("remote_only", "items", "unknown")),
        Column("licence_ref"),
        Column("evidence"),
        Column("accelerator"),
        Column("count", "integer"),
        Column("tpp", "number"),
        Column("site_country", "country"),
        Column("resale", "choice", choices=YES_NO),
        Column("payer_country", "country"),
    ),
    key=("activity_id",),
)

CONNECTIONS = Table(
    "connections",
    (
        Column("entity_id", required=True),
        Column(
            "kind",
            "choice",
            required=True,
            choices=(
                *("director", "signatory", "beneficial_owner"),
                *("address", "phone", "email", "domain", "bank", "ip"),
            ),
        ),
        Column("value", required=True),
        Column("start", "date"),
        Column("end", "date"),
        Column("source"),
    ),
)

TRANSACTIONS = Table(
    "transactions",
    (
        Column("customer_id", required=True),
        Column("date", "date", required=True),
        Column("role"),
        Column("counterparty"),
        Column("item"),
        Column("hs_code"),
        Column("ship_to_country", "country"),
        Column("payer_country", "country"),
        Column("amount", "number"),
        Column("payment_method"),  # wire, letter_of_credit, cash, crypto, prepaid, ...
        Column("transistors", "number"),  # of a chip to be made
        Column("hbm", "choice", choices=YES_NO),  # whether it comes with high-bandwidth memory
    ),
)

ANSWERS = Table(
    "answers",
    (
        Column("customer_id", required=True),
        Column("rule_id", required=True),
        Column("answer", required=True),
        Column("evidence"),
        Column("date", "date"),
        Column("by"),
    ),
)

LICENCES = Table(
    "licences",
    (
        Column("customer_id", required=True),
        Column("licence_ref", required=True),
        Column("rule_id"),  # blank: speaks to any rule
        Column("issued", "date"),
        Column("expires", "date"),
        Column("conditions"),
    ),
)

WATCHLISTS = Table(
    "watchlists",
    (
        Column("list", "choice", required=True, choices=("tip", "bis_letter")),
        Column("name", required=True),
        Column("source"),
    ),
)

SUPPRESSIONS = Table(
    "suppressions",
    (
        Column("customer_id", required=True),  # of the customer or other entity whose name was compared
        Column("party_id", required=True),
        Column("evidence_hash", required=True),
        Column("reason", required=True),
        Column("by", required=True),
        Column("date", "date", required=True),
        Column("expires", "date", required=True),
    ),
)

RENAMES = Table(
    "renames",
    (
        Column("old_id", required=True),  # of a customer or other entity
        Column("new_id", required=True),
        Column("date", "date", required=True),  # from which the new id is in use
    ),
)

INPUTS = {
    table.name: table
    for table in (
        *(CUSTOMERS, ACTIVITY, CONNECTIONS, TRANSACTIONS, ANSWERS),
        *(LICENCES, WATCHLISTS, SUPPRESSIONS, RENAMES),
    )
}
