"""Differences between two snapshots."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lists.diff import Diff, diff
from lists.diff import compare as compare_frames
from lists.fetch import open_file
from lists.refresh import RefreshReport
from lists.sources import bis_dpl
from lists.store import Store

Take = Callable[..., RefreshReport]


def compare(store: Store, take: Take, before: Path, after: Path) -> Diff:
    take(before)
    take(after, published=date(2026, 1, 1))
    first, second = store.snapshots()
    return diff(store, first, second)


def test_same_content_has_no_changes(store: Store, take: Take, ofac: Path) -> None:
    assert compare(store, take, ofac, ofac).counts == (0, 0, 0)


def test_added_removed_and_changed_field_by_field(store: Store, take: Take, ofac: Path) -> None:
    take(ofac)
    path = ofac / "sdn.csv"
    lines = path.read_bytes().replace(b'"IRAN"', b'"IRAN] [SDGT"').split(b"\r\n")
    path.write_bytes(b"\r\n".join([lines[0].replace(b"36,", b"37,", 1), *lines[1:]]))
    take(ofac, published=date(2026, 1, 1))
    changes = diff(store, "SDN/2024", "SDN@2026-06-01")
    assert changes.added["party_id"].to_list() == ["SDN-37"]
    assert changes.removed["party_id"].to_list() == ["SDN-36"]
    assert changes.changed.rows() == [
        ("SDN-15037", "SDN", "ARK III", "ear_744_8", "false", "true"),
        ("SDN-15037", "SDN", "ARK III", "programs", "IRAN", "IRAN; SDGT"),
    ]


def test_a_new_alias_is_a_change_of_names(store: Store, take: Take, ofac: Path) -> None:
    take(ofac)
    path = ofac / "alt.csv"
    path.write_bytes(path.read_bytes().replace(b"AERO-CARIBBEAN", b"AERO CARIBBEAN"))
    take(ofac, published=date(2026, 1, 1))
    changed = diff(store, *store.snapshots()).changed
    assert changed.select("party_id", "field").rows() == [("SDN-36", "names")]


def test_what_an_absent_file_would_carry_is_not_compared(store: Store, take: Take, ofac: Path) -> None:
    take(ofac)
    for name in ("add.csv", "alt.csv", "sdn_comments.csv"):
        (ofac / name).unlink()
    take(ofac, published=date(2026, 1, 1))
    changes = diff(store, *store.snapshots())
    assert changes.uncompared == ("addresses", "countries", "long_remarks", "names")
    assert changes.changed["field"].to_list() == ["relations", "remarks"], "cut long before 1,000 here"


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        ("2023-10-27", "2023-10-31", (8, 93, 0)),
        ("2024-05-02", "2024-05-03", (0, 8, 0)),
        ("2023-12-28/sdn.csv.gz", "2024-05-03", (1_256, 112, 48)),
        (
            "2023-12-28",
            "2024-05-03",
            (1_256, 112, 49),
        ),  # one tail number stands in an alias, and the later has none
    ],
)
def test_ofac_pairs(
    store: Store, take: Take, shared: Path, before: str, after: str, counts: tuple[int, int, int]
) -> None:
    assert compare(store, take, shared / "data/ofac" / before, shared / "data/ofac" / after).counts == counts


def test_backwards_is_the_mirror(shared: Path) -> None:
    before, after = (
        bis_dpl.read([open_file(shared / f"data/bis/dpl-{year}.txt")], False).frames for year in (2018, 2019)
    )
    there, back = compare_frames(before, after), compare_frames(after, before)
    assert there.added.equals(back.removed)
    assert there.removed.equals(back.added)
    assert (
        there.changed.rename({"before": "after", "after": "before"})
        .select(back.changed.columns)
        .equals(back.changed)
    )
