"""Which listed parties a name may stand for, with a score that can be explained."""

from screening.matching.index import NameIndex
from screening.matching.thresholds import thresholds

__all__ = ["NameIndex", "thresholds"]
