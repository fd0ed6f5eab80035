"""Which listed parties a name may stand for, with a score that can be explained."""

from screening.matching.evidence.attributes import Attributes
from screening.matching.evidence.text import in_words
from screening.matching.explanation import Explanation
from screening.matching.index import NameIndex
from screening.matching.search import search
from screening.matching.thresholds import thresholds
from screening.matching.waterfall import Step, waterfall

__all__ = ["Attributes", "Explanation", "NameIndex", "Step", "in_words", "search", "thresholds", "waterfall"]
