"""Links to files, from the folder of the notebook that shows them."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from eagle_nb.inputs.links import file_link, notebook_folder


@pytest.fixture
def kernel(monkeypatch, tmp_path):
    """Run in a kernel in a folder, with these variables; live, or executed by a program."""
    for name in ("EAGLE_NB_LIVE", "SERVER_SOFTWARE", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "a page.html").write_text("x" * 3000)

    def start(live, **variables):
        request = {"header": {"msg_type": "execute_request"}, "content": {"allow_stdin": live}}
        shell = SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda channel: request), user_ns=variables)
        monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)
        return tmp_path

    return start


def started_by(monkeypatch, folder, *arguments):
    parent = SimpleNamespace(cmdline=lambda: list(arguments), cwd=lambda: str(folder))
    monkeypatch.setattr("psutil.Process", lambda: SimpleNamespace(parent=lambda: parent))


def test_a_live_notebook_lies_in_its_working_folder(kernel):
    kernel(True)
    assert file_link("runs/a page.html") == "[runs/a page.html](runs/a%20page.html), 3 KB"


def test_jupyter_server_names_the_notebook(kernel, monkeypatch):
    folder = kernel(True)
    (folder / "work").mkdir()
    (folder / "work" / "mine.ipynb").write_text("{}")
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / "work" / "mine.ipynb"))
    assert file_link("runs/a page.html") == "[../runs/a page.html](../runs/a%20page.html), 3 KB"


@pytest.mark.parametrize(
    "command", [["/bin/papermill"], [sys.executable, "-m", "papermill"], ["python", "/bin/papermill"]]
)
def test_the_output_of_a_papermill_command(kernel, monkeypatch, command):
    folder = kernel(False)
    (folder / "runs" / "out.ipynb").write_text("{}")
    started_by(monkeypatch, folder, *command, "-k", "python3", "in.ipynb", "runs/out.ipynb", "-p", "a", "b.ipynb")
    assert file_link("runs/a page.html") == "[a page.html](a%20page.html), 3 KB"


def test_the_path_that_papermill_injects(kernel):
    folder = kernel(False, PAPERMILL_OUTPUT_PATH="elsewhere/out.ipynb")
    assert notebook_folder() == folder / "elsewhere"
    assert file_link("runs/a page.html") == "[../runs/a page.html](../runs/a%20page.html), 3 KB"


def test_without_a_known_folder_there_is_no_link(kernel, monkeypatch):
    folder = kernel(False)
    started_by(monkeypatch, folder, "pytest", "in.ipynb", "out.ipynb")
    assert notebook_folder() is None
    assert file_link("runs/a page.html") == f"`{folder / 'runs' / 'a page.html'}`, 3 KB"
