"""What is planted: parties of every list, each with a name, address, number or contact that nobody else has; places.

Everything is made up from the number of the cell, so that a finding that names it can only come from that cell.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lists.schema import LIST_CODES

SYLLABLES = (
    "zor",
    "vek",
    "mal",
    "tup",
    "ren",
    "ko",
    "bra",
    "dif",
    "gul",
    "hest",
    "jan",
    "lop",
    "nuv",
    "pir",
    "qua",
)
STREETS = ("Ahornweg", "Birkenring", "Eschengasse", "Fliederpfad", "Ginsterallee", "Holunderstieg")


@dataclass(frozen=True)
class Plant:
    """A thing to plant: what it is, on which list (or which country), the text, and by what a finding names it."""

    kind: str  # name, or the type of a number or contact, or address, or country
    source: str  # code of the list, or of the country
    value: str
    signs: tuple[str, ...]  # a finding holds one of them
    party: Mapping[str, Any] | None = None


def word(chance: random.Random) -> str:
    """Return a made-up word that is in no vocabulary."""
    return "".join(chance.choice(SYLLABLES) for _ in range(3)).capitalize()


def digits(chance: random.Random, count: int) -> str:
    """Return so many digits, the first of which is not 0."""
    return str(chance.randrange(10 ** (count - 1), 10**count))


def lei(chance: random.Random) -> str:
    """Return a legal entity identifier with its check digits (ISO 17442)."""
    body = "9695" + "".join(chance.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(14))
    return f"{body}{98 - int(''.join(str(int(c, 36)) for c in body + '00')) % 97:02d}"


def imo(chance: random.Random) -> str:
    """Return the number of a ship with its check digit."""
    body = digits(chance, 6)
    return body + str(sum(int(d) * w for d, w in zip(body, range(7, 1, -1), strict=True)) % 10)


def bic(chance: random.Random) -> str:
    """Return a bank identifier code of a bank in Germany."""
    return "".join(chance.choice("ABCDEFGHKLMNPQRST") for _ in range(4)) + "DE" + digits(chance, 2)


NUMBERS: Mapping[str, Callable[[random.Random], str]] = {
    "lei": lei,
    "imo": imo,
    "mmsi": lambda chance: "211" + digits(chance, 6),
    "bic": bic,
    "passport": lambda chance: "C" + digits(chance, 8),
    "registration_number": lambda chance: "HRB" + digits(chance, 8),
    "tax_id": lambda chance: digits(chance, 11),
    "duns": lambda chance: digits(chance, 9),
    "crypto_address": lambda chance: "0x" + "".join(chance.choice("0123456789abcdef") for _ in range(40)),
    "aircraft_tail_number": lambda chance: "N" + digits(chance, 5),
}
"""Type of a number that names its bearer -> one of its kind."""
CONTACTS: Mapping[str, Callable[[random.Random], str]] = {
    "email": lambda chance: f"office@{word(chance).lower()}{word(chance).lower()}.example",
    "phone": lambda chance: "+49 30 " + digits(chance, 8),
    "website": lambda chance: f"{word(chance).lower()}{word(chance).lower()}.example",
}
EMBARGOED = {
    "CU": "Havana, Cuba",
    "IR": "Tehran, Iran",
    "KP": "Pyongyang, North Korea",
    "UA-43": "Simferopol, Crimea",
}
"""Country or region -> a place in it, as an address gives it."""


def listed(code: str, cell: int) -> tuple[dict[str, Any], random.Random]:
    """Return a party of a list with a name of its own, and the chance that makes the rest of it."""
    chance = random.Random(f"{code} {cell}")
    name = f"{word(chance)} {word(chance)} {word(chance)}"
    party = {
        "party_id": f"{code}-{cell}",
        "name": name,
        "countries": ["DE"],
        "start": "2020-01-01",
        "footnotes": [4],
    }
    return party, chance


def names(cell: int) -> Iterator[Plant]:
    """Yield a listed name of every list."""
    for code in LIST_CODES:
        party, _ = listed(code, cell)
        yield Plant("name", code, party["name"], (party["party_id"], party["name"]), party)


def numbers(cell: int, types: Mapping[str, Callable[[random.Random], str]]) -> Iterator[Plant]:
    """Yield a number or contact of a listed party, for every type and list, written as `type:value`."""
    for place, (kind, make) in enumerate(types.items()):
        for code in LIST_CODES:
            party, chance = listed(code, cell * 100 + place)
            value = make(chance)
            yield Plant(
                kind,
                code,
                f"{kind}:{value}",
                (party["party_id"], value),
                party | {"identifiers": {kind: value}},
            )


def contacts(cell: int, kind: str) -> Iterator[Plant]:
    """Yield a contact of a listed party of every list, as it is written in a column of its own."""
    made = CONTACTS["website" if kind == "domain" else kind]
    for plant in numbers(cell, {"website" if kind == "domain" else kind: made}):
        yield Plant(kind, plant.source, plant.value.partition(":")[2], plant.signs, plant.party)


def addresses(cell: int) -> Iterator[Plant]:
    """Yield an address of a listed party of every list; one of the Entity List may itself be the party."""
    for code in LIST_CODES:
        party, chance = listed(code, cell)
        value = (
            f"{chance.choice(STREETS)} {chance.randrange(10, 99)}, {word(chance)}stadt {digits(chance, 5)}"
        )
        yield Plant("address", code, value, (party["party_id"],), party | {"address": value})


def places(as_address: bool) -> Iterator[Plant]:
    """Yield embargoed places, as a country column or an address has them."""
    for code, address in EMBARGOED.items():
        if as_address:
            yield Plant("place", code, f"12 Long Street, {address}", (code, *address.split(", ")))
        elif len(code) == 2:
            yield Plant("country", code, code, (code, address.split(", ")[1]))
