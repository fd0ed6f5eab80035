"""In which role somebody who was matched stands to a customer, in words for people who read a case."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from screening.law import table
from screening.redflags.party_effects import OWNER_SUFFIX


def role_note(match: Mapping[str, Any]) -> str:
    """Return whom the match concerns, blank for the customer itself.

    `match`: role, counterparty, transactions, first_day, last_day of the table `matches`, or the first two of a path.
    A dealing is a transaction, an activity or a licence.

    >>> role_note({"role": "end_user", "counterparty": "Volga LLC", "transactions": 2,
    ...            "first_day": "2026-01-02", "last_day": "2026-03-04"})
    'end user in 2 dealings from 2026-01-02 to 2026-03-04'
    >>> role_note({"role": "end_user_owner", "counterparty": "Volga LLC", "transactions": 1})
    'owner of the end user Volga LLC in 1 dealing'
    """
    role, name = match.get("role"), match.get("counterparty")
    if not role:
        return ""
    if role == "embedded":
        who = f'inside "{name}"'
    elif role.endswith(OWNER_SUFFIX) and role not in _role_words():
        who = f"owner of the {_words(role.removesuffix(OWNER_SUFFIX))} {name}"
    else:
        who = _words(role)
    count = match.get("transactions")
    if not count:
        return who
    first, last = match.get("first_day"), match.get("last_day")
    days = f" from {first} to {last}" if first != last else f" on {first}" if first else ""
    return f"{who} in {count} dealing{'s' if count > 1 else ''}{days}"


def _words(role: str) -> str:
    return _role_words().get(role) or role.replace("_", " ")


@cache
def _role_words() -> Mapping[str, str]:
    return MappingProxyType(dict(table("roles").select("role", "words").iter_rows()))
