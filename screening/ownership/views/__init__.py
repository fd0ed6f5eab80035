"""Ownership as people read it: paths, distances, pictures, and the formats of other tools."""

from screening.ownership.views.export import bods, ftm, graphml
from screening.ownership.views.paths import ARROW, split_paths
from screening.ownership.views.svg import svg

__all__ = ["ARROW", "bods", "ftm", "graphml", "split_paths", "svg"]
