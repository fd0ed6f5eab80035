"""The store: snapshots appear whole, are verified, and any past day is rebuilt."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import polars as pl
import pytest

from lists.diff import diff
from lists.errors import SnapshotDamaged, SnapshotNotFound
from lists.refresh import RefreshReport, refresh
from lists.store import Store
from lists.system import System
from tests.machines import Stopped, StopsAt

Take = Callable[..., RefreshReport]


@pytest.fixture
def filled(store: Store, take: Take, ofac: Path) -> Store:
    for day in (date(2024, 1, 2), date(2024, 2, 2)):
        path = ofac / "sdn.csv"
        path.write_bytes(path.read_bytes().replace(b'"CUBA', f'"CUBA-{day.month}'.encode()))
        take(ofac, published=day)
    return store


def test_the_same_content_is_stored_once(store: Store, take: Take, ofac: Path) -> None:
    assert [outcome.outcome for outcome in take(ofac).outcomes] == ["new"]
    before = {path: path.stat().st_mtime_ns for path in store.root.rglob("*.parquet")}
    assert [outcome.outcome for outcome in take(ofac).outcomes] == ["unchanged"]
    assert before == {path: path.stat().st_mtime_ns for path in store.root.rglob("*.parquet")}


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2024, 1, 2), "2024-01-02"), (date(2024, 2, 1), "2024-01-02"), (None, "2024-02-02")],
)
def test_load_the_lists_of_a_day(filled: Store, day: date | None, expected: str) -> None:
    assert [str(ref.published) for ref in filled.load(day).snapshots] == [expected]


def test_load_fails_when_nothing_is_that_old(filled: Store) -> None:
    with pytest.raises(SnapshotNotFound, match="2024-01-01"):
        filled.load(date(2024, 1, 1))
    with pytest.raises(SnapshotNotFound, match="EL"):
        filled.load(lists=["SDN", "EL"])


def test_empty_store_says_what_to_do(store: Store) -> None:
    with pytest.raises(SnapshotNotFound, match="headwater refresh"):
        store.load()


def test_a_damaged_table_is_noticed(filled: Store) -> None:
    ref = filled.snapshots()[-1]
    path = filled.root / ref.name / "names.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(SnapshotDamaged, match=r"names\.parquet"):
        filled.load()


def test_a_damaged_manifest_is_noticed(filled: Store) -> None:
    ref = filled.snapshots()[-1]
    path = filled.root / ref.name / "manifest.json"
    path.write_text(path.read_text().replace('"OFAC"', '"Someone"'))
    with pytest.raises(SnapshotDamaged, match="manifest"):
        filled.snapshots()


def rewrite(store: Store, **changed: object) -> None:
    path = store.root / store.snapshots()[-1].name / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


def test_a_manifest_of_the_first_versions_is_read_where_it_can_be(filled: Store) -> None:
    rewrite(filled, absent=[])  # a list of names then, and what each carries was not recorded
    first, second = filled.snapshots()
    assert diff(filled, first, second).uncompared == ()
    rewrite(filled, absent=["alt.csv"])
    with pytest.raises(SnapshotDamaged, match=r"another version \(absent .*refresh again"):
        filled.snapshots()


def test_tables_carry_the_schema_version(filled: Store) -> None:
    path = filled.root / filled.snapshots()[0].name / "parties.parquet"
    assert pl.read_parquet_metadata(path)["headwater_schema_version"] == "1"


def test_one_list_from_two_publishers_is_loaded_once(
    filled: Store, take: Take, write: Callable[..., Path], make_csl: Callable[..., str]
) -> None:
    rows = {"source": "Specially Designated Nationals (SDN) - Treasury Department", "entity_number": "36",
            "name": "AEROCARIBBEAN AIRLINES", "type": "Entity"}  # fmt: skip
    take(write("consolidated.csv", make_csl(rows)), published=date(2024, 2, 2))
    loaded = filled.load()
    assert [ref.publisher for ref in loaded.snapshots] == ["OFAC"], "on the same day the agency itself"
    assert "trade.gov" in " ".join(loaded.warnings)
    take(write("consolidated.csv", make_csl(rows)), published=date(2024, 2, 3))
    loaded = filled.load()
    assert [ref.publisher for ref in loaded.snapshots] == ["trade.gov"]
    assert loaded.frames.parties["party_id"].to_list() == ["SDN-36"], "the same party has the same id"


def test_samples_are_stamped(filled: Store) -> None:
    assert any("sample" in text for text in filled.load().warnings)


def test_a_sample_never_displaces_a_whole_list(filled: Store) -> None:
    older, newer = filled.snapshots()
    whole = replace(filled.manifest(older), partial=False, stored_at="")
    filled.publish(whole, filled.read(older), filled.quarantine(older), filled.defects(older))
    loaded = filled.load()
    assert [(ref.published, ref.partial) for ref in loaded.snapshots] == [(older.published, False)]
    assert any(f"sample of {newer.published} is not used" in text for text in loaded.warnings)


def test_find_by_beginning_or_by_day(filled: Store) -> None:
    first, second = filled.snapshots()
    assert filled.find(first.name) == filled.find("SDN/2024-01") == filled.find("SDN@2024-01-31") == first
    assert filled.find("SDN@2025-01-01") == second
    for text in ("SDN", "SDN@2020-01-01", "EL/x"):
        with pytest.raises(SnapshotNotFound):
            filled.find(text)


class Later(System):
    """A clock that goes some hours ahead."""

    def __init__(self, hours: float) -> None:
        self.hours = hours

    def now(self) -> datetime:
        return super().now() + timedelta(hours=self.hours)


def test_a_refresh_sweeps_what_a_killed_one_left_a_day_ago(filled: Store) -> None:
    (filled.root / ".incoming-dead").mkdir()
    snapshots = filled.snapshots()
    for hours, left in ((23, 1), (25, 0)):
        refresh([], Store(filled.root, Later(hours)))
        assert len(list(filled.root.glob(".incoming-*"))) == left
    assert filled.snapshots() == snapshots


def test_wherever_the_machine_stops_there_is_a_whole_snapshot_or_none(tmp_path: Path) -> None:
    """A store is filled with a small list on a machine that stops before each change in turn."""
    for change in count(1):
        store = Store(tmp_path / f"store-{change}", StopsAt(change))
        with suppress(Stopped):
            refresh([sample_list(tmp_path)], store, date(2026, 1, 5), partial=True)
            break
        after = Store(store.root)
        for ref in after.snapshots():
            assert after.read(ref).parties.height == 1
    assert change > 12
    assert Store(store.root).load().frames.parties.height == 1
    assert not list(store.root.glob(".incoming-*"))


def sample_list(folder: Path) -> Path:
    (folder / "list.csv").write_text("name\nAcme Export LLC\n", encoding="utf-8")
    (folder / "list.toml").write_text('list = "WATCH"\n[columns]\nname = "name"\n', encoding="utf-8")
    return folder / "list.csv"
