"""A payment as its message tells it: who takes part in which role, when, how much, with which words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PAYER, BENEFICIARY, BANK = "payer", "beneficiary", "bank"
"""Roles: who orders the payment or for whom it is ordered, for whom it is meant, whose account it passes."""
BIC = re.compile(r"^[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?$")
BRANCH = 11
"""Characters of a BIC with a branch, of which XXX is the head office."""
IBAN = re.compile(r"^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$")


class BadMessage(Exception):
    """A message that cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in a payment. `identifiers`: `type:value`. `customer_number`: as its bank numbers it."""

    role: str
    name: str | None = None
    address: str | None = None
    country: str | None = None
    identifiers: tuple[str, ...] = ()
    customer_number: str | None = None

    @property
    def is_told(self) -> bool:
        """Whether anything is told of the party."""
        return bool(self.name or self.address or self.identifiers)


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment. `row`: the number of its message in the file."""

    row: int
    id: str | None
    date: str | None
    amount: str | None
    currency: str | None
    remittance: str | None
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class Messages:
    """What a file holds: payments, messages that cannot be used (row, value, reason), how many there are."""

    payments: tuple[Payment, ...]
    bad: tuple[tuple[int, str, str], ...]
    count: int


def account(number: str | None) -> tuple[str, ...]:
    """Return an account as identifiers.

    >>> account("DE89 3704 0044 0532 0130 00"), account("12345678"), account("-")
    (('iban:DE89370400440532013000',), ('account:12345678',), ())
    """
    plain = re.sub(r"[^A-Za-z0-9]", "", number or "").upper()
    if len(plain) < 3:
        return ()
    return (f"iban:{plain}" if IBAN.match(plain) else f"account:{plain}",)


def bank(bic: str, *further: str) -> Party:
    """Return a bank that is told by its BIC alone: that stands for its name too.

    >>> bank("BBBBUS33XXX").country, bank("BBBBUS33XXX").identifiers
    ('US', ('bic:BBBBUS33',))
    """
    office = head_office(bic)
    found = BIC.match(office)
    return Party(BANK, office, None, found[1] if found else None, (f"bic:{office}", *further))


def head_office(bic: str) -> str:
    """Return the BIC of a head office without the mark of one.

    >>> head_office("COBADEFFXXX")
    'COBADEFF'
    """
    return bic.removesuffix("XXX") if len(bic) == BRANCH else bic


def lines(*texts: str | None, joint: str = ", ") -> str | None:
    """Join what is filled of some texts, blanks folded; None where nothing is."""
    return joint.join(" ".join(text.split()) for text in texts if text and text.strip()) or None


def once(parties: Iterable[Party]) -> tuple[Party, ...]:
    """Return those parties of whom something is told, each once, in their order."""
    return tuple(dict.fromkeys(party for party in parties if party.is_told))


def collect(read: Sequence[Payment | tuple[int, str, str]]) -> Messages:
    """Part what was read into payments and messages that cannot be used."""
    return Messages(
        tuple(one for one in read if isinstance(one, Payment)),
        tuple(one for one in read if not isinstance(one, Payment)),
        len({one.row if isinstance(one, Payment) else one[0] for one in read}),
    )
