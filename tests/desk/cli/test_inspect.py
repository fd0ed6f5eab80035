"""`headwater inspect` and `--encoding` as their users type them."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from desk.cli import app, inspect, options, output
from pipelines.job.config import load_config

RUSSIAN = "customer_id,name\n1,Алексей\n".encode("cp1251")
SAP = b"KUNNR,NAME1,NAME2,LAND1\n1,Krayinvest,bank,Chine Populaire\n"


def run(*words: str | Path) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_program_reads_one_object(tmp_path: Path) -> None:
    (tmp_path / "kna1.csv").write_bytes(SAP)
    result = orjson.loads(run("inspect", tmp_path / "kna1.csv"))
    assert result["columns"]["name"] == ["NAME1", "NAME2"]
    assert result["ignored"][0]["examples"] == ["Chine Populaire"]
    assert result["form"]["encoding"] == "utf-8"


def test_the_mapping_alone_is_a_configuration(tmp_path: Path) -> None:
    (tmp_path / "kna1.csv").write_bytes(SAP)
    (tmp_path / "c.toml").write_text(run("inspect", tmp_path / "kna1.csv", "--toml"), encoding="utf-8")
    assert load_config(tmp_path / "c.toml").columns.customers["name"] == ("NAME1", "NAME2")


def test_a_person_reads_tables_without_control_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "is_terminal", lambda: True)
    hostile = "customer_id,name,country,\x1b]0;x\x07\n1,A,\x1b[2Jland,\n2,\u202eB,FR,\n2,C,FR,\n"
    (tmp_path / "b\x1b[31m.csv").write_text(hostile, encoding="utf-8")
    other = tmp_path / "other.csv"
    other.write_text("customer_id,name\n7,A\n", encoding="utf-8")
    inspect.inspect(tmp_path / "b\x1b[31m.csv", other=other)
    shown = capsys.readouterr()
    assert "2 of 3 rows can be used" in shown.out
    assert "land" in shown.out
    assert "no key of the one file stands in the other" in " ".join(shown.err.split())
    for text in (shown.out, shown.err):
        assert not [letter for letter in text if not letter.isprintable() and letter != "\n"]


def test_an_encoding_is_named_or_refused(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(RUSSIAN)
    result = orjson.loads(run("inspect", tmp_path / "b.csv", "--encoding", "cp1251", "--kind", "customers"))
    assert result["form"]["encoding_shown_by"] == "you name it"
    for words in (["--encoding", "utf-99"], ["--encoding", "base64"], ["--kind", "clients"]):
        done = CliRunner().invoke(app, ["inspect", str(tmp_path / "b.csv"), *words])
        assert done.exit_code == 2


def test_the_option_goes_before_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(
        '[encoding]\ncustomers = "cp1252"\nownership = "cp1250"\n', encoding="utf-8"
    )
    chosen = options.settings(tmp_path / "c.toml", ["cp1251", "transactions=gb18030"])
    assert chosen.encoding == {"customers": "cp1251", "ownership": "cp1250", "transactions": "gb18030"}
    assert options.settings(None, None) == load_config(None)
    (tmp_path / "d.toml").write_text('[encoding]\ncustomers = "cp1251"\n', encoding="utf-8")
    assert options.settings(None, ["cp1251"]).sha256 == load_config(tmp_path / "d.toml").sha256


@pytest.mark.parametrize("verb", ["screen", "delta", "verify", "trace"])
def test_verbs_that_read_files_take_an_encoding(verb: str) -> None:
    done = CliRunner().invoke(app, [verb, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert "--encoding" in done.output
