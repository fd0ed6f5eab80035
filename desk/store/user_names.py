"""Names of users, compared as a person reads them: no second signature comes from a name that only looks different."""

from __future__ import annotations

import unicodedata

from screening.text import look_alikes

LONGEST_NAME = 80
RESERVED = frozenset({"headwater", "system", "setup", "nobody", "anonymous", "unknown", "none", "null"})
"""Names under which the program itself writes to the log, or that say that nobody did."""


def folded(name: str) -> str:
    """Return what a name reads like: of any case, width, spacing and script.

    >>> folded("App") == folded(" app ") == folded("арр") == folded("Ａｐｐ")
    True
    """
    visible = "".join(
        letter for letter in unicodedata.normalize("NFKC", name) if unicodedata.category(letter)[0] != "C"
    )
    text = " ".join(unicodedata.normalize("NFKC", visible.casefold()).split())
    for letters, reads in look_alikes():
        text = text.replace(letters, reads)
    return text


def unfit(name: str) -> str | None:
    """Say why a name may not be a user's; None where it may.

    >>> unfit("ann"), unfit("  ")
    (None, 'A user needs a name of 1 to 80 characters.')
    """
    if not name.strip() or len(name) > LONGEST_NAME:
        return f"A user needs a name of 1 to {LONGEST_NAME} characters."
    if name != name.strip() or any(unicodedata.category(letter)[0] == "C" for letter in name):
        return "A user's name neither begins or ends with a blank nor holds a character that cannot be seen."
    if folded(name) in map(folded, RESERVED):
        return f"The name {name!r} is the program's own."
    return None
