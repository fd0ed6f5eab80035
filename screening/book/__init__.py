"""The screening of a whole book in memory: frames and a policy in, tables out. `screen.screen` tells the story.

Doors: `screen` for a book, or one customer of it; `Screener`, the lists of a day made ready; `BookLookup` and
`complete_request` for one customer who may be in a book already; `screen_entities` and `restricted_entities` for a part
of a network; `CONTACT`, the band of a match that makes nobody the party.
"""

from screening.book.completion import OWN_TABLES, CompletedRequest, complete_request
from screening.book.entity_matches import screen_entities
from screening.book.limits import score_limits
from screening.book.lookup import BookLookup, part_above
from screening.book.matches import CONTACT, active_parties
from screening.book.network import build_network
from screening.book.regimes import restricted_entities
from screening.book.screen import Screened, prepare, screen
from screening.book.screener import Screener
from screening.book.validated_user import validated_user

__all__ = [
    "CONTACT",
    "OWN_TABLES",
    "BookLookup",
    "CompletedRequest",
    "Screened",
    "Screener",
    "active_parties",
    "build_network",
    "complete_request",
    "part_above",
    "prepare",
    "restricted_entities",
    "score_limits",
    "screen",
    "screen_entities",
    "validated_user",
]
