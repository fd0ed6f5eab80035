"""The chain of runs: every run upon which one was built is looked for, and compared with what it was then."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from pipelines.errors import RunDamaged
from pipelines.run import Run, open_run
from pipelines.run.chain import build_chain, follow, stated_links
from pipelines.run.manifest import LINK, content_hash
from pipelines.run.verify import check_content
from tests.pipelines.run.test_folder import CASES, manifest, write

DAYS = ("2026-11-20", "2026-11-21", "2026-11-22")


def build(out: Path, day: str, previous: Path | None = None) -> Run:
    """Write a small run of a day that states the one before."""
    earlier = open_run(previous) if previous else None
    write(out, replace(manifest(day), chain=build_chain(earlier, out)), CASES)
    return open_run(out)


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    """The folders of three runs, each built upon the one before."""
    folders = [tmp_path / day for day in DAYS]
    for number, folder in enumerate(folders):
        build(folder, DAYS[number], folders[number - 1] if number else None)
    return folders


def states(path: Path, *elsewhere: Path) -> list[str]:
    return [each.state for each in follow(open_run(path), elsewhere)]


def details(path: Path) -> list[str]:
    return [each.detail for each in follow(open_run(path))]


def test_all_runs_of_a_chain_are_found_and_equal(runs: list[Path]) -> None:
    last = open_run(runs[2])
    assert [(link.as_of, link.folder) for link in stated_links(last)] == [
        ("2026-11-21", "../2026-11-21"),
        ("2026-11-20", "../2026-11-20"),
    ]
    assert stated_links(last)[0].content_sha256 == open_run(runs[1]).content_sha256
    assert states(runs[2]) == ["equal", "equal"]
    assert states(runs[0]) == []
    assert "1 files as written" in details(runs[2])[0]


def test_a_run_that_is_gone_was_not_looked_at_and_those_before_it_were(runs: list[Path]) -> None:
    shutil.rmtree(runs[1])
    assert states(runs[2]) == ["not looked at", "equal"]
    assert "no run here any more" in details(runs[2])[0]


def test_a_run_that_was_renamed_or_moved_is_found_by_its_content(runs: list[Path], tmp_path: Path) -> None:
    runs[1].rename(tmp_path / "friday")
    assert states(runs[2]) == ["equal", "equal"]
    archive = tmp_path / "archive/2026"
    archive.mkdir(parents=True)
    (tmp_path / "friday").rename(archive / "friday")
    assert states(runs[2]) == ["not looked at", "equal"]
    assert states(runs[2], tmp_path / "archive") == ["equal", "equal"]
    whole = tmp_path / "elsewhere"
    whole.mkdir()
    for folder in (runs[0], runs[2]):
        folder.rename(whole / folder.name)
    assert states(whole / DAYS[2], archive) == ["equal", "equal"]


def test_of_several_copies_one_that_is_whole_counts_but_not_over_the_place_itself(
    runs: list[Path], tmp_path: Path
) -> None:
    shutil.copytree(runs[0], tmp_path / "copy-2")
    runs[0].rename(tmp_path / "copy-1")
    cut_cases(tmp_path / "copy-1")
    assert states(runs[2]) == ["equal", "equal"]
    shutil.copytree(tmp_path / "copy-1", runs[0])
    assert states(runs[2]) == ["equal", "differs"]


def test_a_place_that_another_run_has_taken_was_not_looked_at(runs: list[Path], tmp_path: Path) -> None:
    build(runs[1], "2026-11-25")
    assert states(runs[2]) == ["not looked at", "equal"]
    assert "has taken its place" in details(runs[2])[0]
    last = build(runs[2], "2026-11-23", runs[2])
    assert stated_links(last)[0].folder == "."
    assert states(runs[2]) == ["not looked at", "not looked at", "equal"]


def cut_cases(folder: Path) -> None:
    (cases,) = folder.rglob("*.parquet")
    cases.write_bytes(cases.read_bytes()[:-9])


def edit_hash(folder: Path) -> None:
    """Let `run.json` state what damaged cases hash to, and leave its own hash as it was."""
    text = (folder / "run.json").read_bytes()
    (sha256,) = orjson.loads(text)["outputs"]["cases"]["files"].values()
    (folder / "run.json").write_bytes(text.replace(sha256.encode(), b"0" * 64))


def forge(folder: Path) -> None:
    """Edit `run.json` and let it state the hash of what it says now."""
    body = orjson.loads((folder / "run.json").read_bytes())
    body["counts"] = {"cases": 1}
    (folder / "run.json").write_bytes(orjson.dumps({**body, "content_sha256": content_hash(body)}))


@pytest.mark.parametrize("damage", [cut_cases, edit_hash, forge])
@pytest.mark.parametrize("number", [0, 1])
def test_damage_to_any_earlier_run_is_found(
    runs: list[Path], number: int, damage: Callable[[Path], None]
) -> None:
    damage(runs[number])
    assert states(runs[2])[1 - number] == "differs"
    assert states(runs[2])[number] == "equal"


def test_a_run_forged_whole_is_found_by_a_hash_kept_elsewhere(runs: list[Path]) -> None:
    elsewhere = open_run(runs[2]).content_sha256
    assert check_content(open_run(runs[2]), elsewhere.upper())[0] == "equal"
    forge(runs[2])
    assert check_content(open_run(runs[2]))[0] == "equal"
    assert check_content(open_run(runs[2]), elsewhere)[0] == "differs"


def test_a_chain_that_does_not_go_on_as_stated_is_found(runs: list[Path]) -> None:
    body = orjson.loads((runs[2] / "run.json").read_bytes())
    body["chain"][1]["content_sha256"] = "0" * 64
    (runs[2] / "run.json").write_bytes(orjson.dumps({**body, "content_sha256": content_hash(body)}))
    assert states(runs[2]) == ["differs", "differs"]
    assert "built upon other runs" in details(runs[2])[0]


def test_a_run_of_a_version_that_stated_no_hash_is_read_and_not_called_equal(runs: list[Path]) -> None:
    body = orjson.loads((runs[0] / "run.json").read_bytes())
    del body["content_sha256"], body["chain"]
    (runs[0] / "run.json").write_bytes(orjson.dumps(body))
    old = open_run(runs[0])
    assert check_content(old)[0] == "not looked at"
    assert check_content(old, old.content_sha256)[0] == "equal"
    assert follow(old) == []


def test_a_run_of_this_code_must_state_its_hash(runs: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    edited = (runs[0] / "run.json").read_bytes().replace(b"content_sha256", b"content_sha25")
    (runs[0] / "run.json").write_bytes(edited)
    assert open_run(runs[0]).manifest["as_of"] == DAYS[0]
    monkeypatch.setattr("pipelines.run.manifest.code_hash", lambda: "k")
    with pytest.raises(RunDamaged, match="lacks content_sha256"):
        open_run(runs[0])


@pytest.mark.parametrize(
    "text", [b"", b"{", b"{}", b"[]", b"null", b'{"run_id": "a"}', b"\xff", b"[" * 100_000], ids=repr
)
def test_a_run_json_that_is_none_is_named(runs: list[Path], text: bytes) -> None:
    (runs[0] / "run.json").write_bytes(text)
    with pytest.raises(RunDamaged, match=r"run\.json: not as the run wrote it"):
        open_run(runs[0])
    assert states(runs[2]) == ["equal", "differs"]


@pytest.mark.parametrize(
    "outputs",
    [
        [],
        {"cases": []},
        {"cases": {"files": {"../other": "0"}}},
        {"cases": {"files": {"/etc/hosts": "0"}}},
        {"cases": {"files": {"a": 1}}},
        {"cases": {"files": {"a\0b": "0"}}},
    ],
)
def test_outputs_that_lead_out_of_the_folder_are_refused(runs: list[Path], outputs: object) -> None:
    body = {**orjson.loads((runs[0] / "run.json").read_bytes()), "outputs": outputs}
    (runs[0] / "run.json").write_bytes(orjson.dumps({**body, "content_sha256": content_hash(body)}))
    with pytest.raises(RunDamaged, match="its outputs"):
        open_run(runs[0])


@pytest.mark.parametrize(
    "chain", [None, {}, [1], [{"run_id": "a"}], [{**dict.fromkeys(LINK, ""), "folder": 1}]]
)
def test_a_chain_that_is_none_is_refused(runs: list[Path], chain: object) -> None:
    body = {**orjson.loads((runs[0] / "run.json").read_bytes()), "chain": chain}
    (runs[0] / "run.json").write_bytes(orjson.dumps({**body, "content_sha256": content_hash(body)}))
    with pytest.raises(RunDamaged, match="its chain"):
        open_run(runs[0])


def test_a_pipe_in_place_of_a_file_keeps_nobody_waiting(runs: list[Path]) -> None:
    (cases,) = runs[0].rglob("*.parquet")
    cases.unlink()
    os.mkfifo(cases)
    with pytest.raises(RunDamaged, match=r"part-00000\.parquet is no file"):
        open_run(runs[0]).table("cases")
