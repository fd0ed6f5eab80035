"""Numbers of company registers, written one way: a spreadsheet takes the zeros in front, a clerk adds "No.".

Companies House gives eight characters: digits, or two letters of the register (SC Scotland, NI Northern Ireland) and
six digits.
"""

from __future__ import annotations

import re

import polars as pl

from screening.text import plain_number

LABEL = (
    r"(?i)^\s*(?:(?:uk|gb|company|companies|house|registration|registered|registry|reg|crn|co|number|num|no|nr|n)\b"
    r"[\s.:#/°º-]*)+"
)
"""What may stand before a number."""
DIGITS, LETTERS = r"^(\d{1,8})$", r"^([A-Z]{2})(\d{1,6})$"


def companies_house(number: pl.Expr) -> pl.Expr:
    """Write a number of Companies House with all of its characters; null where it cannot be one.

    >>> rows = pl.DataFrame({"n": ["6734419", "sc 1234", "No. 00229269", "HRB 12", "0000"]})
    >>> rows.select(companies_house(pl.col("n")))["n"].to_list()
    ['06734419', 'SC001234', '00229269', None, None]
    """
    plain = plain_number(number.str.replace(LABEL, ""))
    digits = plain.str.extract(DIGITS).str.zfill(8)
    lettered = plain.str.extract(LETTERS) + plain.str.extract(LETTERS, 2).str.zfill(6)
    found = pl.coalesce(digits, lettered)
    return pl.when(found.str.contains("[1-9]")).then(found)


def companies_house_number(text: str) -> str | None:
    """Do the same to one number.

    >>> companies_house_number("229269"), companies_house_number("No. NI12345"), companies_house_number("n/a")
    ('00229269', 'NI012345', None)
    """
    plain = re.sub(r"[\W_]", "", re.sub(LABEL, "", text)).upper()
    if digits := re.match(DIGITS, plain):
        found = digits[1].zfill(8)
    elif lettered := re.match(LETTERS, plain):
        found = lettered[1] + lettered[2].zfill(6)
    else:
        return None
    return found if re.search("[1-9]", found) else None
