"""The file of a decision store: private, never made by a reader, and told apart from other files."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.store import Ledger
from desk.store.errors import SchemaUnknown


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_only_the_owner_reads_the_database_and_what_stands_beside_it(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'desk.db'}")
    with ledger.read():
        assert {path.name: mode(path) for path in tmp_path.iterdir()}.keys() >= {"desk.db"}
        assert {mode(path) for path in tmp_path.iterdir()} == {0o600}
    ledger.close()


def test_a_database_that_everybody_could_read_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    Ledger(f"sqlite:///{path}").close()
    path.chmod(0o644)
    Ledger(f"sqlite:///{path}", create=False).close()
    assert mode(path) == 0o600


def test_whoever_only_reads_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(SchemaUnknown, match="no decision store"):
        Ledger(f"sqlite:///{tmp_path / 'nosuch.db'}", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("create", [True, False])
def test_another_file_is_no_decision_store(tmp_path: Path, create: bool) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir, " * 100)
    with pytest.raises(SchemaUnknown, match="cannot be opened as a decision store"):
        Ledger(f"sqlite:///{path}", create=create)
    assert path.read_text().startswith("Dear Sir")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SchemaUnknown, match="cannot be written there"):
        Ledger(f"sqlite:///{tmp_path / 'nowhere' / 'desk.db'}")


def test_what_is_no_file_keeps_its_rights(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o755)
    with pytest.raises(SchemaUnknown):
        Ledger(f"sqlite:///{folder}", create=False)
    assert mode(folder) == 0o755
