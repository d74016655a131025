"""The rules of the architecture that import-linter does not cover: circles, names, sizes and docstrings."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import sys
from pathlib import Path

import pytest
from numpydoc.docscrape import ClassDoc
from numpydoc.validate import validate

import eagle_nb

ROOT = Path(eagle_nb.__file__).parent
HOOK = "eagle_nb.attribution.display"
CHECKS = {"GL03", "GL08", "SS03", "SS05", "PR01", "PR02", "PR03", "PR04", "PR06", "PR10", "RT01", "RT03", "YD01"}


def modules() -> dict[str, Path]:
    """Every module of the package by name."""
    found = {}
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name: str, path: Path, known: set[str]) -> set[str]:
    """Modules that a module imports, inside functions and for type checking, too."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                target = f"{source}.{alias.name}"
                found |= {target} if target in known else {source} & known
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & known
    return found - {name}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Strongly connected components of more than one module (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    out: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in sorted(graph[node]):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            component = []
            while not component or component[-1] != node:
                component.append(stack.pop())
            if len(component) > 1:
                out.append(sorted(component))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return out


def test_there_is_no_import_circle_without_the_display_hook():
    known = modules()
    graph = {name: imports(name, path, set(known)) for name, path in known.items()}
    graph["eagle_nb"] = set()  # names of the package are imported when they are used
    assert circles({a: {b for b in targets if b != HOOK} for a, targets in graph.items() if a != HOOK}) == []


def test_circles_are_found():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": {"e"}}
    assert circles(graph) == [["a", "b", "c"]]


@pytest.mark.parametrize("name", sorted(modules()))
def test_no_name_hides_a_module(name):
    """No function or class is called like its module or like a sibling of it."""
    module = importlib.import_module(name)
    if name.endswith("__main__"):
        return
    siblings = {name.rpartition(".")[2]}
    if hasattr(module, "__path__"):
        siblings |= {info.name for info in pkgutil.iter_modules(module.__path__)}
    defined = ast.parse(modules()[name].read_text(encoding="utf-8")).body
    own = {node.name for node in defined if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert not own & siblings
    hidden = [
        n for n in siblings & set(dir(module)) if inspect.isroutine(v := getattr(module, n)) or inspect.isclass(v)
    ]
    assert hidden == []


def test_no_source_file_is_longer_than_400_lines():
    files = [*ROOT.rglob("*.py"), *(ROOT.parent / "widgets" / "src").glob("*.js")]
    assert len(files) > 100
    assert {
        str(f.relative_to(ROOT.parent)): n for f in files if (n := len(f.read_text("utf-8").splitlines())) > 400
    } == {}


def public_names() -> list[str]:
    """Public functions, classes, methods and properties, by their full names."""
    names = []
    for name, path in modules().items():
        if name.endswith("__main__") or any(part.startswith("_") for part in name.split(".")):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_") or node.name == "main":
                continue
            names.append(f"{name}.{node.name}")
            if isinstance(node, ast.ClassDef):
                names += [
                    f"{name}.{node.name}.{part.name}"
                    for part in node.body
                    if isinstance(part, ast.FunctionDef) and not part.name.startswith("_") and not _is_setter(part)
                ]
    return sorted(names)


def _is_setter(node: ast.FunctionDef) -> bool:
    """Whether a method belongs to a property or a trait rather than standing for itself."""
    return any(isinstance(d, ast.Attribute) and d.attr in ("setter", "deleter") for d in node.decorator_list) or any(
        isinstance(d, ast.Name) and d.id == "overload" for d in node.decorator_list
    )


def documented(name: str) -> list[tuple[str, str]]:
    """What numpydoc misses. Fields of results may be documented as attributes; protocols are not instantiated."""
    errors = [(code, text) for code, text in validate(name)["errors"] if code in CHECKS]
    module, _, attribute = name.rpartition(".")
    obj = getattr(sys.modules.get(module), attribute, None)
    if not inspect.isclass(obj):
        return errors
    attributes = {part for parameter in ClassDoc(obj)["Attributes"] for part in parameter.name.split(", ")}
    if (
        issubclass(obj, Exception)
        or getattr(obj, "_is_protocol", False)
        or set(inspect.signature(obj).parameters) <= attributes
    ):
        errors = [(code, text) for code, text in errors if code != "PR01"]
    return errors


@pytest.mark.parametrize("name", public_names())
def test_docstrings_are_complete(name):
    assert documented(name) == []
