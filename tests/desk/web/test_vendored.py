"""What is vendored is what the record says, and nothing on a page comes from elsewhere."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest


@pytest.fixture
def web(root: Path) -> Path:
    return root / "desk" / "web"


def test_hashes_and_licences(web: Path) -> None:
    files = tomllib.loads((web / "vendored.toml").read_text("utf-8"))["file"]
    folder = web / "static" / "vendor"
    assert files
    for row in files:
        content = (folder / row["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"], row["file"]
        assert len((folder / row["licence_file"]).read_text("utf-8")) > 200
        assert row["version"] in row["file"]
    recorded = {row["file"] for row in files} | {row["licence_file"] for row in files}
    assert {path.name for path in folder.iterdir()} == recorded


ALONE = "certificate_file.html"
"""A page that is written to a file and printed: no server sends it, so no policy of ours forbids its style."""


def test_templates_have_no_inline_script_or_style_and_no_foreign_address(web: Path) -> None:
    templates = sorted((web / "templates").glob("*.html"))
    assert len(templates) > 10
    for path in templates:
        text = path.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path.name
        assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", text), path.name
        assert path.name == ALONE or "<style" not in text, path.name
        assert not re.search(r"(src|href|action)=\"(https?:)?//", text), path.name


def test_our_scripts_never_turn_text_into_markup_or_code(web: Path) -> None:
    scripts = sorted((web / "static").glob("*.js"))
    assert scripts
    for path in scripts:
        text = path.read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text
        ), path.name
