"""Widgets in Voila, which executes a notebook without a front end and then shows it with its kernel."""

from __future__ import annotations

import re
import sys

import pytest

from .conftest import free_port, server, write_notebook

pytest.importorskip("voila")

CELLS = [
    "import eagle_nb as eagle, ipywidgets\nexplanation = eagle.load({path!r})\n"
    "picker = eagle.widgets.TokenPicker(explanation.response, explanation)\npicker",
    "label = ipywidgets.Label()\npicker.observe(lambda change: setattr(label, 'value', f'kernel: {{change.new}}'), 'selected')\nlabel",
    "picker",
]


@pytest.fixture
def address(explanations, tmp_path):
    _, folder = explanations
    write_notebook(tmp_path / "app.ipynb", [c.format(path=str(folder / "caption.npz")) for c in CELLS])
    port = free_port()
    command = [
        sys.executable, "-m", "voila", str(tmp_path / "app.ipynb"), "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1",
        "--show_tracebacks=True",
    ]  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    with server(command, f"{url}/static/", tmp_path / "voila.log", JUPYTER_CONFIG_DIR=str(tmp_path / "config")):
        yield url


def test_a_click_reaches_the_kernel_and_every_view(address, chromium, keep):
    page = chromium.new_page(viewport={"width": 1200, "height": 800})
    page.set_default_timeout(120_000)
    page.goto(address)
    page.locator("[data-ready]").nth(1).wait_for()
    assert page.locator("[data-eagle-nb]").count() == 0  # the live widget, not its copy in HTML
    page.get_by_role("option", name=re.compile("^circle")).first.click()
    page.get_by_text("kernel: [4]").wait_for()
    chosen = page.locator("[role=option][aria-selected=true]")
    chosen.nth(1).wait_for()
    assert [text.split()[0] for text in chosen.all_inner_texts()] == ["circle", "circle"]
    keep(page, "voila")
    page.close()
