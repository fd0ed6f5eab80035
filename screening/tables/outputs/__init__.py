"""The tables of a run, each declared once: what every column means and by which columns its rows are sorted.

Programs outside the repository read these files, so names of tables and columns stay.
"""

from __future__ import annotations

from collections.abc import Mapping

from screening.tables.outputs.cases import CASES, CHANGES, COVERAGE, FINDINGS, RESTRICTED, RULE_FINDINGS
from screening.tables.outputs.columns import EVIDENCE
from screening.tables.outputs.matches import (
    BELOW_LINE,
    CONTRADICTED,
    HITS,
    MATCHES,
    MEASURE,
    SUBJECT_MATCHES,
    SUPPRESSED,
)
from screening.tables.outputs.proof import BRANCHES, RECORDED_OWNERSHIP, RELATIONS
from screening.tables.outputs.record import FINGERPRINTS, JUDGEMENTS, PARTIES, PATTERNS, PROBLEMS, WORDS
from screening.tables.table import Table

__all__ = [
    "BELOW_LINE",
    "BRANCHES",
    "CASES",
    "CHANGES",
    "CONTRADICTED",
    "COVERAGE",
    "EVIDENCE",
    "FINDINGS",
    "FINGERPRINTS",
    "HITS",
    "JUDGEMENTS",
    "KEYS",
    "MATCHES",
    "MEASURE",
    "OUTPUTS",
    "PARTIES",
    "PATTERNS",
    "PROBLEMS",
    "RECORDED_OWNERSHIP",
    "RELATIONS",
    "RESTRICTED",
    "RULE_FINDINGS",
    "SUBJECT_MATCHES",
    "SUPPRESSED",
    "WORDS",
]

OUTPUTS: Mapping[str, Table] = {
    table.name: table
    for table in (
        *(CASES, FINDINGS, MATCHES, RESTRICTED, COVERAGE, CHANGES),
        *(SUPPRESSED, BELOW_LINE, CONTRADICTED, PROBLEMS),
        *(RELATIONS, RECORDED_OWNERSHIP, BRANCHES),
        *(JUDGEMENTS, PATTERNS, HITS, PARTIES, FINGERPRINTS, WORDS),
    )
}
"""Every table of a run by its name."""

KEYS: Mapping[str, tuple[str, ...]] = {name: table.key for name, table in OUTPUTS.items()}
"""The columns that each table is sorted by."""
