"""Comparing the files of a run with the hashes in its `run.json`."""

from __future__ import annotations

from pipelines.errors import RunDamaged
from pipelines.hashing import file_hash
from pipelines.run.folder import Run


def check_files(run: Run) -> int:
    """Hash every file of a run; returns how many there are. Raises RunDamaged naming those that are not as written."""
    files = {
        name: sha256 for table in run.manifest["outputs"].values() for name, sha256 in table["files"].items()
    }
    wrong = sorted(
        name
        for name, sha256 in files.items()
        if not (run.path / name).is_file() or file_hash(run.path / name, run.system) != sha256
    )
    if wrong:
        raise RunDamaged(f"{run.path}: not as the run wrote it: {', '.join(wrong)}. Run the screening again.")
    return len(files)
