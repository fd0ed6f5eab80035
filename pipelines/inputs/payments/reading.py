"""A file of payment messages as the table of transactions: recognized, read, joined with the customers, checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from pipelines.errors import InputRejected
from pipelines.inputs.delimited import HEAD, unpacked
from pipelines.inputs.files import ROW, unchanged
from pipelines.inputs.packed import check_packed
from pipelines.inputs.payments import fedwire, swift_mt
from pipelines.inputs.payments.holders import Holder, holders
from pipelines.inputs.payments.iso20022 import ROOTS, read_iso20022
from pipelines.inputs.payments.message import BadMessage, Messages, Party, Payment, collect
from pipelines.inputs.problems import CLEANED, ROW_PROBLEMS, SET_ASIDE, WHOLE_FILE, problem_rows
from pipelines.inputs.reading import Reading, check_table
from screening.tables.book import InputFile
from screening.tables.inputs import TRANSACTIONS

MAX_TEXT = 512 << 20
"""Bytes of a file of messages that are no XML."""
MAX_MESSAGE = 1 << 20
"""Characters of one message; SWIFT allows ten thousand."""
UNJOINED = (
    "no party of the payment is a customer: give its account among the identifiers of the customer "
    "(iban:... or account:...), or name in [defaults.transactions] the customer_id that such payments are given to"
)
_ROOT = re.compile(rf"<(?:\w+:)?({'|'.join(ROOTS)})[\s>]")

Ranges = Callable[[], Iterator[pl.DataFrame]]
"""Gives the customers, some at a time: customer_id, name, other_names, identifiers."""


def payment_layout(path: Path) -> str | None:
    """Name the messages that a file holds: mt103, fedwire, iso20022; None where it holds none."""
    if not path.is_file():
        return None
    check_packed(path)
    try:
        with unpacked(path) as stream:
            head = stream.read(HEAD).decode("utf-8-sig", "replace")
    except (OSError, EOFError):
        return None
    start = head.lstrip("\x01\r\n\t $")
    if start.startswith(("{1:F", "{1:A")):
        return "mt103"
    if start.startswith("{1500}"):
        return "fedwire"
    return "iso20022" if start.startswith("<") and _ROOT.search(head) else None


def read_payments(
    path: Path, layout: str, customers: Ranges, connections: pl.DataFrame | None, defaults: Mapping[str, str]
) -> Reading:
    """Read a file of payments as transactions; a message that cannot be used is set aside with the reason.

    A payment is one of each customer that takes part in it, with a row for each of the other parties. The customer is
    found by an account or another number of its own, or else by its name. `connections`: where accounts of customers
    may stand too (kind bank). Raises InputRejected for a file that cannot be read, or is too large.
    """
    with unchanged(path) as sha256:
        messages = _messages(path, layout)
    source = InputFile(path.name, sha256, path.stat().st_size, messages.count)
    found = holders([party for one in messages.payments for party in one.parties], customers(), connections)
    rows, unjoined = _rows(messages.payments, found, defaults.get("customer_id"))
    noted: list[tuple[int, str, str | None, str, str]] = [
        (row, "(message)", value, reason, SET_ASIDE) for row, value, reason in messages.bad
    ]
    noted += [(row, "customer_id", value, UNJOINED, SET_ASIDE) for row, value in unjoined]
    if mixed := _mixed_currencies(messages.payments):
        noted.append(
            (1, WHOLE_FILE, mixed, f"pays in {mixed}: the amounts do not add up and are left out", CLEANED)
        )
        rows = rows.with_columns(amount=pl.lit(None, pl.String))
    reading = check_table(rows, source, TRANSACTIONS, None, defaults)
    own = problem_rows(pl.DataFrame(noted, schema=ROW_PROBLEMS, orient="row"), TRANSACTIONS.name, path.name)
    return replace(reading, problems=pl.concat([own, reading.problems]).sort("row", "column", "reason"))


def _messages(path: Path, layout: str) -> Messages:
    if layout == "iso20022":
        with unpacked(path) as stream:
            return collect(list(read_iso20022(stream, path.name)))
    with unpacked(path) as stream:
        content = stream.read(MAX_TEXT + 1)
    if len(content) > MAX_TEXT:
        raise InputRejected(f"{path.name}: more than {MAX_TEXT >> 20} MiB of messages. Divide it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    split, read = {
        "mt103": (swift_mt.split_messages, swift_mt.read_mt103),
        "fedwire": (fedwire.split_messages, fedwire.read_fedwire),
    }[layout]
    return collect([_read(read, message, row) for row, message in enumerate(split(text), 1)])


def _read(read: Callable[[str, int], Payment], message: str, row: int) -> Payment | tuple[int, str, str]:
    if len(message) > MAX_MESSAGE:
        return row, message[:60], "is longer than any message may be"
    try:
        return read(message, row)
    except BadMessage as error:
        return row, " ".join(message[:60].split()), str(error)


def _rows(
    payments: Sequence[Payment], found: Mapping[Party, tuple[Holder, ...]], default: str | None
) -> tuple[pl.DataFrame, list[tuple[int, str | None]]]:
    """Return a row for each customer of each payment and each other party, and the payments of no customer."""
    rows: list[dict[str, object]] = []
    unjoined: list[tuple[int, str | None]] = []
    for payment in payments:
        taking_part = [(holder, party) for party in payment.parties for holder in found.get(party, ())]
        if not taking_part and default is None:
            unjoined.append((payment.row, payment.id))
            continue
        customers: list[str | None] = [*sorted({holder.customer_id for holder, _ in taking_part})]
        for customer in customers or [None]:
            # Another name or an address that the message gives the customer is looked at like anybody else's.
            own = {
                party
                for holder, party in taking_part
                if holder.customer_id == customer and holder.is_named and not party.address
            }
            others = [party for party in payment.parties if party not in own] or [Party("")]
            rows += [_row(payment, customer, party, first=party is others[0]) for party in others]
    schema = {ROW: pl.Int64(), **dict.fromkeys(TRANSACTIONS.names, pl.String())}
    return pl.DataFrame(rows, schema=schema, orient="row"), unjoined


def _row(payment: Payment, customer: str | None, party: Party, *, first: bool) -> dict[str, object]:
    """Write a party to a payment as a transaction; the amount stands in one row of the payment only."""
    payer = next((one for one in payment.parties if one.role == "payer" and one.country), None)
    numbers = "; ".join(number.replace(";", " ") for number in party.identifiers)
    return {
        ROW: payment.row,
        "customer_id": customer,
        "date": payment.date,
        "transaction_id": payment.id,
        "role": party.role or None,
        "counterparty": party.name,
        "counterparty_country": party.country,
        "counterparty_address": party.address,
        "counterparty_identifiers": numbers or None,
        "item": payment.remittance,
        "payer_country": payer.country if payer else None,
        "amount": payment.amount if first else None,
        "payment_method": "wire",
    }


def _mixed_currencies(payments: Sequence[Payment]) -> str | None:
    """Return the currencies of a file that has several."""
    currencies = sorted({payment.currency for payment in payments if payment.currency})
    return ", ".join(currencies) if len(currencies) > 1 else None
