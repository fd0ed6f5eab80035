"""Which listed parties a name may stand for, with a score that can be explained."""

from screening.matching.evidence.attributes import Attributes
from screening.matching.evidence.birth_dates import readable as birth_date_readable
from screening.matching.evidence.identifier_remarks import identifier_remarks
from screening.matching.evidence.text import in_words
from screening.matching.explanation import Explanation
from screening.matching.index import NameIndex
from screening.matching.search import search
from screening.matching.thresholds import thresholds
from screening.matching.waterfall import Step, waterfall
from screening.names.fields import LEADS, WRITTEN, with_numbers, with_second_names

__all__ = [
    "LEADS",
    "WRITTEN",
    "Attributes",
    "Explanation",
    "NameIndex",
    "Step",
    "birth_date_readable",
    "identifier_remarks",
    "in_words",
    "search",
    "thresholds",
    "waterfall",
    "with_numbers",
    "with_second_names",
]
