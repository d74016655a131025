"""A browser, a real JupyterLab, and explanations to open in them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ..widgets.answers import HOSTILE, make_explanation, picture

REPOSITORY = Path(__file__).parents[2]
ARTIFACTS = Path(os.environ.get("EAGLE_NB_ARTIFACTS", REPOSITORY / "artifacts" / "browser"))
LOCAL = ("file:", "data:", "blob:")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def missing(reason: str) -> None:
    """Skip, but in CI fail: there a skipped browser test is a test that nobody runs."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI must run the browser tests")
    pytest.skip(reason)


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed: pip install -e '.[test]'")
    path = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if path is None:
        missing("there is no chromium on the PATH; Debian's package is called chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Open a file with the network blocked; the test fails on errors and on requests to anywhere.

    A page of another tool (`foreign`) may ask for what it likes, in vain.
    """
    contexts, trouble, requests = [], [], []

    def open_(path, theme="light", width=1200, height=900, javascript=True, foreign=False):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            offline=True,
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)  # patience for a busy machine; passing takes seconds
        page.on("pageerror", lambda e: None if foreign else trouble.append(str(e)))
        page.on("console", lambda m: trouble.append(m.text) if m.type == "error" and not foreign else None)
        page.on("request", lambda r: None if foreign or r.url.startswith(LOCAL) else requests.append(r.url))
        page.goto(Path(path).resolve().as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not trouble
    assert not requests


@pytest.fixture
def keep():
    """Keep a screenshot as an artifact."""

    def keep_(page, name, **options):
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=ARTIFACTS / f"{name}.png", **options)

    return keep_


def write_notebook(path: Path, cells: list[str]) -> None:
    """Write a notebook of code cells without outputs."""
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "cells": [
            {
                "cell_type": "code",
                "id": f"c{k}",
                "metadata": {},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
            for k, source in enumerate(cells)
        ],
    }
    path.write_text(json.dumps(notebook))


def run_module(folder: Path, *arguments: str) -> None:
    """Run a Python module, such as papermill or nbconvert, in a folder."""
    subprocess.run([sys.executable, "-m", *arguments], cwd=folder, env=kernel_environment(), check=True, timeout=600)


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def server(command: list[str], url: str, log: Path, **environment: str) -> Iterator[subprocess.Popen]:
    """Run a server until the end of the block, which begins when the server answers at `url`."""
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, env={**kernel_environment(), **environment}, stdout=stream, stderr=subprocess.STDOUT
        )
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(url, timeout=2).close()
                    break
                except urllib.error.HTTPError:
                    break  # an answer, too
                except OSError:
                    if process.poll() is not None:
                        pytest.fail(log.read_text()[-2000:])
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(0.2)  # ask again, or at once if the server has ended
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Lab:
    """A JupyterLab server and the notebooks in its folder."""

    def __init__(self, folder: Path, port: int, process: subprocess.Popen) -> None:
        self.folder, self.port, self.process = folder, port, process

    def write(self, name: str, cells: list[str]) -> None:
        write_notebook(self.folder / name, cells)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/lab/tree/{name}?reset"


def kernel_environment() -> dict[str, str]:
    paths = [str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    try:
        import jupyterlab  # noqa: F401
    except ImportError:
        missing("jupyterlab is not installed")
    folder = tmp_path_factory.mktemp("lab")
    port = free_port()
    settings = folder / "settings"
    home = {"JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTERLAB_SETTINGS_DIR": str(settings)}
    quiet = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    quiet.parent.mkdir(parents=True)
    quiet.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}", "--LabApp.workspaces_dir=" + str(folder / "workspaces"),
        "--LabApp.news_url=None", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    with server(command, f"http://127.0.0.1:{port}/api/status", folder / "server.log", **home) as process:
        yield Lab(folder, port, process)


LONG = [word for k in range(25) for word in (" The", " ph", "oto", "graph", " shows", " thing", f" {k}", ".")]
RTL = ["دا", "ئرة", " حمراء", " كبيرة", " على", " يسار", " مربع", " أزرق", ".", " שלום", " עולם", "."]


@pytest.fixture(scope="session")
def explanations(tmp_path_factory):
    """Explanations of many kinds, by name; each with its saved file."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("explanations")
    made = {
        "caption": make_explanation(),
        "hostile": make_explanation(
            ["a", f" {HOSTILE}", " </script><script>alert(1)</script>", " cat"], 6, selected=[1, 2]
        ),
        "long": make_explanation(LONG, 9, selected=[5, 6]),
        "rtl": make_explanation(RTL, 9, selected=[2]),
        "one": make_explanation(["yes"], 2, selected=[0]),
        "many": make_explanation(None, 64, Image.fromarray(picture(1024, 1024))),
    }
    for name, explanation in made.items():
        explanation.save(folder / f"{name}.npz")
    return made, folder
