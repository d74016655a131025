"""The widgets in a real JupyterLab: from view to kernel, from kernel to view."""

from __future__ import annotations

import json
import re

import pytest

from eagle_nb.attribution.measuring import word_reliance

from .conftest import run_module

LOAD = """import json, pathlib
import eagle_nb as eagle
explanation = eagle.load({path!r})
w = eagle.widgets
def write(name, value):
    pathlib.Path(name).write_text(json.dumps(value))
"""


def run_all(page, lab, name):
    from playwright.sync_api import expect

    page.goto(lab.url(name))
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
    # Run All before the kernel is connected opens a dialog that asks for one.
    page.wait_for_function(
        "() => { const k = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;"
        " return k?.connectionStatus === 'connected' && k.status === 'idle' }",
        timeout=60_000,
    )
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
    last = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").last
    expect(last).to_have_text(re.compile(r"^\[\d+\]:$"), timeout=60_000)


def run_cell(page, index):
    """Run a cell, and wait until the kernel has executed it."""
    page.locator(".jp-Notebook .jp-CodeCell").nth(index).locator(".cm-content").click()
    page.evaluate("async () => { await jupyterapp.commands.execute('notebook:run-cell'); }")


def kernel_says(page, lab, index, name):
    """Run a cell that writes a file, and read it."""
    file = lab.folder / name
    file.unlink(missing_ok=True)
    run_cell(page, index)
    return json.loads(file.read_text())


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)  # patience for a busy machine; passing takes seconds
    page.trouble = []
    page.on("pageerror", lambda e: page.trouble.append(str(e)))
    yield page
    context.close()


@pytest.fixture
def notebook(lab, explanations, page):
    _, folder = explanations

    def open_(name, cells, explanation="caption"):
        lab.write(name, [LOAD.format(path=str(folder / f"{explanation}.npz")), *cells])
        run_all(page, lab, name)
        return page

    return open_


def drag_to(page, slider, share):
    box = slider.bounding_box()
    page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)


def test_token_picker(notebook, lab, keep):
    page = notebook(
        "picker.ipynb",
        [
            "picker = w.TokenPicker(explanation.response, explanation)\npicker",
            "write('picked.json', picker.selected)",
            "picker.selected = [9]",
            "again = eagle.explain(type('M', (), {'scorer': lambda s, r, g, f, target_ids=None: "
            "__import__('tests.widgets.answers', fromlist=['x']).LeaningScorer(g.n, len(r))})(), explanation.response, "
            "tokens=picker, regions=4, progress=False)\nwrite('explained.json', again.tokens)",
        ],
    )
    options = page.locator(".chip")
    page.get_by_role("option", name=re.compile("^re\\|d")).wait_for(timeout=120_000)
    selected = page.locator("[role=option][aria-selected=true]")
    # Run All has already set [9] from the kernel
    selected.first.wait_for()
    assert selected.all_inner_texts() == ["blue"]
    page.get_by_role("button", name="Clear").click()
    assert kernel_says(page, lab, 2, "picked.json") == []
    page.get_by_role("option", name=re.compile("^re\\|d")).click()  # a word of two sub-tokens
    assert kernel_says(page, lab, 2, "picked.json") == [2, 3]
    page.get_by_role("option", name=re.compile("^left")).click(modifiers=["Shift"])
    assert kernel_says(page, lab, 2, "picked.json") == [2, 3, 5]
    page.get_by_text("Token", exact=True).click()
    page.get_by_role("option", name=re.compile("^re:")).click()
    assert kernel_says(page, lab, 2, "picked.json") == [2]
    keep(page, "lab-picker-light")
    run_cell(page, 3)
    page.locator("[role=option][aria-selected=true]", has_text="blue").wait_for()
    assert selected.count() == 1
    assert kernel_says(page, lab, 4, "explained.json") == [9]
    assert options.count() == 13
    assert not page.trouble


