"""What a terminal would obey never reaches one: neither as a table, nor in JSON lines that a pipe shows."""

from __future__ import annotations

import json
import re

import pytest

from desk.cli.output import as_json, emit, safe, table

NAME = "Hua\x1b[31mwei \x9b1m \u202eLtd \U000e0041 \x7f é 华"


def test_a_table_shows_no_control_character(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    Console(width=80, markup=False).print(table([{"name": NAME}], ("name",)))
    shown = capsys.readouterr().out
    assert "\x1b[31m" not in shown and not re.search("[\x7f-\x9f\u202e\U000e0041]", shown)
    assert safe(NAME).isprintable()


def test_json_lines_hold_escapes_and_read_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    emit([{"name": NAME}], ())
    (line,) = capsys.readouterr().out.splitlines()
    assert line.isprintable() and "é 华" in line
    assert json.loads(line) == {"name": NAME}


def test_json_of_several_lines_keeps_them() -> None:
    import orjson

    written = as_json({"a": NAME, "b": 1}, orjson.OPT_INDENT_2)
    assert written.count("\n") == 3
    assert json.loads(written) == {"a": NAME, "b": 1}
