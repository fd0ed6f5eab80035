"""The fields of a certificate that are about the record itself: decisions, trigger, review, retention, hash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.certificate.words import NOT_RECORDED, count

Content = Mapping[str, Any]
Lines = tuple[str, ...]


def decided(content: Content) -> Lines:
    """Write the decisions of the desk, each with who, when and on what ground."""
    if content["chain"] is None and content["decisions"] is None:
        return (
            f"{NOT_RECORDED}; decisions stand in the desk's store, which was not given or does not know the run.",
        )
    found = content["decisions"]
    if found is None:
        return ("None: the desk has no case of this customer.",)
    case = found["case"]
    lines = [f"Case {case['case_id']} is {case['state']}; assigned to {case['assignee'] or 'nobody'}."]
    lines += [_line(line) for line in found["lines"]] or ["Nobody has decided anything yet."]
    lines += [
        f"Set aside: {row['query_name']} ~ {row['matched_name']} [{row['party_id']}] by {row['by']} on {row['on']}, "
        f"{'ended' if row['ended'] else 'expires ' + row['until']}: {row['reason'] or 'no reason recorded'}"
        for row in found["set_aside"]
    ]
    return tuple(lines)


def triggered(content: Content) -> Lines:
    """Write why the run was made: what the caller said, and what had changed since the earlier run."""
    why = content["trigger"]
    began = content["run"]["began_at"]
    lines = [f"{why['kind'].capitalize()} run, begun {began or NOT_RECORDED}."]
    lines.append(f"Event as given: {why['given'] or NOT_RECORDED}.")
    if why["since"]:
        lines.append(f"Since run {why['since']['run_id']} as of {why['since']['as_of']}.")
        lines.append(f"Changed since: {', '.join(why['events']) or 'nothing'}.")
        lines += [
            f"List {code}: {days['before'] or 'not loaded'} before, {days['now'] or 'not loaded'} now."
            for code, days in why["lists"].items()
        ]
    return tuple(lines)


def next_review(content: Content) -> Lines:
    """Write when the customer is reviewed next."""
    case = (content["decisions"] or {}).get("case")
    due = f"Case due {case['due_on']}. " if case and case["due_on"] else ""
    return (f"{due}Periodic review and risk tier: {NOT_RECORDED}.",)


def retained(content: Content) -> Lines:
    """Write how long the record is kept, by which regime, from which day."""
    clock, lines = content["retention"]["case"], []
    if clock:
        until = f"until {clock['keep_until']}" if clock["keep_until"] else "no day of expiry"
        lines.append(f"File of the case: {until} ({clock['because']}).")
    lines += [
        f"{row['regime']}: {count(row['years'], 'year')} from {row['trigger'].replace('_', ' ')} ({row['citation']}); "
        f"counted from this screening alone until {row['until']}."
        for row in content["retention"]["regimes"]
    ]
    lines.append(
        "A later event, a legal hold or an agency's request makes it longer; the software deletes nothing."
    )
    return tuple(lines)


def hashes(content: Content, digest: str) -> Lines:
    """Write the hash of the certificate, and where the desk's log stands."""
    chain = content["chain"]
    place = (
        f"Audit log of the desk: line {chain['seq']} ({chain['kind']}), hash {chain['hash']}."
        if chain
        else f"Place in an audit chain: {NOT_RECORDED}."
    )
    return (
        f"SHA-256 of the content of this certificate: {digest}.",
        f"SHA-256 over the hashes of all files of the run: {content['run']['files_sha256']}.",
        f"SHA-256 of the content of its run.json: {content['run']['content_sha256']}.",
        place,
    )


def _line(line: Mapping[str, Any]) -> str:
    second = f", second signature to the proposal of {line['proposed_by']}" if line["proposed_by"] else ""
    state = f" -> {line['state']}" if line["state"] else ""
    return (
        f"{line['at'][:16].replace('T', ' ')} UTC {line['who']}: {line['kind']}{state}{second}"
        f"{': ' + line['reason'] if line['reason'] else ''} (log line {line['seq']}, {line['hash'][:16]})"
    )
