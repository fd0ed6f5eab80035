"""Every command against every kind of damaged, absent or forbidden file: one message, an exit code, no traceback."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from desk.cli import main
from desk.store import Ledger
from pipelines.demo import demo_job, sample_folder
from pipelines.job.run import run

DAY = "2026-11-22"
SCREEN = "screen {sample}/customers.csv --store {store} --lists latest --as-of 2026-11-22"
TRACE = "trace C001 --ownership {sample}/ownership.csv --as-of 2026-11-22"


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def every_table(folder: Path, change: Callable[[Path], object]) -> None:
    tables = sorted(folder.rglob("*.parquet"))
    assert tables
    for table in tables:
        change(table)


def to_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def to_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("a file")


@dataclass(frozen=True)
class World:
    """A finished demo with a database, in which a test damages what it likes."""

    home: Path

    def words(self, command: str, file: Path | None = None) -> list[str]:
        places = {name: str(self.home / name) for name in ("run", "store", "desk.db", "new")}
        places["db"] = places.pop("desk.db")
        return [word.format(**places, sample=sample_folder(), file=file) for word in command.split()]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("finished")
    run(demo_job(home, date.fromisoformat(DAY)))
    Ledger(f"sqlite:///{home / 'desk.db'}").close()
    return home


@pytest.fixture
def world(finished: Path, tmp_path: Path) -> World:
    shutil.copytree(finished, tmp_path / "world")
    return World(tmp_path / "world")


def pairs(commands: tuple[str, ...], damages: Mapping[str, Callable[..., object]]) -> list[object]:
    """Return every command with two of the damages, so that each damage meets several commands: all of it is slow."""
    names = list(damages)
    return [
        pytest.param(command, damages[name], id=f"{command.split()[0]}-{name}")
        for number, command in enumerate(commands)
        for name in (names[number % len(names)], names[(number + 1) % len(names)])
    ]


def ends_with_one_message(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run a command here; what is no exit would be a traceback."""
    monkeypatch.setattr(sys, "argv", ["headwater", *words])
    with pytest.raises(SystemExit) as end:
        main()
    printed = capsys.readouterr()
    assert end.value.code in (1, 2), printed
    message = printed.out + printed.err
    assert message.count("error: ") <= 1
    assert "Traceback" not in message
    assert len(message) > 40, "it says what, where and what to do"


RUN_COMMANDS = (
    "explain C001 --run {run}",
    "certificate C001 --run {run}",
    "letter C001 --run {run} --provider P",
    "report C001 block --run {run} --on 2026-11-22",
    "thresholds --run {run}",
    "verify {run}",
    "doctor --run {run} --as-of 2026-11-22",
    SCREEN.replace("screen", "delta") + " --out {new} --since {run}",
)
RUN_DAMAGES: dict[str, Callable[[Path], object]] = {
    "run.json is cut": lambda run: cut(run / "run.json"),
    "run.json is an empty object": lambda run: (run / "run.json").write_text("{}"),
    "run.json is no text": lambda run: (run / "run.json").write_bytes(bytes(range(256))),
    "run.json is a folder": lambda run: to_folder(run / "run.json"),
    "tables are cut": lambda run: every_table(run, cut),
    "tables are folders": lambda run: every_table(run, to_folder),
    "the run is a file": to_file,
}
STORE_COMMANDS = (
    "match Huawei --store {store} --as-of 2026-11-22",
    f"{TRACE} --store {{store}}",
    "veu C001 --customers {sample}/customers.csv --store {store} --as-of 2026-11-22",
    "diff SDN SDN --store {store}",
    "doctor --store {store} --as-of 2026-11-22",
    f"{SCREEN} --out {{new}}",
)
STORE_DAMAGES: dict[str, Callable[[Path], object]] = {
    "manifests are cut": lambda store: list(map(cut, store.glob("*/*/manifest.json"))),
    "tables are cut": lambda store: every_table(store, cut),
    "tables are folders": lambda store: every_table(store, to_folder),
    "the store is a file": to_file,
}
FILE_COMMANDS = (
    f"{SCREEN} --out {{new}} --ownership {{file}}",
    SCREEN.replace("{sample}/customers.csv", "{file}") + " --out {new}",
    "config check {file}",
    "trace C001 --ownership {file}",
    "refresh --store {new} --from {file}",
    "decisions export {file} --out {new}",
    "verify --audit {file}",
    "certificate C001 --run {run} --desk {file}",
    "thresholds --run {run} --decisions {file}",
    "serve --run {run} --store {store} --add-user ann:admin --database {file}",
    "merge {file} --out {new}",
    "diff {file} {file}",
)


def written(content: bytes) -> Callable[[Path], object]:
    return lambda file: file.write_bytes(content)


FILES: dict[str, Callable[[Path], object]] = {
    "nothing but zeros": written(b"\0" * 100),
    "cut gzip": written(b"\x1f\x8bgarbage"),
    "cut Parquet": written(b"PAR1xxxxPAR1"),
    "a database's head": written(b"SQLite format 3\0garbage"),
    "a folder": lambda file: file.mkdir(),
    "a link to itself": lambda file: file.symlink_to(file),
}


def within(
    place: str, damages: Mapping[str, Callable[[Path], object]]
) -> dict[str, Callable[[Path], object]]:
    """The same damages, done to what has this name in a folder."""

    def to(damage: Callable[[Path], object]) -> Callable[[Path], object]:
        return lambda home: damage(home / place)

    return {name: to(damage) for name, damage in damages.items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "damage"),
    [
        *pairs(RUN_COMMANDS, within("run", RUN_DAMAGES)),
        *pairs(STORE_COMMANDS, within("store", STORE_DAMAGES)),
        *pairs(FILE_COMMANDS, within("file", FILES)),
    ],
)
def test_what_is_damaged_is_told(
    world: World,
    damage: Callable[[Path], object],
    command: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    damage(world.home)
    ends_with_one_message(world.words(command, world.home / "file"), capsys, monkeypatch)


OUT_COMMANDS = (
    f"{SCREEN} --out {{file}}",
    "demo --out {file} --as-of 2026-11-22",
    "refresh --store {file} --partial --published 2026-11-20 --from {sample}/lists",
    f"{TRACE} --svg {{file}}",
    "decisions export {db} --out {file}",
    "serve --run {run} --store {store} --add-user ann:admin --database {file}",
)
PLACES: dict[str, Callable[[Path], Path]] = {
    "below a file": lambda home: home / "desk.db" / "new",
    "where nobody may write": lambda home: Path("/proc/new"),
    "too long a name": lambda home: home / ("x" * 300),
}


@pytest.mark.slow
@pytest.mark.parametrize(("command", "place"), pairs(OUT_COMMANDS, PLACES))
def test_a_place_that_cannot_be_written(
    world: World,
    place: Callable[[Path], Path],
    command: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ends_with_one_message(world.words(command, place(world.home)), capsys, monkeypatch)
