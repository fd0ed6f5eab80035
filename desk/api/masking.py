"""What a role without the permission `personal` is shown of people: enough to follow a case, not enough to find them.

Of a birth date the year, of a number its type and last four characters, of an address or a way to reach somebody
nothing: their countries stand in columns of their own. Names are shown, because a case is about names. Which columns
these are their declaration tells (`screening/tables`); what repeats their values elsewhere in a case is masked too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from desk.store.people import Person
from screening.tables import INPUTS, Column

PERMISSION = "personal"
WITHHELD = "[withheld]"
SHOWN_OF_A_NUMBER = 4
SHORTEST_REPEATED = 5
"""Characters of a value that is looked for in sentences; shorter ones would hit other words."""
TELLING_KINDS = frozenset({"birth", "identifier", "address"})
"""Kinds of evidence whose words repeat what was compared."""


def for_person(
    person: Person, case: dict[str, Any], record: dict[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return a case and the customer's record as a person may see them."""
    if person.may(PERMISSION):
        return case, record
    values = dict(sorted(_values(record), key=lambda pair: -len(pair[0]))) if record else {}
    masked: dict[str, Any] = _repeated(_evidence_withheld(case), values)
    return masked, _record(record) if record else None


def mask(column: Column, value: Any) -> Any:
    """Return what is shown of a value of a column.

    >>> mask(Column("date_of_birth", "", "birth date"), "1962-07-14")
    '1962'
    >>> mask(Column("identifiers", "", holds=("identifier",)), "passport:751234567; lei:5493001KJTIIGC8Y1R12")
    'passport:...4567; lei:...1R12'
    >>> mask(Column("address", "", holds=("address",)), "1 Main Street")
    '[withheld]'
    """
    if value is None or not is_personal(column):
        return value
    if isinstance(value, (list, tuple)):
        return [mask(column, each) for each in value]
    text = str(value)
    if column.kind == "birth date":
        year = re.search(r"(?<!\d)\d{4}(?!\d)", text)
        return year.group() if year else WITHHELD
    if "identifier" in column.holds:
        return "; ".join(_number(part.strip()) for part in text.split(";"))
    return WITHHELD


def is_personal(column: Column) -> bool:
    """Tell whether somebody can be found by a cell of a column, other than by name and country."""
    return column.kind == "birth date" or bool({"identifier", "address", "contact"} & set(column.holds))


@cache
def personal_columns() -> Mapping[str, Column]:
    """Return the personal columns of all input tables by name."""
    every = (column for table in INPUTS.values() for column in table.columns)
    return MappingProxyType({column.name: column for column in every if is_personal(column)})


def _number(text: str) -> str:
    type_, _, number = text.rpartition(":")
    shown = number[-SHOWN_OF_A_NUMBER:] if len(number) > SHOWN_OF_A_NUMBER else ""
    return f"{type_}{':' if type_ else ''}...{shown}"


def _record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Mask the customer's row, and its rows in the other tables."""
    tables = {name: [_row(row) for row in rows] for name, rows in record["tables"].items()}
    return {**record, "customer": _row(record["customer"]), "tables": tables}


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    columns = personal_columns()
    return {name: mask(columns[name], value) if name in columns else value for name, value in row.items()}


def _evidence_withheld(case: dict[str, Any]) -> dict[str, Any]:
    """Withhold the words of telling evidence, and the values of personal columns that findings quote."""
    content = case["content"]
    matches = [
        match | {"evidence": [_piece(piece) for piece in match.get("evidence") or []]}
        for match in content["matches"]
    ]
    findings = [finding | {"evidence": _facts(finding.get("evidence"))} for finding in content["findings"]]
    return case | {"content": content | {"matches": matches, "findings": findings}}


def _piece(piece: Mapping[str, Any]) -> dict[str, Any]:
    return {**piece, "text": WITHHELD if piece["kind"] in TELLING_KINDS else piece["text"]}


def _facts(evidence: str | None) -> str | None:
    """Withhold values in `column=value; ...`."""
    if not evidence:
        return evidence
    columns = personal_columns()
    facts = [fact.partition("=") for fact in evidence.split("; ")]
    return "; ".join(
        f"{name}{sign}{mask(columns[name], value) if name in columns else value}"
        for name, sign, value in facts
    )


def _values(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every personal value of a record, as written, with what is shown in its place."""
    columns = personal_columns()
    for row in (record["customer"], *(row for rows in record["tables"].values() for row in rows)):
        for name in row.keys() & columns.keys():
            given = row[name] if isinstance(row[name], (list, tuple)) else str(row[name] or "").split(";")
            for part in filter(None, (str(each).strip() for each in given)):
                for value in {part, part.rpartition(":")[2].strip()}:
                    if len(value) >= SHORTEST_REPEATED:
                        yield value, str(mask(columns[name], value))


def _repeated(value: Any, values: Mapping[str, str]) -> Any:
    """Replace what sentences repeat of the values, however deep they stand."""
    if isinstance(value, str):
        for given, shown in values.items():
            value = value.replace(given, shown)
        return value
    if isinstance(value, dict):
        return {name: _repeated(each, values) for name, each in value.items()}
    return [_repeated(each, values) for each in value] if isinstance(value, list) else value
