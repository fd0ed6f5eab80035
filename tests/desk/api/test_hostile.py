"""People who try to get in, or to break out: paths, sessions, tokens, names that are more than names, exports."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import orjson
import polars as pl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from desk.api import Settings
from desk.api.desk import Desk
from desk.store import people
from pipelines.inputs.book import BookFiles
from tests.desk.api.conftest import PASSWORD
from tests.desk.conftest import NOW

Client = Callable[[str | None], TestClient]
EVIL = "=cmd|' /C calc'!A0</text><script>alert(1)</script>]]>&\"'"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py", "/static/%2e%2e/%2e%2e/api/app.py", "/static/..%2f..%2fstore/tables.py",
        "/static//etc/passwd",
        "/entities/..%2f..%2fetc%2fpasswd/graph", "/lists/parties/..%2f..%2frun.json", "/cases/..%2f..%2fdesk.db",
        "/lists/diff?before=../../etc&after=/etc/passwd", "/desk/lists/changes?before=..%2f&after=..",
    ],
)  # fmt: skip
def test_paths_lead_nowhere(as_role: Client, path: str) -> None:
    answer = as_role("admin").get(path)
    assert answer.status_code in (404, 422)
    assert b"root:" not in answer.content
    assert b"import" not in answer.content


def test_session_of_somebody_else_is_not_taken_up(app: FastAPI) -> None:
    """A cookie planted before the sign-in never becomes the session (fixation)."""
    client = TestClient(app, follow_redirects=False, cookies={"headwater": "planted"})
    answer = client.post("/desk/sign-in", data={"name": "analyst", "password": PASSWORD})
    fresh = answer.cookies["headwater"]
    assert fresh != "planted"
    assert TestClient(app, cookies={"headwater": "planted"}).get("/cases").status_code == 401
    again = TestClient(app, follow_redirects=False).post(
        "/desk/sign-in", data={"name": "analyst", "password": PASSWORD}
    )
    assert again.cookies["headwater"] != fresh


@pytest.mark.parametrize(("idle", "status"), [(timedelta(minutes=29), 200), (timedelta(minutes=31), 401)])
def test_session_ends_when_nobody_uses_it(app: FastAPI, desk: Desk, idle: timedelta, status: int) -> None:
    client = TestClient(app, follow_redirects=False)
    client.post("/desk/sign-in", data={"name": "viewer", "password": PASSWORD})
    object.__setattr__(desk.settings, "clock", lambda: NOW + idle)
    try:
        assert client.get("/cases").status_code == status
    finally:
        object.__setattr__(desk.settings, "clock", lambda: NOW)


def test_token_ends_with_its_day_and_with_its_user(make_app: Callable[..., FastAPI], tmp_path: Path) -> None:
    app = make_app(tmp_path)
    desk: Desk = app.state.desk
    with desk.ledger.change("setup", NOW) as change:
        short = people.add_token(change, "viewer", "short", days=1)
        long = people.add_token(change, "viewer", "long")
    client = TestClient(app)

    def status(token: str) -> int:
        return int(client.get("/me", headers={"authorization": f"Bearer {token}"}).status_code)

    assert (status(short), status(long)) == (200, 200)
    object.__setattr__(desk.settings, "clock", lambda: NOW + timedelta(days=1))
    assert (status(short), status(long)) == (401, 200)
    with desk.ledger.change("admin", NOW) as change:
        people.retire_user(change, "viewer")
    assert status(long) == 401
    desk.ledger.close()


def test_token_of_a_viewer_reads_and_does_nothing_else(as_role: Client) -> None:
    viewer = as_role("viewer")
    assert viewer.get("/cases").status_code == 200
    assert viewer.post("/match", json={"queries": {}}).status_code == 403
    assert viewer.post("/tokens", json={"user": "admin", "label": "mine"}).status_code == 403


def test_names_stay_names_in_every_export(
    make_app: Callable[..., FastAPI], sample: Settings, tmp_path: Path
) -> None:
    assert isinstance(sample.files, BookFiles)
    edges = tmp_path / "edges.csv"
    book = pl.read_csv(sample.files.customers, infer_schema=False).head(1)
    with edges.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["owner_id", "owner_name", "owned_id", "share_percent"])
        writer.writerow(["evil", EVIL, book["customer_id"][0], "60"])
    app = make_app(tmp_path, files=BookFiles(sample.files.customers, (edges,)))
    desk: Desk = app.state.desk
    with desk.ledger.change("setup", NOW) as change:
        token = people.add_token(change, "viewer", "tests")
    client = TestClient(app, headers={"authorization": f"Bearer {token}"})

    def taken(kind: str) -> bytes:
        return bytes(client.get(f"/entities/{book['customer_id'][0]}/export?format={kind}").content)

    for kind in ("svg", "graphml"):
        root = ElementTree.fromstring(taken(kind))
        assert not [node for node in root.iter() if node.tag.endswith("script")]
        assert "alert(1)" in "".join(root.itertext())  # the name is there, as text
    lines = [orjson.loads(line) for line in taken("ftm").splitlines()]
    assert EVIL in {text for line in lines for text in line["properties"].get("name", [])}
    assert EVIL in {statement["recordDetails"].get("name") for statement in orjson.loads(taken("bods"))}
    page = client.get(f"/desk/entities/{book['customer_id'][0]}")
    assert "<script>alert" not in page.text
    desk.ledger.close()


def test_super_node_comes_in_pages(
    make_app: Callable[..., FastAPI], sample: Settings, tmp_path: Path
) -> None:
    assert isinstance(sample.files, BookFiles)
    customer = pl.read_csv(sample.files.customers, infer_schema=False)["customer_id"][0]
    edges = tmp_path / "edges.csv"
    holders = pl.int_range(5_000, eager=True)
    pl.DataFrame({"owner_id": pl.select(pl.format("h{}", holders)).to_series()}).with_columns(
        owner_name=pl.format("Holder {}", "owner_id"),
        owned_id=pl.lit(customer),
        share_percent=pl.lit("0.01%"),
    ).write_csv(edges)
    app = make_app(tmp_path, files=BookFiles(sample.files.customers, (edges,)))
    desk: Desk = app.state.desk
    with desk.ledger.change("setup", NOW) as change:
        token = people.add_token(change, "viewer", "tests")
    client = TestClient(app, headers={"authorization": f"Bearer {token}"})
    first = client.get(f"/entities/{customer}/graph").json()
    assert len(first["nodes"]) <= 90
    focus = next(node for node in first["nodes"] if node["focus"])
    assert focus["owners"] == 5_000
    page = client.get(f"/entities/{customer}/graph?node={customer}&offset=4990&limit=100").json()
    assert (len(page["edges"]), page["left"], page["total"]) == (10, 0, 5_000)
    assert client.get(f"/entities/{customer}/graph?node={customer}&limit=101").status_code == 422
    drawing = client.get(f"/entities/{customer}/export?format=svg")
    assert drawing.status_code == 200
    assert len(drawing.content) < 100_000
    assert len(client.get(f"/entities/{customer}/export?format=ftm").content.splitlines()) > 10_000
    desk.ledger.close()
