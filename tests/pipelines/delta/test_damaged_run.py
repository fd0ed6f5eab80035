"""Nothing is built upon a run, and nothing read from it, that is not as it was written."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from pipelines.delta.previous_assessments import CarriedOver
from pipelines.demo import demo_job
from pipelines.errors import InputsDiffer, RunDamaged, RunNotFound
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.parallel.shards import Share, make_shard, merge, open_shard
from pipelines.proof import screening_proof
from pipelines.run import Run, find_case, open_run
from pipelines.run.chain import follow
from pipelines.run.manifest import content_hash
from pipelines.run.verify import check_files
from tests.pipelines.delta.test_delta import TODAY

OF_EVERY_RUN = (
    "below_line", "branches", "cases", "contradicted", "coverage", "findings", "fingerprints", "hits", "judgements",
    "matches", "parties", "patterns", "problems", "recorded_ownership", "relations", "restricted", "suppressed",
    "words",
)  # fmt: skip


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> list[Job]:
    """Three nights of the sample world, each built upon the one before."""
    folder = tmp_path_factory.mktemp("damaged")
    first = demo_job(folder, TODAY)
    jobs = [
        replace(
            first,
            out=folder / f"night-{number}",
            as_of=TODAY + timedelta(days=number),
            since=folder / f"night-{number - 1}" if number else None,
        )
        for number in range(3)
    ]
    for job in jobs:
        run(job)
    return jobs


@pytest.fixture
def copied(nights: list[Job], tmp_path: Path) -> Job:
    """The next night, to be built upon a copy of the last one's run, in the place of an older run."""
    shutil.copytree(nights[2].out, tmp_path / "earlier")
    shutil.copytree(nights[0].out, tmp_path / "run")
    return replace(nights[2], since=tmp_path / "earlier", out=tmp_path / "run")


def rows_out(file: Path, other: Path) -> None:
    pl.read_parquet(file, hive_partitioning=False)[:-1].write_parquet(file)


