"""Cases, the graph, lists and rules over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from desk.api.desk import Desk
from desk.store import people
from lists.store import Store
from pipelines.demo import sample_folder

Client = Callable[[str | None], TestClient]


def a_case(client: TestClient, **wanted: Any) -> dict[str, Any]:
    rows = client.get("/cases", params={"limit": 500, **wanted}).json()["cases"]
    return dict(rows[0])


def test_queue_is_sorted_and_searchable(analyst: TestClient) -> None:
    queue = analyst.get("/cases?limit=500").json()
    assert queue["total"] == len(queue["cases"]) > 50
    severities = [case["severity"] for case in queue["cases"]]
    assert severities == sorted(severities, reverse=True)
    assert analyst.get("/cases?q=cascadia").json()["total"] == 1
    assert analyst.get("/cases?state=closed").json()["total"] == 0


def test_decision_with_four_eyes_over_http(as_role: Client) -> None:
    analyst, approver = as_role("analyst"), as_role("approver")
    case = a_case(analyst)
    url = f"/cases/{case['case_id']}"
    body = {"version": case["version"], "to": "false_positive", "reason": "another company"}
    proposed = analyst.post(f"{url}/move", json=body).json()
    assert (proposed["state"], proposed["proposed"]) == ("open", "false_positive")
    assert analyst.post(f"{url}/approve", json={"version": proposed["version"]}).status_code == 403
    decided = approver.post(
        f"{url}/approve", json={"version": proposed["version"], "reason": "agreed"}
    ).json()
    assert decided["state"] == "false_positive"
    case = analyst.get(url).json()
    assert [line["who"] for line in case["history"]][-2:] == ["analyst", "approver"]
    assert case["keep_until"] == "2036-11-22"
    assert approver.get("/audit/check").json()["sound"] is True


def test_stale_version_is_a_conflict(analyst: TestClient) -> None:
    case = a_case(analyst, q="cascadia")
    url = f"/cases/{case['case_id']}/assign"
    with ThreadPoolExecutor(6) as pool:
        body = {"version": case["version"]}
        statuses = list(
            pool.map(lambda i: analyst.post(url, json=body | {"assignee": f"p{i}"}).status_code, range(6))
        )
    assert sorted(statuses) == [200, 409, 409, 409, 409, 409]


def test_case_as_it_stood(analyst: TestClient) -> None:
    case = a_case(analyst)
    assert analyst.get(f"/cases/{case['case_id']}?as_of=2026-11-22").json()["state"]
    assert analyst.get(f"/cases/{case['case_id']}?as_of=2026-11-21").status_code == 404


def test_queue_as_it_stood(make_app: Callable[..., FastAPI], tmp_path: Path) -> None:
    from datetime import timedelta

    from desk.store import decisions
    from tests.desk.conftest import NOW

    app = make_app(tmp_path, clock=lambda: NOW + timedelta(days=2))
    desk: Desk = app.state.desk
    with desk.ledger.change("setup", NOW + timedelta(days=2)) as change:
        token = people.add_token(change, "analyst", "tests")
    client = TestClient(app, headers={"authorization": f"Bearer {token}"})
    case = a_case(client)
    with desk.ledger.change("ann", NOW + timedelta(days=4)) as change:
        decisions.assign(change, case["case_id"], case["version"], "ann")
    object.__setattr__(desk.settings, "clock", lambda: NOW + timedelta(days=5))
    with desk.ledger.change("setup", NOW + timedelta(days=5)) as change:
        later = people.add_token(change, "analyst", "tests")
    client.headers["authorization"] = f"Bearer {later}"
    now, before = (
        client.get("/cases", params={"assignee": "ann", **day}).json()["total"]
        for day in ({}, {"as_of": "2026-11-25"})
    )
    assert (now, before) == (1, 0)
    whole = [client.get(f"/cases{day}").json() for day in ("", "?as_of=2026-11-25", "?as_of=2026-11-23")]
    assert [answer["total"] for answer in whole] == [whole[0]["total"]] * 2 + [0]
    ids = [[row["case_id"] for row in answer["cases"]] for answer in whole]
    assert ids[0] == ids[1]
    assert client.get("/cases?as_of=2026-11-25&q=cascadia").json()["total"] == 1
    assert client.get("/runs?as_of=2026-11-23").json() == {"runs": []}
    desk.ledger.close()


def test_graph_shows_owners_status_and_path(analyst: TestClient) -> None:
    graph = analyst.get("/entities/C062/graph").json()
    nodes = {node["id"]: node for node in graph["nodes"]}
    assert nodes["C062"]["focus"]
    assert nodes["C062"]["status"] == "restricted"
    assert nodes["L-HUAWEI"]["status"] == "listed"
    assert "EL" in nodes["L-HUAWEI"]["reason"]
    assert any(edge["on_path"] == ["bis"] for edge in graph["edges"])
    assert all(edge["source"] in nodes and edge["target"] in nodes for edge in graph["edges"])


def test_graph_pages_a_node(analyst: TestClient) -> None:
    first = analyst.get("/entities/C062/graph?node=C062&direction=owners&limit=1").json()
    assert first["total"] == len(first["edges"]) + first["left"]
    assert analyst.get("/entities/C062/graph?node=C062&offset=1000").json()["edges"] == []
    assert analyst.get("/entities/nobody/graph").status_code == 404


def test_what_if_a_holder_were_listed(analyst: TestClient, desk: Desk) -> None:
    network = desk.data.network(desk.data.current.as_of)
    edge = network.edges.filter(
        (network.edges["share_min"] >= 500_000) & (network.edges["interest"] == "equity")
    )
    reached = {r["entity_id"] for r in desk.data.run.table("restricted").to_dicts()}
    owner, owned = next(
        r for r in edge.select("owner_id", "owned_id").rows() if r[1] not in reached and r[0] not in reached
    )
    plain = analyst.get(f"/entities/{owned}/graph").json()
    assert not [row for row in plain["verdicts"] if row["status"] == "restricted"]
    asked = analyst.get(f"/entities/{owned}/graph", params={"what_if": owner}).json()
    assert {row["regime"] for row in asked["verdicts"] if row["status"] == "restricted"} >= {"ofac", "bis"}
    rest = analyst.get(f"/entities/{owned}/graph", params={"what_if": f"?{owned}"}).json()
    assert f"?{owned}" in {node["id"] for node in rest["nodes"]}
    assert analyst.get(f"/entities/{owned}/graph", params={"what_if": "nobody"}).status_code == 404


def test_exports_can_be_read_back(analyst: TestClient) -> None:
    root = ElementTree.fromstring(analyst.get("/entities/C062/export?format=graphml").content)
    assert root.tag.endswith("graphml")
    statements = analyst.get("/entities/C062/export?format=bods").json()
    kinds = {statement["recordType"] for statement in statements}
    assert {"entity", "relationship"} <= kinds
    ids = {statement["recordId"] for statement in statements}
    ends = [s["recordDetails"]["subject"] for s in statements if s["recordType"] == "relationship"]
    assert set(ends) <= ids
    lines = [
        orjson.loads(line) for line in analyst.get("/entities/C062/export?format=ftm").content.splitlines()
    ]
    assert {"Ownership"} <= {line["schema"] for line in lines}
    drawing = analyst.get("/entities/C062/export?format=svg")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert "attachment" in drawing.headers["content-disposition"]
    assert ElementTree.fromstring(drawing.content).tag.endswith("svg")


def test_lists_parties_rules_runs(analyst: TestClient) -> None:
    lists = analyst.get("/lists").json()["lists"]
    assert {row["list"] for row in lists} >= {"EL", "SDN"}
    found = analyst.get("/lists/parties?q=Huawei Jishu").json()["parties"]
    assert "Huawei" in found[0]["primary_name"]
    party = analyst.get(f"/lists/parties/{found[0]['party_id']}").json()
    assert party["names"]
    assert analyst.get("/lists/parties/NOPE").status_code == 404
    status = {row["rule_id"]: row["status"] for row in analyst.get("/rules?as_of=2026-01-15").json()["rules"]}
    assert status["BIS_AFFILIATES"] == "suspended"
    assert analyst.get("/runs").json()["runs"][0]["counts"]["customers"] == 300
    diff = analyst.get("/lists/diff?before=EL@2026-11-20&after=EL@2026-11-20").json()
    assert (diff["added"], diff["removed"], diff["changed"]) == ([], [], [])


def test_newer_lists_are_taken_into_use_without_dropping_a_request(
    make_app: Callable[..., FastAPI], sample: Any, tmp_path: Path
) -> None:
    import shutil
    from datetime import date

    from lists.refresh import refresh
    from tests.desk.conftest import NOW

    shutil.copytree(sample.store, tmp_path / "store")
    app = make_app(tmp_path, store=tmp_path / "store")
    desk: Desk = app.state.desk
    with desk.ledger.change("admin", NOW) as change:
        token = people.add_token(change, "admin", "tests")
    client = TestClient(app, headers={"authorization": f"Bearer {token}"})
    assert client.post("/lists/refresh").json()["changed"] is False
    sdn = (sample_folder() / "lists/ofac/sdn.csv").read_bytes().rstrip(b"\x1a\r\n").split(b"\r\n")
    newer = tmp_path / "newer"
    shutil.copytree(sample_folder() / "lists/ofac", newer)
    (newer / "sdn.csv").write_bytes(b"\r\n".join(sdn[:-1]) + b"\r\n\x1a")
    report = refresh([newer], Store(tmp_path / "store"), published=date(2026, 11, 21), partial=True)
    assert not report.failed
    body = {"queries": {"q": {"properties": {"name": ["Huawei"]}}}}
    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(lambda: client.post("/match", json=body).status_code) for _ in range(30)]
        changed = client.post("/lists/refresh").json()["changed"]
        assert {future.result() for future in asking} == {200}
    assert changed
    assert client.get("/lists").json()["lists"]
    assert client.post("/match", json=body).json()["lists"]["SDN"] == "2026-11-21"
    desk.ledger.close()


def test_damaged_store_leaves_the_lists_in_place(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from desk.api.day_lists import Source
    from lists.errors import SnapshotDamaged

    def broken(*_: object) -> None:
        raise SnapshotDamaged("bits fell over")

    before = desk.data.current
    monkeypatch.setattr(Source, "choose", broken)
    assert desk.refresh() is False
    assert desk.data.current is before
