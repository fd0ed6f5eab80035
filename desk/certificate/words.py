"""Words that all fields of a certificate share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NOT_RECORDED = "not recorded by this run"


def count(number: int, thing: str) -> str:
    """Write a number of things.

    >>> count(1, "list"), count(2000, "list")
    ('1 list', '2,000 lists')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def named(names: Sequence[str]) -> str:
    """Write the names of a record.

    >>> named(["Acme", "Acme Trading"]), named([])
    ('Acme; also Acme Trading', 'no name recorded')
    """
    if not names:
        return "no name recorded"
    first, *others = names
    return f"{first}; also {'; '.join(others)}" if others else first


def floor(scores: Mapping[str, float]) -> str:
    """Write from which score on pairs are kept: the lowest, and for which types of party it is higher.

    >>> floor({"person": 0.4, "organization": 0.4, "vessel": 0.5}), floor({})
    ('0.40 (vessel 0.50)', 'a score not recorded by this run')
    """
    if not scores:
        return f"a score {NOT_RECORDED}"
    least = min(scores.values())
    higher = [f"{kind} {score:.2f}" for kind, score in sorted(scores.items()) if score > least]
    return f"{least:.2f}" + (f" ({', '.join(higher)})" if higher else "")
