"""Score pairs with nomenklatura's logic-v2; run by `peers` under an interpreter that has it. Lines in, scores out."""

from __future__ import annotations

import json
import sys
from itertools import count
from typing import Any

from followthemoney import model
from nomenklatura.matching import LogicV2

SCHEMAS = {"person": "Person", "organization": "Organization", "vessel": "Vessel", "aircraft": "Airplane"}
NUMBER = count()


def record(names: list[str], party_type: str | None) -> Any:
    entity = model.make_entity(SCHEMAS.get(party_type or "", "LegalEntity"))
    entity.id = f"e{next(NUMBER)}"
    for name in names:
        entity.add("name", name)
    return entity


config = LogicV2.default_config()
for line in sys.stdin:
    pair = json.loads(line)
    asked = record([pair["name"]], pair["party_type"])
    listed = record(pair["names"], pair["listed_type"])
    same = asked.schema.is_a("Person") == listed.schema.is_a("Person") or "LegalEntity" in (
        asked.schema.name, listed.schema.name,
    )  # fmt: skip
    print(LogicV2.compare(asked, listed, config).score if same else 0.0)
