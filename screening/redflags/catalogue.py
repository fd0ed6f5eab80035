"""The families whose rules are computed. A new family is one module, one line here, one page of texts."""

from __future__ import annotations

from screening.redflags.headquarters import HEADQUARTERS
from screening.redflags.listing import LISTING
from screening.redflags.ownership import OWNERSHIP
from screening.redflags.training import TRAINING

FAMILIES = (LISTING, OWNERSHIP, HEADQUARTERS, TRAINING)
