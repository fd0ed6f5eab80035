"""The recipes of docs/operations: readable by what reads them, and every command in them is one that exists."""

from __future__ import annotations

import ast
import configparser
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from desk.cli import app

FOLDER = Path(__file__).parents[1] / "docs" / "operations"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".md")
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def texts(node: object) -> list[str]:
    """Every string in a tree of YAML."""
    if isinstance(node, dict):
        return [text for value in node.values() for text in texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in texts(value)]
    return [node] if isinstance(node, str) else []


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".sh"], ids=lambda path: path.name)
def test_scripts_parse(path: Path) -> None:
    assert path.stat().st_mode & 0o100, "may be run"
    subprocess.run(["bash", "-n", str(path)], check=True)


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.suffix == ".yaml"], ids=lambda path: path.name
)
def test_manifests_parse_and_name_scripts_that_exist(path: Path) -> None:
    documents = [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each]
    for kind in documents:
        assert "groups" in kind or {"apiVersion", "kind", "metadata", "spec"} <= set(kind)
    for script in re.findall(r"\./(\w+\.sh)", " ".join(texts(documents))):
        assert (FOLDER / script).is_file()


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.suffix in (".service", ".timer")], ids=lambda path: path.name
)
def test_units_parse(path: Path) -> None:
    unit = configparser.ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(path.read_text(encoding="utf-8"))
    assert "Unit" in unit
    if path.suffix == ".service":
        assert (FOLDER / Path(unit["Service"]["ExecStart"]).name).is_file()
        assert unit["Service"]["SuccessExitStatus"] == "10"


def test_the_crontab_has_five_fields_and_a_command() -> None:
    lines = (FOLDER / "headwater.cron").read_text(encoding="utf-8").splitlines()
    jobs = [line for line in lines if line and not line.startswith("#") and "=" not in line.split()[0]]
    assert jobs
    for job in jobs:
        assert re.match(r"^([\d*/,-]+\s+){5}\S", job)
        assert "%" not in job, "cron takes % for the end of a line"


def test_the_airflow_night_is_python() -> None:
    ast.parse((FOLDER / "airflow_night.py").read_text(encoding="utf-8"))


def commands(path: Path) -> list[list[str]]:
    """Every call of headwater in a file, its lines joined, up to what ends a command; and what two verbs share."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    calls = re.findall(r"(?<![\w/.-])headwater ([^|;&\n\"]+)", "\n".join(lines))
    shared = re.findall(r"(?:common|more)\+?=\(([^)]*)\)", text)
    verbs = ("screen", "delta") if "headwater --log-json delta" in text else ("screen",)
    calls += [f"{verb} {options}" for options in shared for verb in verbs]
    words = [shlex.split(call.replace("'", "")) for call in calls]
    return [[word for word in each if word != "--log-json"] for each in words]


CALLS = [(path.name, words) for path in FILES for words in commands(path)]


def test_there_are_commands() -> None:
    assert {name for name, _ in CALLS} >= {"night.sh", "shards.sh", "headwater.cron", "airflow_night.py"}


@pytest.mark.parametrize(("name", "words"), CALLS, ids=lambda value: str(value)[:40])
def test_every_verb_and_option_exists(name: str, words: list[str]) -> None:
    assert words[0] in COMMANDS, f"{name}: no verb {words[0]}"
    command = COMMANDS[words[0]]
    verb = getattr(command, "commands", {}).get("".join(words[1:2]), command)
    known = {option for parameter in verb.params for option in parameter.opts}
    assert {word for word in words[1:] if word.startswith("--")} <= known
