"""The part of a configuration that reads a file, to be pasted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import orjson

from pipelines.inputs.mapping import Source

_BARE = re.compile(r"[A-Za-z0-9_-]+$")


def mapping_toml(
    table: str, columns: Mapping[str, Source], unused: Sequence[str], encoding: str | None
) -> str:
    """Write `[columns.TABLE]`, and `[encoding]` where the file is not UTF-8; headers that are not used as a comment.

    >>> print(mapping_toml("customers", {"name": ("NAME1", "NAME2")}, ["MANDT"], None))
    [columns.customers]
    name = ["NAME1", "NAME2"]
    # not used: "MANDT"
    """
    lines = []
    if encoding:
        lines += ["[encoding]", f"{table} = {_text(encoding)}", ""]
    lines.append(f"[columns.{table}]")
    lines += [f"{name} = {_value(source)}" for name, source in columns.items()]
    if unused:
        lines.append(f"# not used: {', '.join(map(_text, unused))}")
    return "\n".join(lines)


def _value(source: Source) -> str:
    if isinstance(source, str):
        return _text(source)
    if isinstance(source, Mapping):
        pairs = (f"{_key(kind)} = {_value(named)}" for kind, named in source.items())
        return f"{{ {', '.join(pairs)} }}"
    return f"[{', '.join(map(_text, source))}]"


def _key(name: str) -> str:
    return name if _BARE.match(name) else _text(name)


def _text(value: str) -> str:
    """Write a string of TOML without characters that a terminal would obey."""
    quoted = orjson.dumps(value).decode()
    return "".join(letter if letter.isprintable() else _escape(letter) for letter in quoted)


def _escape(letter: str) -> str:
    return f"\\u{ord(letter):04X}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08X}"
