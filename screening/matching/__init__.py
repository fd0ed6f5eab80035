"""Which listed parties a name may stand for, with a score that can be explained."""

from screening.matching.index import NameIndex
from screening.matching.particulars import Particulars
from screening.matching.search import search
from screening.matching.thresholds import thresholds

__all__ = ["NameIndex", "Particulars", "search", "thresholds"]
