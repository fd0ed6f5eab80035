"""Queries in FollowTheMoney's vocabulary, read into what is compared, with a word on whatever is not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import polars as pl

from desk.api.schemas import EntityQuery
from screening.matching import birth_date_readable, identifier_remarks
from screening.places import read_countries

PARTY_TYPES = {
    "Person": "person", "Company": "organization", "Organization": "organization", "PublicBody": "organization",
    "Vessel": "vessel", "Airplane": "aircraft", "LegalEntity": None, "Thing": None, "Vehicle": None, "Asset": None,
    "CryptoWallet": None, "Address": None,
}  # fmt: skip
"""Schemata that a query may have, and the party type that each says; None: any."""
NAMES = ("name", "alias", "previousName", "weakAlias", "abbreviation")
GIVEN, LAST = (
    ("firstName", "middleName", "secondName", "fatherName"),
    ("lastName", "motherName", "maidenName"),
)
COUNTRIES = ("country", "jurisdiction", "mainCountry")
ADDRESSES = ("address", "full")
IDENTIFIERS = {
    "nationality": "nationality", "citizenship": "citizenship", "registrationNumber": "registration",
    "taxNumber": "tax_id", "vatCode": "vat", "innCode": "inn", "ogrnCode": "ogrn", "okpoCode": "okpo",
    "uscCode": "uscc", "idNumber": "id", "passportNumber": "passport", "socialSecurityNumber": "ssn",
    "leiCode": "lei", "dunsCode": "duns", "giiNumber": "giin", "swiftBic": "bic", "bikCode": "bik",
    "imoNumber": "imo", "mmsi": "mmsi", "callSign": "call_sign", "serialNumber": "serial_number",
    "publicKey": "crypto_address", "isin": "isin",
}  # fmt: skip
"""Properties that are compared as well as the name, and what the customers file calls them."""
OF_AIRCRAFT = {"registrationNumber": "tail_number"}
COMPARED = {*NAMES, *GIVEN, *LAST, *COUNTRIES, *ADDRESSES, *IDENTIFIERS, "birthDate"}
MOST_NAMES = 40
"""Spellings of one query that are looked up."""
EMPTY = (
    "The query holds nothing to look at. Give a name, a number such as imoNumber, registrationNumber or publicKey, or "
    "an address."
)
ADDRESS_ONLY = (
    "an address alone is compared with the addresses that are listed themselves (15 CFR 744.16(f)), not with those of "
    "listed parties: give a name or a number too."
)


@dataclass(frozen=True, slots=True)
class ReadQuery:
    """What is compared of a query, and what is said of the rest.

    `numbered`: a number of it can be looked up. `ignored`: properties that are not compared.
    """

    names: tuple[str, ...]
    party_type: str | None
    countries: tuple[str, ...]
    address: str | None
    identifiers: tuple[str, ...]
    numbered: bool
    warnings: tuple[str, ...]
    ignored: tuple[str, ...]


def read_queries(queries: Mapping[str, EntityQuery]) -> dict[str, ReadQuery]:
    """Read queries, by id."""
    texts = {key: _identifiers(query) for key, query in queries.items()}
    places = {key: _countries(query) for key, query in queries.items()}
    rows = [(key, text, bool(places[key][0])) for key, given in texts.items() for text in given]
    given = pl.DataFrame(rows, schema=["subject_id", "text", "placed"], orient="row") if rows else None
    remarks: dict[str, list[str]] = {}
    useless: set[tuple[str, str]] = set()
    if given is not None:
        for row in identifier_remarks(given).iter_rows(named=True):
            remarks.setdefault(row["subject_id"], []).append(f"{row['text'][:80]!r} {row['remark']}.")
            if not row["usable"]:
                useless.add((row["subject_id"], row["text"]))
    return {
        key: _read(
            query,
            places[key],
            texts[key],
            [t for t in texts[key] if (key, t) not in useless],
            remarks.get(key, []),
        )
        for key, query in queries.items()
    }


def unknown_parameters(given: Iterable[str], parameters: Collection[str]) -> list[str]:
    """Say which parameters of a call we do not know, such as those of other servers of this dialect."""
    unknown = dict.fromkeys(name for name in given if name not in parameters)
    return [f"parameter {name[:80]!r} is not known: ignored." for name in unknown]


def from_words(words: str) -> ReadQuery:
    """Return the query for the words of a search, which may be a name or a number of any type."""
    numbers = (words,) if any(char.isdigit() for char in words) or words.isupper() else ()
    return ReadQuery((words,), None, (), None, numbers, bool(numbers), (), ())


def empty_fault(query: ReadQuery) -> str | None:
    """Return what is wrong with a query that holds nothing to look at; None where it holds something."""
    if query.names or query.numbered or query.address:
        return None
    return " ".join([EMPTY, *query.warnings])


def _read(
    query: EntityQuery,
    places: tuple[tuple[str, ...], tuple[str, ...]],
    identifiers: list[str],
    usable: list[str],
    remarks: list[str],
) -> ReadQuery:
    countries, unread = places
    schema = _schema(query)
    warnings = [*unread, *remarks]
    if schema is None:
        parameters = ", ".join(PARTY_TYPES)
        warnings.insert(
            0, f"schema {query.schema_!r} is none that is compared ({parameters}): looked up among all types."
        )
    births, faults = _births(query)
    address = next((text for name in ADDRESSES for text in _values(query, name) if text.strip()), None)
    names = _names(query)
    numbers = [text for text in usable if text.partition(":")[0] not in ("nationality", "citizenship")]
    return ReadQuery(
        names=names,
        party_type=PARTY_TYPES.get(schema or ""),
        countries=countries,
        address=address,
        identifiers=(*identifiers, *(f"date_of_birth:{date}" for date in births)),
        numbered=bool(numbers),
        warnings=(*warnings, *faults, *[ADDRESS_ONLY] * bool(address and not names and not numbers)),
        ignored=tuple(sorted({*query.properties} - COMPARED)),
    )


def _schema(query: EntityQuery) -> str | None:
    """Return the schema as we write it, whatever its case."""
    return next((name for name in PARTY_TYPES if name.lower() == query.schema_.strip().lower()), None)


def _names(query: EntityQuery) -> tuple[str, ...]:
    """Return the names of a query; a person's name may come in its parts, of which each may have several spellings."""
    names = [name for column in NAMES for name in _values(query, column) if name.strip()]
    given = " ".join(text for column in GIVEN for text in _values(query, column)[:1])
    lasts = [text for column in LAST for text in _values(query, column)]
    firsts = [text for text in (given, *_values(query, GIVEN[0])) if text.strip()]
    ends = [*dict.fromkeys([" ".join(lasts), *lasts])] if lasts else []
    parts = [" ".join(pair) for pair in product(firsts, ends)] if firsts and ends else [*firsts, *ends]
    plain = (" ".join(name.split()) if name in parts else name for name in (*names, *parts))
    return tuple([*dict.fromkeys(name for name in plain if _says_something(name))][:MOST_NAMES])


