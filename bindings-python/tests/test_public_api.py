"""What the package has in public, name by name, is ``public-api.txt``: a change of it is seen in review.

``LEADWRIGHT_BLESS=1`` writes it anew. It is read from the source, so that a module that needs a package of others is listed
without it. ``leadwright.wire`` is generated, and listed by its names.
"""

from __future__ import annotations

import ast
import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Union

from conftest import REPOSITORY

PACKAGE = REPOSITORY / "bindings-python/python/leadwright"
LISTED = REPOSITORY / "bindings-python/public-api.txt"
BY_NAME_ONLY = {"leadwright.wire"}

Function = (ast.FunctionDef, ast.AsyncFunctionDef)


class Found(NamedTuple):
    """Where a name is bound, and by what."""

    module: str
    node: ast.AST


def file_of(module: str) -> Path:
    base = PACKAGE.parent.joinpath(*module.split("."))
    candidates = (base / "__init__.py", base.with_suffix(".py"), base.with_suffix(".pyi"))
    return next(path for path in candidates if path.exists())


@functools.cache
def tree(module: str) -> ast.Module:
    return ast.parse(file_of(module).read_text("utf-8"))


def public_modules() -> list[str]:
    """Those without an underscore, and the packages above them."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if not any(part.startswith("_") for part in parts):
            found.append(".".join(parts))
    return sorted(found)


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Those of a module, and those under an ``if``: a version of Python, or a check of types."""
    for node in body:
        yield node
        if isinstance(node, (ast.If, ast.Try)):
            yield from statements(node.body)
            yield from statements(node.orelse)


@functools.cache
def bound(module: str) -> dict[str, Found]:
    """Every name that a module binds, with what binds it; a name that is imported from ours leads to its definition."""
    names: dict[str, Found] = {}
    is_package = file_of(module).name == "__init__.py"
    for node in statements(tree(module).body):
        if isinstance(node, (*Function, ast.ClassDef)):
            names.setdefault(node.name, Found(module, node))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names[node.target.id] = Found(module, node)
        elif isinstance(node, ast.Assign):
            names.update({each.id: Found(module, node) for each in node.targets if isinstance(each, ast.Name)})
        elif isinstance(node, ast.ImportFrom) and node.level:
            above = module.split(".")
            above = above[: len(above) - node.level + is_package]
            if not node.module:
                continue
            origin = ".".join([*above, node.module])
            for alias in node.names:
                names[alias.asname or alias.name] = Found(origin, ast.Name(alias.name))
    return names


def definition(module: str, name: str) -> Found:
    found = bound(module)[name]
    return definition(found.module, found.node.id) if isinstance(found.node, ast.Name) else found


def exports(module: str) -> list[str]:
    for node in tree(module).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return sorted(ast.literal_eval(node.value))
    own = bound(module).items()
    return sorted(name for name, found in own if not name.startswith("_") and not isinstance(found.node, ast.Name))


def signature(node: Union[ast.FunctionDef, ast.AsyncFunctionDef]) -> str:
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    marks = [ast.unparse(each) for each in node.decorator_list]
    shown = [f"@{mark} " for mark in marks if mark.split(".")[-1] not in ("wraps", "override")]
    return f"{''.join(shown)}{word} {node.name}({ast.unparse(node.args)}){returns}"


def is_public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def members(module: str, node: ast.ClassDef, exported: set[str]) -> dict[str, list[str]]:
    """The members of a class; those of a base that is ours and private are its own."""
    found: dict[str, list[str]] = {}
    names = bound(module)
    for base in node.bases:
        root = ast.unparse(base).split("[")[0]
        if root in names and root not in exported:
            where = definition(module, root)
            if isinstance(where.node, ast.ClassDef):
                found.update(members(where.module, where.node, exported))
    own: dict[str, list[str]] = {}
    for each in statements(node.body):
        if isinstance(each, Function) and is_public(each.name):
            own.setdefault(each.name, []).append(signature(each))
        elif isinstance(each, ast.AnnAssign) and is_public(ast.unparse(each.target)):
            own[ast.unparse(each.target)] = [f"{ast.unparse(each.target)}: {ast.unparse(each.annotation)}"]
        elif isinstance(each, ast.Assign):
            for target in each.targets:
                if is_public(ast.unparse(target)) and ast.unparse(target) != "__slots__":
                    own[ast.unparse(target)] = [f"{ast.unparse(target)} = ..."]
    return {**found, **own}


def shown(module: str, name: str, exported: set[str]) -> list[str]:
    where = definition(module, name)
    node = where.node
    if isinstance(node, Function):
        return [signature(node)]
    if isinstance(node, ast.ClassDef):
        bases = ", ".join(ast.unparse(base) for base in [*node.bases, *(word.value for word in node.keywords)])
        inside = members(where.module, node, exported)
        return [f"class {name}({bases}):"] + [f"    {line}" for key in sorted(inside) for line in inside[key]]
    if isinstance(node, ast.AnnAssign):
        return [f"{name}: {ast.unparse(node.annotation)}"]
    assert isinstance(node, ast.Assign)
    return [f"{name} = {ast.unparse(node.value)}"]


@functools.cache
def listing() -> str:
    lines = ["The public names of the Python package. Made by `LEADWRIGHT_BLESS=1 pytest tests/test_public_api.py`."]
    exported = {name for module in public_modules() for name in exports(module)}
    for module in public_modules():
        lines += ["", f"# {module}"]
        for name in exports(module):
            lines += [name] if module in BY_NAME_ONLY else shown(module, name, exported)
    return "\n".join(lines) + "\n"


def test_the_public_api_is_what_is_listed() -> None:
    made = listing()
    if os.environ.get("LEADWRIGHT_BLESS"):
        LISTED.write_text(made, "utf-8")
    kept = LISTED.read_text("utf-8").splitlines()
    gone = [line for line in kept if line not in made.splitlines()]
    new = [line for line in made.splitlines() if line not in kept]
    assert made.splitlines() == kept, f"new in the public API: {new}; gone from it: {gone}"


def test_the_listing_sees_what_there_is() -> None:
    made = listing()
    assert "def validate(lead: " in made
    assert "    def decide(self, lead: " in made
    assert "class StoreError(" in made
    assert "\nBuyerId\n" in made, "the wire types are listed by their names"
