"""Names that only look different are one person's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.store import Ledger, people
from desk.store.errors import MoveRefused, NameTaken
from desk.store.user_names import RESERVED, folded, unfit
from tests.desk.conftest import NOW
from tests.desk.store.test_people import SECRET


@pytest.mark.parametrize("other", ["App", "app ", "арр", "ａｐｐ", "a\u200bpp", "APP", "\u202eapp"])
def test_a_name_that_reads_like_anothers_is_taken(ledger: Ledger, other: str) -> None:
    with ledger.change("setup", NOW) as change:
        people.add_user(change, "app", "analyst", SECRET)
        with pytest.raises((NameTaken, MoveRefused)):
            people.add_user(change, other, "approver", SECRET)
    assert folded(other) == folded("app")


def test_the_name_of_a_retired_user_stays_taken(ledger: Ledger) -> None:
    with ledger.change("setup", NOW) as change:
        people.add_user(change, "ann", "analyst", SECRET)
        people.retire_user(change, "ann")
        with pytest.raises(NameTaken, match="'ann' exists"):
            people.add_user(change, "Ann", "approver", SECRET)


@pytest.mark.parametrize("name", [*sorted(RESERVED), "Headwater", "һeadwater", "HEADWATER\u200b"])
def test_the_programs_own_names_are_refused(name: str) -> None:
    assert unfit(name)


@pytest.mark.parametrize("password", ["a" * 20, "abababababababab", "password1234567"])
def test_a_password_that_is_easily_guessed_is_refused(ledger: Ledger, password: str) -> None:
    with ledger.change("setup", NOW) as change, pytest.raises(MoveRefused, match="easily guessed"):
        people.add_user(change, "ann", "analyst", password)


@given(st.text(max_size=90))
def test_folding_twice_changes_nothing(name: str) -> None:
    assert folded(folded(name)) == folded(name)
