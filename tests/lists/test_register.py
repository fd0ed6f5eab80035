"""What a store has held is missed when it is gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lists.errors import ListVanished, SnapshotNotFound
from lists.refresh import RefreshReport
from lists.register import FOLDER
from lists.store import Store

Take = Callable[..., RefreshReport]
FIRST, SECOND = date(2024, 1, 2), date(2024, 2, 2)


@pytest.fixture
def filled(store: Store, take: Take, ofac: Path) -> Store:
    for day in (FIRST, SECOND):
        path = ofac / "sdn.csv"
        path.write_bytes(path.read_bytes().replace(b'"CUBA', f'"CUBA-{day.month}'.encode()))
        take(ofac, published=day)
    return store


def folder(store: Store, day: date) -> Path:
    return next(store.root.glob(f"SDN/{day}-*"))


def test_a_list_that_is_gone_stops_whoever_loads(filled: Store) -> None:
    shutil.rmtree(filled.root / "SDN")
    with pytest.raises(
        ListVanished, match=r"SDN/2024-02-02-\w+ was here and is gone.*SDN would not be screened"
    ):
        filled.load()
    with pytest.raises(ListVanished, match="refresh"):
        filled.choose(FIRST)


def test_the_newest_snapshot_is_not_replaced_by_an_older_one_in_silence(filled: Store) -> None:
    shutil.rmtree(folder(filled, SECOND))
    with pytest.raises(ListVanished, match="2024-02-02"):
        filled.load()
    assert [ref.published for ref in filled.load(FIRST).snapshots] == [FIRST], "the day before it is whole"


def test_an_old_snapshot_may_go_for_the_days_after_it(filled: Store) -> None:
    shutil.rmtree(folder(filled, FIRST))
    assert [ref.published for ref in filled.load().snapshots] == [SECOND]
    with pytest.raises(ListVanished, match="2024-01-02"):
        filled.load(FIRST)


def test_another_list_alone_is_not_stopped(filled: Store) -> None:
    shutil.rmtree(filled.root / "SDN")
    with pytest.raises(SnapshotNotFound, match="EL"):
        filled.load(lists=["EL"])


def test_a_list_that_is_forgotten_is_not_missed(filled: Store) -> None:
    shutil.rmtree(filled.root / "SDN")
    assert filled.forget("SDN") == 2
    with pytest.raises(SnapshotNotFound, match="any list"):
        filled.load()


def test_a_store_without_a_register_begins_one_with_all_it_holds(
    filled: Store, take: Take, ofac: Path
) -> None:
    shutil.rmtree(filled.root / FOLDER)
    assert filled.load().snapshots, "a store of an earlier version is read as it is"
    take(ofac, published=SECOND)  # the same content again
    assert sorted(path.name[:14] for path in (filled.root / FOLDER).iterdir()) == [
        "SDN@2024-01-02",
        "SDN@2024-02-02",
    ]
