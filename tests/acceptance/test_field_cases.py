"""Every case from the field is held by a test, or says here why not yet."""

from __future__ import annotations

from pathlib import Path

GUARDED = {
    "05-csl-truncated": "tests.lists.test_refresh.test_a_list_that_shrank_fails_unless_it_is_marked_as_a_sample",
    "06-csl-sdn-missing": "tests.lists.test_checks.test_a_screening_list_that_lost_a_list_fails",
    "07-dtc-shrinks": "tests.lists.test_refresh.test_a_list_that_shrank_fails_unless_it_is_marked_as_a_sample",
    "15-delta": "tests.acceptance.test_real_delta",
    "17-list-quirks": "tests.lists.test_refresh.test_a_folder_of_which_nothing_is_read_fails",
    "18-locale": "tests.acceptance.test_field_cases_reading.test_18_nothing_depends_on_the_locale",
    "24-yente-api": "tests.desk.api.test_entity_query.test_a_number_alone_is_looked_up",
}
"""Cases without files of their own, or of days that are not there -> the test that holds the same with other files."""
LATER = {
    "01-short-last-names-dob": "the scores of short names wait for the next fit of the matcher",
    "21-cobham-name": "so do the scores of a listed brand with an ordinary word",
}
"""Cases that fail still, and the work that will mend them."""
SAMPLE = "stmini"
"""A set of lists that cases share."""


def test_every_case_is_held_or_says_why_not(shared: Path, root: Path) -> None:
    folders = {path.name for path in (shared / "field-cases").iterdir() if path.is_dir()} - {SAMPLE}
    assert set(GUARDED) | set(LATER) <= folders
    texts = {
        path: path.read_text(encoding="utf-8")
        for path in (root / "tests").rglob("test_*.py")
        if path != Path(__file__)
    }
    named = {folder for folder in folders if any(folder in text for text in texts.values())}
    assert sorted(folders - named - set(GUARDED) - set(LATER)) == []


def test_the_tests_that_guard_a_case_are_there(root: Path) -> None:
    for name in GUARDED.values():
        *module, test = name.split(".")
        path = root.joinpath(*module)
        whole = path.with_suffix(".py")
        if whole.is_file():
            assert f"def {test}(" in whole.read_text(encoding="utf-8"), name
        else:
            assert (path / f"{test}.py").is_file(), name
