"""Numbers inside a name: `MT ARGO I (IMO 9187667)`. They are identifiers, and no part of the name."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from lists.reference import reference

LIKELY = r"[0-9][0-9][0-9][0-9][0-9]|[(\[][A-Z][A-Z]?-[A-Z]|^[A-Z][A-Z]?-[A-Z0-9]+$|(?i-u:tail |aircraft |swift|bic)"
NUMBERS = {"row": pl.UInt32(), "id_type": pl.String(), "id_value": pl.String()}


def numbers_in_names(texts: pl.Series) -> pl.DataFrame:
    """Return the numbers in texts: row (from 0), id_type, id_value; in the order of the texts.

    >>> numbers_in_names(pl.Series(["Argo I (IMO 9187667)", "Room 101", "EP-MNB"])).rows()
    [(0, 'imo', '9187667'), (2, 'tail_number', 'EP-MNB')]
    """
    near = texts.str.contains(LIKELY).fill_null(False).arg_true()
    rows = [
        (row, *number)
        for row, text in zip(near.to_list(), texts.gather(near).to_list(), strict=True)
        for number in cut_numbers(text)[1]
    ]
    return pl.DataFrame(rows, schema=NUMBERS, orient="row")


def cut_numbers(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a text without the numbers in it, and these: id_type, id_value."""
    found: list[tuple[str, str]] = []
    for id_type, pattern in _patterns():
        for number in pattern.finditer(text):
            found.append((id_type, number.group(1)))
        text = pattern.sub(" ", text) if found else text
    if not found:
        return text, found
    without_empty_brackets = re.sub(r"[(\[]\s*[,;:]*\s*[)\]]", " ", text)
    return " ".join(without_empty_brackets.split()).strip(" ,;:-/"), found


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = reference("name_numbers").select("id_type", "pattern").iter_rows()
    return tuple((id_type, re.compile(pattern, re.IGNORECASE)) for id_type, pattern in rows)
