"""What the rules say of customers: findings, the 50 percent tests, cases, coverage, changes."""

from __future__ import annotations

from dataclasses import replace

from screening.tables.outputs.columns import CUSTOMER, RECOMMENDATION, SEVERITY
from screening.tables.outputs.matches import MATCHES
from screening.tables.ownership_status import STATUSES
from screening.tables.table import Column, Table

REGIMES = ("bis", "ofac", "ssi")

FINDINGS = Table(
    "findings",
    "One row for each rule that was raised, or could not be evaluated and is material.",
    (
        Column("case_id", "Id of the customer's case, the same in every run", "id"),
        CUSTOMER,
        Column("rule_id", "Rule", "id"),
        Column("outcome", "raised or not_evaluable", "id"),
        Column("rule_status", "Status of the rule on the day, such as in_force or suspended", "id"),
        SEVERITY,
        RECOMMENDATION,
        Column("reason", "Why, in a sentence", holds=("name",)),
        Column(
            "evidence", "The facts that decided, as `column=value; ...`", holds=("name", "address", "country")
        ),
        Column("question", "What to find out or to ask", holds=("name",)),
        Column("branch", "Which line of the rule's table spoke", "id"),
        Column("missing", "The fact that was not there", "id"),
    ),
    key=("customer_id", "rule_id", "outcome", "reason"),
)

RULE_FINDINGS = Table(
    "findings of rules",
    "What each rule says of each customer, before cases are made of it.",
    (
        *FINDINGS.pick(
            "", ("customer_id", "rule_id", "outcome", "rule_status", "severity", "recommendation")
        ).columns,
        Column("material", "Whether it opens a case", "flag"),
        *FINDINGS.pick("", ("reason", "evidence", "question", "branch", "missing")).columns,
    ),
    key=("customer_id", "rule_id"),
)
"""The findings while a job runs."""

RESTRICTED = Table(
    "restricted",
    "One row a regime and entity that a listed owner reaches, under the 50 percent test of that regime.",
    (
        Column("regime", "ofac, ssi or bis", "choice", choices=REGIMES),
        Column("entity_id", "Entity of the ownership network", "id"),
        Column(
            "status", "restricted (`low` is half or more), indeterminate (`high` is) or minority", "choice",
            choices=STATUSES[1:],
        ),
        Column(
            "cause", "Of an indeterminate one: holder_share_unknown or remainder_unknown", "choice",
            choices=("holder_share_unknown", "remainder_unknown"),
        ),
        Column("low", "Smallest share that restricted owners hold", "share"),
        Column("known", "What owners that may be restricted hold at most, as recorded", "share"),
        Column("high", "Largest share that they may hold, with the undisclosed remainder", "share"),
        Column("roots", "Listed parties at the top", "texts"),
        Column("root_entities", "Entities that were matched with them", "texts"),
        Column("root_lists", "Lists of those parties", "texts"),
        Column("root_score", "Lowest probability of a match on the way", "number"),
        Column(
            "root_band", "alert, or review where the result needs a doubtful match", "choice",
            choices=("alert", "review"),
        ),
        Column("license_policies", "Review policies of the roots", "texts"),
        Column("path", "How the roots hold it, in words", holds=("name",)),
    ),
    key=("entity_id", "regime"),
)  # fmt: skip


def _entries(name: str, meaning: str, table: Table, *columns: str) -> Column:
    return Column(name, meaning, "rows", fields=table.pick(name, columns).columns)


CASES = Table(
    "cases",
    "One row a customer with a finding that opens a case, with everything that a reader needs.",
    (
        FINDINGS.column("case_id"),
        CUSTOMER,
        Column("name", "Name of the customer", holds=("name",)),
        replace(RECOMMENDATION, meaning=f"The strictest of its findings. {RECOMMENDATION.meaning}"),
        replace(SEVERITY, meaning="The highest of its findings, from 0 to 100"),
        _entries(
            "findings", "Its findings, most severe first", FINDINGS,
            *("rule_id", "outcome", "rule_status", "severity", "recommendation", "reason", "evidence", "question"),
        ),
        _entries(
            "matches", "Its matches, best first", MATCHES,
            *("role", "counterparty", "transactions", "first_day", "last_day"),
            *("matched_entity_id", "party_id", "list", "party_name", "matched_name", "query_name"),
            *("score", "band", "name_score", "evidence"),
        ),
        Column(
            "paths", "How listed owners reach it, or in a `role` somebody with whom it deals", "rows",
            fields=(
                *MATCHES.pick("", ("role", "counterparty")).columns,
                *RESTRICTED.pick("", ("regime", "status", "low", "high", "path")).columns,
            ),
        ),
        Column("questions", "All questions, each once", "texts"),
        Column("not_checked", "What could not be evaluated, in words", "texts"),
    ),
    key=("customer_id",),
)  # fmt: skip

COVERAGE = Table(
    "coverage",
    "How many customers each rule answered how.",
    (
        FINDINGS.column("rule_id"),
        Column("outcome", "raised, not_raised, not_applicable or not_evaluable", "id"),
        FINDINGS.column("branch"),
        FINDINGS.column("missing"),
        FINDINGS.column("rule_status"),
        Column("customers", "Number of customers", "integer"),
    ),
    key=("rule_id", "outcome", "branch", "missing"),
)

CHANGES = Table(
    "changes",
    "Of a delta: what became of each case since the earlier run. A case that stayed as it was has no row.",
    (
        CUSTOMER,
        FINDINGS.column("case_id"),
        Column(
            "change", "new, worse, better, other (only the rules changed) or gone", "choice",
            choices=("new", "worse", "better", "other", "gone"),
        ),
        Column("recommendation_before", "Recommendation of the earlier run", "id"),
        RECOMMENDATION,
        Column("severity_before", "Severity in the earlier run", "integer"),
        SEVERITY,
        Column("rules_added", "Rules with a finding now that had none", "texts"),
        Column("rules_removed", "Rules that had a finding and have none now", "texts"),
    ),
    key=("customer_id",),
)  # fmt: skip
