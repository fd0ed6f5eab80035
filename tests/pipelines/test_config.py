"""Configuration: every error at once, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config import Config, load_config
from pipelines.errors import ConfigInvalid


def test_defaults_have_a_stable_hash() -> None:
    assert load_config(None).sha256 == Config().sha256


def test_every_error_is_reported_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "headwater.toml"
    path.write_text('lists = ["EL", "XX"]\n[matching]\nreview = 1.5\nalrt = 0.9\n', encoding="utf-8")
    with pytest.raises(ConfigInvalid) as caught:
        load_config(path)
    text = str(caught.value)
    assert "line 1: lists: Value error, unknown list XX" in text
    assert "line 3: matching.review" in text
    assert "line 4: matching.alrt: no such setting" in text


def test_broken_toml_and_missing_file_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "headwater.toml"
    with pytest.raises(ConfigInvalid, match="no such file"):
        load_config(path)
    path.write_text("lists = [", encoding="utf-8")
    with pytest.raises(ConfigInvalid, match="not valid TOML"):
        load_config(path)
