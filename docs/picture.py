"""The picture of README, made by the library: the Explorer of a bundled scene, photographed in Chromium.

    python docs/picture.py --seed 22 --out docs/explorer.png

The model describes the scene, each of its words is explained, the Explorer is exported to one HTML file, and that file is
opened in a Chromium without a network. Needs Playwright (in the extra "test") and a chromium on the PATH.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

import eagle_nb as eagle


def photograph(page_file: Path, out: Path, width: int, height: int) -> None:
    """Save what a browser window of this size (CSS pixels) shows of an exported page, with 256 colours."""
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
        page.get_by_label("Step of the search").wait_for()
        page.wait_for_timeout(1000)
        page.screenshot(path=out)
        browser.close()
    image = Image.open(out).convert("RGB").quantize(256, kmeans=3, dither=Image.Dither.NONE)
    image.save(out, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=22, help="of the scene")
    parser.add_argument("--word", default="", help="the word to show; by default the shape of the first thing")
    parser.add_argument("--regions", type=int, default=36)
    parser.add_argument("--search", default="greedy")
    parser.add_argument("--width", type=int, default=1100)
    parser.add_argument("--height", type=int, default=838)
    parser.add_argument("--out", type=Path, default=Path("docs/explorer.png"))
    options = parser.parse_args()
    scene, model = eagle.scenes.draw(options.seed), eagle.load_model()
    response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
    print("scene:", scene.caption)
    print("model:", response.text)
    if response.text != scene.caption:
        raise SystemExit("the model describes this scene wrongly; choose another seed")
    word = options.word or next(w.text for w in scene.words if w.text == scene.objects[0].shape)
    explanation = eagle.explain(model, response, tokens=word, regions=options.regions, search=options.search)
    print(explanation)
    with tempfile.TemporaryDirectory() as folder:
        explorer = eagle.widgets.Explorer(explanation)
        explorer.tint = "reliance"
        page = explorer.to_html(Path(folder) / "explorer.html")
        photograph(page, options.out, options.width, options.height)
    print(f"{options.out}: {options.out.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
