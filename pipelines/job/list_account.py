"""Which lists a run screened, how old each was that day, and which lists it did not screen, with the reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from lists.errors import ListVanished
from lists.schema import LIST_CODES, OPTIONAL_LISTS
from lists.snapshot import SnapshotRef
from screening.documents import business_days_between
from screening.law import table
from screening.law.tables import policy_figure

OURS = ("list", "name", "agency", "effect")
TO_GET_IT = "run headwater refresh"
OPTIONAL = (
    "an optional list: screened only where the setting optional_lists names it and the list store holds it"
)


def loaded_lists(snapshots: Sequence[Mapping[str, Any]], as_of: date) -> list[dict[str, Any]]:
    """Return a row for each list that a run screens, by code: list, name, publisher, published, age_business_days (on
    the as-of day; federal holidays do not count), parties, hash, partial.

    snapshots: as `run.json` names them.
    """
    names = dict(table("lists").select("list", "name").unique("list", keep="first").iter_rows())
    return [
        {
            **snapshot,
            "name": names.get(snapshot["list"], snapshot["list"]),
            "age_business_days": business_days_between(date.fromisoformat(snapshot["published"]), as_of),
        }
        for snapshot in sorted(snapshots, key=lambda snapshot: str(snapshot["list"]))
    ]


def lists_not_loaded(
    loaded: Collection[str], wanted: Collection[str], until: date | None
) -> list[dict[str, Any]]:
    """Return a row for each list that a run does not screen: list, name, agency, effect, why; ours first.

    loaded: codes of the lists that it screens. wanted: codes that the configuration names (none: all but optional
    ones). until: the last day of publication, null for no last day.
    """
    when = f" published on or before {until}" if until else ""
    rows = table("lists").unique("list", keep="first", maintain_order=True).select(*OURS, "to_get_it")
    ours = {row["list"]: row for row in rows.to_dicts()}
    reasons = {
        code: "the configuration names other lists (setting lists)"
        if wanted and code not in wanted
        else f"no snapshot{when} in the list store: {ours[code]['to_get_it'] or TO_GET_IT}"
        for code in LIST_CODES
    } | dict.fromkeys(OPTIONAL_LISTS, OPTIONAL)
    absent = [
        {column: ours[code][column] for column in OURS} | {"why": why}
        for code, why in reasons.items()
        if code not in loaded
    ]
    others = table("other_lists").filter(~pl.col("list").is_in(list(loaded))).select(*OURS, "why").to_dicts()
    return [*absent, *others]


def require_lists(
    snapshots: Sequence[SnapshotRef], required: Collection[str], max_age_days: int | None, as_of: date
) -> None:
    """Raise ListVanished where a required list is not loaded, or a loaded one was published too long before the day."""
    faults = [
        f"{code} is required and not loaded" for code in sorted({*required} - {ref.list for ref in snapshots})
    ]
    if max_age_days is not None:
        faults += [
            f"{ref.list} of {ref.published} is {(as_of - ref.published).days} days old, more than {max_age_days}"
            for ref in snapshots
            if (as_of - ref.published).days > max_age_days
        ]
    if faults:
        raise ListVanished(
            f"{'; '.join(faults)}. Run `headwater refresh`, or change required_lists or max_list_age_days in the "
            "configuration"
        )


def list_remarks(loaded: Sequence[Mapping[str, Any]], as_of: date) -> list[str]:
    """Say which of the lists are older than a business day, in one line, for the warnings of a run."""
    limit = int(policy_figure("fresh_list_business_days"))
    old = [row for row in loaded if row["age_business_days"] > limit]
    if not old:
        return []
    ages = ", ".join(f"{row['list']} {row['age_business_days']}" for row in old)
    days = "1 business day" if limit == 1 else f"{limit} business days"
    return [
        f"Lists published more than {days} before {as_of} (age in business days): {ages}. "
        "Refresh them, or make sure that their publishers have nothing newer."
    ]
