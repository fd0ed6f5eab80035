"""Masking by role: who may not see personal data follows a case without them, and every column says what it holds."""

from __future__ import annotations

from typing import Any

import orjson

from desk.api.masking import for_person, is_personal, personal_columns
from desk.store.people import Person
from screening.tables import INPUTS

SECRETS = ("14 Quartz Lane", "1962-07-14", "751234567", "zeb@quartz.example")
RECORD: dict[str, Any] = {
    "customer": {
        "customer_id": "c1", "name": "Zebulon", "date_of_birth": "1962-07-14", "country": "RU",
        "address": "14 Quartz Lane", "identifiers": ["passport:751234567"],
    },
    "tables": {"connections": [{"kind": "email", "value": "zeb@quartz.example"}]},
}  # fmt: skip
CASE: dict[str, Any] = {
    "case_id": "C-1",
    "name": "Zebulon",
    "history": [{"kind": "noted", "note": "passport 751234567 seen"}],
    "content": {
        "findings": [
            {"reason": "14 Quartz Lane is a place", "evidence": "date_of_birth=1962-07-14; severity=80"}
        ],
        "matches": [
            {
                "query_name": "Zebulon",
                "evidence": [{"kind": "birth", "verdict": "agrees", "text": "born 14 July 1962"}],
            }
        ],
    },
}


def test_a_viewer_sees_the_case_and_none_of_the_data() -> None:
    case, record = for_person(Person("vic", "viewer"), CASE, RECORD)
    assert record is not None
    text = orjson.dumps([case, record]).decode()
    assert not [secret for secret in (*SECRETS[:3], "14 July") if secret in text]
    assert record["customer"]["date_of_birth"] == "1962"
    assert record["customer"]["identifiers"] == ["passport:...4567"]
    assert record["customer"]["name"] == case["content"]["matches"][0]["query_name"] == "Zebulon"
    assert case["content"]["matches"][0]["evidence"][0]["verdict"] == "agrees"
    assert case["content"]["findings"][0]["evidence"] == "date_of_birth=1962; severity=80"


def test_who_decides_sees_everything() -> None:
    for role in ("analyst", "approver"):
        assert for_person(Person("ann", role), CASE, RECORD) == (CASE, RECORD)


def test_every_way_to_find_somebody_is_declared() -> None:
    assert {"date_of_birth", "identifiers", "address"} <= personal_columns().keys()
    assert not any(
        is_personal(column) for column in INPUTS["customers"].columns if column.name in ("name", "country")
    )
