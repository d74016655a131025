"""Progress bars: nothing stays in a notebook's outputs, and nothing is drawn where nobody looks."""

from __future__ import annotations

import IPython.display
import pytest
from tqdm import tqdm

from eagle_nb.inputs.progress import NotebookBar, progress_bar


@pytest.fixture
def outputs(monkeypatch):
    """What a notebook would hold, by the id of the output."""
    shown = {}

    def display(data, raw, display_id, update):
        assert raw and update == (display_id in shown)
        shown.setdefault(display_id, []).append(data["text/plain"])

    monkeypatch.setattr(IPython.display, "display", display)
    return shown


def test_the_output_of_a_notebook_is_empty_at_the_end(outputs):
    with NotebookBar(total=2, desc="explaining", mininterval=0) as bar:
        bar.update()
        bar.update()
    ((*lines, last),) = outputs.values()
    assert any("explaining:  50%" in line for line in lines)
    assert last == ""


def test_two_bars_have_an_output_each(outputs):
    for _ in NotebookBar(range(2), mininterval=0):
        list(NotebookBar(range(2), mininterval=0))
    assert len(outputs) == 3
    assert {lines[-1] for lines in outputs.values()} == {""}


def test_an_interrupted_loop_empties_its_output(outputs):
    with pytest.raises(KeyboardInterrupt):
        for _ in NotebookBar(range(2), mininterval=0):
            raise KeyboardInterrupt
    ((*_, last),) = outputs.values()
    assert last == ""


@pytest.mark.parametrize(("live", "shown"), [(True, True), (False, False)])
def test_a_notebook_without_a_front_end_shows_none(outputs, monkeypatch, live, shown):
    monkeypatch.setattr("eagle_nb.inputs.progress.in_kernel", lambda: True)
    monkeypatch.setattr("eagle_nb.inputs.progress.live_front_end", lambda: live)
    assert list(progress_bar(range(3))) == [0, 1, 2]
    assert bool(outputs) is shown


def test_a_script_shows_text(capsys):
    bar = progress_bar(range(3), desc="asking")
    assert type(bar) is tqdm
    assert list(bar) == [0, 1, 2]
    assert "asking: 100%" in capsys.readouterr().err
