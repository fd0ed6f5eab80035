"""A hash of the code that decides a result."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

PACKAGES = ("lists", "screening", "pipelines")
CODE = (".py", ".csv", ".toml")


@cache
def code_hash() -> str:
    """Return the SHA-256 over the sources and data tables of the packages, by their names.

    The sample data is left out: editing it does not make older runs those of another version.
    """
    digest = hashlib.sha256()
    for package in PACKAGES:
        home = Path(str(files(package)))
        for path in sorted(home.rglob("*")):
            name = path.relative_to(home.parent).as_posix()
            if path.suffix in CODE and not name.startswith("pipelines/sample/"):
                digest.update(f"{name}\0{path.stat().st_size}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