def test_search_stepper(notebook, lab, explanations, keep):
    page = notebook(
        "stepper.ipynb",
        [
            "stepper = w.SearchStepper(explanation)\nstepper",
            "write('step.json', [stepper.step, stepper.token])",
            "stepper.step = 5",
        ],
    )
    slider = page.get_by_label("Step of the search")
    page.locator("[data-ready]").wait_for(timeout=120_000)
    page.get_by_text("Step 5 of 16").wait_for()
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    page.get_by_text("Step 7 of 16").wait_for()
    assert kernel_says(page, lab, 2, "step.json") == [7, None]
    page.get_by_role("option", name=re.compile("^circle")).click()
    page.get_by_text("Probability of “circle”").wait_for()
    picture = page.locator(".picture").first
    box = picture.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.4)
    made, _ = explanations
    explanation = made["caption"]
    height, width = explanation.regions.shape
    region = explanation.regions.labels[int(0.4 * height), int(0.3 * width)]
    rank = explanation.order.tolist().index(region) + 1
    assert kernel_says(page, lab, 2, "step.json") == [rank, 4]
    page.get_by_role("button", name="First step").click()
    page.get_by_role("button", name="Play").click()
    page.get_by_text(re.compile("Step [2-9] of 16")).wait_for()
    page.get_by_role("button", name="Pause").click()
    keep(page, "lab-stepper-light")
    run_cell(page, 3)
    page.get_by_text("Step 5 of 16").wait_for()
    assert not page.trouble


def test_reliance_slider(notebook, lab, explanations, keep):
    made, _ = explanations
    explanation = made["caption"]
    score = explanation.reliance.score
    page = notebook(
        "reliance.ipynb",
        [
            "slider = w.RelianceSlider(explanation)\nslider",
            "write('split.json', [slider.threshold, slider.grounded, slider.definition])",
            "slider.threshold = 0.123",
        ],
    )
    page.get_by_text("(threshold 0.12)").wait_for(timeout=120_000)
    drag_to(page, page.get_by_label("Threshold of reliance"), 0.5)
    threshold, grounded, definition = kernel_says(page, lab, 2, "split.json")
    assert threshold != 0.123
    assert definition == "paper"
    assert grounded == [k for k, s in enumerate(score) if s > threshold]
    words = [word_reliance([explanation], word.tokens).score for word in explanation.response.words]
    assert page.locator(".chip.vision").count() == sum(value > threshold for value in words)
    page.get_by_text("Area", exact=True).click()
    assert kernel_says(page, lab, 2, "split.json")[2] == "area"
    keep(page, "lab-reliance-light")
    run_cell(page, 3)
    page.get_by_text("(threshold 0.12)").wait_for()
    assert not page.trouble


def test_explorer_in_both_themes(notebook, lab, page, keep):
    from playwright.sync_api import expect

    notebook(
        "explorer.ipynb",
        [
            "explorer = w.Explorer(explanation)\nexplorer",
            "write('explorer.json', [explorer.selected, explorer.step, explorer.threshold, explorer.token, explorer.opened])",
        ],
    )
    page.locator("[data-ready]").wait_for(timeout=120_000)
    page.locator(".explorer-view").get_by_role("option", name=re.compile("^blue")).click(modifiers=["Shift"])
    page.get_by_role("button", name="Show “large red circle”").wait_for()
    assert kernel_says(page, lab, 2, "explorer.json")[0] == [1, 2, 3, 4, 9]
    page.get_by_role("button", name="Show “large red circle”").click()
    page.get_by_text("How was this found?").click()
    page.get_by_label("Step of the search").press("End")
    assert kernel_says(page, lab, 2, "explorer.json")[:2] == [[1, 2, 3, 4], 16]
    page.mouse.move(5, 5)
    keep(page, "lab-explorer-light")
    set_theme(page, "JupyterLab Dark")
    page.locator(".view.dark").wait_for()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    keep(page, "lab-explorer-dark")
    assert not page.trouble


