"""The compilations of older versions are removed, those of this one stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import compiled_cache
from screening.compiled import FOLDER, cache_folders


def test_folders_of_other_versions_alone_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("compiled-old", "compiled-new", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "align.nbc").touch()
    folders = frozenset({str(tmp_path / "compiled-new"), str(tmp_path / "absent" / "compiled-new")})
    monkeypatch.setattr(compiled_cache, "cache_folders", lambda: folders)
    compiled_cache.remove_older_versions()
    assert {path.name for path in tmp_path.iterdir()} == {"compiled-new", "other"}
    assert (tmp_path / "compiled-new" / "align.nbc").exists()


def test_the_folders_are_those_in_which_numba_caches() -> None:
    import screening.matching.kernel  # noqa: F401  (declares compiled functions)

    assert cache_folders()
    assert all(Path(folder).name.startswith(FOLDER) for folder in cache_folders())
