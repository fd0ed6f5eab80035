"""Comparing the files of a run with the hashes in its `run.json`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Literal

from pipelines.parallel.threads import run_threads
from pipelines.run.folder import Run, damaged
from pipelines.run.manifest import CONTENT

State = Literal["equal", "differs", "not looked at"]


def check_files(run: Run) -> int:
    """Hash every file of a run; returns how many there are. Raises RunDamaged with each that is not as written.

    A table that lies in the folder of another and was not written by the run is one of them: whoever reads all files of
    that folder would read it too.
    """
    files = run.files()
    looks = (partial(run.fault, *item) for item in sorted(files.items()))
    faults = [fault for fault in run_threads(looks, run.system) if fault]
    faults += [f"{name} was not written by it" for name in _strangers(run)]
    if faults:
        raise damaged(run, faults)
    return len(files)


def check_content(run: Run, wanted: str | None = None) -> tuple[State, str]:
    """Compare the content of `run.json` with its hash as kept elsewhere, where that is given: state, detail.

    That it has the hash it states itself was seen when the run was opened; versions before this one state none.
    """
    found = run.content_sha256
    if wanted and wanted.lower() != found:
        return "differs", f"the SHA-256 of its content is {found}, not {wanted}"
    if not wanted and CONTENT not in run.manifest:
        return (
            "not looked at",
            f"version {run.manifest['code_version']} stated no SHA-256 of its content; it is {found}",
        )
    return "equal", f"the SHA-256 of its content is {found}"


def _strangers(run: Run) -> Iterator[str]:
    """Yield the Parquet files in the folders of the run's tables that the run did not write."""
    written = run.files()
    for table in sorted(run.manifest["outputs"]):
        found = (run.path / table).rglob("*.parquet")
        names = sorted(path.relative_to(run.path).as_posix() for path in found)
        yield from (name for name in names if name not in written)
