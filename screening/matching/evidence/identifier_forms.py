"""What a number is by its form alone, where check digit or form is decisive, and the check digits themselves.

The check digits: IMO A.1117(30), ISO 17442. Forms: ISO 9362 (BIC), ICAO Annex 7 (nationality marks of aircraft), and
the addresses of digital currencies, which begin with 0x, bc1, 1 or 3.
"""

from __future__ import annotations

from functools import cache

import polars as pl

from screening.law.tables import table as law_table
from screening.names.tables import table

_CRYPTO = (
    r"^(?:0[xX][0-9a-fA-F]{40}|(?i:bc1)[02-9ac-hj-np-zAC-HJ-NP-Z]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34})$"
)
_BIC = r"^[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?$"


def type_by_form(value: pl.Expr) -> pl.Expr:
    """Return the type of identifier that a text can only be, null where its form does not say.

    >>> texts = ["9074729", "9074728", "506700GE1G29325QX363", "0x" + "ab12" * 10, "SABRRUMM012", "EP-MNG"]
    >>> pl.DataFrame({"text": texts}).select(type_by_form(pl.col("text"))).to_series().to_list()
    ['imo', None, 'lei', 'crypto_address', 'bic', 'tail_number']
    """
    plain = value.str.strip_chars()
    close = plain.str.to_uppercase().str.replace_all(r"[\s.]", "")
    digits = close.str.strip_prefix("IMO")
    countries = law_table("countries")["iso2"].implode()
    return (
        pl.when(digits.str.contains(r"^\d{7}$") & imo_check(digits)).then(pl.lit("imo"))
        .when(close.str.contains(r"^[A-Z0-9]{18}\d{2}$") & lei_check(close)).then(pl.lit("lei"))
        .when(plain.str.contains(_CRYPTO)).then(pl.lit("crypto_address"))
        .when(close.str.extract(_BIC).is_in(countries) & plain.str.contains(r"^[A-Z0-9]*$")).then(pl.lit("bic"))
        .when(close.str.contains(tail_form())).then(pl.lit("tail_number"))
    )  # fmt: skip


def imo_check(value: pl.Expr) -> pl.Expr:
    """Say whether seven digits have a sound check digit.

    The first six times 7, 6, 5, 4, 3, 2 add up to a number that ends with the seventh (IMO A.1117(30)).
    """
    digits = [value.str.slice(i, 1).cast(pl.Int64, strict=False) for i in range(7)]
    total = pl.sum_horizontal(digit * (7 - i) for i, digit in enumerate(digits[:6]))
    return total % 10 == digits[6]


def lei_check(value: pl.Expr) -> pl.Expr:
    """Say whether an LEI has sound check digits.

    With letters as 10 to 35 it leaves 1 when divided by 97 (ISO 17442; ISO/IEC 7064 MOD 97-10).
    """
    letters = {chr(ord("A") + i): str(10 + i) for i in range(26)}
    digits = value.str.replace_many(letters).str.zfill(45)
    rest = pl.lit(0, pl.Int64)
    for start in range(0, 45, 9):
        rest = (rest * 10**9 + digits.str.slice(start, 9).cast(pl.Int64, strict=False)) % 97
    return rest == 1


def tails_in_names(names: pl.DataFrame) -> pl.DataFrame:
    """Return the tail numbers that are the names of aircraft: party_id, id_type, id_value, country (null).

    `names`: party_id, name, party_type. The SDN List prints most aircraft under their marks.
    """
    return names.filter(
        pl.col("party_type") == "aircraft", pl.col("name").str.to_uppercase().str.contains(tail_form())
    ).select("party_id", id_type=pl.lit("tail_number"), id_value="name", country=pl.lit(None, pl.String))


@cache
def tail_form() -> str:
    """Return the pattern of an aircraft's marks: those of its country, a hyphen and more, or the United States' N123AB.

    >>> import re
    >>> [bool(re.search(tail_form(), text)) for text in ("EP-MNG", "N200VR", "YV3360", "T-1000", "N-12")]
    [True, True, True, False, False]
    """
    marks = "|".join(sorted(table("aircraft_marks")["mark"], key=lambda mark: (-len(mark), mark)))
    return rf"^(?:(?:{marks})-[A-Z0-9]{{3,5}}|N[1-9]\d{{0,4}}[A-Z]{{0,2}}|YV\d{{3,4}})$"
