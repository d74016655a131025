"""Every tier against a real server on the loopback, or against recorded exchanges."""

import math

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.errors import PrefixError, ScoringWarning, TierError
from eagle_nb.inputs.fills import masked_image
from eagle_nb.inputs.regions import Regions

from .recorded_server import RecordedServer
from .table_server import SENTENCE, TableBackend

LACKS = {"prompt": set(), "tokens": {"no prompt_logprobs"}, "continued": {"no prompt_logprobs", "new turn"}}


def connected(server, **options):
    return eagle.load_server(server.url, **({"retries": 1, "timeout": 10} | options))


def expected(server, picture, regions, fill, shown, ids):
    rows = [server.backend.distributions([masked_image(picture, regions, fill, row)], "", list(ids)) for row in shown]
    return np.exp([[row[k, number] for k, number in enumerate(ids)] for row in rows])


@pytest.mark.parametrize("tier", LACKS)
def test_the_best_tier_that_is_offered_is_chosen(serve, tier):
    assert connected(serve(lies=LACKS[tier])).tier.name == tier


@pytest.mark.parametrize("tier", ["prompt", "tokens"])
def test_answers_and_scores_are_those_of_the_model(serve, picture, tier):
    server = serve()
    model = connected(server, tier=tier)
    response = model.generate(picture, "what?")
    assert response.text == "a red ball on blue cloth."
    assert response.words[1].text == "red"
    regions, fill = Regions.grid(picture, 6), Image.new("RGB", picture.size, (9, 90, 200))
    shown = np.random.default_rng(0).random((9, regions.n)) > 0.5
    scores = model.scorer(response, regions, fill)(shown)
    np.testing.assert_allclose(scores, expected(server, picture, regions, fill, shown, SENTENCE[:-1]), atol=1e-6)
    np.testing.assert_allclose(
        response.probabilities,
        expected(server, picture, regions, fill, np.ones((1, regions.n), bool), SENTENCE[:-1])[0],
        atol=1e-6,
    )


@pytest.mark.parametrize(("tier", "each"), [("prompt", 1), ("tokens", 7)])
def test_a_coalition_takes_one_request_or_one_per_token(serve, picture, tier, each):
    server = serve()
    model = connected(server, tier=tier)
    response = model.generate(picture, "what?")
    scorer = model.scorer(response, Regions.grid(picture, 6), Image.new("RGB", picture.size))
    scorer(np.array([[True] * 6, [False] * 6]))
    before = len(server.completions)
    scorer(np.eye(6, dtype=bool)[:4])
    assert len(server.completions) - before == 4 * each
    assert before - 4 <= 2 * each + 8  # the verification scores what the first call asks for


def test_sampling_parameters_are_sent(serve, picture):
    server = serve(owner="vllm")
    connected(server, tier="prompt").generate(picture, "what?")
    for body in server.completions:
        assert body["temperature"] == 0
        assert (body["top_p"], body["repetition_penalty"], body["top_k"], body["min_p"]) == (1, 1, -1, 0)
    plain = serve()
    connected(plain, tier="tokens", extra_body={"seed": 3, "frequency_penalty": None}).generate(picture, "what?")
    assert all(
        body["seed"] == 3 and "top_k" not in body and "frequency_penalty" not in body for body in plain.completions
    )


@pytest.mark.parametrize("tier", ["prompt", "tokens"])
def test_a_counterfactual_target_is_scored_after_the_same_beginning(serve, picture, tier):
    server = serve()
    model = connected(server, tier=tier)
    response = model.generate(picture, "what?")
    (green,) = model.encode(" green")
    assert model.decode([green]) == " green"
    regions, fill = Regions.grid(picture, 4), Image.new("RGB", picture.size)
    shown = np.array([[True, False, True, True]])
    scores = model.scorer(response, regions, fill, {1: green})(shown)
    ids = list(SENTENCE[:-1])
    table = server.backend.distributions([masked_image(picture, regions, fill, shown[0])], "", ids)
    want = [table[k, 7 if k == 1 else number] for k, number in enumerate(ids)]
    np.testing.assert_allclose(scores[0], np.exp(want), atol=1e-6)


def test_an_answer_from_elsewhere_is_split_into_the_servers_tokens(serve, picture):
    for lies in (set(), {"no prompt_logprobs"}):
        model = connected(serve(lies=lies), top=16)
        response = model.respond(picture, "what?", "a green cube on the cloth.")
        assert response.tokens == ["a", " green", " cube", " on", " the", " cloth", "."]
        assert response.probabilities is None
    again = model.respond(picture, "what?", response.token_ids)
    assert (again.text, again.tokens) == (response.text, response.tokens)
    with pytest.raises(ValueError, match="no text for the token id 5"):
        model.respond(picture, "what?", [5])


def test_tokens_outside_the_list_get_a_bound_that_is_counted_and_warned_about(serve, picture):
    server = serve()
    model = connected(server, tier="tokens", top=2)
    response = model.respond(picture, "what?", "a green cube on the cloth.")
    regions, fill = Regions.grid(picture, 4), Image.new("RGB", picture.size)
    scorer = model.scorer(response, regions, fill)
    shown = np.array([[True] * 4, [True, True, False, False]])
    with pytest.warns(ScoringWarning, match="upper bounds"):
        scores = scorer(shown)
    ids = server.backend.split(response.text)
    exact = expected(server, picture, regions, fill, shown, ids)
    assert (scores > 0).all()
    assert (scores >= exact - 1e-6).all()
    for row, probabilities in enumerate(scores):
        table = server.backend.distributions([masked_image(picture, regions, fill, shown[row])], "", ids)
        for k, number in enumerate(ids):
            listed = np.sort(np.exp(table[k]))[::-1][:2]
            is_listed = table[k, number] >= np.sort(table[k])[-2]
            bound = min(listed.min(), 1 - listed.sum())
            assert probabilities[k] == pytest.approx(np.exp(table[k, number]) if is_listed else bound, rel=1e-5)
    assert model.provenance["floored_scores"] == scorer.floored > 0
    assert model.provenance["scores"] == scorer.scored


