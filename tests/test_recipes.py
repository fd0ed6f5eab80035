"""The recipes of docs/operations: readable by what reads them, and every command in them is one that exists."""

from __future__ import annotations

import configparser
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
import yaml

from desk.cli import app

FOLDER = Path(__file__).parents[1] / "docs" / "operations"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".md")
SCRIPTS, MANIFESTS, UNITS = (
    [path for path in FILES if path.suffix in suffixes]
    for suffixes in ((".sh",), (".yaml",), (".service", ".timer"))
)

COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def texts(node: object) -> list[str]:
    """Every string in a tree of YAML."""
    if isinstance(node, dict):
        return [text for value in node.values() for text in texts(value)]
    if isinstance(node, list):
        return [text for value in node for text in texts(value)]
    return [node] if isinstance(node, str) else []


def test_every_kind_of_recipe_is_there() -> None:
    """So that no test below runs over nothing."""
    assert len(SCRIPTS) >= 3
    assert len(MANIFESTS) >= 3
    assert len(UNITS) == 2


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_parse(path: Path) -> None:
    assert path.stat().st_mode & 0o100, "may be run"
    subprocess.run(["bash", "-n", str(path)], check=True)


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_manifests_parse_and_name_scripts_that_exist(path: Path) -> None:
    documents = [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each]
    assert documents
    for kind in documents:
        assert "groups" in kind or {"apiVersion", "kind", "metadata", "spec"} <= set(kind)
    for script in re.findall(r"\./(\w+\.sh)", " ".join(texts(documents))):
        assert (FOLDER / script).is_file()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
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


def test_the_airflow_night_is_one_of_steps_that_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read with stand-ins for Airflow, which is no dependency of ours."""
    asked: dict[str, list[str]] = {}

    class Operator:
        def __init__(self, task_id: str, bash_command: str = "", retries: int = 2) -> None:
            asked.setdefault(task_id, []).append(bash_command)
            self.task_id = task_id

        @classmethod
        def partial(cls, task_id: str) -> Operator:
            return cls(task_id)

        def expand(self, bash_command: list[str]) -> Operator:
            asked[self.task_id] = bash_command
            return self

        def __rshift__(self, other: Operator) -> Operator:
            return other

    def dag(**_: object) -> Callable[[Callable[[], None]], Callable[[], None]]:
        return lambda night: night

    bash, sdk = ModuleType("bash"), ModuleType("sdk")
    bash.BashOperator, sdk.dag = Operator, dag  # type: ignore[attr-defined]
    for name in (
        "airflow",
        "airflow.providers",
        "airflow.providers.standard",
        "airflow.providers.standard.operators",
    ):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "airflow.providers.standard.operators.bash", bash)
    monkeypatch.setitem(sys.modules, "airflow.sdk", sdk)
    runpy.run_path(str(FOLDER / "airflow_night.py"))
    assert list(asked) == ["start", "names", "merge", "doctor"]
    steps = {line for lines in asked.values() for line in lines if "shards.sh" in line}
    assert {line.split()[2] for line in steps} == {"start", "names", "merge"}
    assert sorted(asked["names"])[0].endswith("0 4")


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


def calls(folder: Path, script: str, *words: str, **env: str) -> list[list[str]]:
    """Return the calls of headwater that a script makes in a folder; a stand-in for headwater records them."""
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "calls").unlink(missing_ok=True)
    stand_in = folder / "bin" / "headwater"
    stand_in.write_text('#!/bin/sh\nprintf "%s\\t" "$@" >> calls; echo >> calls\n', encoding="utf-8")
    stand_in.chmod(0o755)
    home = {"HEADWATER_HOME": str(folder), "PATH": f"{folder / 'bin'}:/usr/bin:/bin"}
    subprocess.run(["bash", str(FOLDER / script), *words], check=True, env={**home, **env})
    lines = (folder / "calls").read_text(encoding="utf-8").splitlines()
    return [[word for word in line.split("\t")[:-1] if word != "--log-json"] for line in lines]


def parsed(words: list[str]) -> dict[str, Any]:
    """Read a command line as headwater does, without doing it."""
    command = COMMANDS[words[0]]
    if hasattr(command, "commands"):
        command, words = command.commands[words[1]], words[1:]
    return dict(command.make_context(words[0], words[1:]).params)


STEPS: dict[str, list[tuple[str, ...]]] = {
    "night.sh": [()],
    "shards.sh": [("start",), ("names", "1", "2"), ("rules", "0", "3"), ("merge",)],
}


@pytest.mark.parametrize("script", STEPS)
@pytest.mark.parametrize("later", [False, True], ids=["first night", "later night"])
def test_headwater_understands_the_calls_of_the_scripts(tmp_path: Path, script: str, later: bool) -> None:
    (tmp_path / "input").mkdir()
    if later:
        for file in ("run/run.json", "desk.db", "input/reviewed.parquet", "input/renames.csv"):
            (tmp_path / file).parent.mkdir(exist_ok=True)
            (tmp_path / file).touch()
    day = "2026-11-22"
    for number in range(2):
        (tmp_path / "shards" / day / f"names-{number}").mkdir(parents=True)
    asked = [words for step in STEPS[script] for words in calls(tmp_path, script, *step, AS_OF=day)]
    parameters = [(words[0], parsed(words)) for words in asked]
    screening = [given for verb, given in parameters if verb == ("delta" if later else "screen")]
    assert len(screening) == (1 if script == "night.sh" else 2)
    assert [verb for verb, _ in parameters][:2] == ["refresh", "decisions" if later else "screen"]
    for given in screening:
        assert (given["suppressions"] is not None) == (given["renames"] is not None) == later
        assert given.get("since") == (Path("run") if later else None)
    if script == "shards.sh":
        assert [given["shard"] for given in screening] == ["1/2", "0/3"]
        assert [len(given["names"] or ()) for given in screening] == [0, 2]
        (merging,) = [given for verb, given in parameters if verb == "merge"]
        assert len(merging["shards"]) == 2
        assert not (tmp_path / "shards" / day).exists(), "taken over"


def test_every_container_is_given_the_day() -> None:
    """A step that finds no day refuses to guess one."""
    text = (FOLDER / "kubernetes-shards.yaml").read_text(encoding="utf-8")
    jobs = list(yaml.safe_load_all(text))
    assert jobs
    for job in jobs:
        (container,) = job["spec"]["template"]["spec"]["containers"]
        assert {"name": "AS_OF", "value": "2026-11-22"} in container["env"]


CALLS = [(path.name, words) for path in FILES for words in commands(path)]


def test_there_are_commands() -> None:
    assert {name for name, _ in CALLS} >= {"night.sh", "shards.sh", "headwater.cron", "airflow_night.py"}


@pytest.mark.parametrize(("name", "words"), CALLS, ids=lambda value: str(value)[:40])
def test_every_verb_and_option_exists(name: str, words: list[str]) -> None:
    assert words[0] in COMMANDS, f"{name}: no verb {words[0]}"
    command = COMMANDS[words[0]]
    verb = getattr(command, "commands", {}).get("".join(words[1:2]), command)
    options = {option for parameter in verb.params for option in parameter.opts}
    assert {word for word in words[1:] if word.startswith("--")} <= options
