"""How far a store can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from lists.health import ages, set_aside, unread
from lists.refresh import RefreshReport
from lists.store import Store


def test_ages_unread_texts_and_rows_set_aside(
    store: Store,
    take: Callable[..., RefreshReport],
    write: Callable[..., Path],
    make_csl: Callable[..., str],
    ofac: Path,
) -> None:
    entry = {
        "source": "Entity List (EL) - BIS",
        "name": "A",
        "license_policy": "Ask us",
        "addresses": "Rd, ZZ",
    }
    take(ofac, write("csl-2024-02-01.csv", make_csl(entry, entry | {"name": "B"}, entry | {"name": ""})))
    defects = unread(store)
    assert defects.rows() == [
        ("EL", "country", "ZZ", 2, defects["example"][0]),
        ("EL", "license_policy", "Ask us", 2, defects["example"][1]),
    ]
    assert set_aside(store).select("list", "file", "row", "reason").rows() == [
        ("EL", "csl-2024-02-01.csv", 3, "has no name"),
        ("SDN", "sdn_comments.csv", 2, "no row with this ent_num in sdn.csv"),
    ]
    assert ages(store, date(2024, 2, 3)).select("list", "days", "partial").rows() == [
        ("EL", 2, True),
        ("SDN", 32, True),
    ]
    assert unread(store, date(2024, 1, 2)).is_empty()


def test_what_is_unread_on_the_screening_list(
    store: Store, take: Callable[..., RefreshReport], shared: Path
) -> None:
    take(shared / "data/csl/consolidated.rebuilt-2026-07-31.csv.gz", partial=False)
    assert unread(store).select("list", "field", "parties").rows() == [
        ("DPL", "country", 1), ("EL", "footnotes", 1), ("EL", "license_policy", 1), ("EL", "license_policy", 1),
    ]  # fmt: skip
