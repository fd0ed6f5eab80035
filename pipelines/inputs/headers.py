"""How the headers of columns are compared, and what usual systems call our columns."""

from __future__ import annotations

import unicodedata


def fold(header: str) -> str:
    """Write the header of a column without case, accents, blanks and punctuation.

    >>> fold(" Customer ID"), fold("Straße"), fold("customer_id")
    ('customerid', 'strasse', 'customerid')
    """
    return "".join(letter for letter in unicodedata.normalize("NFKD", header.casefold()) if letter.isalnum())
