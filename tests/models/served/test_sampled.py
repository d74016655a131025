"""The tier that counts words in sampled answers."""

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.errors import ScoringWarning
from eagle_nb.inputs.regions import Regions
from eagle_nb.models.served.sampled import contains, share_interval, word_pieces

from .table_server import END, TableBackend


@pytest.mark.filterwarnings("ignore::eagle_nb.errors.ScoringWarning")
@pytest.mark.parametrize(("lies", "requests"), [(set(), 1), ({"no n"}, 10)])
def test_shares_are_those_of_the_model(serve, picture, lies, requests):
    server = serve(lies=lies | {"no logprobs", "no prompt_logprobs"})
    model = eagle.load_server(server.url, tier="sampled", samples=10, in_flight=4)
    response = model.generate(picture, "what?")
    assert response.tokens == ["a", " red", " ball", " on", " blue", " cloth", "."]
    scorer = model.scorer(response, Regions.grid(picture, 4), Image.new("RGB", picture.size))
    shown = np.array([[True] * 4, [False] * 4])
    scores = scorer(shown)
    np.testing.assert_allclose(scores * 10, np.round(scores * 10), atol=1e-4)
    begun = len(server.completions)
    scorer(np.array([[True, False, True, False]]))
    assert len(server.completions) - begun == requests
    assert all(body["temperature"] == 1 for body in server.completions[begun:])
    assert model.provenance["tier"] == "sampled"


def test_it_is_used_only_when_it_is_asked_for(serve):
    with pytest.raises(eagle.errors.TierError, match="sampled"):
        eagle.load_server(serve(lies={"no logprobs", "no prompt_logprobs"}).url)


def test_words_that_no_picture_changes_are_warned_about(serve, picture):
    server = serve(lies={"drops image"})
    model = eagle.load_server(server.url, tier="sampled", samples=20)
    response = model.generate(picture, "what?")
    with pytest.warns(ScoringWarning, match="beyond chance"):
        model.scorer(response, Regions.grid(picture, 4), Image.new("RGB", picture.size))(np.ones((1, 4), bool))


def test_a_word_is_found_as_a_whole_word():
    assert contains("A red ball.", " red")
    assert not contains("a reddish ball", "red")
    assert contains("a ball.", ".")
    assert not contains("a ball", ".")


@pytest.mark.parametrize("text", ["a red ball.", "Yes, it is!", "  no", "...", "", "«Rot», sagt er."])
def test_pieces_spell_the_text(text):
    assert "".join(word_pieces(text)) == text


def test_intervals_cover():
    rng = np.random.default_rng(0)
    for p in (0.0, 0.02, 0.3, 0.5, 0.97):
        counts = rng.binomial(32, p, 2000)
        covered = [low <= p <= high for low, high in (share_interval(int(count), 32) for count in counts)]
        assert np.mean(covered) >= 0.95


def test_intervals_are_exact():
    low, high = share_interval(5, 10)
    assert low == pytest.approx(0.187086, abs=1e-6)
    assert high == pytest.approx(0.812914, abs=1e-6)
    assert share_interval(10, 10)[1] == 1.0


def test_the_table_ends(picture):
    table = TableBackend().distributions([picture], "", [0, 1, 2, 3, 4, 5, 6])
    assert int(table[-1].argmax()) == END
