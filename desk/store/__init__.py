"""The decision store: cases with their states, who decided what and why, and the audit log that keeps it all.

Doors: `Ledger` (the database), `import_run`, the steps of `decisions`, the views of `cases`, `audit.check`.
"""

from desk.store.imports import ImportReport, import_run
from desk.store.ledger import Change, Ledger
from desk.store.people import Person

__all__ = ["Change", "ImportReport", "Ledger", "Person", "import_run"]