def value_changed(file: Path, other: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def of_another_run(file: Path, other: Path) -> None:
    shutil.copyfile(other, file)


def deleted(file: Path, other: Path) -> None:
    file.unlink()


def truncated(file: Path, other: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def a_folder(file: Path, other: Path) -> None:
    file.unlink()
    file.mkdir()


def file_of(run: Path, table: str) -> Path:
    (file,) = (run / table).rglob("*.parquet")
    return file


@pytest.mark.parametrize(
    "damage",
    [rows_out, value_changed, of_another_run, deleted, truncated, a_folder],
    ids=lambda d: d.__name__,
)
@pytest.mark.parametrize("table", OF_EVERY_RUN)
def test_a_delta_refuses_a_run_with_a_damaged_table(
    nights: list[Job], copied: Job, table: str, damage: Callable[[Path, Path], None]
) -> None:
    assert copied.since is not None
    damage(file_of(copied.since, table), file_of(nights[1].out, table))
    with pytest.raises(RunDamaged, match=f"earlier: not as the run wrote it: {table}/.*full run") as found:
        run(copied)
    assert str(found.value).count(".parquet") == 1
    standing = open_run(copied.out)
    assert standing.manifest["run_id"] == open_run(nights[0].out).manifest["run_id"]
    assert check_files(standing) == len(OF_EVERY_RUN)


def test_every_table_is_damaged_above(nights: list[Job]) -> None:
    assert set(open_run(nights[0].out).manifest["outputs"]) == set(OF_EVERY_RUN)


def edited(path: Path, change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads((path / "run.json").read_bytes())
    change(body)
    (path / "run.json").write_bytes(orjson.dumps(body))
    return body


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body["outputs"].pop("cases"),
        lambda body: body["outputs"]["cases"].update(files={}),
        lambda body: body["outputs"]["cases"].update(body["outputs"]["findings"]),
        lambda body: body.update(run_id="0" * 16),
        lambda body: body.update(as_of="2026-11-30"),
        lambda body: body["config"]["matching"].update(review=0.9),
        lambda body: body["chain"].pop(),
        lambda body: body.update(chain=[]),
        lambda body: body.pop("content_sha256"),
        lambda body: body.update(content_sha256=None),
        lambda body: body.update(content_sha256=7),
        lambda body: body.update(more=1),
    ],
)
def test_a_delta_refuses_a_run_whose_account_was_edited(
    copied: Job, change: Callable[[dict[str, Any]], object]
) -> None:
    assert copied.since is not None
    edited(copied.since, change)
    with pytest.raises(RunDamaged, match=r"earlier/run\.json: not as the run wrote it"):
        run(copied)


def test_rows_out_with_the_hash_made_to_fit_are_refused_too(copied: Job) -> None:
    assert copied.since is not None
    file = file_of(copied.since, "cases")
    rows_out(file, file)
    made_to_fit = pl.read_parquet(file).height, str(file.relative_to(copied.since))
    edited(copied.since, lambda body: body["outputs"]["cases"].update(rows=made_to_fit[0]))
    with pytest.raises(RunDamaged, match="its content has the SHA-256"):
        run(copied)


def test_a_run_that_is_gone_or_cut_is_refused(copied: Job) -> None:
    assert copied.since is not None
    account = copied.since / "run.json"
    account.write_bytes(account.read_bytes()[:-100])
    with pytest.raises(RunDamaged, match=r"run\.json"):
        run(copied)
    account.unlink()  # half of a copy
    with pytest.raises(RunNotFound):
        run(copied)


def test_a_chain_of_three_is_followed_and_each_night_equals_a_full_run(
    nights: list[Job], tmp_path: Path
) -> None:
    last = open_run(nights[2].out)
    assert [(each.state, each.link.as_of) for each in follow(last)] == [
        ("equal", nights[1].as_of.isoformat()),
        ("equal", nights[0].as_of.isoformat()),
    ]
    full = run(replace(nights[2], out=tmp_path / "full", since=None)).outputs
    assert {name: table for name, table in last.manifest["outputs"].items() if name != "changes"} == full


def test_a_run_upon_a_damaged_one_of_before_is_still_built_and_verify_says_so(
    nights: list[Job], tmp_path: Path
) -> None:
    for job in nights:
        shutil.copytree(job.out, tmp_path / job.out.name)
    file = file_of(tmp_path / "night-0", "cases")
    rows_out(file, file)
    assert [each.state for each in follow(open_run(tmp_path / "night-2"))] == ["equal", "differs"]


def test_a_file_is_found_that_changes_between_two_looks(copied: Job) -> None:
    """Also while a delta is under way: each part is looked at before it is read."""
    assert copied.since is not None
    earlier = open_run(copied.since)
    carried = CarriedOver.select(earlier, [])
    file = file_of(copied.since, "cases")
    rows_out(file, file)
    with pytest.raises(RunDamaged, match="cases"):
        list(carried.parts("cases"))


def test_readers_do_not_answer_from_a_damaged_table(nights: list[Job], copied: Job) -> None:
    assert copied.since is not None
    for table, ask in READERS.items():
        earlier = open_run(copied.since)
        ask(earlier)
        file = file_of(copied.since, table)
        whole = file.read_bytes()
        rows_out(file, file)
        with pytest.raises(RunDamaged, match=table):
            ask(open_run(copied.since))
        with pytest.raises(RunDamaged, match=table):
            ask(earlier)
        file.write_bytes(whole)
        ask(earlier)


READERS: Mapping[str, Callable[[Run], object]] = {
    "cases": lambda run: find_case(run, "C001"),
    "hits": lambda run: screening_proof(run, "C200"),
    "relations": lambda run: screening_proof(run, "C200"),
    "judgements": lambda run: screening_proof(run, "C200"),
}


def test_whoever_reads_a_run_that_another_one_replaces_is_told(nights: list[Job], copied: Job) -> None:
    earlier = open_run(copied.out)
    shutil.rmtree(copied.out)
    shutil.copytree(nights[1].out, copied.out)
    with pytest.raises(RunDamaged, match="has taken its place"):
        earlier.table("cases")


def test_shards_upon_another_earlier_run_do_not_merge(nights: list[Job], copied: Job, tmp_path: Path) -> None:
    """The copy has the id of the run that the shard was made upon, and another content."""
    shard = replace(nights[2], out=tmp_path / "shard")
    make_shard(shard, Share(0, 1))
    assert copied.since is not None
    body = edited(copied.since, lambda body: body.update(timings={}))
    edited(copied.since, lambda body: body.update(content_sha256=content_hash(body)))
    assert body["run_id"] == open_run(nights[2].out).manifest["run_id"]
    with pytest.raises(InputsDiffer, match="other since"):
        merge([open_shard(tmp_path / "shard")], tmp_path / "merged", {"since": copied.since})
