"""ISO 20022 credit transfers: pain.001 from a customer, pacs.008 between banks; element by element, no entities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from lxml import etree

from lists.xml import walk
from pipelines.errors import InputRejected
from pipelines.inputs.payments.message import (
    BANK,
    BENEFICIARY,
    BIC,
    PAYER,
    BadMessage,
    Party,
    Payment,
    account,
    head_office,
    lines,
    once,
)

ROOTS = ("CstmrCdtTrfInitn", "FIToFICstmrCdtTrf")
TRANSFER = "CdtTrfTxInf"
PAYERS, PAID = ("Dbtr", "UltmtDbtr", "InitgPty"), ("Cdtr", "UltmtCdtr")
AGENTS = (
    *("DbtrAgt", "CdtrAgt", "InstgAgt", "InstdAgt", "IntrmyAgt1", "IntrmyAgt2", "IntrmyAgt3"),
    *("PrvsInstgAgt1", "PrvsInstgAgt2", "PrvsInstgAgt3", "PrvsInstgAgt", "FwdgAgt"),
)
DATES = ("IntrBkSttlmDt", "ReqdExctnDt", "ReqdExctnDt/Dt", "ReqdExctnDt/DtTm", "CreDtTm")
STREET = ("Dept", "SubDept", "StrtNm", "BldgNb", "BldgNm", "Flr", "PstBx", "Room", "PstCd", "TwnNm", "TwnLctnNm",
          "DstrctNm", "CtrySubDvsn")  # fmt: skip
SCHEMES = {"CCPT": "passport", "TXID": "tax_id", "NIDN": "national_id", "DRLC": "drivers_license",
           "SOSE": "social_security", "DUNS": "duns", "COID": "registration"}  # fmt: skip

Element = etree._Element


def read_iso20022(stream: IO[bytes], file: str) -> Iterator[Payment | tuple[int, str, str]]:
    """Yield each transfer, or its number, value and why it cannot be used.

    Raises InputRejected for XML with a document type definition, broken, or cut off.
    """
    row = 0
    try:
        for _, transfer in walk(stream, [TRANSFER]):
            if transfer.getroottree().docinfo.internalDTD is not None:
                raise InputRejected(
                    f"{file}: XML with a document type definition is not read; payments have none."
                )
            row += 1
            try:
                yield _payment(transfer, row)
            except BadMessage as error:
                yield row, TRANSFER, str(error)
            _forget(transfer)
    except etree.XMLSyntaxError as error:
        raise InputRejected(f"{file}: the XML is broken or cut off: {error}. Get it again.") from error


def _payment(transfer: Element, row: int) -> Payment:
    """Read a transfer with what its batch and the head of the message say for all."""
    levels = [transfer, *transfer.iterancestors()]
    levels += [head for level in levels[1:] for head in level.findall("{*}GrpHdr")]
    day = _first(levels, *DATES)
    if day is None:
        raise BadMessage("has no date (ReqdExctnDt, IntrBkSttlmDt)")
    amount = next(
        iter([*transfer.findall("{*}IntrBkSttlmAmt"), *transfer.findall("{*}Amt/{*}InstdAmt")]), None
    )
    ids = ("PmtId/UETR", "PmtId/TxId", "PmtId/EndToEndId", "PmtId/InstrId")
    found = [_text(transfer, path) for path in ids]
    return Payment(
        row,
        next((one for one in found if one and one != "NOTPROVIDED"), None),
        day[:10],
        (amount.text or "").strip() or None if amount is not None else None,
        amount.get("Ccy") if amount is not None else None,
        _remittance(transfer),
        once(
            [
                *(_party(levels, name, PAYER) for name in PAYERS),
                *(_party(levels, name, BENEFICIARY) for name in PAID),
                *(_agent(levels, name) for name in AGENTS),
            ]
        ),
    )


def _remittance(transfer: Element) -> str | None:
    rows = [node.text for node in transfer.findall("{*}RmtInf/{*}Ustrd")]
    rows += [node.text for node in transfer.findall("{*}RmtInf/{*}Strd/{*}AddtlRmtInf")]
    rows += [
        node.text
        for path in ("InstrForCdtrAgt", "InstrForNxtAgt")
        for node in transfer.findall(f"{{*}}{path}/{{*}}InstrInf")
    ]
    return lines(*rows, joint=" | ")


def _party(levels: list[Element], name: str, role: str) -> Party:
    node = _child(levels, name)
    if node is None:
        return Party(role)
    holder = _child(levels, f"{name}Acct")
    accounts = account(_text(holder, "Id/IBAN") or _text(holder, "Id/Othr/Id")) if holder is not None else ()
    bics = [_text(node, f"Id/OrgId/{tag}") for tag in ("AnyBIC", "BICOrBEI")]
    numbers = [*accounts, *(f"bic:{bic}" for bic in bics if bic)]
    if lei := _text(node, "Id/OrgId/LEI"):
        numbers.append(f"lei:{lei}")
    customer_number = None
    for other in [*node.findall("{*}Id/{*}OrgId/{*}Othr"), *node.findall("{*}Id/{*}PrvtId/{*}Othr")]:
        number, scheme = _text(other, "Id"), _text(other, "SchmeNm/Cd") or ""
        if number and scheme == "CUST":
            customer_number = number
        elif number:
            numbers.append(f"{SCHEMES.get(scheme, 'other')}:{number}")
    address, country = _address(node)
    return Party(
        role,
        lines(_text(node, "Nm")),
        address,
        country or _text(node, "CtryOfRes"),
        tuple(numbers),
        customer_number,
    )


def _agent(levels: list[Element], name: str) -> Party:
    node = _child(levels, name)
    bank = node.find("{*}FinInstnId") if node is not None else None
    if bank is None:
        return Party(BANK)
    bic = head_office(_text(bank, "BICFI") or _text(bank, "BIC") or "")
    member, lei = _text(bank, "ClrSysMmbId/MmbId"), _text(bank, "LEI")
    numbers = [
        f"{kind}:{number}" for kind, number in (("bic", bic), ("lei", lei), ("clearing", member)) if number
    ]
    address, country = _address(bank)
    seat = BIC.match(bic) if bic else None
    title = lines(_text(bank, "Nm")) or bic or member
    return Party(BANK, title, address, country or (seat[1] if seat else None), tuple(numbers))


def _address(node: Element) -> tuple[str | None, str | None]:
    place = node.find("{*}PstlAdr")
    if place is None:
        return None, None
    rows = [child.text for child in place.findall("{*}AdrLine")]
    return lines(*(_text(place, part) for part in STREET), *rows), _text(place, "Ctry")


def _child(levels: list[Element], name: str) -> Element | None:
    return next((found for level in levels if (found := level.find(f"{{*}}{name}")) is not None), None)


def _first(levels: list[Element], *paths: str) -> str | None:
    return next((found for path in paths for level in levels if (found := _text(level, path))), None)


def _text(node: Element, path: str) -> str | None:
    found = node.find("/".join(f"{{*}}{step}" for step in path.split("/")))
    return (found.text or "").strip() or None if found is not None else None


def _forget(transfer: Element) -> None:
    """Drop a transfer and those before it: what they share stands before the first of them."""
    transfer.clear()
    previous, parent = transfer.getprevious(), transfer.getparent()
    while previous is not None and parent is not None and etree.QName(previous).localname == TRANSFER:
        parent.remove(previous)
        previous = transfer.getprevious()
