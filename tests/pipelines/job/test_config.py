"""Configuration: every error at once, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import ConfigInvalid
from pipelines.job.config import Config, load_config
from pipelines.job.config_lines import setting_lines


def test_defaults_have_a_stable_hash() -> None:
    assert load_config(None).sha256 == Config().sha256


def test_every_error_is_reported_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "headwater.toml"
    path.write_text('lists = ["EL", "XX"]\n[matching]\nreview = 1.5\nalrt = 0.9\n', encoding="utf-8")
    with pytest.raises(ConfigInvalid) as raised:
        load_config(path)
    text = str(raised.value)
    assert "headwater.toml:1: lists: unknown list XX" in text
    assert "headwater.toml:3: matching.review" in text
    assert "headwater.toml:4: matching.alrt: no such setting" in text


def test_broken_toml_and_a_missing_file_have_their_own_errors(tmp_path: Path) -> None:
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
    with pytest.raises(ConfigInvalid) as raised:
        load_config(path)
    assert "no such rule: RF99" in str(raised.value)
    assert "matching.alert" in str(raised.value)


def test_an_unknown_precautionary_rule_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "headwater.toml"
    path.write_text('[rules]\nprecautionary = ["RF28", "RF00"]\n', encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=r"headwater.toml:2: .*no such rule: RF00"):
        load_config(path)


def test_the_second_of_two_overrides_and_what_it_lacks_have_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "headwater.toml"
    broken = (
        OVERRIDE.format(rule="RF29").replace('person = "A. Officer"\n', "").replace("2026-11-10", '"soon"')
    )
    path.write_text("# first\n" + OVERRIDE.format(rule="BIS_AFFILIATES") + broken, encoding="utf-8")
    with pytest.raises(ConfigInvalid) as raised:
        load_config(path)
    assert [problem.split(": ")[:2] for problem in raised.value.problems] == [
        ["headwater.toml:14", "rules.overrides.1.effective_from"],
        ["headwater.toml:11", "rules.overrides.1.person"],
    ]


def test_columns_defaults_and_bands_are_checked_before_any_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "headwater.toml"
    path.write_text(
        '[columns.customers]\nnome = "x"\n[defaults.activity]\nkid = "y"\n[matching]\nreview = 0.9\nalert = 0.5\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigInvalid) as raised:
        load_config(path)
    text = str(raised.value)
    assert "headwater.toml:1: columns.customers: customers has no column nome" in text
    assert "activity has no column kid" in text
    assert "headwater.toml:5: matching: review (0.9) must not be above alert (0.5)" in text


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ("a = 1\nb.c = 2", ("b", "c"), 2),
        ('["x y".z]\n"k.k" = 1', ("x y", "z", "k.k"), 2),
        ("# [no]\n[t] # note\n\n  k = [\n1]", ("t", "k"), 4),
        ("[[l]]\nk=1\n[[l]]\n\nk=2", ("l", 1, "k"), 5),
        ("x = '= [odd]'", ("x",), 1),
    ],
)
def test_every_setting_has_its_line(text: str, place: tuple[str | int, ...], line: int) -> None:
    assert setting_lines(text)[place] == line


def test_the_sample_is_whole_and_usable(root: Path) -> None:
    """Every setting is in it, set or as a comment."""
    path = root / "docs" / "operations" / "headwater.toml"
    config = load_config(path)
    assert config.rules.periods[0].rule_id == "BIS_AFFILIATES"
    text = path.read_text(encoding="utf-8")
    for name, field in Config.model_fields.items():
        inside = getattr(field.annotation, "model_fields", {})
        assert f"[{name}" in text or f"\n{name} = " in text, name
        for setting in inside:
            assert f"\n{setting} = " in text or f"# {setting} = " in text or f"[{name}.{setting}" in text, (
                setting
            )
