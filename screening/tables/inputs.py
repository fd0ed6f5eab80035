"""The input tables, each declared once.

The reader of files, the facts of the rules, the page `docs/method/inputs.md`, the bodies of the API and the random
frames of the tests derive from these declarations.
"""

from __future__ import annotations

from dataclasses import replace

from screening.tables.table import Column, Table

YES_NO = ("yes", "no", "unknown")

INTERESTS = ("equity", "votes", "board", "control", "consolidation", "nominee", "family")
"""Kinds of interest. Only `equity` adds up to 50 percent, and `consolidation` as a stake of unknown size."""


def _country(name: str, meaning: str) -> Column:
    return Column(name, meaning, "country", holds=("country",))


def _identifiers(meaning: str) -> Column:
    return Column("identifiers", meaning, "texts", holds=("identifier",))


CUSTOMERS = Table(
    "customers",
    "One row a customer.",
    (
        Column("customer_id", "Id of the customer, unique and the same in every file", "id", needed=True),
        Column("name", "Name as the customer writes it, in any script", needed=True, holds=("name",)),
        Column(
            "party_type", "What the customer is", "choice",
            choices=("person", "organization", "vessel", "aircraft", "unknown"),
        ),
        Column(
            "other_names", "Former names, trading names, names in other scripts", "texts", holds=("name",)
        ),
        _country("country", "Where the customer says it is"),
        _country("hq_country", "Headquarters; Red Flag 28, Country Group D:5 and Macau hang on it"),
        _country("incorporation_country", "Where it was founded"),
        Column("address", "Address in one line", holds=("address",)),
        Column(
            "date_of_birth",
            'A date, a month, a year, "circa 1960" or "1951 to 1953"; 03/04/1972 is read both ways; anything else is '
            "ignored and recorded as a problem",
            "birth date",
        ),
        _identifiers(
            "Numbers as `type:value`, such as `lei:5493001KJTIIGC8Y1R12; imo:9074729; passport:75 1234567 (RU); "
            "ru-inn:7719404118; nationality:RU`; types in `screening/data/names/identifier_types.csv`, others are "
            "compared as passports and as numbers"
        ),
        Column(
            "parent_name", "The parent that the customer declares; counts as control of unknown share",
            holds=("name",),
        ),
        _country("parent_country", "Where that parent is"),
        Column("incorporated_on", "Day of foundation", "date"),
        Column("segment", "Your own division of the book", "id"),
    ),
    key=("customer_id",),
)  # fmt: skip

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
        Column("source", "Where the row comes from", free_text=True),
        Column("source_date", "Day of that record", "date"),
    ),
)  # fmt: skip

SHARE_PERCENT = Column(
    "share_percent",
    'Share in percent, such as "50", "33.333", "25-50" or ">=75"; blank is undisclosed. Needed unless `share_min` and '
    "`share_max` are there",
    free_text=True,
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
        Column("kind", "What it is, such as organization or person", "word"),
        _country("country", "Where it is"),
        _country("hq_country", "Where its headquarters are"),
        _country("incorporation_country", "Where it was founded"),
        _identifiers("Numbers as `type:value`, as of customers"),
    ),
    key=("entity_id",),
)

ACTIVITY = Table(
    "activity",
    "One row a training job, lease, order or deployment.",
    (
        Column("customer_id", "Customer whose activity it is", "id", needed=True),
        Column("activity_id", "Id of the activity", "id", needed=True),
        Column(
            "kind", "What is done", "choice", needed=True,
            choices=("training", "fine_tuning", "inference", "lease", "order", "deployment"),
        ),
        Column("start", "First day", "date"),
        Column(
            "end",
            "Last day; of a deployment the day on which the chips left, by loss, failure or resale",
            "date",
        ),
        Column("training_ops_planned", "Operations planned for the job, such as 1.8e26", "operations"),
        Column("training_ops_metered", "Operations metered so far", "operations"),
        Column(
            "model_id",
            "Model that the job works on; operations are added up per model and per group of companies",
            "id",
        ),
        Column(
            "parameters",
            "Parameters of the model; with `tokens` the operations are estimated where none are given",
            "operations",
        ),
        Column("tokens", "Tokens of the training", "operations"),
        Column("base_model_ops", "Operations that trained the base model", "operations"),
        Column("base_published", "Whether the weights of the base model are published", "choice", choices=YES_NO),
        Column(
            "synthetic_share",
            "Share, from 0 to 1, of the operations that train on unpublished output of one generating model",
            "number",
        ),
        Column(
            "synthetic_model_ops",
            "Operations that generated that output, and those that trained the generating model where its weights are "
            "unpublished",
            "operations",
        ),
        Column(
            "weights_published", "Whether the weights of the model are published", "choice",
            choices=(*YES_NO, "planned"),
        ),
        Column("intends_export", "Whether the customer means to export the model", "choice", choices=YES_NO),
        Column(
            "provision", "Whether items are provided or remote use only", "choice",
            choices=("remote_only", "items", "unknown"),
        ),
        Column(
            "licence_ref",
            "Number of a licence or notice, or the letters of a licence exception (AIA, ACM, LPP, UVEU, NVEU)",
            "id",
        ),
        Column("evidence", "Where the figures come from, and further evidence", free_text=True),
        Column("accelerator", "Model of the accelerators", free_text=True),
        Column("count", "Number of accelerators", "integer"),
        Column("tpp", "Total processing performance of one accelerator", "decimal"),
        _country("site_country", "Where the machines stand"),
        Column("site_address", "Address of the place where the machines stand, in one line", holds=("address",)),
        Column("end_user", "For whom it is done, where that is not the customer", holds=("name",)),
        _country("end_user_hq", "Headquarters of that end user, or of its ultimate parent"),
        Column("resale", "Whether the customer sells it on", "choice", choices=YES_NO),
        _country("payer_country", "From where it is paid"),
    ),
    key=("activity_id",),
)  # fmt: skip

