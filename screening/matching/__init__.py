"""Which listed parties a name may stand for, with a score that can be explained."""

from screening.matching.evidence.attributes import Attributes
from screening.matching.index import NameIndex
from screening.matching.search import search
from screening.matching.thresholds import thresholds

__all__ = ["Attributes", "NameIndex", "search", "thresholds"]
