"""Walk through an XML list element by element: constant memory, no entities, no network."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import IO

from lxml import etree

from lists.errors import HostileInput, MalformedList
from lists.fetch import SourceFile

Element = etree._Element

_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)\b", re.IGNORECASE)


def elements(file: SourceFile, tags: Sequence[str]) -> Iterator[tuple[str, Element]]:
    """Yield (local name, element) for each closed element of one of `tags`, then forget it.

    Raises HostileInput for a document type (no list has one), MalformedList where the XML is broken or cut off.
    """
    if _DOCTYPE.search(file.head):
        raise HostileInput(f"{file.path}: declares a document type or entities; no list does, refused")
    wanted = set(tags)
    with file.stream() as stream:
        try:
            for _, element in walk(stream, tags):
                name = etree.QName(element).localname
                if name in wanted:
                    yield name, element
                    release(element)
        except etree.XMLSyntaxError as error:
            raise MalformedList(
                f"{file.path}: the XML is broken or cut off ({error}); get the file again"
            ) from error


def walk(stream: IO[bytes], tags: Sequence[str]) -> Iterator[tuple[str, Element]]:
    """Return the walk over the closed elements of `tags` in hostile XML: no entities, no network, no huge texts."""
    found: Iterator[tuple[str, Element]] = etree.iterparse(
        stream,
        events=("end",),
        tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return found


def page_tables(file: SourceFile) -> Iterator[list[list[str]]]:
    """Yield the tables of an HTML page, each as rows of cells with their text; nothing is run or fetched."""
    parser = etree.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    root = etree.fromstring(file.content(), parser)
    for table in root.iter("table"):
        rows = ([text(cell) or "" for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr"))
        yield [row for row in rows if row]


def root_name(file: SourceFile) -> str:
    """Return the local name of the root element, from the head of the file; empty where it is no XML."""
    found = re.search(r"<(?:\w+:)?([A-Za-z]\w*)[\s>]", file.head_text)
    return found.group(1) if found and file.head_text.lstrip().startswith("<") else ""


def child_text(element: Element, path: str) -> str | None:
    """Return the stripped text of the first descendant along a path of local names, None where there is none."""
    found = element.find("/".join(f"{{*}}{step}" for step in path.split("/")))
    return text(found) if found is not None else None


def text(element: Element) -> str | None:
    """Return the whole text below an element, white space folded, None where there is none."""
    return " ".join("".join(str(part) for part in element.itertext()).split()) or None


def unread_elements(file: str, tags: Collection[str]) -> tuple[str, ...]:
    """Return the warning about elements that nobody reads, where there are any.

    >>> unread_elements("list.xml", {"NEW", "ODD"})
    ('list.xml: there are elements that nobody reads: NEW, ODD',)
    """
    return (f"{file}: there are elements that nobody reads: {', '.join(sorted(tags))}",) if tags else ()


def release(element: Element) -> None:
    """Forget an element and all before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
