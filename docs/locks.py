"""Write the locks anew: `python -m docs.locks`, or `make lock`. With `--upgrade` to the newest versions that fit.

A lock names every distribution that an installation consists of, with its version and the SHA-256 of each of its files
for all platforms, and is for every Python that `pyproject.toml` allows. `requirements/serve.txt` goes on from
`requirements/run.txt`, and `requirements/dev.txt` from both, so each version stands once. Needs `uv` on the path.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "requirements"
OLDEST = "3.11"
LOCKS = {"run": (), "serve": ("serve",), "dev": ("serve", "dev", "bench")}
"""The extras of `pyproject.toml` that each lock holds; each has all of the one before."""

HEAD = "# Written by `make lock`; installed with --require-hashes, so that nothing but these files is ever installed.\n"
_BLOCK = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?:.*\\\n)*.*\n", re.MULTILINE)


def blocks(lock: str) -> dict[str, str]:
    r"""Return the lines of each distribution in a lock by its name, in the order of the file.

    >>> list(blocks("a==1 \\\n    --hash=sha256:00\nb==2 \\\n    --hash=sha256:11\n"))
    ['a', 'b']
    """
    return {found["name"]: found[0] for found in _BLOCK.finditer(lock)}


def make_locks(upgrade: bool = False) -> Iterator[tuple[Path, str]]:
    """Yield each lock as path and text. `upgrade`: to the newest versions that fit, not those of the locks."""
    pins = "" if upgrade else "".join(path.read_text("utf-8") for path in sorted(FOLDER.glob("*.txt")))
    done: dict[str, str] = {}
    for name, extras in LOCKS.items():
        solved = blocks(_solve(extras, [*blocks(pins).values(), *done.values()]))
        before = [f"-r {earlier}.txt\n" for earlier in list(LOCKS)[: list(LOCKS).index(name)][-1:]]
        own = [text for distribution, text in solved.items() if distribution not in done]
        yield FOLDER / f"{name}.txt", "".join([HEAD, *before, *own])
        done |= solved


def _solve(extras: Sequence[str], pinned: Sequence[str]) -> str:
    """Have `uv` find what the extras need. `pinned`: lines of locks whose versions stay."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
        constraints.writelines(line.partition(" ")[0] + "\n" for line in pinned)
        constraints.flush()
        done = subprocess.run(
            [
                "uv", "pip", "compile", "pyproject.toml", "requirements/build.in", "--quiet", "--universal",
                "--python-version", OLDEST, "--generate-hashes", "--no-header", "--no-annotate",
                "--no-emit-index-url", "--constraint", constraints.name,
                *(word for extra in extras for word in ("--extra", extra)),
            ],
            cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    return done.stdout


def main() -> None:
    """Write what `make_locks` makes, when all of it is made."""
    for path, text in list(make_locks("--upgrade" in sys.argv[1:])):
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
