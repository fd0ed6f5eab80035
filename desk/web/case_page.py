"""The values of the case page. The page shows them, and a form whose step was refused shows them again."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import Request

from desk.api.desk import get_desk
from desk.api.masking import for_person
from desk.api.views import case_view, record_view, rules_view
from desk.store import Person, people
from desk.web.figures import by_reason
from desk.web.history import folded


def case_page_view(request: Request, person: Person, case_id: str, as_of: date | None) -> dict[str, Any]:
    """Return what the case page shows of a case: now, or at the end of a day, to a person. Raises NotFound."""
    desk = get_desk(request)
    today = desk.settings.clock().date()
    with desk.ledger.read() as session:
        view = case_view(session, case_id, today, as_of)
        names = [user.name for user in people.users(session) if user.active and user.role != "viewer"]
    view, record = for_person(person, view, record_view(desk.data.book, view["customer_id"]))
    rules = rules_view(date.fromisoformat(view["as_of"]), desk.settings.config)["rules"]
    return {
        "case": view,
        "history": folded(view["history"]),
        "rule_rows": {row["rule_id"]: row for row in rules},
        "users": names,
        "four_eyes_from": desk.settings.four_eyes_from,
        "unchecked": by_reason(view["content"]["not_checked"]),
        "has_graph": desk.data.book is not None and view["customer_id"] in desk.data.customer_ids,
        "failed": None,
        "record": record,
        "today": today.isoformat(),
    }
