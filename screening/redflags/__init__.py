"""What the rules say about a customer on a day, why, and what to ask.

Doors: `evaluate` (findings), `assess` (findings and coverage), `rules_on` (the rule table on a day),
`coverage` (how often each rule spoke how) of `count_patterns` answers under the `plan_on` a day,
`facts.assemble` (from inputs to the facts frame), `PeriodOverride` (a decision on a rule's status).
"""

from screening.law.periods import PeriodOverride, overrides_hash
from screening.redflags.engine import FINDINGS, Assessment, assess, evaluate
from screening.redflags.patterns import COVERAGE, count_patterns, coverage
from screening.redflags.plan import plan_on
from screening.redflags.weights import rules_on, strictest

__all__ = [
    "COVERAGE",
    "FINDINGS",
    "Assessment",
    "PeriodOverride",
    "assess",
    "count_patterns",
    "coverage",
    "evaluate",
    "overrides_hash",
    "plan_on",
    "rules_on",
    "strictest",
]
