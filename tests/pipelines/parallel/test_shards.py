"""Shards: whatever the division, the merged run has the bytes of one machine's, and what does not fit is refused."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.demo import demo_job
from pipelines.errors import InputsDiffer, ShardsDiffer
from pipelines.job.config import Config
from pipelines.job.definition import Job
from pipelines.job.run import run
from pipelines.parallel import shards as sharding
from pipelines.parallel.shards import Shard, Share, make_shard, merge, open_shard
from pipelines.parallel.tasks import WorkUnit
from pipelines.run import open_run
from pipelines.run.folder import SHARD
from screening.book.screener import Screener
from screening.matching import NameIndex
from screening.policy import Rules

pytestmark = pytest.mark.slow  # runs of the sample data, divided in many ways

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The sample world in ranges of forty customers, with a licence and a letter from BIS."""
    folder = tmp_path_factory.mktemp("shards")
    job = replace(demo_job(folder, TODAY), chunk=40)
    (folder / "licences.csv").write_text("customer_id,licence_ref\nC035,D1\n", encoding="utf-8")
    (folder / "letters.csv").write_text(
        "list,name\nbis_letter,Kallang Vertex Instruments Pte. Ltd.\nbis_letter,Yerevan Optronics CJSC\n",
        encoding="utf-8",
    )
    return replace(
        job, files=replace(job.files, licences=folder / "licences.csv", watchlists=folder / "letters.csv")
    )


@pytest.fixture(scope="module")
def outputs(job: Job) -> Mapping[str, Any]:
    """What one machine writes, in one piece."""
    return run(replace(job, chunk=1_000)).outputs