def _says_something(name: str) -> bool:
    """Whether a name has a letter or digit: of another nothing would be looked up."""
    return any(char.isalnum() for char in name)


def _countries(query: EntityQuery) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the countries of a query, and what is said of values that cannot be read."""
    codes, unread = [], []
    for column in COUNTRIES:
        for value in _values(query, column):
            code, why = _country(value)
            if code:
                codes.append(code)
            elif why:
                unread.append(f"{column} {value[:80]!r} {why}: not compared.")
    for column in ("nationality", "citizenship"):
        for value in _values(query, column):
            code, why = _country(value)
            if why and not code:
                unread.append(f"{column} {value[:80]!r} {why}: not compared.")
    found = tuple(dict.fromkeys(codes))
    further = [f"country {code} is one too many: three are compared." for code in found[3:]]
    return found[:3], (*unread, *further)


@lru_cache(maxsize=4096)
def _country(value: str) -> tuple[str | None, str | None]:
    """Return the code of a country, or why there is none."""
    row = read_countries(pl.Series([value], dtype=pl.String)).row(0, named=True)
    if row["region"]:
        return None, f"names the region {row['region']}: give it in the address"
    return row["iso2"], row["why"]


def _births(query: EntityQuery) -> tuple[list[str], list[str]]:
    """Return the dates of birth that are compared, and what is said of others."""
    dates = [re.sub(r"[Tt ]\d\d:\d\d.*$", "", text).strip() for text in _values(query, "birthDate")]
    given = pl.Series([date for date in dates if date], dtype=pl.String)
    readable = birth_date_readable(given) if len(given) else given.cast(pl.Boolean)
    unreadable = [
        f"birthDate {date[:80]!r} is no date that we can read: not compared. Write YYYY-MM-DD."
        for date in given.filter(~readable)
    ]
    return given.filter(readable).to_list(), unreadable


def _identifiers(query: EntityQuery) -> list[str]:
    """Return the identifiers as a customers file writes them."""
    own = OF_AIRCRAFT if _schema(query) == "Airplane" else {}
    return [
        f"{own.get(name, kind)}:{value.strip()}"
        for name, kind in IDENTIFIERS.items()
        for value in _values(query, name)
        if value.strip()
    ]


def _values(query: EntityQuery, column: str) -> list[str]:
    value = query.properties.get(column, [])
    return [value] if isinstance(value, str) else value
