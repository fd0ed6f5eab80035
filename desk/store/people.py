"""Users, their passwords, browser sessions and tokens. Secrets are stored as hashes only and never logged."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from zxcvbn import zxcvbn

from desk.store.errors import MoveRefused, NameTaken, NotFound
from desk.store.ledger import Change
from desk.store.states import ROLES, permissions, unsigned_permissions
from desk.store.tables import Event, SignedIn, Token, User
from desk.store.user_names import folded, unfit

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
TOKEN_PREFIX = "hw_"  # noqa: S105 - lets a scanner recognize a leaked token
SHORTEST_PASSWORD = 12
LONGEST_JUDGED = 72
"""Characters of a password that are judged: the time to judge grows with the square of them."""
WEAKEST_PASSWORD = 3
"""Of the scores 0 to 4 of zxcvbn: safe against guessing at the pace of a stolen database."""
UNKNOWN_MAKER = "?"
"""Of tokens made before their maker was recorded."""
_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))
"""Checked where the name is unknown, so that a wrong name takes as long as a wrong password."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asking: name, role, and for a browser session the secret its forms must repeat.

    `made_by`: who made the token, where it was somebody else. Such a token may do what needs no signature only.
    """

    name: str
    role: str
    csrf: str | None = None
    made_by: str | None = None

    def may(self, permission: str) -> bool:
        """Tell whether the role carries a permission, and the token too."""
        return permission in permissions(self.role) and (
            self.made_by is None or permission in unsigned_permissions()
        )


def add_user(change: Change, name: str, role: str, password: str) -> User:
    """Add a user.

    Raises NameTaken where the name reads like another's, retired ones included; MoveRefused for an unknown role, an
    unfit name, or a password that is short or easily guessed.
    """
    if role not in ROLES:
        raise MoveRefused(f"No role {role!r}; there are {', '.join(ROLES)}.")
    if fault := unfit(name) or _weakness(password, name):
        raise MoveRefused(fault)
    alike = [user.name for user in users(change.session) if folded(user.name) == folded(name)]
    if alike:
        raise NameTaken(f"A user {alike[0]!r} exists, and {name!r} reads like it.")
    user = User(name=name, role=role, password=_hasher.hash(password), active=True)
    change.session.add(user)
    change.record("user_added", None, user=name, role=role)
    return user


def retire_user(change: Change, name: str) -> None:
    """Shut a user out; the name stays, because the log refers to it."""
    user = change.session.get(User, name)
    if user is None:
        raise NotFound(f"No user {name!r}.")
    user.active = False
    change.session.execute(delete(SignedIn).where(SignedIn.user == name))
    change.session.execute(delete(Token).where(Token.user == name))
    change.record("user_retired", None, user=name)


def users(session: Session) -> list[User]:
    """Return every user by name."""
    return list(session.scalars(select(User).order_by(User.name)))


def account_makers(session: Session) -> dict[str, str]:
    """Return who made the account of each user, from the log."""
    added = session.scalars(select(Event).where(Event.kind == "user_added"))
    return {orjson.loads(line.body)["user"]: line.who for line in added}


def check_password(session: Session, name: str, password: str) -> User | None:
    """Return the user whose name and password these are; always takes as long as a true comparison."""
    user = session.get(User, name)
    try:
        _hasher.verify(user.password if user else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    return user if user and user.active else None


def sign_in(change: Change, user: User) -> tuple[str, Person]:
    """Begin a browser session; returns the cookie's secret and the person."""
    secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    change.session.execute(delete(SignedIn).where(SignedIn.ends < change.at.isoformat()))
    change.session.add(
        SignedIn(
            hash=_fingerprint(secret), user=user.name, csrf=csrf,
            expires=(change.at + IDLE).isoformat(), ends=(change.at + LONGEST).isoformat(),
        )
    )  # fmt: skip
    change.record("signed_in", None, user=user.name)
    return secret, Person(user.name, user.role, csrf)


def sign_out(change: Change, secret: str) -> None:
    """End a browser session."""
    change.session.execute(delete(SignedIn).where(SignedIn.hash == _fingerprint(secret)))
    change.record("signed_out")


def by_cookie(session: Session, secret: str, at: datetime) -> tuple[Person, bool] | None:
    """Return whose session this is, and whether half of its idle time is over so that it should be renewed."""
    found = session.get(SignedIn, _fingerprint(secret))
    if found is None or at.isoformat() >= min(found.expires, found.ends):
        return None
    user = session.get(User, found.user)
    if user is None or not user.active:
        return None
    old = found.expires < (at + IDLE / 2).isoformat()
    return Person(user.name, user.role, found.csrf), old


def renew(session: Session, secret: str, at: datetime) -> None:
    """Let a session that is used live on, up to its longest life."""
    found = session.get(SignedIn, _fingerprint(secret))
    if found is not None:
        found.expires = (at + IDLE).isoformat()


def add_token(change: Change, user: str, label: str, days: int = 365) -> str:
    """Make a token for programs; it is shown once, here. One that is made for somebody else signs nothing.

    Raises NotFound.
    """
    if change.session.get(User, user) is None:
        raise NotFound(f"No user {user!r}.")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    expires = (change.at + timedelta(days=days)).isoformat()
    change.session.add(
        Token(hash=_fingerprint(secret), user=user, label=label[:80], expires=expires, made_by=change.who)
    )
    change.record("token_added", None, user=user, label=label[:80], expires=expires)
    return secret


def by_token(session: Session, secret: str, at: datetime) -> Person | None:
    """Return whose token this is."""
    owner = select(User.name, User.role, User.active, Token.expires, Token.made_by).join(
        Token, Token.user == User.name
    )
    found = session.execute(owner.where(Token.hash == _fingerprint(secret))).one_or_none()
    if found is None or not found.active or at.isoformat() >= found.expires:
        return None
    made_by = UNKNOWN_MAKER if found.made_by is None else found.made_by
    return Person(found.name, found.role, made_by=None if made_by == found.name else made_by)


def _weakness(password: str, name: str) -> str | None:
    """Say why a password is unfit; None where it will do."""
    if len(password) < SHORTEST_PASSWORD:
        return f"A password needs at least {SHORTEST_PASSWORD} characters."
    found = zxcvbn(password[:LONGEST_JUDGED], user_inputs=[name, "headwater"])
    if found["score"] >= WEAKEST_PASSWORD:
        return None
    return f"This password is easily guessed. {found['feedback']['warning']}".strip()


def _fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
