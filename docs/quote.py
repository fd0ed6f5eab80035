"""Write anew what the pages quote: `python -m docs.quote`, or `make docs`. With `--check` nothing is written.

A page holds regions between two comments, which a reader of the rendered page does not see:

    <!-- output of: headwater demo --as-of 2026-11-22; up to: First 15 cases -->
    ...
    <!-- end -->

The first kind, `output of`, is what a command prints on a terminal. All commands run one after the other in one
temporary folder, the demo first, so `headwater-demo/run` is the run of the sample on `DAY`. `from`, `up to` and `rows`
choose lines. The second kind, `made by`, is Markdown from a function without arguments: `facts.verbs` is `verbs` in
`docs/facts.py`, `screening.tables.markdown.inputs` would be that of a module elsewhere.
"""

from __future__ import annotations

import importlib
import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).resolve().parents[1]
DAY = "2026-11-22"
"""The day of the sample world: the same output on every day it is asked for."""

DEMO = f"headwater demo --as-of {DAY}"
WIDTH = 110

REGION = re.compile(r"^<!-- (output of|made by): (.+?) -->\n(.*?)^<!-- end -->$", re.MULTILINE | re.DOTALL)
MARKER = re.compile(r"^<!-- (?:output of|made by): ", re.MULTILINE)
STYLING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

VOLATILE = (
    (re.compile(r"\bin \d+\.\d s\b"), "in N s"),
    (re.compile(r"\bRun [0-9a-f]{16}\b"), "Run RUN_ID"),
)
"""What differs from one machine or commit to the next, and the fixed words that stand for it."""


class BadRegion(Exception):
    """A region that cannot be written: it names the page and what is wrong with it."""


@dataclass(frozen=True)
class Terminal:
    """Runs commands as a person would see them, all in one folder, and each only once."""

    folder: Path
    printed: dict[str, list[str]] = field(default_factory=dict)

    def lines(self, command: str) -> list[str]:
        """Return the lines a command prints on standard output. Raises BadRegion when it fails."""
        if DEMO not in self.printed and command != DEMO:
            self.lines(DEMO)
        if command not in self.printed:
            self.printed[command] = self._run(command)
        return self.printed[command]

    def _run(self, command: str) -> list[str]:
        """Give the command a pseudo-terminal of fixed width: many verbs print JSON into a pipe."""
        program, *words = shlex.split(command)
        ours, theirs = pty.openpty()
        terminal = {"COLUMNS": str(WIDTH), "TERM": "xterm", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            [str(Path(sys.executable).parent / program), *words],
            cwd=self.folder, env={**os.environ, **terminal}, stdout=theirs, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            os.close(theirs)
            text = b"".join(_read(ours)).decode()
            assert process.stderr is not None
            errors = process.stderr.read().decode()
        os.close(ours)
        if process.returncode:
            raise BadRegion(f"{command}: exit code {process.returncode}\n{errors}")
        for volatile, word in VOLATILE:
            text = volatile.sub(word, text)
        return [line.rstrip() for line in STYLING.sub("", text).splitlines()]


def _read(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            data = os.read(descriptor, 1 << 16)
        except OSError:  # Linux: the other end is closed
            return
        if not data:
            return
        yield data


def quote(order: str, terminal: Terminal) -> str:
    """Return what `output of: ORDER` stands for: the command and its output, in a fence."""
    command, *choices = (part.strip() for part in order.split(";"))
    lines = choose(terminal.lines(command), dict(_choice(choice) for choice in choices))
    return "\n".join(["```text", f"$ {command}", *(part for line in lines for part in fold(line)), "```"])


def fold(line: str) -> list[str]:
    """Break a line that is wider than the terminal between words, and indent what follows like its beginning.

    >>> fold("  - one two" + " three" * 20)[1]
    '    three three three'
    """
    indent = " " * (len(line) - len(line.lstrip(" -")))
    return (
        wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False) if len(line) > WIDTH else [line]
    )


def _choice(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or name not in {"from", "up to", "rows"}:
        raise BadRegion(f"{text}: say `from: TEXT`, `up to: TEXT` (not included) or `rows: NUMBER`")
    return name, value.strip()


def choose(lines: list[str], choices: dict[str, str]) -> list[str]:
    """Return the lines from the first that holds one text, up to the next that holds another, at most so many.

    >>> choose(["a", "b", "c", "d"], {"from": "b", "up to": "d"})
    ['b', 'c']
    """
    first = _index(lines, choices["from"], 0) if "from" in choices else 0
    last = _index(lines, choices["up to"], first + 1) if "up to" in choices else len(lines)
    chosen = lines[first:last][: int(choices.get("rows", len(lines)))]
    while chosen and not chosen[-1]:
        chosen.pop()
    return chosen


def _index(lines: list[str], text: str, first: int) -> int:
    for number in range(first, len(lines)):
        if text in lines[number]:
            return number
    raise BadRegion(f"no line of the output holds {text!r}")


@cache
def make(name: str) -> str:
    """Return what `made by: NAME` stands for: the Markdown of a function of this folder, or of any module."""
    module, _, function = name.rpartition(".")
    path = module if "." in module else f"docs.{module}"
    maker: Callable[[], str] = getattr(importlib.import_module(path), function)
    return maker().strip("\n")


def rewrite(text: str, terminal: Terminal) -> str:
    """Return a page with every region written anew. Raises BadRegion."""

    def region(found: re.Match[str]) -> str:
        kind, order, _ = found.groups()
        content = make(order) if kind == "made by" else quote(order, terminal)
        return f"<!-- {kind}: {order} -->\n{content}\n<!-- end -->"

    if len(MARKER.findall(text)) != len(REGION.findall(text)):
        raise BadRegion("a region has no `<!-- end -->`")
    return REGION.sub(region, text)


def pages() -> list[Path]:
    """Return every page of the repository that may quote."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def stale(write: bool = False) -> list[str]:
    """Return the pages whose regions are not what they quote, and write them anew on request. Raises BadRegion."""
    behind = []
    with tempfile.TemporaryDirectory() as folder:
        terminal = Terminal(Path(folder))
        for page in pages():
            before = page.read_text(encoding="utf-8")
            try:
                after = rewrite(before, terminal)
            except BadRegion as error:
                raise BadRegion(f"{page.relative_to(ROOT)}: {error}") from error
            if after != before:
                behind.append(str(page.relative_to(ROOT)))
                if write:
                    page.write_text(after, encoding="utf-8")
    return behind


def main() -> None:
    """Write the pages, or with --check fail where one is behind."""
    check = sys.argv[1:] == ["--check"]
    behind = stale(write=not check)
    print(f"{', '.join(behind) or 'no page'} {'is behind: make docs' if check else 'written'}")
    raise SystemExit(bool(check and behind))


if __name__ == "__main__":
    main()