def made(job: Job, folder: Path, count: int, names: Sequence[Shard] = ()) -> list[Shard]:
    stage = "rules" if names else "names"
    paths = [shard.path for shard in names]
    return [
        make_shard(replace(job, out=folder / f"{stage}-{number}"), Share(number, count), paths)
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def two(job: Job, tmp_path_factory: pytest.TempPathFactory) -> list[Shard]:
    return made(job, tmp_path_factory.mktemp("two"), 2)


@pytest.fixture
def no_comparing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where a name is compared, or an index of the lists is built."""

    def refuse(*_: object) -> None:
        pytest.fail("compared again")

    monkeypatch.setattr(Screener, "match_customers", refuse)
    monkeypatch.setattr(Screener, "match_entities", refuse)
    monkeypatch.setattr(NameIndex, "build", refuse)


@pytest.mark.parametrize(("count", "rules"), [(1, 0), (2, 3), (3, 0), (7, 2)])
def test_merged_bytes_are_those_of_one_machine(
    job: Job, outputs: Mapping[str, Any], tmp_path: Path, count: int, rules: int
) -> None:
    names = made(job, tmp_path, count)
    assessed = made(job, tmp_path, rules, names) if rules else []
    merged = merge([*reversed(names), *assessed], tmp_path / "run")
    assert merged.outputs == outputs
    assert merged.run_id == open_run(job.out).manifest["run_id"]


@pytest.fixture(scope="module")
def tonight(job: Job, tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A delta: last night's run, and a book of which some customers are gone and others renamed."""
    folder = tmp_path_factory.mktemp("tonight")
    run(replace(job, out=folder / "before", as_of=date(2026, 11, 21)))
    book = pl.read_csv(job.files.customers, infer_schema=False)
    name = pl.when(pl.int_range(pl.len()) % 7 == 0).then(pl.col("name").reverse()).otherwise("name")
    book.with_columns(name=name).gather_every(2).write_csv(folder / "customers.csv")
    files = replace(job.files, customers=folder / "customers.csv")
    # The other tables speak of those who are gone, too.
    limits = job.config.limits.model_copy(update={"max_values_ignored": 1.0})
    config = job.config.model_copy(update={"limits": limits})
    return replace(
        job, files=files, since=folder / "before", out=folder / "run", latest_lists=True, config=config
    )


@pytest.mark.parametrize(("count", "rules"), [(2, 0), (3, 2)])
def test_shards_of_a_delta_give_its_bytes(tonight: Job, tmp_path: Path, count: int, rules: int) -> None:
    whole = run(tonight)
    names = made(tonight, tmp_path, count)
    assessed = made(tonight, tmp_path, rules, names) if rules else []
    merged = merge([*names, *assessed], tmp_path / "run")
    assert merged.outputs == whole.outputs
    assert merged.outputs["changes"]["rows"]
    assert merged.since == whole.since
    assert tonight.since
    moved = {"since": shutil.copytree(tonight.since, tmp_path / "copy")}
    assert merge([*names, *assessed], tmp_path / "elsewhere", moved).outputs == whole.outputs


def test_shards_of_a_delta_fit_no_full_run(tonight: Job, tmp_path: Path) -> None:
    (delta,) = made(tonight, tmp_path / "delta", 1)
    other = replace(tonight, since=None)
    with pytest.raises(ShardsDiffer, match="different since"):
        merge([delta, *made(other, tmp_path / "full", 1)], tmp_path / "run")


@given(st.integers(0, 40), st.integers(1, 9))
def test_every_piece_belongs_to_one_share(pieces: int, count: int) -> None:
    todo = [WorkUnit(str(number), 1, pl.DataFrame) for number in range(pieces)]
    shared = [piece for number in range(count) for piece in Share(number, count).units(todo)]
    assert sorted(shared, key=lambda piece: int(piece.name)) == todo


@pytest.mark.usefixtures("no_comparing")
def test_what_shards_have_done_is_not_done_again(two: list[Shard], tmp_path: Path) -> None:
    merge(two, tmp_path / "run")


def test_a_shard_that_was_interrupted_goes_on(
    job: Job,
    outputs: Mapping[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    out = replace(job, out=tmp_path / "shard")
    with monkeypatch.context() as patched:
        patched.setattr(sharding, "_write_shard", lambda *rest: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            make_shard(out, Share(0, 1))
    request.getfixturevalue("no_comparing")
    shard = make_shard(out, Share(0, 1))
    assert [path.name for path in tmp_path.iterdir()] == ["shard"]
    assert merge([shard], tmp_path / "run").outputs == outputs


def test_missing_and_doubled_shards_are_refused(two: list[Shard], tmp_path: Path) -> None:
    for wrong, message in [
        (two[:1], "missing: 1"),
        ([*two, two[1]], "given twice: 1"),
        (two[1:], "missing: 0"),
    ]:
        with pytest.raises(ShardsDiffer, match=message):
            merge(wrong, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_shards_of_another_division_or_job_are_refused(job: Job, two: list[Shard], tmp_path: Path) -> None:
    (whole,) = made(job, tmp_path, 1)
    with pytest.raises(ShardsDiffer, match="some are out of 1, some out of 2"):
        merge([*two, whole], tmp_path / "run")
    stricter = replace(job, config=Config(rules=Rules(precautionary=("RF28",))))
    (other,) = made(stricter, tmp_path / "other", 1)
    with pytest.raises(ShardsDiffer, match="different config_sha256"):
        merge([two[0], other], tmp_path / "run")
    (day,) = made(replace(job, as_of=date(2026, 11, 21)), tmp_path / "day", 1)
    with pytest.raises(ShardsDiffer, match="different as_of"):
        merge([two[0], day], tmp_path / "run")


def test_inputs_that_changed_since_are_refused(job: Job, tmp_path: Path) -> None:
    book = tmp_path / "customers.csv"
    shutil.copyfile(job.files.customers, book)
    mine = replace(job, files=replace(job.files, customers=book))
    (shard,) = made(mine, tmp_path, 1)
    book.write_text(book.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(InputsDiffer, match="other files than what is here now"):
        merge([shard], tmp_path / "run")


def test_a_part_that_was_touched_is_refused(two: list[Shard], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(two[0].path, copy)
    part = next(copy.glob("names/*/hits.parquet"))
    part.write_bytes(part.read_bytes() + b"\0")
    with pytest.raises(ShardsDiffer, match="not as it was written"):
        merge([open_shard(copy), two[1]], tmp_path / "run")


def test_a_shard_json_that_was_edited_or_cut_is_refused(two: list[Shard], tmp_path: Path) -> None:
    for text in (b"", b"[]", b"{}", two[0].path.joinpath(SHARD).read_bytes().replace(b'"of": 2', b'"of": 1')):
        (tmp_path / SHARD).write_bytes(text)
        with pytest.raises(ShardsDiffer, match=r"shard\.json: not as it was written"):
            open_shard(tmp_path)


def test_a_share_is_read_or_refused() -> None:
    assert Share.parse("0/3") == Share(0, 3)
    for text in ("3/3", "1", "a/b", "-1/2", "0/0", "1/2/3"):
        with pytest.raises(ValueError, match="is no shard"):
            Share.parse(text)
