"""The documentation builds without a warning and without a network, and the reference contains every public name."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import tomllib
import types

import pytest

import eagle_nb as eagle

from .pages import DOCS, ROOT


@pytest.fixture(scope="module")
def building(tmp_path_factory):
    """Build the pages by the documented command without a network; return their folder and the finished process."""
    out = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-n", "-c", "docs", ".", str(out)]
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    env = {**os.environ, **proxies}
    return out, subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=env, check=False)


@pytest.fixture
def built(building):
    return building[0]


def public_names() -> set[str]:
    """Return every name in the ``__all__`` of the package and of its subpackages."""
    names = set()
    for name in eagle.__all__:
        value = getattr(eagle, name)
        if isinstance(value, types.ModuleType):
            module = importlib.import_module(f"eagle_nb.{name}")
            public = [inner for inner in getattr(module, "__all__", ()) if not _is_module(getattr(module, inner))]
            names |= {f"eagle_nb.{name}.{inner}" for inner in public}
        else:
            names.add(f"eagle_nb.{name}")
    return names


def _is_module(value: object) -> bool:
    return isinstance(value, types.ModuleType)


def test_the_pages_build_without_a_warning(building):
    assert building[1].returncode == 0, building[1].stderr


def test_every_public_name_is_in_the_reference(built):
    from sphinx.util.inventory import InventoryFile

    inventory = InventoryFile.loads((built / "objects.inv").read_bytes(), uri="")
    documented = {item for kind, items in inventory.data.items() if kind.startswith("py:") for item in items}
    assert {"eagle_nb.explain", "eagle_nb.search.order", "eagle_nb.evaluation.compare"} <= public_names()
    assert public_names() - documented == set()


def test_every_package_has_a_page_in_the_reference(built):
    packages = {name for name in eagle.__all__ if _is_module(getattr(eagle, name))}
    assert packages <= {page.stem for page in (built / "docs" / "api").glob("*.html")}


def test_pages_need_no_other_server(built):
    assert (built / "docs" / "index.html").is_file()
    assert "url=docs/index.html" in (built / "index.html").read_text()
    for page in built.rglob("*.html"):
        loaded = re.findall(r'<(?:script|img|iframe)[^>]*\ssrc="([^"]+)"|<link[^>]*\shref="([^"]+)"', page.read_text())
        assert not [a or b for a, b in loaded if (a or b).startswith(("http", "//"))], page


def test_formulas_are_mathml(built):
    page = (built / "docs" / "method.html").read_text()
    assert page.count("<math") > 10
    assert not re.search(r"<script[^>]*mathjax", page, re.IGNORECASE)


def test_the_requirements_of_the_documentation_are_installed_with_the_tests():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert any("docs" in re.findall(r"\w+", line.partition("[")[2]) for line in extras["test"])
    conf = (DOCS / "conf.py").read_text()
    for name, package in {"myst_nb": "myst-nb", "numpydoc": "numpydoc", "furo": "furo"}.items():
        assert f'"{name}"' in conf
        assert any(line.startswith(package) for line in extras["docs"])
