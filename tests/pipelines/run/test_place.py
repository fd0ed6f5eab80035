"""A job replaces a run, and never deletes anything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import OutputOccupied, StagingDamaged
from pipelines.run.folder import MANIFEST, READY, move_in, prepare_output
from pipelines.run.manifest import Basis, Manifest
from pipelines.run.place import real_place
from pipelines.run.staging import KEY, Staging


def made_run(out: Path) -> Path:
    """Make a run folder with one file of one table."""
    basis = Basis(
        as_of="2026-11-22", lists_mode="as-of", code_version="0", code_sha256="k", config_sha256="c", files=(),
        lists=(), rules=(),
    )  # fmt: skip
    files = {"cases/run_date=2026-11-22/part-00000.parquet": "0" * 64}
    (out / "cases/run_date=2026-11-22").mkdir(parents=True)
    (out / "cases/run_date=2026-11-22/part-00000.parquet").write_bytes(b"rows")
    (out / MANIFEST).write_bytes(Manifest(basis, outputs={"cases": {"rows": 1, "files": files}}).to_json())
    return out


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


CHANGES: dict[str, Callable[[Path], object]] = {
    "a database": lambda out: (out / "desk.db").write_bytes(b"decisions"),
    "a file among those of a table": lambda out: (out / "cases/run_date=2026-11-22/mine.csv").write_bytes(
        b"x"
    ),
    "a link to a folder": lambda out: (out / "elsewhere").symlink_to(out.parent),
    "a cut account": lambda out: cut(out / MANIFEST),
    "an account of nothing": lambda out: (out / MANIFEST).write_text("{}"),
    "an account that is no object": lambda out: (out / MANIFEST).write_text("[1]"),
    "an account that names files elsewhere": lambda out: (out / MANIFEST).write_text(
        '{"run_id": "", "as_of": "", "code_sha256": "", "code_version": "",'
        ' "outputs": {"x": {"files": {"../../x": ""}}}}'
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_a_run_did_not_write_is_never_deleted(tmp_path: Path, change: Callable[[Path], object]) -> None:
    out = made_run(tmp_path / "run")
    prepare_output(out)
    change(out)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OutputOccupied, match=r"Move it, or name a new or empty folder"):
        prepare_output(out)
    assert sorted(tmp_path.rglob("*")) == before


def test_nor_what_comes_while_the_job_works(tmp_path: Path) -> None:
    out = made_run(tmp_path / "run")
    staging = Staging.open(out, "key")
    made_run(staging.root / READY)
    (out / "desk.db").write_bytes(b"decisions")
    with pytest.raises(OutputOccupied, match=r"desk\.db"):
        move_in(staging, READY, out)
    assert (out / "desk.db").read_bytes() == b"decisions"
    (out / "desk.db").unlink()
    move_in(staging, READY, out)
    assert not staging.root.exists()


@pytest.mark.parametrize("target_is_there", [True, False])
def test_a_run_goes_to_the_folder_behind_a_link(tmp_path: Path, target_is_there: bool) -> None:
    link, target = tmp_path / "link", tmp_path / "disk" / "run"
    target.parent.mkdir()
    link.symlink_to(target)
    if target_is_there:
        made_run(target)
    assert real_place(link) == target.resolve()
    staging = Staging.open(real_place(link), "key")
    (made_run(staging.root / READY) / "new").write_bytes(b"")
    move_in(staging, READY, link)
    assert link.is_symlink()
    assert (target / "new").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["disk", "link"]
    assert [path.name for path in target.parent.iterdir()] == ["run"]


@pytest.mark.parametrize("kind", ["file", "loop"])
def test_what_is_no_folder_is_refused(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "run"
    if kind == "file":
        out.write_text("mine")
    else:
        out.symlink_to(out)
    with pytest.raises(OutputOccupied, match="is no folder"):
        prepare_output(out)


def test_a_damaged_part_of_an_earlier_start_is_told(tmp_path: Path) -> None:
    staging = Staging.open(tmp_path / "run", "key")
    (staging.root / "names").mkdir()
    (staging.root / "names/hits.parquet").write_bytes(b"PAR1 cut")
    with pytest.raises(StagingDamaged, match=r"hits\.parquet.*Remove the folder"):
        staging.part("names").table("hits")
    with pytest.raises(StagingDamaged):
        staging.part("names").table("absent")
    (staging.root / KEY).write_bytes(b"\xff")
    Staging.open(tmp_path / "run", "key")  # a damaged key is that of another job
    assert not staging.is_finished("names")
