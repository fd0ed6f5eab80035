"""Ownership: the 50 percent cascade, ultimate parents, and the paths that explain them."""

from screening.ownership.cascade.result import CascadeResult
from screening.ownership.network import OwnershipNetwork
from screening.ownership.views.paths import Path, PathSet, Step

__all__ = ["CascadeResult", "OwnershipNetwork", "Path", "PathSet", "Step"]
