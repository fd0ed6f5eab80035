"""What the rules say about a customer on a day, why, and what to ask.

Doors: `evaluate` (findings), `assess` (findings and coverage), `rules` (the rule table on a day),
`facts.assemble` (from inputs to the facts frame), `PeriodOverride` (a decision on a rule's status).
"""

from screening.law.periods import PeriodOverride, overrides_hash
from screening.redflags.engine import COVERAGE, FINDINGS, Assessment, assess, evaluate
from screening.redflags.weights import rules, strictest

__all__ = [
    "COVERAGE",
    "FINDINGS",
    "Assessment",
    "PeriodOverride",
    "assess",
    "evaluate",
    "overrides_hash",
    "rules",
    "strictest",
]
