"""Ownership: the 50 percent cascade, ultimate parents, and the paths that explain them."""

from screening.ownership.network import OwnershipNetwork
from screening.ownership.paths import Path, PathSet, Step
from screening.ownership.settlement import Settlement

__all__ = ["OwnershipNetwork", "Path", "PathSet", "Settlement", "Step"]
