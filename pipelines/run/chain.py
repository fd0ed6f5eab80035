"""The chain of runs: upon which runs a run was built, and whether those are still what they were then.

A run states the run before it by the hash of all that its `run.json` says, and that one does the same: so one hash
stands for all runs back to the last full one. Their folders may have moved or been replaced since, so all links are
stated, and each is looked for by its hash.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from pipelines.errors import RunDamaged, RunNotFound
from pipelines.run.checked import SHOWN
from pipelines.run.folder import MANIFEST, Run, open_run
from pipelines.run.manifest import LINK
from pipelines.run.verify import State, check_files


@dataclass(frozen=True, slots=True)
class Link:
    """An earlier run that a run was built upon: fields of `LINK`."""

    run_id: str
    as_of: str
    content_sha256: str
    folder: str  # from the folder of the run that states it

    def __str__(self) -> str:
        return f"{self.run_id} of {self.as_of}"


@dataclass(frozen=True, slots=True)
class FollowedLink:
    """A link, and what was found of its run: `equal` is as it was built upon, `not looked at` is not there."""

    link: Link
    state: State
    detail: str


def build_chain(previous: Run | None, out: Path) -> tuple[Mapping[str, str], ...]:
    """Return the links of a run that is built upon another and will lie in `out`, newest first: fields of `Link`."""
    if previous is None:
        return ()
    manifest = previous.manifest
    link = Link(manifest["run_id"], manifest["as_of"], previous.content_sha256, _from(out, previous.path))
    earlier = [
        {**each, "folder": _from(out, previous.path / each["folder"])} for each in manifest.get("chain", ())
    ]
    return (asdict(link), *earlier)


def follow(run: Run, elsewhere: Sequence[Path] = ()) -> list[FollowedLink]:
    """Check the runs that a run was built upon, all files of each, as far as their folders are found.

    Each is looked for where it lay, beside the run, and anywhere below the folders `elsewhere`.
    """
    links = stated_links(run)
    places = _Places(run, tuple(elsewhere))
    return [places.check(link, links[number:]) for number, link in enumerate(links, 1)]


def stated_links(run: Run) -> list[Link]:
    """Return the links that a run states, the newest first."""
    return [Link(*(each[name] for name in LINK)) for each in run.manifest.get("chain", ())]


@dataclass(frozen=True)
class _Places:
    """Where earlier runs may lie."""

    run: Run
    elsewhere: tuple[Path, ...]

    @cached_property
    def by_content(self) -> Mapping[str, list[Run]]:
        """The runs beside the run and elsewhere, by the hash of their content."""
        files = [
            *sorted(self.run.path.absolute().parent.glob(f"*/{MANIFEST}")),
            *(file for folder in self.elsewhere for file in sorted(folder.rglob(MANIFEST))),
        ]
        return _by_content(file.parent for file in files)

    def check(self, link: Link, before: Sequence[Link]) -> FollowedLink:
        """Find the run of a link and check it. before: the links that it should state itself.

        What lies where the run lay counts; where that is not the run any more, a copy that is whole.
        """
        place = Path(os.path.normpath(self.run.path.absolute() / link.folder))
        copies = _by_content([place]).get(link.content_sha256) or self.by_content.get(link.content_sha256, [])
        looked_at = [_compare(link, copy, before) for copy in copies]
        equal = [each for each in looked_at if each.state == "equal"]
        return next(iter(equal or looked_at), None) or FollowedLink(link, *_absent(link, place))


def _compare(link: Link, found: Run, before: Sequence[Link]) -> FollowedLink:
    """Compare the files of an earlier run, and the links that it states, with what they were."""
    try:
        count = check_files(found)
    except RunDamaged as error:
        return FollowedLink(link, "differs", str(error))
    if _contents(stated_links(found)) != _contents(before):
        return FollowedLink(link, "differs", f"{found.path}: built upon other runs than stated here")
    return FollowedLink(link, "equal", f"{found.path}: {count} files as written")


def _absent(link: Link, place: Path) -> tuple[State, str]:
    """Say what lies where the run of a link lay."""
    try:
        there = open_run(place)
    except RunNotFound:
        return "not looked at", f"{place}: no run here any more"
    except RunDamaged as error:
        return "differs", str(error)
    if there.manifest["run_id"] != link.run_id:
        return "not looked at", f"{place}: run {there.manifest['run_id']} has taken its place"
    now, then = there.content_sha256[:SHOWN], link.content_sha256[:SHOWN]
    return "differs", f"{place}: its content has the SHA-256 {now}, built upon was {then}"


def _by_content(folders: Iterable[Path]) -> dict[str, list[Run]]:
    runs: dict[str, list[Run]] = {}
    for folder in folders:
        with suppress(RunNotFound, RunDamaged):
            run = open_run(folder)
            runs.setdefault(run.content_sha256, []).append(run)
    return runs


def _contents(links: Sequence[Link]) -> list[str]:
    return [link.content_sha256 for link in links]


def _from(out: Path, folder: Path) -> str:
    """Return the way from one folder to another."""
    return Path(os.path.relpath(folder.absolute(), out.absolute())).as_posix()
