"""In which role somebody who was matched stands to a customer, in words."""

from __future__ import annotations

from typing import Any

import pytest

from screening.cases import role_note

DEAL = {"counterparty": "Volga LLC", "transactions": 2, "first_day": "2026-01-02", "last_day": "2026-03-04"}


@pytest.mark.parametrize(
    ("match", "words"),
    [
        ({"role": None}, ""),
        ({}, ""),
        ({"role": "owner"}, "owner"),
        ({"role": "beneficial_owner", "counterparty": None}, "beneficial owner"),
        ({"role": "director", "counterparty": None}, "director"),
        ({"role": "end_user", **DEAL}, "end user in 2 dealings from 2026-01-02 to 2026-03-04"),
        (
            {"role": "bank", **DEAL, "transactions": 1, "last_day": "2026-01-02"},
            "bank in 1 dealing on 2026-01-02",
        ),
        (
            {"role": "site", **DEAL, "first_day": None, "last_day": None},
            "place where the machines stand in 2 dealings",
        ),
        ({"role": "ship_chandler", **DEAL, "transactions": None}, "ship chandler"),
        ({"role": "embedded", **DEAL, "transactions": 0}, 'inside "Volga LLC"'),
        ({"role": "end_user_owner", "counterparty": "Volga LLC"}, "owner of the end user Volga LLC"),
    ],
)
def test_a_role_is_said_in_words(match: dict[str, Any], words: str) -> None:
    assert role_note(match) == words
