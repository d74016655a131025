"""Make the picture in README: a screenshot of the Explorer for a bundled scene.

    python docs/picture.py --seed 22 --out docs/explorer.png

The model describes the scene, every word is explained, the Explorer is exported to an HTML file, and Chromium opens this file offline.
Needs Playwright (in the extra "test") and Chromium on the PATH.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

import eagle_nb as eagle

DRAWN = """() => [...document.querySelectorAll('canvas')].every(
    c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(value => value > 0))"""
"""Whether every canvas of the page shows something."""


def save_screenshot(page_file: Path, out: Path, width: int, height: int) -> None:
    """Save a screenshot of an exported page, with 256 colours.

    Parameters
    ----------
    page_file : Path
        The exported page.
    out : Path
        The PNG file to write.
    width, height : int
        Size of the browser window in CSS pixels.
    """
    chromium = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme="light", device_scale_factor=1.5
        )
        page.context.set_offline(True)
        page.set_default_timeout(120_000)
        page.goto(page_file.resolve().as_uri())
        page.locator("[data-ready]").wait_for()
        page.wait_for_function(DRAWN)
        page.screenshot(path=out)
        browser.close()
    image = Image.open(out).convert("RGB").quantize(256, kmeans=3, dither=Image.Dither.NONE)
    image.save(out, optimize=True)


def main() -> None:
    """Make the picture from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=22, help="seed of the scene")
    parser.add_argument("--word", default="", help="word to select; by default the one that owes most to the image")
    parser.add_argument("--regions", type=int, default=36)
    parser.add_argument("--search", default="fast")
    parser.add_argument("--width", type=int, default=1100)
    parser.add_argument("--height", type=int, default=760)
    parser.add_argument("--out", type=Path, default=Path("docs/explorer.png"))
    options = parser.parse_args()
    scene, model = eagle.scenes.draw(options.seed), eagle.load_model()
    response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
    print("scene:", scene.caption)
    print("model:", response.text)
    if response.text != scene.caption:
        raise SystemExit("the model describes this scene wrongly; pass another --seed")
    words = eagle.explain_each(model, response, regions=options.regions, search=options.search)
    print(words)
    with tempfile.TemporaryDirectory() as folder:
        explorer = eagle.widgets.Explorer(words)
        if options.word:
            explorer.selected = words[options.word].tokens
        page = explorer.to_html(Path(folder) / "explorer.html")
        save_screenshot(page, options.out, options.width, options.height)
    print(f"{options.out}: {options.out.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
