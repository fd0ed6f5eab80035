"""What the rules say about each customer on a day, why, and what to ask.

`facts.assemble` makes the facts frame (one row a customer) from the input tables; `assess` evaluates every rule on it
and returns findings, coverage and what could not be checked; `evaluate` returns the findings alone. `rules_on` is the
rule table of a day, `plan_on` the same made ready to evaluate. `count_patterns` and `coverage` count outcomes over a
book that was assessed in parts. `PeriodOverride` is a compliance team's decision on the status of a rule.
"""

from screening.law.periods import PeriodOverride
from screening.redflags.engine import Assessment, assess, evaluate
from screening.redflags.patterns import branches, count_patterns, coverage
from screening.redflags.plan import plan_on
from screening.redflags.weights import rules_on, strictest

__all__ = [
    "Assessment",
    "PeriodOverride",
    "assess",
    "branches",
    "count_patterns",
    "coverage",
    "evaluate",
    "plan_on",
    "rules_on",
    "strictest",
]
