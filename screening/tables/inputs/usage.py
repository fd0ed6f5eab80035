"""What customers use, order and pay."""

from __future__ import annotations

from screening.tables.inputs.columns import YES_NO, country, country_remarks
from screening.tables.table import Column, Table

ACTIVITY = Table(
    "activity",
    "One row a training job, lease, order or deployment.",
    (
        Column("customer_id", "Customer whose activity it is", "id", needed=True, refers="customer"),
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
            "Share of the operations that train on unpublished output of one generating model: 0.11 or 11%",
            "fraction",
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
        Column(
            "evidence", "Where the figures come from, and further evidence",
            free_text="what figures rest on, for people to read",
        ),
        Column(
            "accelerator", "Model of the accelerators",
            free_text="a product: looked up among the accelerators that we have figures of",
        ),
        Column("count", "Number of accelerators", "integer"),
        Column("tpp", "Total processing performance of one accelerator", "decimal"),
        country("site_country", "Where the machines stand"),
        Column("site_address", "Address of the place where the machines stand, in one line", holds=("address",)),
        Column("end_user", "For whom it is done, where that is not the customer", holds=("name",)),
        country("end_user_hq", "Headquarters of that end user, or of its ultimate parent"),
        Column("resale", "Whether the customer sells it on", "choice", choices=YES_NO),
        Column(
            "use", "What leased or ordered accelerators are used for, as the customer states", "choice",
            choices=("training", "inference", "other", "unknown"),
        ),
        Column(
            "capability_claim",
            "Whether the model is said to be less capable than the best published model (note 2 to ECCN 4E091)",
            "choice", choices=YES_NO,
        ),
        Column(
            "classification_ref", "Number of the BIS classification of the model's weights (15 CFR 748.3)", "id",
        ),
        country("payer_country", "From where it is paid"),
        country_remarks(),
    ),
    key=("activity_id",),
)  # fmt: skip

TRANSACTIONS = Table(
    "transactions",
    "One row a delivery or payment. Further parties to it have rows of their own with the same `transaction_id`.",
    (
        Column("customer_id", "Customer who ordered or paid", "id", needed=True, refers="customer"),
        Column("date", "Day of the transaction", "date", needed=True),
        Column("transaction_id", "Id of the transaction, the same in the row of each of its parties", "id"),
        Column(
            "role", "Role of the counterparty", "word",
            choices=(
                *("purchaser", "intermediate_consignee", "ultimate_consignee", "end_user"),
                *("forwarder", "bank", "carrier", "customs_agent", "exporter", "payer"),
                *("buyer", "consignee", "broker", "reseller", "counterparty"),
            ),
        ),
        Column("counterparty", "Who the counterparty is", holds=("name",)),
        country("counterparty_country", "Where the counterparty is"),
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
        Column(
            "item", "What was ordered",
            free_text="a product; a name after 'for' or 'c/o' in it is compared all the same",
        ),
        Column("hs_code", "Number of the item in the Harmonized System", "id"),
        Column("eccn", "Classification of the item as given, with its paragraph, such as 3A090.a or EAR99", "id"),
        Column(
            "accelerator", "Model of the accelerators that are delivered",
            free_text="a product: looked up among the accelerators that we have figures of",
        ),
        Column("count", "Number of those accelerators", "integer"),
        Column(
            "movement", "What the transaction does with the item", "choice",
            choices=("export", "reexport", "transfer_in_country", "import", "service"),
        ),
        country("from_country", "Country that the item leaves"),
        country("ship_to_country", "Destination"),
        Column("via_countries", "Countries that the item passes on its way", "countries", holds=("country",)),
        country("end_user_country", "Where the item is to be used"),
        Column("licence_ref", "Number of a licence, or the letters of a licence exception (NAC, ACA)", "id"),
        Column("notice_ref", "Number of the notice to BIS that exception NAC asks for", "id"),
        Column("notice_date", "Day of that notice", "date"),
        country("payer_country", "From where it was paid"),
        Column("amount", "Amount, of all rows in one currency", "number"),
        Column(
            "payment_method", "How it was paid", "word",
            choices=(
                *("wire", "letter_of_credit", "card", "cash", "crypto", "prepaid", "financed"),
                *("ach", "sepa", "bank_transfer", "direct_debit", "credit_card", "debit_card", "cheque", "check"),
            ),
        ),
        Column("transistors", "Transistors of a chip to be made", "number"),
        Column("hbm", "Whether the chip comes with high-bandwidth memory", "choice", choices=YES_NO),
        country_remarks(),
    ),
)  # fmt: skip
