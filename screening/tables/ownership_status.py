"""The outcomes of the 50 percent test, in order."""

from __future__ import annotations

STATUSES = ("none_found", "minority", "indeterminate", "restricted")
"""From nothing on record to the worst; every order of ownership statuses derives from this one."""
NONE_FOUND, MINORITY, INDETERMINATE, RESTRICTED = range(4)
WORST_FIRST = STATUSES[:0:-1]
"""Statuses in which a listed party has a share, the worst first."""
