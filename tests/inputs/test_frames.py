"""Tables show the text of models as text."""

import pandas as pd

from eagle_nb.inputs.frames import TextFrame

TEXTS = ["$x$", "<b>red</b>", "\x1b[31mred\n", "\u202ecba"]


def frame():
    return TextFrame({"token": TEXTS, "share": [0.5, float("nan"), 1.0, 2.0], "count": [1, 2, 3, 4]})


def test_the_values_are_those_of_a_data_frame():
    table = frame()
    assert table["token"].tolist() == TEXTS
    assert isinstance(table, pd.DataFrame) and isinstance(table.head(2), TextFrame)
    assert table["count"].dtype == "int64" and table["share"].isna().sum() == 1


def test_printed():
    text = repr(frame().set_index("count"))
    assert "␛[31mred␊" in text and "\\u202ecba" in text
    assert "\x1b" not in text and "\u202e" not in text
    assert "␛[31mred␊" in repr(frame().set_index("token"))


def test_shown_in_a_notebook():
    html = frame()._repr_html_()
    assert 'class="dataframe tex2jax_ignore mathjax_ignore"' in html
    assert "<td>&lt;b&gt;red&lt;/b&gt;</td>" in html and "<td>$x$</td>" in html
    assert "␛[31mred␊" in html and "\x1b" not in html
    styled = frame().style.hide(axis="index").to_html()
    assert "&lt;b&gt;red&lt;/b&gt;" in styled and "mathjax_ignore" in styled
