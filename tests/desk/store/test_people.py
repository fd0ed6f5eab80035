"""Users, sessions, tokens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from desk.store import Ledger, people
from desk.store.errors import MoveRefused, NameTaken
from tests.desk.conftest import NOW

SECRET = "correct horse battery"


@pytest.fixture
def ann(ledger: Ledger) -> str:
    with ledger.change("setup", NOW) as change:
        people.add_user(change, "ann", "analyst", SECRET)
    return "ann"


def test_password(ledger: Ledger, ann: str) -> None:
    with ledger.read() as session:
        assert people.check_password(session, ann, SECRET)
        assert not people.check_password(session, ann, "wrong password")
        assert not people.check_password(session, "nobody", SECRET)


@pytest.mark.parametrize(
    ("name", "role", "password"),
    [("bob", "king", SECRET), ("bob", "viewer", "short"), ("", "viewer", SECRET)],
)
def test_unfit_user_is_refused(ledger: Ledger, name: str, role: str, password: str) -> None:
    with ledger.change("setup", NOW) as change, pytest.raises(MoveRefused):
        people.add_user(change, name, role, password)


def test_name_is_taken_once(ledger: Ledger, ann: str) -> None:
    with ledger.change("setup", NOW) as change, pytest.raises(NameTaken):
        people.add_user(change, ann, "admin", SECRET)


def test_session_idles_out_renews_and_ends(ledger: Ledger, ann: str) -> None:
    with ledger.change(ann, NOW) as change:
        user = people.check_password(change.session, ann, SECRET)
        assert user
        secret, person = people.sign_in(change, user)
    assert person.may("work")
    assert not person.may("approve")
    with ledger.read() as session:
        assert people.by_cookie(session, secret, NOW)
        assert people.by_cookie(session, secret, NOW + people.IDLE) is None
        assert people.by_cookie(session, secret[:-1], NOW) is None
    with ledger.change(ann, NOW) as change:
        people.renew(change.session, secret, NOW + timedelta(hours=11, minutes=50))
    with ledger.read() as session:
        assert people.by_cookie(session, secret, NOW + timedelta(hours=11, minutes=59))
        assert people.by_cookie(session, secret, NOW + people.LONGEST) is None


def test_retired_user_is_out_at_once(ledger: Ledger, ann: str) -> None:
    with ledger.change(ann, NOW) as change:
        token = people.add_token(change, ann, "nightly job")
    with ledger.read() as session:
        assert people.by_token(session, token, NOW)
        assert people.by_token(session, token, NOW + timedelta(days=366)) is None
    with ledger.change("boss", NOW) as change:
        people.retire_user(change, ann)
    with ledger.read() as session:
        assert people.by_token(session, token, NOW) is None
        assert people.check_password(session, ann, SECRET) is None


def test_no_secret_is_stored_or_logged(ledger: Ledger, ann: str) -> None:
    with ledger.change(ann, NOW) as change:
        token = people.add_token(change, ann, "job")
        user = people.check_password(change.session, ann, SECRET)
        assert user
        cookie, _ = people.sign_in(change, user)
    with ledger.engine.connect() as connection:
        for table in ("users", "tokens", "sessions", "audit"):
            left = str(connection.execute(text(f"SELECT * FROM {table}")).fetchall())
            assert not [secret for secret in (SECRET, token, cookie) if secret in left]
