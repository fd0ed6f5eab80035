"""Findings of one customer become one case: what to do, why, what to ask, what was not checked."""

from screening.cases.assembly import assemble_cases, case_id, with_case_id
from screening.cases.roles import role_note

__all__ = ["assemble_cases", "case_id", "role_note", "with_case_id"]
