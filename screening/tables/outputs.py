"""The tables of a run, each declared once: what every column means and by which columns its rows are sorted.

Programs outside the repository read these files, so names of tables and columns stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from screening.tables.ownership_status import STATUSES
from screening.tables.table import Column, Table

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
BANDS = ("alert", "review", "contradicted", "below", "building")
BAND = Column(
    "band",
    "alert or review; contradicted (other evidence speaks against the names), below (just under review) or building "
    "(at a listed address)",
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
REGIMES = ("bis", "ofac", "ssi")

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
    Column("license_requirement_raw", "Licence requirement as printed", free_text=True),
    Column("license_policy", "Review policy of an Entity List entry", "id"),
    Column("footnotes", "Entity List footnotes", "integers"),
    Column("ear_744_8", "Whether it carries a tag of section 744.8", "flag"),
    Column("start", "First day of the listing", "date"),
    Column("end", "Last day of the listing", "date"),
)
"""What a listing imposes."""

MATCHES = Table(
    "matches",
    "Matches that open or fill cases: each customer's own, those of everybody above it and of the people around it.",
    (
        CUSTOMER,
        Column("role", "owner, director, signatory or beneficial_owner; blank for the customer itself", "id"),
        *HITS.columns, LIST, PARTY_TYPE, PARTY_NAME, *MEASURE, EVIDENCE_HASH,
    ),
    key=("customer_id", "matched_entity_id", "role", "party_id"),
)  # fmt: skip

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
            *("role", "matched_entity_id", "party_id", "list", "party_name", "matched_name", "query_name"),
            *("score", "band", "name_score", "evidence"),
        ),
        _entries("paths", "How listed owners reach it", RESTRICTED, "regime", "status", "low", "high", "path"),
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

SUPPRESSED = Table(
    "suppressed",
    "Pairs that a person reviewed and found to be two, and whose evidence is still the same.",
    (
        NODE, PARTY, LIST, PARTY_TYPE, SEGMENT, SCORE, BAND, QUERY_NAME, MATCHED_NAME, PARTY_NAME, EVIDENCE_HASH,
        Column("reviewed_as", "Id under which the pair was reviewed", "id"),
        Column("reason", "Why they are two", free_text=True),
        Column("by", "Who reviewed the pair", free_text=True),
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

PROBLEMS = Table(
    "problems",
    "What was wrong with the input files, row by row.",
    (
        Column("table", "Which input table", "id"),
        Column("file", "Name of the file", "id"),
        Column("row", "Row in the file; the header of a CSV is row 1", "integer"),
        Column("column", "Which column of ours", "id"),
        Column("value", "The value, cut after 80 characters", holds=("name", "address", "country", "identifier")),
        Column("reason", "What is wrong with it", free_text=True),
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
    (PARTY, Column("hash", "Fingerprint of all that is compared of the party", "hash128")),
    key=("party_id",),
)

FINGERPRINTS = Table(
    "fingerprints",
    "Everybody who was compared, customers and others.",
    (
        Column("kind", "customer or entity", "choice", choices=("customer", "entity")),
        SUBJECT,
        Column("entity_id", "Entity of the ownership network that the subject is", "id"),
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

OUTPUTS: Mapping[str, Table] = {
    table.name: table
    for table in (
        *(CASES, FINDINGS, MATCHES, RESTRICTED, COVERAGE, CHANGES),
        *(SUPPRESSED, BELOW_LINE, CONTRADICTED, PROBLEMS),
        *(JUDGEMENTS, PATTERNS, HITS, PARTIES, FINGERPRINTS, WORDS),
    )
}
"""Every table of a run by its name."""

KEYS: Mapping[str, tuple[str, ...]] = {name: table.key for name, table in OUTPUTS.items()}
"""The columns that each table is sorted by."""