def test_explanation_displays_itself(notebook, page, keep):
    notebook(
        "display.ipynb",
        ["explanation"],
    )
    page.locator("[data-ready]").wait_for(timeout=120_000)
    page.get_by_text("How was this found?").click()
    page.get_by_label("Step of the search").press("Home")
    page.get_by_text("Step 0 of 16").wait_for()
    assert not page.trouble


def test_two_views_of_a_widget_share_its_state(notebook, lab, page):
    notebook(
        "views.ipynb",
        [
            "picker = w.TokenPicker(explanation.response, explanation)\n"
            "chosen = []\npicker.observe(lambda change: chosen.append(change.new), 'selected')\npicker",
            "picker",
            "write('chosen.json', chosen)",
        ],
    )
    first, second = (page.locator(".jp-Notebook .jp-CodeCell").nth(k) for k in (1, 2))
    for here, there, word, tokens in ((first, second, "circle", [4]), (second, first, "blue", [9])):
        here.get_by_role("option", name=re.compile(f"^{word}")).click()
        there.locator("[role=option][aria-selected=true]", has_text=word).wait_for()
        assert kernel_says(page, lab, 3, "chosen.json")[-1] == tokens
    assert not page.trouble


def test_an_untrusted_notebook_is_a_still_picture_until_it_is_trusted(lab, explanations, page, keep):
    _, folder = explanations
    lab.write("executed-in.ipynb", [LOAD.format(path=str(folder / "caption.npz")) + "explanation"])
    run_module(lab.folder, "papermill", "executed-in.ipynb", "executed.ipynb", "-k", "python3", "--no-progress-bar")
    page.goto(lab.url("executed.ipynb"))
    still = page.locator(".eagle-nb-static")
    still.get_by_text("Trust this notebook to explore").wait_for()
    assert page.locator("[data-ready]").count() == 0
    pictures = still.locator("img")
    assert pictures.count() == 3  # the image, its map, the curves
    page.wait_for_function(
        "() => [...document.querySelectorAll('.eagle-nb-static img')].every(i => i.naturalWidth > 50)"
    )
    color = still.get_by_text(re.compile("^circle")).first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert color not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
    keep(page, "lab-untrusted")
    page.evaluate("() => { jupyterapp.commands.execute('notebook:trust') }")
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    page.locator("[data-ready]").wait_for()
    assert still.get_by_text("Trust this notebook to explore").is_hidden()
    keep(page, "lab-trusted")
    assert not page.trouble


def test_a_saved_notebook_holds_no_progress(lab, notebook, page):
    notebook(
        "progress.ipynb",
        [
            "model = eagle.load_model()\nresponse = model.generate(eagle.scenes.draw(2).image, eagle.scenes.CAPTION_PROMPT)\n"
            "again = eagle.explain(model, response, regions=4)"
        ],
    )
    page.evaluate("async () => { await jupyterapp.commands.execute('docmanager:save') }")
    cells = json.loads((lab.folder / "progress.ipynb").read_text())["cells"]
    outputs = [o for cell in cells for o in cell["outputs"]]
    assert ["".join(o["data"]["text/plain"]) for o in outputs] == [""] * len(outputs)


def test_correction_stepper(notebook, lab, page, keep):
    notebook(
        "correction.ipynb",
        [
            "from tests.widgets.answers import make_correction\n"
            "stepper = w.CorrectionStepper(make_correction())\nstepper",
            "write('removed.json', stepper.removed)",
            "stepper.removed = 9",
        ],
    )
    page.get_by_text("9 of 9 regions removed").wait_for()
    page.get_by_label("Regions removed", exact=True).press("ArrowLeft")
    page.get_by_text("8 of 9 regions removed").wait_for()
    assert kernel_says(page, lab, 2, "removed.json") == 8
    keep(page, "lab-correction-light")
    run_cell(page, 3)
    page.get_by_text("9 of 9 regions removed").wait_for()
    assert not page.trouble


def set_theme(page, name):
    page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
