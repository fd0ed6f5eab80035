"""The modules of the house as data: what each imports, which names it gives, what it reaches."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FLOORS = ("lists", "screening", "pipelines", "desk")
"""From the ground up; a floor imports only from floors below it."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
PLAIN_DECORATORS = {"cache", "cached_property", "classmethod", "contextmanager", "property", "staticmethod"}
"""They do not register what they decorate with anybody."""


@dataclass(frozen=True)
class Module:
    """One Python file."""

    name: str  # as imported
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @property
    def floor(self) -> str:
        return self.name.partition(".")[0]

    def imports(self) -> Iterator[tuple[str, str]]:
        """Yield every import, wherever in the module, also for type checking alone: module, name (or nothing)."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name}: relative import"
                yield from ((node.module or "", alias.name) for alias in node.names)

    def roots(self) -> set[str]:
        """Return the top-level packages that the module imports."""
        return {module.partition(".")[0] for module, _ in self.imports()}

    def names(self) -> Iterator[tuple[int, str]]:
        """Yield every name that the module gives: functions, classes, parameters, variables, fields; with its line."""
        for node in self.nodes:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    yield node.lineno, node.name
                case ast.arg():
                    yield node.lineno, node.arg
                case ast.Name(ctx=ast.Store()):
                    yield node.lineno, node.id
                case ast.Attribute(ctx=ast.Store()):
                    yield node.lineno, node.attr
                case ast.alias(asname=str(alias)):
                    yield node.lineno, alias
                case _:
                    continue


@dataclass(frozen=True)
class House:
    """All modules by name."""

    modules: Mapping[str, Module]

    @classmethod
    def read(cls, root: Path, *folders: str) -> House:
        """Read the modules of these folders; each must have some."""
        found = {}
        for folder in folders:
            paths = sorted((root / folder).rglob("*.py"))
            assert paths, f"{folder} has no modules"
            for path in paths:
                name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
                found[name] = Module(name, path)
        return cls(found)

    def on(self, *floors: str) -> list[Module]:
        """Return the modules of these floors."""
        return [module for module in self.modules.values() if module.floor in floors]

    def part(self, *floors: str) -> House:
        """Return these floors alone."""
        return House({module.name: module for module in self.on(*floors)})

    def edges(self) -> Mapping[str, frozenset[str]]:
        """Return for each module those of the house that it imports; a package stands for its `__init__`."""
        return {
            name: frozenset(self._target(*each) for each in module.imports()) & self.modules.keys() - {name}
            for name, module in self.modules.items()
        }

    def _target(self, module: str, name: str) -> str:
        return f"{module}.{name}" if f"{module}.{name}" in self.modules else module

    def unreached(self, entrances: Iterable[str], mentioned: Iterable[str] = ()) -> list[str]:
        """Return the functions, methods and classes that nothing reaches from these packages or names.

        A definition is reached by its name: a mention in an entrance, in something reached, or in what runs when a
        module is imported. So where two definitions share a name, both are reached when one is.
        """
        places: dict[str, list[str]] = {}
        mentions: dict[str, set[str]] = {}
        start = set(mentioned)
        bases = {name for module in self.modules.values() for name in _bases(module)}
        for module in self.modules.values():
            start |= _mentions(module.nodes if module.floor in entrances else _run_on_import(module.tree))
            for owner, node in _definitions(module.tree, module.name):
                mentions.setdefault(node.name, set()).update(_mentions(_body(node, bases)) - {node.name})
                if module.floor not in entrances:
                    places.setdefault(node.name, []).append(f"{owner}.{node.name}")
                if _is_registered(node):
                    start.add(node.name)
        reached = closure(mentions, start)
        return sorted(place for name, given in places.items() if name not in reached for place in given)


def circles(edges: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Return the groups of nodes that reach each other, each sorted.

    >>> circles({"a": "b", "b": "a", "c": "a"})
    [['a', 'b']]
    """
    reached = {node: closure(edges, edges[node]) for node in edges}
    groups = {frozenset(other for other in reached[node] if node in reached[other]) for node in edges}
    return sorted(sorted(group) for group in groups if group)


def closure(edges: Mapping[str, Iterable[str]], start: Iterable[str]) -> set[str]:
    """Return the nodes of `start` and all that can be reached from them.

    >>> sorted(closure({"a": "b", "b": "c"}, "b"))
    ['b', 'c']
    """
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += edges.get(node, ())
    return found


def _definitions(node: ast.AST, owner: str) -> Iterator[tuple[str, Definition]]:
    """Yield the functions and classes of a module or class, and the methods of its classes, with their owner."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition):
            if not child.name.startswith("__"):
                yield owner, child
            if isinstance(child, ast.ClassDef):
                yield from _definitions(child, f"{owner}.{child.name}")


def _bases(module: Module) -> Iterator[str]:
    """Yield the names of the classes that others are made from."""
    for node in module.nodes:
        if isinstance(node, ast.ClassDef):
            yield from (base.id for base in node.bases if isinstance(base, ast.Name))


def _body(node: Definition, bases: set[str]) -> Iterator[ast.AST]:
    """Yield the nodes that are reached with a definition.

    Methods are reached by their own names, but for those with underscores, and those of a class that has a base class
    or is one: that may call them.
    """
    alone = isinstance(node, ast.ClassDef) and not node.bases and node.name not in bases
    for child in ast.iter_child_nodes(node):
        if not (alone and isinstance(child, ast.FunctionDef) and not child.name.startswith("__")):
            yield from ast.walk(child)


def _mentions(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that are read, called, imported, or given as text, as in `getattr(row, "name")`."""
    found = set()
    for node in nodes:
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                found.add(name)
            case ast.Constant(value=str(name)):
                found.add(name)
            case ast.FunctionDef(name=name):  # a method of a class with a base class
                found.add(name)
            case _:
                continue
    return found


def _run_on_import(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the nodes of a module that run when it is imported, besides its imports and definitions."""
    for node in tree.body:
        if not isinstance(node, Definition | ast.Import | ast.ImportFrom):
            yield from ast.walk(node)


def _is_registered(node: Definition) -> bool:
    """Tell whether a decorator hands the definition to somebody, as a rule's or a validator's does."""
    return any(_mentions(ast.walk(each)) - PLAIN_DECORATORS for each in node.decorator_list)
