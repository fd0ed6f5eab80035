"""What is installed: only files whose hashes stand in a lock, under licences that were looked at."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

from docs import sbom, supply
from docs.locks import LOCKS, blocks
from docs.supply import ALLOWED, WEAK_COPYLEFT, Distribution, distributions, licences_in


@pytest.fixture(scope="module")
def installed() -> list[Distribution]:
    return distributions()


def test_every_line_of_a_lock_is_a_distribution_with_its_hashes(
    root: Path, installed: list[Distribution]
) -> None:
    texts = [(root / f"requirements/{name}.txt").read_text("utf-8") for name in LOCKS]
    assert len(installed) > 100
    assert sum(len(re.findall(r"^\S+==", text, re.MULTILINE)) for text in texts) == len(installed)
    assert all(each.hashes for each in installed)
    assert len({each.name for each in installed}) == len(installed), "a version stands twice"
    rest = "".join(texts)
    for name in LOCKS:
        for text in blocks((root / f"requirements/{name}.txt").read_text("utf-8")).values():
            rest = rest.replace(text, "")
    assert not re.search(r"--(index|extra|find|trusted)|http", rest)


def test_whatever_the_project_needs_is_in_a_lock(root: Path, installed: list[Distribution]) -> None:
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [project["optional-dependencies"][name] for name in ("serve", "dev", "bench")]
    wanted = {
        re.split(r"[^A-Za-z0-9._-]", line)[0]
        for lines in (project["dependencies"], *extras)
        for line in lines
    }
    locked = {each.name for each in installed}
    assert wanted
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in wanted} <= locked, (
        "write the locks anew: make lock"
    )


def test_only_licences_that_were_looked_at(installed: list[Distribution]) -> None:
    licences = {each.licence for each in installed} | {each.licence for each in supply.vendored()}
    assert len(licences) > 5
    assert not [licence for licence in licences if licences_in(licence) - ALLOWED - WEAK_COPYLEFT]
    weak = {each.name for each in installed if licences_in(each.licence) & WEAK_COPYLEFT}
    assert weak == {"certifi", "hypothesis", "orjson", "pathspec", "psycopg", "psycopg-binary"}


def test_the_licences_are_those_that_the_distributions_state(installed: list[Distribution]) -> None:
    stated = {}
    for each in installed:
        try:
            stated[each.name] = (metadata(each.name).get_all("License-Expression") or [None])[0]
        except PackageNotFoundError:  # of another platform
            continue
    assert len(stated) > 50
    assert {name: found for name, found in stated.items() if found} == {
        each.name: each.licence for each in installed if stated.get(each.name)
    }


def test_the_bill_names_all_of_it_once_and_is_the_same_each_time(installed: list[Distribution]) -> None:
    made = sbom.make_sbom()
    assert made == sbom.make_sbom()
    refs = [part["bom-ref"] for part in made["components"]]
    assert len(refs) == len(set(refs)) == len(installed) + len(supply.vendored())
    assert {each["ref"] for each in made["dependencies"]} == {*refs, made["metadata"]["component"]["bom-ref"]}
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", made["serialNumber"])
    assert {f"pkg:pypi/{each.name}@{each.version}" for each in installed} <= set(refs)
