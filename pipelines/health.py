"""Health of a run's folder: is the run whole and recent, is there room for the next, is a failed job left over?"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from pipelines.errors import RunDamaged, RunNotFound
from pipelines.run import Run, open_run
from pipelines.run.folder import MANIFEST

State = Literal["ok", "note", "stale", "failed"]
ROOM = 3
"""How many times the size of a run must be free: the old one stays until the new one and its parts are whole."""
LEFT_OVER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, its result, and where that is not good what to do."""

    check: str
    state: State
    detail: str


def run_checks(path: Path, now: datetime, max_age: timedelta) -> list[Check]:
    """Check a run and the folder it lies in; `now` with its time zone."""
    place = [*_permissions(path.parent), *_left_over(path, now)]
    try:
        run = open_run(path)
    except (RunNotFound, RunDamaged) as error:
        return [Check("run", "failed", str(error)), *place]
    return [_age(run, now, max_age), _whole(run), *_counts(run), _room(run), *_permissions(path), *place]


def _age(run: Run, now: datetime, max_age: timedelta) -> Check:
    """Check the age of the last good run, which is that of its `run.json`."""
    ended = datetime.fromtimestamp((run.path / MANIFEST).stat().st_mtime, UTC)
    hours = (now - ended).total_seconds() / 3600
    detail = f"as of {run.manifest['as_of']}, written {hours:.1f} hours ago"
    if now - ended <= max_age:
        return Check("run", "ok", detail)
    limit = max_age.total_seconds() / 3600
    return Check("run", "failed", f"{detail}, more than {limit:.0f} hours: see the log of the nightly job")


def _whole(run: Run) -> Check:
    gone = [
        file
        for table in run.manifest["outputs"].values()
        for file in table["files"]
        if not (run.path / file).is_file()
    ]
    if gone:
        return Check(
            "run files", "failed", f"missing: {', '.join(sorted(gone)[:5])}; run the screening again"
        )
    return Check("run files", "ok", "all there; headwater verify compares their hashes")


def _counts(run: Run) -> Iterator[Check]:
    counts = run.manifest["counts"]
    if counts["rows_set_aside"]:
        detail = f"{counts['rows_set_aside']} input rows could not be used: see the table problems"
        yield Check("input rows", "note", detail)
    for warning in run.manifest["warnings"]:
        yield Check("run warning", "note", warning)


def _room(run: Run) -> Check:
    size = sum(path.stat().st_size for path in run.path.rglob("*") if path.is_file())
    free = shutil.disk_usage(run.path).free
    detail = f"{free / 1e9:.1f} GB free, the run takes {size / 1e9:.3f} GB"
    if free < ROOM * size:
        return Check("disk", "failed", f"{detail}; the next run needs {ROOM} times as much: make room")
    return Check("disk", "ok", detail)


def _left_over(path: Path, now: datetime) -> Iterator[Check]:
    """Check for a staging folder: untouched for a day, it belongs to a job that failed and was not started again."""
    staging = path.parent / f".{path.name}.staging"
    if not staging.is_dir():
        return
    touched = datetime.fromtimestamp(
        max(each.stat().st_mtime for each in [staging, *staging.rglob("*")]), UTC
    )
    if now - touched > LEFT_OVER:
        detail = f"{staging}: parts of a job that did not end, last touched {touched:%Y-%m-%d %H:%M} UTC"
        yield Check("staging", "failed", f"{detail}; start it again, or remove the folder")
    else:
        yield Check("staging", "note", f"{staging}: a job is under way, or failed today")


def _permissions(folder: Path) -> Iterator[Check]:
    if not folder.is_dir():
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Check("permissions", "failed", f"{folder}: not ours to read and write; run as its owner")
    if folder.stat().st_mode & stat.S_IWOTH and not folder.stat().st_mode & stat.S_ISVTX:
        yield Check("permissions", "failed", f"{folder}: anybody may write here: chmod o-w")
