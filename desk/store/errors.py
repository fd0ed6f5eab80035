"""Everything that can go wrong with the decision store.

StoreError
├── NotFound            no such case, user, token or run
├── CaseChanged         somebody else changed the case since it was read; nothing was written
├── MoveRefused         the state of the case, a missing reason or the four-eyes rule forbids the step
├── StaleRun            the run is older than one that was imported already
├── NameTaken           a user exists whose name is that or reads like it
├── LogDisagrees        the tables hold what the audit log does not bear
├── BackupRefused       a backup is damaged, or a file or lines of the log would be lost
└── SchemaUnknown       the database was written by another version of the program
"""

from __future__ import annotations


class StoreError(Exception):
    """Root of every error that the store raises on purpose. The message says what, where and what to do."""


class NotFound(StoreError):
    """No such case, user, token or run."""


class CaseChanged(StoreError):
    """Somebody else changed the case since it was read; nothing was written."""


class MoveRefused(StoreError):
    """The state of the case, a missing reason or the four-eyes rule forbids the step."""


class StaleRun(StoreError):
    """The run is older than one that was imported already."""


class NameTaken(StoreError):
    """A user exists whose name is that or reads like it."""


class LogDisagrees(StoreError):
    """The tables hold what the audit log does not bear."""


class BackupRefused(StoreError):
    """A backup is damaged, or a file or lines of the log would be lost."""


class SchemaUnknown(StoreError):
    """The database was written by another version of the program."""
