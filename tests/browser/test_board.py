"""The board of hallucinations in a real JupyterLab: a click on a mark opens its case."""

from __future__ import annotations

import re

from .test_lab import page, run_all  # noqa: F401

BOARD = """from eagle_nb import hallucination
import eagle_nb as eagle
model = eagle.load_model()
samples = [item.sample for item in hallucination.bias_samples("empty", 2)]
board = hallucination.build_board(model, samples, regions=4, budget=10, progress=False)
assert board.cases"""


def test_a_click_opens_the_case(lab, page, keep):  # noqa: F811
    from playwright.sync_api import expect

    lab.write("board.ipynb", [BOARD, "board.explore()"])
    run_all(page, lab, "board.ipynb")
    mark = page.locator(".jp-OutputArea .scatterlayer .point").first
    mark.wait_for()
    mark.scroll_into_view_if_needed()
    stepper = page.get_by_role("button", name="Whole image")
    expect(stepper).to_have_count(0)
    box = mark.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(stepper.first).to_be_visible()
    expect(page.locator(".jp-OutputArea").last).to_contain_text(re.compile(r"of 4 regions removed"))
    keep(page, "board")
    assert not page.trouble
