"""The end of a run on a terminal: one line on the inputs while all is well, a table where something is lost."""

from __future__ import annotations

from io import StringIO
from typing import Any

from rich.console import Console

from desk.cli.inputs import print_inputs

CUSTOMERS: dict[str, Any] = {
    "table": "customers", "file": "customers.csv", "rows": 1300, "rows_set_aside": 0, "values_ignored": [],
    "joined": None,
}  # fmt: skip
EDGES = {**CUSTOMERS, "file": "edges.csv", "joined": {"rows": 209, "customers": 160, "through": None}}
ABOVE = {**EDGES, "file": "above.csv", "joined": {"rows": 0, "customers": 0, "through": "edges.csv"}}


def printed(*files: dict[str, Any]) -> str:
    screen = Console(file=StringIO(), width=120, markup=False)
    print_inputs(screen, {"files": files, "lists_not_loaded": [{"list": "EU"}, {"list": "UK"}]})
    assert isinstance(screen.file, StringIO)
    return screen.file.getvalue()


def test_a_line_while_all_is_well() -> None:
    assert " ".join(printed(CUSTOMERS, EDGES, ABOVE).split()) == (
        "Read, with nothing set aside or ignored: customers.csv 1,300; edges.csv 1,300 (209 of customers); "
        "above.csv 1,300 (by way of edges.csv). Lists not screened: EU, UK (run.json says why)."
    )


def test_a_table_where_something_is_lost() -> None:
    lost = {"column": "country", "values": 35, "filled": 300}
    text = printed({**CUSTOMERS, "rows_set_aside": 2, "values_ignored": [lost]}, EDGES)
    assert "country 35 of 300" in text
    assert "209 of customers" not in text, "the head of the column says of whom"
    assert "│ 209 " in text


def test_names_of_files_steer_no_terminal() -> None:
    assert "\x1b" not in printed({**CUSTOMERS, "file": "a\x1b[2Jb.csv"})
    assert "\x1b" not in printed({**CUSTOMERS, "file": "a\x1b[2Jb.csv", "rows_set_aside": 1})
