"""SWIFT MT103: single customer credit transfer, one message after another (also `.rje`, and with acknowledgements)."""

from __future__ import annotations

import re

from pipelines.inputs.payments.message import (
    BANK,
    BENEFICIARY,
    BIC,
    PAYER,
    BadMessage,
    Party,
    Payment,
    account,
    bank,
    lines,
    once,
)

START = re.compile(r"\{1:F01")
"""How a message begins; F21 is an acknowledgement."""
_TYPE = re.compile(r"\{2:(?P<way>[IO])(?P<type>\d{3})(?P<rest>[^}]*)\}")
_SENDER = re.compile(r"\{1:F01([A-Z0-9]{12})")
_UETR = re.compile(r"\{121:([0-9a-fA-F-]{36})\}")
_TEXT = re.compile(r"\{4:\r?\n(.*?)\r?\n-\}", re.DOTALL)
_FIELD = re.compile(r"^:(\d{2})([A-Z]?):", re.MULTILINE)
_VALUE = re.compile(r"(\d{2})(\d{2})(\d{2})([A-Z]{3})([\d,]+)")
_RESIDENCE = re.compile(r"/(ORDERRES|BENEFRES)/([A-Z]{2})")
_INSTRUCTING = re.compile(r"/INS/([^\n]*(?:\n//[^\n]*)*)")
CUSTOMER, INSTITUTIONS, PAID = "50", ("51", "52", "53", "54", "55", "56", "57"), "59"

Fields = dict[str, tuple[str, str]]
"""Number of a field -> its option and its text."""


def split_messages(text: str) -> list[str]:
    """Cut a file into messages."""
    starts = [found.start() for found in START.finditer(text)]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def read_mt103(text: str, row: int) -> Payment:
    """Read one message. Raises BadMessage for one of another type, cut off, or without date and amount."""
    kind = _TYPE.search(text)
    if kind is None:
        raise BadMessage("has no application header (block 2)")
    if kind["type"] != "103":
        raise BadMessage(f"is of type MT{kind['type']}; MT103 is read")
    block = _TEXT.search(text)
    if block is None:
        raise BadMessage("is cut off: its text (block 4) has no end")
    fields = _fields(block[1])
    value = _VALUE.match(fields.get("32", ("", ""))[1])
    if value is None:
        raise BadMessage("has no value date and amount (field 32A)")
    residence = dict(_RESIDENCE.findall(fields.get("77", ("", ""))[1]))
    uetr = _UETR.search(text)
    return Payment(
        row,
        uetr[1] if uetr else fields.get("20", ("", ""))[1].strip() or None,
        f"20{value[1]}-{value[2]}-{value[3]}",
        value[5].replace(",", ".").rstrip("."),
        value[4],
        lines(*(fields.get(number, ("", ""))[1] for number in ("70", "72")), joint=" | "),
        once(
            [
                *_customer(fields, CUSTOMER, PAYER, residence.get("ORDERRES")),
                *_customer(fields, PAID, BENEFICIARY, residence.get("BENEFRES")),
                *(_institution(*fields[number]) for number in INSTITUTIONS if number in fields),
                *_instructing(fields),
                *_ends(text, kind),
            ]
        ),
    )


def _fields(block: str) -> Fields:
    marks = list(_FIELD.finditer(block))
    ends = [mark.start() for mark in marks[1:]] + [len(block)]
    found: Fields = {}
    for mark, end in zip(marks, ends, strict=False):
        found.setdefault(mark[1], (mark[2], block[mark.end() : end].replace("\r", "").strip("\n")))
    return found


def _customer(fields: Fields, number: str, role: str, residence: str | None) -> list[Party]:
    if number not in fields:
        return []
    option, text = fields[number]
    rows = text.split("\n")
    accounts = account(rows[0][1:]) if rows[0].startswith("/") else ()
    rest = rows[1:] if rows[0].startswith("/") else rows
    if option == "A" and rest and BIC.match(rest[0].strip()):
        found = bank(rest[0].strip(), *accounts)
        return [Party(role, found.name, None, residence or found.country, found.identifiers)]
    if option == "F":
        return [_numbered(role, rows, residence)]
    return [Party(role, lines(*rest[:1]), lines(*rest[1:]), residence, accounts)]


def _numbered(role: str, rows: list[str], residence: str | None) -> Party:
    """Read option F: an account or a number of an issuer, then lines that begin with 1/ to 8/."""
    first = rows[0]
    accounts = account(first[1:]) if first.startswith("/") else ()
    numbers, customer_number = list(accounts), ""
    if not first.startswith("/") and re.match(r"[A-Z]{4}/", first):
        code, country, *issued = first.split("/")
        numbers.append(_issued(code, country, issued[-1] if issued else ""))
        customer_number = issued[-1] if code == "CUST" and issued else ""
    parts: dict[str, list[str]] = {}
    for row in rows if not numbers else rows[1:]:
        key, slash, value = row.partition("/")
        parts.setdefault(key if slash and key in "12345678" else "2", []).append(value if slash else row)
    place = "".join(parts.get("3", [])[:1])
    seat = place[:2] if re.match(r"[A-Z]{2}(/|$)", place) else None
    numbers += [_issued("NIDN", *_two(value)) for value in parts.get("7", [])]
    town = [place[3:] if seat else place, *parts.get("3", [])[1:]]
    return Party(
        role,
        lines(*parts.get("1", []), joint=" "),
        lines(*parts.get("2", []), *town),
        seat or residence,
        tuple(number for number in numbers if number),
        customer_number or None,
    )


def _two(value: str) -> tuple[str, str]:
    country, _, number = value.partition("/")
    return country, number


def _issued(code: str, country: str, number: str) -> str:
    """Write a number with its kind: passport, tax, national identity, other."""
    kind = {"CCPT": "passport", "TXID": "tax_id", "NIDN": "national_id", "DRLC": "drivers_license"}.get(
        code, "other"
    )
    return f"{kind}:{number} ({country})" if len(country) == 2 else f"{kind}:{number}"


def _institution(option: str, text: str) -> Party:
    rows = text.split("\n")
    accounts: tuple[str, ...] = ()
    if rows[0].startswith("/"):
        accounts = account(rows[0].lstrip("/")) if not rows[0].startswith("//") else ()
        rows = rows[1:]
    if option == "A" and rows:
        return bank(rows[0].strip(), *accounts)
    if option in ("B", "C"):  # a place, or an account of one bank with the other, which names nobody
        return Party(BANK, None, lines(*rows))
    return Party(BANK, lines(*rows[:1]), lines(*rows[1:]), None, accounts)


def _instructing(fields: Fields) -> list[Party]:
    found = _INSTRUCTING.search(fields.get("72", ("", ""))[1])
    if found is None:
        return []
    words = " ".join(found[1].replace("\n//", " ").split())
    return [bank(words) if BIC.match(words) else Party(BANK, words)]


def _ends(text: str, kind: re.Match[str]) -> list[Party]:
    """Return the banks that send and receive the message."""
    own, other = _SENDER.search(text), kind["rest"]
    written = other[10:22] if kind["way"] == "O" else other[:12]
    terminals = [found for found in (own[1] if own else "", written) if len(found) == 12]
    bics = (terminal[:8] + terminal[9:] for terminal in terminals)
    return [bank(bic) for bic in bics if BIC.match(bic)]
