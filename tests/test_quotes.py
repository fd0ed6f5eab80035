"""The pages quote what the program prints today, and name commands and code that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from desk.cli import app
from docs import facts, house, quote

pytestmark = pytest.mark.slow  # every command that a page quotes

COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def test_no_page_is_behind() -> None:
    behind = quote.stale()
    assert not behind, f"{', '.join(behind)}: write them anew with `make docs`"


def test_every_maker_is_quoted() -> None:
    """A function that no page asks for would only be kept alive."""
    text = "".join(page.read_text(encoding="utf-8") for page in quote.pages())
    named = set(re.findall(r"^<!-- made by: (\S+) -->$", text, re.MULTILINE))
    makers = {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in (facts, house)
        for name, each in vars(module).items()
        if callable(each) and getattr(each, "__module__", "") == module.__name__
        if not name.startswith("_") and not each.__code__.co_argcount
    }
    assert makers
    assert makers <= named


def page(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def test_a_region_holds_what_the_command_prints(tmp_path: Path) -> None:
    terminal = quote.Terminal(tmp_path, {quote.DEMO: ["first", "second", "third"]})
    before = page(f"<!-- output of: {quote.DEMO}; from: sec; up to: thi -->", "old", "<!-- end -->", "prose")
    after = quote.rewrite(before, terminal)
    assert after.splitlines()[1:-1] == ["```text", f"$ {quote.DEMO}", "second", "```", "<!-- end -->"]
    assert quote.rewrite(after, terminal) == after


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"<!-- output of: {quote.DEMO}; until: x -->", "until"),
        (f"<!-- output of: {quote.DEMO}; from: nowhere -->", "nowhere"),
    ],
)
def test_a_region_that_cannot_be_written_is_refused(tmp_path: Path, line: str, message: str) -> None:
    terminal = quote.Terminal(tmp_path, {quote.DEMO: ["first"]})
    with pytest.raises(quote.BadRegion, match=message):
        quote.rewrite(page(line, "<!-- end -->"), terminal)


def test_a_region_without_an_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(quote.BadRegion, match="end"):
        quote.rewrite(page("<!-- made by: house.floors -->", "prose"), quote.Terminal(tmp_path))


def test_a_command_that_fails_is_refused(tmp_path: Path) -> None:
    terminal = quote.Terminal(tmp_path, {quote.DEMO: []})
    with pytest.raises(quote.BadRegion, match="exit code 2"):
        terminal.lines("headwater no-such-verb")


def commands() -> list[tuple[str, str]]:
    """Every line of a fenced block that calls headwater, with its page; lines that go on are joined."""
    found = []
    for page in quote.pages():
        for block in re.findall(r"^ *```\w*\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.M | re.S):
            for line in block.replace("\\\n", " ").splitlines():
                call = re.match(r"^\s*(?:\$ )?headwater (?!-)([^&|#]+)", line)
                if call and "..." not in call[1]:
                    found.append((page.name, call[1].strip()))
    return found


@pytest.mark.parametrize(("page", "call"), commands())
def test_every_quoted_command_can_be_read(page: str, call: str) -> None:
    words = shlex.split(call)
    command = COMMANDS[words[0]]
    if hasattr(command, "commands"):
        command, words = command.commands[words[1]], words[1:]
    command.make_context(words[0], words[1:])


def test_commands_are_quoted() -> None:
    assert {page for page, _ in commands()} >= {"README.md", "desk.md", "nightly.md"}


def test_the_python_of_the_readme_runs(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.S)
    assert blocks
    for block in blocks:
        exec(block, {})
    assert capsys.readouterr().out.strip() == "B <- 50% - A <- 50% - X"


def test_links_between_pages_lead_somewhere() -> None:
    links = [
        (page, target)
        for page in quote.pages()
        for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    ]
    assert links
    assert not [f"{page.name}: {target}" for page, target in links if not (page.parent / target).exists()]
