"""`headwater serve`: what it refuses, and the users it makes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from desk.store import Ledger, people

pytestmark = pytest.mark.slow  # servers

HEADWATER = [sys.executable, "-c", "from desk.cli import main; main()"]


def headwater(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*HEADWATER, *map(str, words)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("serve", "--demo", "--host", "0.0.0.0"), "--behind-tls"),
        (("serve", "--demo", "--host", "everywhere"), "no address"),
        (("serve",), "--demo"),
        (("serve", "--run", ".", "--store", ".", "--activity", __file__), "--customers"),
    ],
)
def test_bad_usage(words: tuple[str, ...], message: str) -> None:
    done = headwater(*words)
    assert done.returncode == 2
    assert message in done.stderr


def test_user_is_made_with_a_password_shown_once(tmp_path: Path) -> None:
    database = tmp_path / "desk.db"
    words = (
        "serve",
        "--run",
        tmp_path,
        "--store",
        tmp_path,
        "--database",
        database,
        "--add-user",
        "ann:analyst",
    )
    shown = orjson.loads(headwater(*words).stdout)
    ledger = Ledger(f"sqlite:///{database}")
    with ledger.read() as session:
        user = people.check_password(session, "ann", shown["password"])
    ledger.close()
    assert user is not None
    assert user.role == "analyst"
    again = headwater(*words)
    assert again.returncode == 1
    assert "exists" in again.stderr


def test_audit_log_is_verified_from_the_command_line(tmp_path: Path) -> None:
    database = tmp_path / "desk.db"
    headwater(
        "serve", "--run", tmp_path, "--store", tmp_path, "--database", database, "--add-user", "ann:analyst"
    )
    sound = headwater("verify", "--audit", database)
    assert sound.returncode == 0
    verdict = orjson.loads(sound.stdout)
    assert (verdict["state"], verdict["events"]) == ("sound", 1)
    assert headwater("verify", "--audit", database, "--head", verdict["head"]).returncode == 0
    assert headwater("verify", "--audit", database, "--head", "f" * 64).returncode == 1
    absent = headwater("verify", "--audit", tmp_path / "none.db")
    assert absent.returncode == 1
    assert "no decision store" in absent.stderr
    assert headwater("verify").returncode == 2