CONNECTIONS = Table(
    "connections",
    "One row a person who acts for a customer or other entity, or a detail by which it can be reached. Those people "
    "are screened too; who shares an address, a telephone or a bank account with a listed party is reported.",
    (
        Column("entity_id", "Customer or other entity", "id", needed=True),
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
        Column("source", "Where the row comes from", free_text=True),
    ),
)  # fmt: skip

TRANSACTIONS = Table(
    "transactions",
    "One row a delivery or payment. Further parties to it have rows of their own with the same `transaction_id`.",
    (
        Column("customer_id", "Customer who ordered or paid", "id", needed=True),
        Column("date", "Day of the transaction", "date", needed=True),
        Column("transaction_id", "Id of the transaction, the same in the row of each of its parties", "id"),
        Column(
            "role", "Role of the counterparty", "word",
            choices=(
                *("purchaser", "intermediate_consignee", "ultimate_consignee", "end_user"),
                *("forwarder", "bank", "carrier", "customs_agent", "exporter", "payer"),
            ),
        ),
        Column("counterparty", "Who the counterparty is", holds=("name",)),
        _country("counterparty_country", "Where the counterparty is"),
        Column("counterparty_address", "Address of the counterparty in one line", holds=("address",)),
        Column(
            "counterparty_identifiers", "Numbers of the counterparty as `type:value`, as of customers", "texts",
            holds=("identifier",),
        ),
        Column(
            "takes_possession",
            "Whether a forwarder, bank or other agent takes the goods abroad; only then is it a party to the "
            "transaction (15 CFR 748.5(d))",
            "choice", choices=YES_NO,
        ),
        Column("item", "What was ordered", free_text=True),
        Column("hs_code", "Number of the item in the Harmonized System", "id"),
        Column("eccn", "Classification of the item as given, with its paragraph, such as 3A090.a or EAR99", "id"),
        Column("accelerator", "Model of the accelerators that are delivered", free_text=True),
        Column("count", "Number of those accelerators", "integer"),
        Column(
            "movement", "What the transaction does with the item", "choice",
            choices=("export", "reexport", "transfer_in_country", "import", "service"),
        ),
        _country("from_country", "Country that the item leaves"),
        _country("ship_to_country", "Destination"),
        Column("via_countries", "Countries that the item passes on its way", "countries", holds=("country",)),
        _country("end_user_country", "Where the item is to be used"),
        Column("licence_ref", "Number of a licence, or the letters of a licence exception (NAC, ACA)", "id"),
        Column("notice_ref", "Number of the notice to BIS that exception NAC asks for", "id"),
        Column("notice_date", "Day of that notice", "date"),
        _country("payer_country", "From where it was paid"),
        Column("amount", "Amount, of all rows in one currency", "number"),
        Column(
            "payment_method", "How it was paid", "word",
            choices=("wire", "letter_of_credit", "card", "cash", "crypto", "prepaid", "financed"),
        ),
        Column("transistors", "Transistors of a chip to be made", "number"),
        Column("hbm", "Whether the chip comes with high-bandwidth memory", "choice", choices=YES_NO),
    ),
)  # fmt: skip

ANSWERS = Table(
    "answers",
    "What customers said when they were asked.",
    (
        Column("customer_id", "Customer who was asked", "id", needed=True),
        Column("rule_id", "Rule that the answer speaks to", "id", needed=True),
        Column(
            "answer", "The answer", "word", needed=True, choices=("yes", "no", "unknown", "refused")
        ),
        Column("evidence", "What the answer rests on", free_text=True),
        Column("date", "Day of the answer", "date"),
        Column("by", "Who recorded it", free_text=True),
    ),
)  # fmt: skip

LICENCES = Table(
    "licences",
    "The register of licences and other authorizations held.",
    (
        Column("customer_id", "Customer who holds the licence", "id", needed=True),
        Column("licence_ref", "Number or name of the licence or authorization", "id", needed=True),
        Column("rule_id", "Rule that it speaks to; blank is any", "id"),
        Column("issued", "First day", "date"),
        Column("expires", "Last day; blank is no end", "date"),
        Column("conditions", "Conditions in short, for people to read", free_text=True),
        Column(
            "kind", "What it is; blank is a licence", "choice",
            choices=("licence", "exception", "notice", "advisory_opinion", "ofac_general", "ofac_specific"),
        ),
        Column("consignee", "Party that it names", holds=("name",)),
        Column("destinations", "Countries that it names", "countries", holds=("country",)),
        Column("items", "Classifications and quantities that it names, for people to read", free_text=True),
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
        Column("source", "Where the name comes from and when; the finding quotes it", free_text=True),
    ),
)  # fmt: skip

SUPPRESSIONS = Table(
    "suppressions",
    "Pairs of a customer or other entity and a listed party that a person reviewed and found to be two.",
    (
        Column("customer_id", "Customer or other entity whose name was compared", "id", needed=True),
        Column("party_id", "Party on the list", "id", needed=True),
        Column("evidence_hash", "Hash of what the reviewer saw, from the table `matches`", "id", needed=True),
        Column("reason", "Why they are two", needed=True, free_text=True),
        Column("by", "Who reviewed the pair", needed=True, free_text=True),
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