def test_a_continuation_is_asked_for_where_a_server_opens_a_new_turn(serve, picture):
    server = serve(lies=LACKS["continued"])
    model = connected(server)
    response = model.generate(picture, "what?")
    model.scorer(response, Regions.grid(picture, 4), Image.new("RGB", picture.size))(np.ones((1, 4), bool))
    asked = [body["messages"] for body in server.completions]
    assert all(message["role"] == "user" for messages in asked for message in messages[:1])
    texts = [messages[0]["content"][-1]["text"] for messages in asked if len(messages) == 1]
    assert any("You have begun your answer with:\na red ball\n" in text for text in texts)


def test_a_tier_that_is_not_offered_is_refused_with_what_to_start(serve):
    with pytest.raises(TierError, match=r"(?s)prompt.*has no prompt_logprobs.*start vLLM"):
        connected(serve(lies={"no prompt_logprobs"}), tier="prompt")
    with pytest.raises(TierError, match=r'(?s)ids.*prompt.*forced.*sglang.*tokens.*continued.*tier="sampled"'):
        connected(serve(lies={"no prompt_logprobs", "no logprobs"}))
    with pytest.raises(PrefixError, match="does not continue the beginning"):
        connected(serve(lies={"new turn"}), tier="tokens")


@pytest.mark.parametrize("name", ["vllm_ids", "sglang", "vllm_prompt"])
def test_recorded_exchanges_of_exact_tiers(serve, picture, name):
    server = serve(RecordedServer, name)
    model = connected(server)
    assert model.tier.name == {"vllm_ids": "ids", "sglang": "sglang", "vllm_prompt": "prompt"}[name]
    response = model.generate(picture, "what?")
    assert (response.text, response.token_ids, response.tokens) == ("a cat", [70, 71], ["a", " cat"])
    np.testing.assert_allclose(response.probabilities, np.exp([-0.25, -0.5]), rtol=1e-6)
    assert model.respond(picture, "what?", "a cat").token_ids == [70, 71]
    with pytest.raises(
        eagle.errors.DroppedImageError, match="do not depend on the image"
    ):  # a record always answers the same
        model.scorer(response, Regions.grid(picture, 4), Image.new("RGB", picture.size))(np.ones((1, 4), bool))


def test_pictures_are_sent_beside_the_token_ids(serve, picture):
    for name, path in (("vllm_ids", "/inference/v1/generate"), ("sglang", "/generate")):
        server = serve(RecordedServer, name)
        connected(server).generate(picture, "what?")
        bodies = [body for where, body, _ in server.requests if where == path]
        sent = [
            body["content_parts"][0]["image_url"]["url"] if "content_parts" in body else body["image_data"][0]
            for body in bodies
        ]
        assert all(url.startswith("data:image/png;base64,") for url in sent)


def test_recorded_exchanges_of_a_vendor(serve, picture):
    model = connected(serve(RecordedServer, "openai_tokens"))
    assert model.tier.name == "continued"
    response = model.generate(picture, "what?")
    assert response.tokens == ["a", " cat"]
    regions, fill = Regions.grid(picture, 4), picture  # nothing is hidden, so the verification compares nothing
    scores = model.scorer(response, regions, fill)(np.ones((1, 4), bool))
    np.testing.assert_allclose(scores[0], [math.exp(-0.25), math.exp(-0.5) + math.exp(-2.5)], rtol=1e-6)


@pytest.mark.filterwarnings("ignore::eagle_nb.errors.ScoringWarning")
def test_a_character_of_two_tokens_is_bounded_where_its_beginning_cannot_be_sent(serve, picture):
    class Bytes(TableBackend):
        """The second word begins with a character of two tokens."""

        def data(self, number):
            return {1: " é".encode()[:2], 2: " é".encode()[2:]}.get(number, self.pieces[number].encode())

        def split(self, text):
            before, cut, after = text.partition(" é")
            return super().split(before) + ([1, 2] if cut else []) + super().split(after)

        def piece(self, number):
            return self.data(number).decode("utf-8", "replace")

    server = serve(backend=Bytes(), lies={"no prompt_logprobs"})
    model = connected(server, tier="tokens")
    response = model.generate(picture, "what?")
    assert response.text == "a é on blue cloth."
    assert response.tokens[:4] == ["a", " ", "é", " on"]
    scores = model.scorer(response, Regions.grid(picture, 4), Image.new("RGB", picture.size))(np.ones((1, 4), bool))
    exact = np.exp(
        [server.backend.distributions([picture], "", list(SENTENCE[:-1]))[k, n] for k, n in enumerate(SENTENCE[:-1])]
    )
    np.testing.assert_allclose(np.delete(scores[0], 2), np.delete(exact, 2), atol=1e-6)
    assert scores[0, 2] == 1.0
    assert model.floored >= 1
