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


OVERRIDE = """
[[rules.overrides]]
rule_id = "{rule}"
status = "suspended"
effective_from = 2026-11-10
citation = "91 FR 99999"
person = "A. Officer"
recorded_on = 2026-11-12
"""


def test_an_override_names_citation_person_and_day(tmp_path: Path) -> None:
    path = tmp_path / "headwater.toml"
    path.write_text(OVERRIDE.format(rule="BIS_AFFILIATES"), encoding="utf-8")
    config = load_config(path)
    (period,) = config.rules.periods
    assert (period.rule_id, period.person, period.effective_to) == ("BIS_AFFILIATES", "A. Officer", None)
    assert config.sha256 != Config().sha256, "an override is part of what decides the result"
    path.write_text(OVERRIDE.format(rule="RF99") + "[matching]\nalert = 2\n", encoding="utf-8")
    with pytest.raises(ConfigInvalid) as caught:
        load_config(path)
    assert "no such rule: RF99" in str(caught.value)
    assert "matching.alert" in str(caught.value)


def test_an_unknown_precautionary_rule_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "headwater.toml"
    path.write_text('[rules]\nprecautionary = ["RF28", "RF00"]\n', encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=r"line 2: .*no such rule: RF00"):
        load_config(path)
