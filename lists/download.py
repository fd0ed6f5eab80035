"""Get lists from their publishers: all files of a list or none; on failure the last good ones stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import httpx

from lists.errors import DownloadFailed
from lists.fetch import headers_path
from lists.http import Address, RetryPolicy, get
from lists.reference import settings
from lists.refresh import ListOutcome, RefreshReport, describe_last_good, refresh
from lists.store import Store

FOLDER = ".downloads"
"""Folder of the store in which downloads are kept."""
_STAGING = ".incoming"
_AGENT = "headwater (list refresh)"


@dataclass(frozen=True, slots=True)
class Download:
    """What became of the files of one list: fetched, unchanged, replayed or failed."""

    name: str
    publisher: str
    outcome: str
    files: tuple[Path, ...]
    message: str = ""


def list_addresses() -> dict[str, tuple[str, tuple[Address, ...]]]:
    """Return name of a list -> (publisher, addresses of its files), from `lists/data/downloads.toml`.

    >>> sorted(list_addresses())
    ['CSL', 'DPL', 'NON_SDN', 'SDN', 'SDN_ADVANCED']
    """
    return {
        name: (str(entry["publisher"]), tuple(Address(**file) for file in entry["files"]))
        for name, entry in settings("downloads").items()
    }


def download(
    names: Iterable[str],
    folder: Path,
    addresses: Mapping[str, tuple[str, Sequence[Address]]] | None = None,
    retries: RetryPolicy | None = None,
    offline: bool = False,
) -> tuple[Download, ...]:
    """Bring the files of each named list to `folder/<name>/`; never raises for a server, the outcome says it.

    Only what changed since the last time is fetched. With `offline` nothing is asked for: what an earlier
    download left is replayed. Raises DownloadFailed for a name that is not known.
    """
    addresses_by_name = dict(addresses if addresses is not None else list_addresses())
    wanted = list(names)
    unknown = sorted(set(wanted) - set(addresses_by_name))
    if unknown:
        raise DownloadFailed(
            f"no address of {', '.join(unknown)} is known; there are: {', '.join(sorted(addresses_by_name))}"
        )
    retries = retries or RetryPolicy()
    timeout = httpx.Timeout(retries.read_timeout, connect=10.0)
    with httpx.Client(
        follow_redirects=True,
        max_redirects=5,
        timeout=timeout,
        headers={"User-Agent": _AGENT},
        trust_env=True,
    ) as client:
        return tuple(
            _list(client, name, *addresses_by_name[name], folder / name, retries, offline) for name in wanted
        )


def refresh_by_download(
    names: Iterable[str],
    store: Store,
    partial: bool = False,
    today: date | None = None,
    addresses: Mapping[str, tuple[str, Sequence[Address]]] | None = None,
    retries: RetryPolicy | None = None,
    offline: bool = False,
) -> RefreshReport:
    """Download lists and refresh the store from them; a failed download is an outcome that says how stale we are."""
    today = today or store.system.now().date()
    downloads = download(names, store.root / FOLDER, addresses, retries, offline)
    good = [path for one in downloads if one.outcome != "failed" for path in one.files]
    report = refresh(good, store, partial=partial, today=today)
    failed = tuple(
        ListOutcome(
            one.name,
            "failed",
            one.publisher,
            message=f"{one.message}. {describe_last_good(store, one.publisher, today)}",
        )
        for one in downloads
        if one.outcome == "failed"
    )
    successes = tuple(f"{one.name}: {one.outcome}" for one in downloads if one.outcome != "failed")
    return replace(report, outcomes=failed + report.outcomes, messages=successes + report.messages)


def _list(
    client: httpx.Client,
    name: str,
    publisher: str,
    addresses: Sequence[Address],
    folder: Path,
    retries: RetryPolicy,
    offline: bool,
) -> Download:
    files = tuple(folder / address.file for address in addresses)
    if offline:
        absent = [path.name for path in files if not path.is_file()]
        outcome, message = (
            ("failed", f"{name}: never downloaded: {', '.join(absent)}") if absent else ("replayed", "")
        )
        return Download(name, publisher, outcome, files, message)
    staging = folder / _STAGING
    staging.mkdir(parents=True, exist_ok=True)
    try:
        fetched = [
            address
            for address in addresses
            if get(client, address, folder / address.file, staging / address.file, retries)
        ]
    except DownloadFailed as error:
        return Download(name, publisher, "failed", files, str(error))
    for address in fetched:
        for path in (headers_path(staging / address.file), staging / address.file):
            path.replace(folder / path.name)
    return Download(name, publisher, "fetched" if fetched else "unchanged", files)
