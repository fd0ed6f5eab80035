"""Segments of customers: the rules that each lifts to full weight, and how many customers and cases each has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from screening.policy import Segment

NONE, UNKNOWN = "no_segment", "unknown_segment"
"""Under which names customers are counted that have no segment, or one that the configuration does not name."""


def by_precaution(
    rows: pl.DataFrame, for_all: frozenset[str], segments: Sequence[Segment]
) -> Iterator[tuple[frozenset[str], pl.DataFrame]]:
    """Divide rows by the rules that their segment lifts besides those lifted `for_all`.

    `rows`: with a column `segment`. The rows without lifted rules of their own come first, even if there are none.

    >>> book = pl.DataFrame({"segment": ["cloud", None, "retail"]})
    >>> [(sorted(lifted), rows.height) for lifted, rows in
    ...     by_precaution(book, frozenset(), [Segment(name="cloud", precautionary=("RF28",))])]
    [([], 2), (['RF28'], 1)]
    """
    lifted: dict[frozenset[str], list[str]] = {for_all: []}
    for segment in segments:
        lifted.setdefault(for_all | frozenset(segment.precautionary), []).append(segment.name)
    special = [name for rules, names in lifted.items() if rules != for_all for name in names]
    within = pl.col("segment").is_in(special).fill_null(False)
    yield for_all, rows.filter(~within)
    for rules, names in lifted.items():
        if rules != for_all:
            yield rules, rows.filter(pl.col("segment").is_in(names))


def count_by_segment(
    customers: pl.DataFrame, groups: Mapping[str, pl.Series], segments: Sequence[Segment]
) -> dict[str, int]:
    """Count customers, and those of each group, by segment.

    `customers`: customer_id, segment. `groups`: ids of customers by the name of the group.

    >>> book = pl.DataFrame({"customer_id": ["a", "b"], "segment": ["cloud", None]})
    >>> count_by_segment(book, {"cases": pl.Series(["b"])}, [Segment(name="cloud")])
    {'customers_no_segment': 1, 'customers_segment_cloud': 1, 'cases_no_segment': 1}
    """
    own = pl.col("segment")
    named = pl.when(own.is_in([segment.name for segment in segments])).then(pl.format("segment_{}", own))
    unnamed = pl.when(own.is_null()).then(pl.lit(NONE)).otherwise(pl.lit(UNKNOWN))
    by_customer = customers.select("customer_id", segment=pl.coalesce(named, unnamed))
    counts: dict[str, int] = {}
    for what, ids in {"customers": customers["customer_id"], **groups}.items():
        rows = by_customer.filter(pl.col("customer_id").is_in(ids.unique().implode()))
        sizes = rows.group_by("segment").len().sort("segment")
        counts |= {f"{what}_{segment}": size for segment, size in sizes.iter_rows()}
    return counts


def segment_counts(
    counts: Mapping[str, int], segments: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, str, int]]:
    """Yield group, segment and count, zeros too; nothing if no segments are configured.

    `counts`: as from `count_by_segment`. Customers without a segment are counted as "(none)", those with one that is
    not configured as "(unknown)".

    >>> list(segment_counts({"cases_segment_cloud": 2}, [{"name": "cloud"}]))[3:6]
    [('cases', 'cloud', 2), ('cases', '(none)', 0), ('cases', '(unknown)', 0)]
    """
    keys = {each["name"]: f"segment_{each['name']}" for each in segments}
    for group in ("customers", "cases", "alerts") if keys else ():
        for name, key in (keys | {"(none)": NONE, "(unknown)": UNKNOWN}).items():
            yield group, name, counts.get(f"{group}_{key}", 0)


def remarks(counts: Mapping[str, int], segments: Sequence[Segment]) -> Iterator[str]:
    """Say where book and configuration do not agree. `counts`: as from `count_by_segment`, of all customers."""
    if unknown := counts.get(f"customers_{UNKNOWN}"):
        yield (
            f"{unknown} customers are of a segment that the configuration does not name; the settings for all hold "
            "for them. Compare their column segment with [[segments]]."
        )
    empty = [each.name for each in segments if not counts.get(f"customers_segment_{each.name}")]
    if empty:
        yield f"No customer is of the segment {', '.join(empty)} that the configuration names."
