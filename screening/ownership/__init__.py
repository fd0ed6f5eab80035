"""Ownership: the 50 percent cascade, ultimate parents, and the paths that explain them."""

from screening.ownership.cascade.result import CascadeResult
from screening.ownership.graph import Direction
from screening.ownership.network import OwnershipNetwork
from screening.ownership.shares import WHOLE, format_share
from screening.ownership.views.paths import Path, PathSet, Step

__all__ = [
    "WHOLE",
    "CascadeResult",
    "Direction",
    "OwnershipNetwork",
    "Path",
    "PathSet",
    "Step",
    "format_share",
]
