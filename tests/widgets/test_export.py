"""A page is one file that holds everything, escaped."""

from __future__ import annotations

import base64
import gzip
import re

import numpy as np
import pytest
from PIL import Image

from eagle_nb.widgets import Explorer, SearchStepper
from eagle_nb.widgets.bundle import BUNDLE
from eagle_nb.widgets.export import write_page

from .answers import HOSTILE, make_explanation, page_data


def test_page_is_one_file_without_addresses(explanation, tmp_path):
    path = explanation.to_html(tmp_path / "new folder" / "e.html")
    text, data = page_data(path)
    assert data["_panel"] == "explorer"
    assert data["selected"] == explanation.tokens
    assert data["_data"]["search"]["order"] == explanation.order.tolist()
    addresses = set(re.findall(r"https?://[^\s\"'<>]+", text))
    assert addresses <= {"http://www.w3.org/2000/svg"}  # a namespace
    assert re.search(r"src='data:image/(png|jpeg);base64", text)
    assert "<noscript>" in text
    assert "default-src 'none'" in text
    assert not list(path.parent.glob("*.part"))


def test_text_is_escaped_in_the_page(tmp_path):
    e = make_explanation(["a", f" {HOSTILE}", " </script><!--", " \ud83d", "\u2028"], 3, selected=[1, 2])
    text, data = page_data(e.to_html(tmp_path / "h.html"))
    assert data["_data"]["tokens"][1] == f" {HOSTILE}"
    assert data["_data"]["tokens"][2] == " </script><!--"
    assert HOSTILE not in text
    assert "<!--" not in text.split("</head>")[1]
    assert text.count("</script>") == 2


def test_to_html_refuses_what_is_no_file(explanation, tmp_path):
    with pytest.raises(TypeError, match="needs the path of a file"):
        explanation.to_html(3)
    with pytest.raises(ValueError, match="is a folder"):
        explanation.to_html(tmp_path)


def test_same_state_gives_the_same_file(explanation, tmp_path):
    first = SearchStepper(explanation, step=3).to_html(tmp_path / "a.html").read_bytes()
    second = SearchStepper(explanation, step=3).to_html(tmp_path / "b.html").read_bytes()
    assert first == second


def test_many_regions_and_tokens_stay_small(tmp_path):
    tokens = [f" word{k}" for k in range(300)]
    image = Image.fromarray(np.random.default_rng(1).integers(0, 256, (200, 200, 3), dtype=np.uint8))
    e = make_explanation(tokens, 400, image, selected=[7], search="single")
    assert e.to_html(tmp_path / "big.html").stat().st_size < 8e6


def test_a_page_of_several_words_holds_them_all(words, tmp_path):
    _, data = page_data(words.to_html(tmp_path / "words.html"))
    assert len(data["_data"]["each"]) == 6
    assert data["word"] == list(words).index(words.most_reliant)


def test_a_fragment_stands_beside_others(explanation):
    fragments = [SearchStepper(explanation, step=k).fragment() for k in (1, 2)]
    names = [re.search(r'data-eagle-nb="(\w+)"', text)[1] for text in fragments]
    assert names[0] != names[1]
    assert all(f"""'mount("{name}");'""" in text for name, text in zip(names, fragments, strict=True))
    assert Explorer(explanation).fragment() == Explorer(explanation).fragment()


def test_a_page_that_cannot_be_written_leaves_the_old_one(tmp_path):
    path = write_page(tmp_path / "p.html", "a", {"step": 1}, "<p>still</p>")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="JSON"):
        write_page(path, "a", {"step": float("nan")}, "<p>still</p>")
    with pytest.raises(TypeError, match="set cannot be part of a page"):
        write_page(path, "a", {"step": {1}}, "<p>still</p>")
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["p.html"]


def test_a_fragment_holds_the_bundle_compressed(explanation):
    fragment = SearchStepper(explanation).fragment()
    (packed,) = re.findall(r'atob\("([^"]+)"\)', fragment)
    assert gzip.decompress(base64.b64decode(packed)) == BUNDLE.read_bytes()
    assert len(fragment) < len(BUNDLE.read_bytes())
