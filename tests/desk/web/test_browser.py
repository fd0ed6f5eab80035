"""A person at the desk, in a real browser: queue, case, graph, decision, second signature, audit log."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from fastapi import FastAPI

from desk.api.desk import Desk
from tests.desk.api.conftest import PASSWORD

pytestmark = pytest.mark.slow  # a browser and a server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
PATIENCE = 600_000
"""Milliseconds that a step may take on a busy machine; a condition ends the wait, never the clock."""


@pytest.fixture(scope="module")
def address(app: FastAPI, desk: Desk) -> Iterator[str]:
    """A server on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(PATIENCE / 1000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with api.sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], timeout=PATIENCE)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a window of a signed-in person; any error in a page, and any call elsewhere, fails the test."""
    wrong: list[str] = []

    def watch(page: Any) -> None:
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("request", lambda sent: wrong.append(sent.url) if not sent.url.startswith(address) else None)

    def make(name: str, width: int = 1280, height: int = 900) -> Page:
        window = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        window.set_default_timeout(PATIENCE)
        page = window.new_page()
        watch(page)
        page.goto(f"{address}/desk/sign-in")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/desk/cases")
        return page

    yield make
    assert wrong == []


def test_queue_case_graph_decision_audit(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit("analyst")
    page.keyboard.press("/")
    page.locator("#search:focus").fill("cascadia")  # at once: one request, one new list
    page.wait_for_url("**q=cascadia**")
    page.get_by_text("1 case", exact=True).wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.locator(".queue .row:focus").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/C-*")
    case = page.url
    page.get_by_text("How the score comes about").wait_for()  # the waterfall came

    page.get_by_role("link", name="Walk the ownership graph").click()
    page.locator("#about h2", has_text="Cascadia").wait_for()
    page.get_by_role("button", name="Path that decides").click()
    page.locator("#graph").focus()
    page.keyboard.press("ArrowDown")  # the topmost box: the listed owner
    page.get_by_text("Listed: EL").wait_for()
    with page.expect_download() as taken:
        page.get_by_role("link", name="SVG").click()
    assert b"<svg" in Path(taken.value.path()).read_bytes()

    page.goto(case)
    page.get_by_label("Next state").select_option("licence_obtained")
    page.locator("#decide").get_by_label("Reason").fill("Licence D-1 covers the dealing")
    page.get_by_role("button", name="Record").first.click()
    page.get_by_text("analyst proposes").wait_for()
    assert page.get_by_role("button", name="Approve").count() == 0

    second = visit("approver")
    second.goto(case)
    second.get_by_role("button", name="Approve").click()
    second.locator(".case-head .state.licence_obtained").wait_for()
    second.get_by_role("link", name="Audit").click()
    second.get_by_text("The chain holds").wait_for()
    assert second.get_by_text("Licence D-1 covers the dealing").count() >= 1

    page.goto(f"{case}/print")
    page.get_by_role("heading", name="Who did what").wait_for()
    assert page.pdf(path=tmp_path / "pack.pdf")[:4] == b"%PDF"


def test_graph_what_if_and_another_day(visit: Callable[..., Page], address: str) -> None:
    page = visit("viewer")
    page.goto(f"{address}/desk/entities/C055")
    page.locator("#about h2", has_text="Sunbara").wait_for()
    page.locator("#graph").focus()
    for owner in ("Wuxi", "Inspur", "Faridah"):
        page.keyboard.press("ArrowDown")
        page.locator("#about h2", has_text=owner).wait_for()
    page.get_by_role("button", name="What if this were listed?").click()
    page.locator("#verdicts", has_text="What if").wait_for()
    page.get_by_label("As of").fill("2026-01-15")
    page.wait_for_url("**as_of=2026-01-15")


def test_graph_opens_the_holdings_of_an_owner(visit: Callable[..., Page], address: str) -> None:
    page = visit("viewer")
    page.goto(f"{address}/desk/entities/C064")
    page.locator("#about h2").get_by_text("Nobody chosen").wait_for(state="detached")
    page.locator("#graph").focus()
    page.keyboard.press("ArrowDown")
    more = page.get_by_role("button", name=re.compile(r"Holdings \(\d+ more\)"))
    more.wait_for()
    with page.expect_response(lambda answer: "direction=owned" in answer.url) as answered:
        more.click()
    assert len(answered.value.json()["edges"]) == 4
    more.wait_for(state="detached")


PAGES = (
    "cases", "cases/C062", "cases/C062/print", "entities/C062", "lists", "lists?q=huawei", "lists/changes", "rules",
    "runs", "users", "audit",
)  # fmt: skip
FAULTS = Path(__file__).with_name("faults.js").read_text("utf-8")


@pytest.mark.parametrize("path", PAGES)
def test_pages_can_be_read_by_everybody(visit: Callable[..., Page], address: str, path: str) -> None:
    """Contrast of every text, one main heading and an order of headings, names of fields, links and pictures."""
    page = visit("admin")
    page.goto(f"{address}/desk/{path}")
    page.wait_for_load_state("networkidle")
    page.evaluate("for (const closed of document.querySelectorAll('details')) closed.open = true")
    assert page.evaluate(FAULTS) == []


def test_a_case_is_decided_with_the_keyboard_alone(visit: Callable[..., Page]) -> None:
    page = visit("analyst")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.locator(".queue .row:focus").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/C-*")
    chosen = page.locator("#decide select")
    for _ in range(200):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "[document.activeElement.matches(':focus-visible'), getComputedStyle(document.activeElement).outlineWidth]"
        )
        assert ring == [True, "3px"]  # whoever uses keys sees where they are
        if chosen.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.type("In review")
    page.keyboard.press("Tab")
    page.keyboard.type("Looking at it")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".case-head .state.in_review").wait_for()


@pytest.mark.parametrize(
    "path", ["cases", "cases/C062", "cases/C062/print", "entities/C062", "lists", "rules", "runs", "docs"]
)
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_window(
    visit: Callable[..., Page], address: str, path: str, width: int
) -> None:
    page = visit("viewer", width)
    page.goto(f"{address}/desk/{path}")
    page.wait_for_load_state("networkidle")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 1
    unnamed = page.evaluate(
        "[...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea, main button')]"
        ".filter(e => !e.closest('#docs') && !(e.labels?.length) && !e.textContent.trim() && !e.ariaLabel).length"
    )
    assert unnamed == 0
