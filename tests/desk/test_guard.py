"""The four package names must be ours, wherever the command is started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desk import guard


def test_our_own_packages_pass() -> None:
    guard.ensure_own_packages()


def test_a_shadowing_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "__init__.py").write_text("")
    code = "import lists; from desk.guard import ensure_own_packages; ensure_own_packages()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "lists is loaded from" in done.stderr


def test_a_second_claimant_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "packages_distributions", lambda: {"lists": ["headwater", "lists"]})
    assert guard.claimants()["lists"] == ["headwater", "lists"]
