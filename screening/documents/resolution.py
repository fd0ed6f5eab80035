"""How a raised flag was settled: question, answer, evidence, who, when, and who agreed. Supp. 3 to part 732(a).

The rule's outcome stays what it was; the record says what a person made of it. A record is never edited: a later one
replaces it and names it (15 CFR 762.5(b)).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from screening.errors import DocumentError

DECISIONS = (
    "settled",
    "licence_held",
    "applied_for_licence",
    "told_customer_to_apply",
    "held",
    "refused",
    "reported",
)
FOUR_EYES = ("stop_confirm", "hold")
"""Recommendations that two people must settle together."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The record of one decision on one finding. `replaces` is the digest of the record it corrects."""

    customer_id: str
    rule_id: str
    rule_status: str
    recommendation: str
    as_of: date
    question: str
    answer: str
    evidence: str
    decision: str
    decided_by: str
    agreed_by: str | None
    decided_on: date
    run_id: str
    replaces: str | None = None

    def digest(self) -> str:
        """Return a SHA-256 over all fields in order; two records are the same when their digests are."""
        values = ((f.name, getattr(self, f.name)) for f in fields(self))
        lines = (f"{name}={'' if value is None else value}" for name, value in values)
        return hashlib.sha256("\x1f".join(lines).encode()).hexdigest()


def resolve(
    finding: Mapping[str, object],
    as_of: date,
    *,
    answer: str,
    evidence: str,
    decision: str,
    decided_by: str,
    decided_on: date,
    run_id: str,
    agreed_by: str | None = None,
    replaces: str | None = None,
) -> Resolution:
    """Return the record of a decision on a finding (a row of the findings). Raises `DocumentError`, naming every gap.

    >>> row = {"customer_id": "c", "rule_id": "RF28", "rule_status": "codified_not_enforced", "recommendation": "ask",
    ...     "question": "Export?"}
    >>> resolve(row, date(2026, 11, 22), answer="no", evidence="letter of 2026-11-20", decision="settled",
    ...     decided_by="A", decided_on=date(2026, 11, 23), run_id="r1").decision
    'settled'
    """
    question, recommendation = str(finding.get("question") or ""), str(finding["recommendation"])
    second = agreed_by if agreed_by and agreed_by.strip() and agreed_by != decided_by else None
    gaps = [
        gap
        for gap, bad in (
            ("the finding has no question", not question.strip()),
            ("no answer", not answer.strip()),
            ("no evidence", not evidence.strip()),
            ("no person", not decided_by.strip()),
            (f"the decision is none of {', '.join(DECISIONS)}", decision not in DECISIONS),
            ("decided before the day of the run", decided_on < as_of),
            ("a second person must agree", recommendation in FOUR_EYES and second is None),
        )
        if bad
    ]
    if gaps:
        raise DocumentError(
            f"{finding['rule_id']} of {finding['customer_id']} cannot be settled: {'; '.join(gaps)}"
        )
    return Resolution(
        customer_id=str(finding["customer_id"]),
        rule_id=str(finding["rule_id"]),
        rule_status=str(finding["rule_status"]),
        recommendation=recommendation,
        as_of=as_of,
        question=question,
        answer=answer,
        evidence=evidence,
        decision=decision,
        decided_by=decided_by,
        agreed_by=second,
        decided_on=decided_on,
        run_id=run_id,
        replaces=replaces,
    )
