"""What a case leads to on paper: letters, records of how a flag was settled, reports with deadlines, licences, clocks.

Everything here is a draft or a record. Nothing is sent, filed or deleted by the software.
"""

from screening.documents.deadlines import business_days_after, next_annual_report
from screening.documents.letters import letters
from screening.documents.licences import licence_states, without_licence
from screening.documents.provider import Provider
from screening.documents.reports import (
    Report,
    blocking_report,
    case_fields,
    rejection_report,
    report_fields,
    training_report,
)
from screening.documents.resolution import Resolution, resolve
from screening.documents.retention import keep_until

__all__ = [
    "Provider",
    "Report",
    "Resolution",
    "blocking_report",
    "business_days_after",
    "case_fields",
    "keep_until",
    "letters",
    "licence_states",
    "next_annual_report",
    "rejection_report",
    "report_fields",
    "resolve",
    "training_report",
    "without_licence",
]
