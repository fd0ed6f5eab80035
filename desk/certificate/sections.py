"""The fields of the record that an examiner asks for, each in words; none of them is ever empty.

A field that the run does not hold says so: silence is no result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.certificate.closing import decided, hashes, next_review, retained, triggered
from desk.certificate.words import NOT_RECORDED, count, floor, named
from screening.ownership import format_share
from screening.text import format_score

Content = Mapping[str, Any]
NAMES_COLUMNS = ("role", "name as given", "names compared", "id", "owner of")
BANDS = {
    "alert": "as alert", "review": "for review", "building": "at a listed address", "contact": "by contact details",
    "contradicted": "contradicted", "below": "under the line", "suppressed": "set aside by a review",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """One field of the record: what it says in lines, and in rows where it has many; `brief` is its short form."""

    key: str
    title: str
    lines: tuple[str, ...]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    brief: tuple[str, ...] = ()


def sections(content: Content, digest: str) -> tuple[Section, ...]:
    """Return every field in the order of the record. `digest`: the hash of the content."""
    made: Sequence[Callable[[Content], Section]] = (
        _customer, _names, _lists, _lists_not_loaded, _logic, _results, _under_the_line, _suppressed, _ownership,
        _rules, _not_checked,
    )  # fmt: skip
    closing = (
        ("decisions", "Decisions: who, when, on what ground, second signature", decided(content)),
        ("trigger", "Event that caused the run", triggered(content)),
        ("next_review", "Next review and risk tier", next_review(content)),
        ("retention", "Retention: regime, trigger, until", retained(content)),
        ("hash", "Hash of this certificate, place in the chain", hashes(content, digest)),
    )
    return (
        *(make(content) for make in made),
        *(Section(key, title, lines or (NOT_RECORDED,)) for key, title, lines in closing),
    )


def _customer(content: Content) -> Section:
    customer, run = content["customer"], content["run"]
    files = {row["sha256"]: row for row in content["inputs"]["sources"]}
    book = next((row for row in content["inputs"]["files"] if row["role"] == "customers"), None)
    source = files.get(book["sha256"]) if book else None
    case = customer["case"]
    other = customer["other_fingerprint"]
    return Section(
        "customer",
        "Customer and input row",
        (
            f"Customer {customer['customer_id']}: {named(customer['names'])}",
            f"Segment: {customer['segment'] or 'not given'}.",
            f"Run {run['run_id']} as of {run['as_of']}, begun {run['began_at'] or NOT_RECORDED}.",
            f"Row as compared: fingerprint {customer['row_fingerprint']} (SHA-256, 128 bits, of names, party type, "
            "countries, address, date of birth, identifiers and segment).",
            f"Everything else that the assessment rests on: fingerprint {other}."
            if other
            else "Everything else: no fingerprint; with answers, connections or licences it is assessed every time.",
            f"Input file {source['name']}, {source['rows']:,} rows, SHA-256 {source['sha256']}."
            if source
            else f"Input file: {NOT_RECORDED}.",
            f"Case {case['case_id']}: {case['recommendation']}, severity {case['severity']}."
            if case
            else "No case was opened in this run.",
        ),
    )


def _names(content: Content) -> Section:
    subjects = content["subjects"]
    rows = tuple(
        (
            subject["role"].replace("_", " "),
            named(subject["names"]) if subject["entity_id"] else "undisclosed: nobody to compare",
            str(subject["compared"]),
            subject["entity_id"] or "-",
            subject["below"] or "-",
        )
        for subject in subjects
    )
    unnamed = sum(1 for subject in subjects if not subject["names"])
    roles = Counter(subject["role"].replace("_", " ") for subject in subjects if subject["names"])
    lines = [f"{count(sum(roles.values()), 'record')} compared: {_counted(roles)}."]
    if unnamed:
        lines.append(
            f"{count(unnamed, 'record')} without a name: compared by number, address or contact at most."
        )
    return Section(
        "names", "Names screened, each in its role", tuple(lines), NAMES_COLUMNS, rows,
        tuple(lines),
    )  # fmt: skip


def _lists(content: Content) -> Section:
    rows = tuple(
        (
            row["list"], row["publisher"], row["published"], f"{row['age_business_days']} business days",
            f"{row['parties']:,}", "sample" if row["partial"] else "whole", row["hash"][:16],
        )
        for row in content["lists"]
    )  # fmt: skip
    samples = [row["list"] for row in content["lists"] if row["partial"]]
    lines = [f"{count(len(rows), 'list')} compared, as published by the day of the run."]
    if content["run"]["lists_mode"] == "latest":
        lines = [
            f"{count(len(rows), 'list')} compared: the newest in the store, whatever the day of the run."
        ]
    if samples:
        lines.append(
            f"Samples, not whole lists: {', '.join(samples)}. A name that is not in a sample proves nothing."
        )
    old = [row["list"] for row in content["lists"] if row["age_business_days"] > 1]
    if old:
        lines.append(f"Published more than one business day before: {', '.join(old)}.")
    brief = (*lines, ", ".join(f"{row['list']} {row['published']}" for row in content["lists"]))
    columns = ("list", "publisher", "published", "age on the day", "parties", "extent", "hash")
    return Section("lists", "Lists compared", tuple(lines), columns, rows, brief)


def _lists_not_loaded(content: Content) -> Section:
    absent = content["lists_not_loaded"]
    lines = ("These lists were not compared. Nothing in this certificate says anything about them.",)
    if not absent:
        return Section(
            "lists_not_loaded", "Lists not loaded, and why", (NOT_RECORDED,), brief=(NOT_RECORDED,)
        )
    rows = tuple((row["list"], row["name"], row["why"]) for row in absent)
    brief = ("Not compared: " + ", ".join(row["list"] for row in absent) + ".",)
    return Section(
        "lists_not_loaded", "Lists not loaded, and why", lines, ("list", "name", "why"), rows, brief
    )


def _logic(content: Content) -> Section:
    run, logic = content["run"], content["logic"]
    rows = tuple(
        (kind, format_score(limits["alert"]), format_score(limits["review"]))
        for kind, limits in logic["thresholds"].items()
    )
    own = {name: value for name, value in logic["matching"].items() if value and name != "below"}
    return Section(
        "logic",
        "Program, thresholds and weights",
        (
            f"Headwater {run['code_version']}, code SHA-256 {run['code_sha256']}.",
            f"Settings SHA-256 {run['config_sha256']}; weights and word tables SHA-256 {logic['weights_sha256']}.",
            f"Thresholds set by the firm over the measured ones: {own}."
            if own
            else "No threshold was set otherwise.",
            f"Pairs are kept from {logic['kept_below']:.2f} under the review score; lower ones are not recorded.",
        ),
        ("type of party", "alert from", "review from"),
        rows,
    )


def _results(content: Content) -> Section:
    rows = tuple((row["list"], str(row["compared"]), _outcome(row), _best(row)) for row in content["results"])
    shown = [row for row in content["results"] if any(row["counts"].values())]
    brief = tuple(f"{row['list']}: {_outcome(row)}" for row in shown) or (
        f"None at or above {_floor(content)} on any of {count(len(rows), 'list')}.",
    )
    lines = (
        f"{count(len(shown), 'list')} with a pair that was kept, {len(rows) - len(shown)} with none.",
        *(f"{pair['band']}: {_pair(pair)}" for pair in content["pairs"]),
    )
    columns = ("list", "records compared", "result", "best under the review score")
    return Section("results", "Result of each list, none included", lines, columns, rows, brief)


def _under_the_line(content: Content) -> Section:
    under = {row["list"]: row for row in content["results"] if row["best"]}
    total = sum(row["counts"]["below"] + row["counts"]["contradicted"] for row in content["results"])
    lines = [f"{count(total, 'candidate')} under the review score and at or above {_floor(content)}."]
    lines += [f"{code}: best {_pair(row['best'])}" for code, row in under.items()]
    if not total:
        lines.append("What scored lower was compared and is not recorded one by one.")
    return Section("below_line", "Candidates under the line", tuple(lines))


def _suppressed(content: Content) -> Section:
    rows = [
        f"{row['list']} {row['party_id']} {row['party_name']} ~ {row['query_name']}: {row['reason']}; by {row['by']} "
        f"on {row['date']}, expires {row['expires']}."
        for row in content["suppressed"]
    ]
    nothing = "None: no review in force set a pair of these records aside in this run. Expired ones set nothing aside."
    return Section("suppressed", "Pairs set aside by a review: why, who, expiry", tuple(rows) or (nothing,))


def _ownership(content: Content) -> Section:
    owned = content["ownership"]
    recorded = owned["recorded"]
    if recorded is None:
        lines = [
            "No holder of a share is recorded: ownership was not looked at beyond what the customer declares."
        ]
    else:
        share = format_share(recorded["low"], recorded["high"])
        lines = [
            f"{count(recorded['holders'], 'holder')} recorded with {share} in all; not recorded: "
            f"{format_share(max(0, 1_000_000 - recorded['high']), owned['unrecorded_share'])}.",
            f"Oldest record {recorded['oldest']} ({owned['oldest_age_days']} days before the run), newest "
            f"{recorded['newest']}."
            if recorded["oldest"]
            else "No record has a day.",
        ]
        if recorded["undated"]:
            lines.append(f"{count(recorded['undated'], 'record')} without a day.")
    lines += [
        f"50 percent rule {row['regime'].upper()}: {row['status']}, {format_share(row['low'], row['high'])}"
        f"{'; ' + row['path'] if row['path'] else ''}."
        for row in owned["results"]
    ] or ["50 percent rules (OFAC, SSI, BIS): no listed owner reaches this customer on the record."]
    return Section("ownership", "Ownership: recorded share, oldest record", tuple(lines), brief=tuple(lines))


def _rules(content: Content) -> Section:
    found = {row["rule_id"]: row for row in content["findings"]}
    outcomes = Counter(row["outcome"] for row in content["rules"])
    rows = tuple(
        (
            row["rule_id"],
            row["status"],
            row["outcome"].replace("_", " "),
            found[row["rule_id"]]["reason"] if row["rule_id"] in found else row["reason"],
        )
        for row in content["rules"]
    )
    lines = (
        f"{count(len(rows), 'rule')} of the law as of {content['run']['as_of']}: {_counted(outcomes)}.",
        "Words in brackets stand for facts of the customer, which the run writes out only in a case.",
    )
    return Section(
        "rules",
        "Rules: status that day and outcome",
        lines,
        ("rule", "status", "outcome", "why"),
        rows,
        lines[:1],
    )


def _not_checked(content: Content) -> Section:
    gaps = content["not_checked"]
    lines = [*gaps["rules"]]
    lines += [f"Table not given: {name}." for name in gaps["tables"]]
    if gaps["own_values"]:
        lines.append(
            f"{count(gaps['own_values'], 'value')} of the customers' file could not be read and counts as unknown; the "
            "run does not record of which customers."
        )
    brief = tuple(lines) or ("Every rule could be evaluated, and every table was given.",)
    columns = tuple((name, why) for name, why in gaps["columns"].items())
    lines.append("Columns of free text in which no list is asked about names:")
    return Section("not_checked", "Not checked, and why", tuple(lines), ("column", "why"), columns, brief)


def _outcome(row: Mapping[str, Any]) -> str:
    parts = [f"{number} {BANDS.get(band, band)}" for band, number in row["counts"].items() if number]
    return ", ".join(parts) or f"none at or above {floor(row['kept_from'])}"


def _best(row: Mapping[str, Any]) -> str:
    return f"{format_score(row['best']['score'])} {row['best']['party_name']}" if row["best"] else "none kept"


def _floor(content: Content) -> str:
    scores = {kind: score for row in content["results"] for kind, score in row["kept_from"].items()}
    return floor(scores)


def _pair(pair: Mapping[str, Any]) -> str:
    return (
        f"{format_score(pair['score'])} {pair['query_name']} ~ {pair['matched_name']} "
        f"[{pair['party_id']}: {pair['party_name']}]"
    )


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in sorted(counts.items()))
