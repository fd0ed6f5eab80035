"""From files to snapshots: what fails says why, and the last good snapshot stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lists.refresh import RefreshReport, refresh
from lists.store import Store

Take = Callable[..., RefreshReport]


def messages(report: RefreshReport) -> str:
    return " ".join(outcome.message for outcome in report.outcomes)


def test_counts_and_accounts(take: Take, ofac: Path) -> None:
    report = take(ofac)
    (outcome,) = report.outcomes
    assert (outcome.list, outcome.parties, outcome.names, outcome.weak_names, outcome.addresses) == (
        "SDN",
        4,
        2,
        1,
        3,
    )
    assert not report.failed
    assert all(file.parsed + file.quarantined == file.rows for file in report.files)


def test_published_date_from_argument_then_name(store: Store, take: Take, ofac: Path) -> None:
    assert [outcome.published for outcome in take(ofac).outcomes] == [date(2024, 1, 2)]
    take(ofac, published=date(2025, 5, 5))
    bases = {ref.published: store.manifest(ref).published_basis for ref in store.snapshots()}
    assert bases == {date(2024, 1, 2): "name", date(2025, 5, 5): "argument"}


@pytest.mark.parametrize("content", [b"", b'36,"AERO', b"<html>moved</html>", b"\x1f\x8b\x08broken"])
def test_a_bad_file_fails_and_the_last_snapshot_stays(
    store: Store, take: Take, ofac: Path, content: bytes
) -> None:
    take(ofac)
    first = store.load()
    (ofac / "sdn.csv").write_bytes(content)
    report = take(ofac, published=date(2024, 3, 3), partial=False)
    assert report.failed
    assert store.load().snapshots == first.snapshots


def test_a_failure_says_how_stale_the_last_snapshot_is(take: Take, ofac: Path) -> None:
    take(ofac)
    (ofac / "alt.csv").write_bytes(b'36,12,"aka","AE')
    report = take(ofac, partial=False)
    assert "SDN of 2024-01-02 (1055 days old)" in messages(report)


def test_a_list_that_shrank_fails_unless_it_is_marked_as_a_sample(
    store: Store, shared: Path, tmp_path: Path
) -> None:
    folder = shared / "data/ofac"
    assert not refresh([folder / "2023-12-28"], store).failed
    report = refresh([folder / "2024-05-03/sdn.csv.gz"], store)
    assert report.failed
    assert "names fell from 34,376" in messages(report)
    assert "add.csv, alt.csv, sdn_comments.csv did not come with it" in messages(report)
    assert not refresh([folder / "2024-05-03/sdn.csv.gz"], store, partial=True).failed


def test_a_small_list_fails_unless_it_is_called_a_sample(take: Take, ofac: Path) -> None:
    report = take(ofac, partial=False)
    assert "4 parties; expected 4,000" in messages(report)


def test_unknown_files_fail_when_named_and_are_skipped_in_a_folder(take: Take, ofac: Path) -> None:
    odd = ofac / "readme.txt"
    odd.write_text("hello")
    assert take(odd).failed
    report = take(ofac)
    assert not report.failed
    assert "readme.txt" in " ".join(report.messages)


def test_a_folder_of_which_nothing_is_read_fails(take: Take, ofac: Path, tmp_path: Path) -> None:
    """Field case 17: every file skipped, and the refresh ended well."""
    folder = tmp_path / "lists"
    (folder / "deep").mkdir(parents=True)
    for name in ("a.txt", "b.txt", "deep/c.csv"):
        (folder / name).write_text("hello")
    report = take(folder)
    assert report.failed
    assert "not one of its 3 files is a list of a layout we know (a.txt, b.txt, c.csv)" in messages(report)
    (folder / "sdn.csv").write_bytes((ofac / "sdn.csv").read_bytes())
    assert not take(folder).failed
    empty = tmp_path / "empty"
    empty.mkdir()
    assert not take(empty).outcomes


def test_full_refresh_of_the_reference_lists(store: Store, shared: Path) -> None:
    data = shared / "data"
    paths = [
        data / "ofac/2023-12-28",
        data / "bis/dpl-2022.txt",
        data / "csl/consolidated.rebuilt-2026-07-31.csv.gz",
    ]
    report = refresh(paths, store)
    assert not report.failed
    assert {(outcome.list, outcome.publisher): outcome.rows for outcome in report.outcomes}[
        "DPL", "BIS"
    ] == 581
    assert sum(outcome.parties for outcome in report.outcomes if outcome.publisher == "trade.gov") == 25_921
    loaded = store.load(date(2024, 1, 15))
    assert [ref.name[:14] for ref in loaded.snapshots] == ["DPL/2022-09-02", "SDN/2023-12-28"]
    newest = store.load()
    assert newest.frames.parties.height == 25_921
    assert newest.frames.parties["party_id"].is_sorted()
