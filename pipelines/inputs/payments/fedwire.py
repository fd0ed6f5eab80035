"""Fedwire Funds Service in its proprietary format (FAIM): tags in braces, elements that end with an asterisk."""

from __future__ import annotations

import re

from pipelines.inputs.payments.message import (
    BANK,
    BENEFICIARY,
    PAYER,
    BadMessage,
    Party,
    Payment,
    account,
    bank,
    lines,
    once,
)

START = re.compile(r"\{1500\}")
_TAG = re.compile(r"\{(\d{4})\}")
_SUPPLIED = re.compile(r"(\d{4})(\d{2})(\d{2})[A-Za-z0-9]{8}\d{6}")
PARTIES = {"5000": PAYER, "4200": BENEFICIARY}
INSTITUTIONS = ("5100", "5200", "4000", "4100")
ENDS = ("3100", "3400")
TEXTS = ("6000", "6500", "6400", "6300", "6100")
KINDS = {
    **{
        "1": "passport",
        "2": "tax_id",
        "3": "drivers_license",
        "4": "alien_registration",
        "5": "registration",
    },
    **{"9": "other", "F": "aba", "U": "chips", "C": "chips", "B": "bic", "T": "bic"},
}
"""What the number of a party or bank is, by its code; D is an account."""


def split_messages(text: str) -> list[str]:
    """Cut a file into messages."""
    starts = [found.start() for found in START.finditer(text)]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def read_fedwire(text: str, row: int) -> Payment:
    """Read one message. Raises BadMessage for one without date or amount."""
    tags = _tags(text)
    supplied = _SUPPLIED.match(tags.get("1520", ""))
    if supplied is None:
        raise BadMessage("has no date, source and number (tag 1520)")
    cents = re.match(r"\d{12}", tags.get("2000", ""))
    if cents is None:
        raise BadMessage("has no amount (tag 2000)")
    return Payment(
        row,
        supplied[0],
        f"{supplied[1]}-{supplied[2]}-{supplied[3]}",
        f"{int(cents[0]) / 100:.2f}",
        "USD",
        lines(*(tags.get(tag, "").replace("*", " ") for tag in TEXTS), joint=" | "),
        once(
            [
                *(_party(tags[tag], role) for tag, role in PARTIES.items() if tag in tags),
                *([_numbered(tags["5010"])] if "5010" in tags else []),
                *(_party(tags[tag], BANK) for tag in INSTITUTIONS if tag in tags),
                *(_end(tags[tag]) for tag in ENDS if tag in tags),
            ]
        ),
    )


def _tags(text: str) -> dict[str, str]:
    marks = list(_TAG.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    found: dict[str, str] = {}
    for mark, end in zip(marks, ends, strict=False):
        found.setdefault(mark[1], text[mark.end() : end].strip("\r\n"))
    return found


def _party(text: str, role: str) -> Party:
    """Read code, number, name and three lines of address."""
    code, (number, name, *address) = text[:1], [*text[1:].split("*"), "", ""]
    number = number.strip()
    if code in ("B", "T") and number and not name.strip():
        found = bank(number)
        return Party(role, found.name, lines(*address), found.country, found.identifiers)
    numbers = account(number) if code in ("D", " ", "") else (f"{KINDS.get(code, 'other')}:{number}",)
    return Party(role, lines(name), lines(*address), None, numbers if number else ())


def _numbered(text: str) -> Party:
    """Read the originator in option F: an account or a number, then lines that begin with 1/ to 8/."""
    first, *rest = text.split("*")
    code, _, number = first.partition("/")
    kind = {"TXID": "tax_id", "CCPT": "passport", "NIDN": "national_id", "DRLC": "drivers_license"}.get(
        code, "other"
    )
    numbers = account(number) if not code else (f"{kind}:{number}",) if number else ()
    named = [line[2:] for line in rest if line.startswith("1/")]
    elsewhere = [line[2:] for line in rest if re.match(r"[23]/", line)]
    country = next((line[:2] for line in elsewhere if re.match(r"[A-Z]{2}/", line)), None)
    return Party(PAYER, lines(*named[:1]), lines(*elsewhere), country, numbers)


def _end(text: str) -> Party:
    number, name = text[:9].strip(), text[9:].strip("* ")
    return Party(BANK, lines(name), None, "US", (f"aba:{number}",) if number else ())
