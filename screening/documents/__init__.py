"""What a case leads to on paper: letters, reports with their deadlines, states of licences, and how long to keep files.

Everything here is a draft. Nothing is sent, filed or deleted by the software.
"""

from screening.documents.deadlines import business_days_after, business_days_between, next_reports
from screening.documents.letters import letters
from screening.documents.licences import licence_states
from screening.documents.reports import Report, case_fields, draft_report, report_fields
from screening.documents.retention import keep_until, retention_regimes

__all__ = [
    "Report",
    "business_days_after",
    "business_days_between",
    "case_fields",
    "draft_report",
    "keep_until",
    "letters",
    "licence_states",
    "next_reports",
    "report_fields",
    "retention_regimes",
]
