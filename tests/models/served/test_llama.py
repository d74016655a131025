"""The tier `forced` against a real llama.cpp server, compared with transformers on the same weights in this process."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.errors import DroppedImageError, RefusedRequestError, TierError, TokenMismatchError
from eagle_nb.inputs.messages import short_form
from eagle_nb.models.served.cut_characters import bias_to
from eagle_nb.models.served.exchanged import AnswerTokens
from eagle_nb.models.served.pictures import chat_messages

pytest.importorskip("xllamacpp", reason="xllamacpp has no wheel for this platform")

from . import llama_server, tiny_gguf

PROMPT = "what is this?"
CUT = "a ☃ naïve cat"
"""An answer with characters that the tokenizer cuts, one of them within longer tokens."""

PROBABILITY = 2e-3
"""Bound of |Δp|; the probabilities vary by more than .5 between coalitions. Measured: 8.1e-4."""

LOG_PROBABILITY = 2e-2
"""Bound of |Δ log p|. Measured: 8e-3."""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tiny_gguf.save(tmp_path_factory.mktemp("gguf"))


@pytest.fixture(scope="module")
def address(files):
    with llama_server.serve(files / "model.gguf", files / "mmproj.gguf") as address:
        yield address


@pytest.fixture
def served(address):
    model = eagle.load_server(f"{address}/v1", in_flight=2)
    yield model
    model.close()


@pytest.fixture(scope="module")
def local(files):
    return eagle.load_model(files / "hf", device="cpu")


@pytest.fixture
def image():
    width, height = tiny_gguf.NATIVE
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8))


@pytest.fixture
def fill():
    return Image.new("RGB", tiny_gguf.NATIVE)


def all_coalitions(n):
    return (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(bool)


def objective(scorer, shown, tokens):
    p = scorer(np.stack([shown, ~shown]))[:, tokens].mean(1)
    return p[0] + 1 - p[1]


def first_difference(served, local, scorer, tokens):
    """Return how much worse the served choice is, in process, at the first step where two greedy orders differ; 0 if none does."""
    for step, (a, b) in enumerate(zip(served, local, strict=True)):
        if a != b:
            shown = np.zeros((2, len(local)), dtype=bool)
            shown[:, local[:step]] = True
            shown[0, a] = shown[1, b] = True
            return objective(scorer, shown[1], tokens) - objective(scorer, shown[0], tokens)
    return 0.0


def test_llama_cpp_is_recognised_and_its_best_tier_chosen(served):
    assert served.tier.name == "forced"
    assert served.provenance["server"] == "llama.cpp"
    assert "forced" in served.revision


def test_greedy_answers_and_their_probabilities_are_those_of_transformers(served, local, image, fill):
    for pictures in (image, fill, [image, fill]):
        ours = local.generate(pictures, PROMPT, max_new_tokens=8)
        theirs = served.generate(pictures, PROMPT, max_new_tokens=8)
        assert list(theirs.token_ids) == list(ours.token_ids)
        assert theirs.tokens == ours.tokens
        np.testing.assert_allclose(theirs.probabilities, ours.probabilities, atol=PROBABILITY)


def test_every_coalition_is_scored_as_by_transformers_with_one_request_each(served, local, image, fill):
    regions = eagle.Regions.grid(image, 7)
    shown = all_coalitions(regions.n)
    response = served.generate(image, PROMPT, max_new_tokens=8)
    before = served.client.usage.summary()["requests"]
    theirs = served.scorer(response, regions, fill)(shown)
    assert served.client.usage.summary()["requests"] - before == len(shown)
    ours = local.scorer(local.respond(image, PROMPT, list(response.token_ids)), regions, fill)(shown)
    assert np.ptp(ours, axis=0).max() > 0.5
    np.testing.assert_allclose(theirs, ours, atol=PROBABILITY, rtol=0)
    np.testing.assert_allclose(np.log(theirs), np.log(ours), atol=LOG_PROBABILITY, rtol=0)


def test_greedy_orders_are_those_of_transformers_up_to_near_ties(served, local, image, fill):
    response = served.generate(image, PROMPT, max_new_tokens=6)
    regions = eagle.Regions.grid(image, 12)
    scorer = local.scorer(local.respond(image, PROMPT, list(response.token_ids)), regions, fill)
    remote = served.scorer(response, regions, fill)
    for tokens in ([0], [3], [1, 2, 5]):
        theirs = eagle.search.order(remote, tokens=tokens, search="greedy").order
        ours = eagle.search.order(scorer, tokens=tokens, search="greedy").order
        assert first_difference(theirs, ours, scorer, tokens) < 2 * PROBABILITY


def test_an_explanation_is_that_of_the_model_in_process(served, local, image):
    response = served.generate(image, PROMPT, max_new_tokens=6)
    options = dict(regions=9, search="greedy", progress=False)
    theirs = eagle.explain(served, response, tokens=2, **options)
    ours = eagle.explain(local, local.generate(image, PROMPT, max_new_tokens=6), tokens=2, **options)
    if list(theirs.order) == list(ours.order):
        np.testing.assert_allclose(theirs.insertion, ours.insertion, atol=PROBABILITY)
    assert theirs.insertion_auc == pytest.approx(ours.insertion_auc, abs=0.01)


def test_a_counterfactual_target_is_scored_after_the_answers_own_beginning(served, local, image, fill):
    response = served.generate(image, PROMPT, max_new_tokens=4)
    regions, shown, other = eagle.Regions.grid(image, 4), all_coalitions(4), int(local.encode("b")[0])
    assert served.encode("b") == [other]
    theirs = served.scorer(response, regions, fill, {2: other})(shown)
    same = local.respond(image, PROMPT, list(response.token_ids))
    ours = local.scorer(same, regions, fill, {2: other})(shown)
    np.testing.assert_allclose(theirs, ours, atol=PROBABILITY)


def test_a_split_that_the_tokenizer_would_not_choose_is_scored_by_its_ids(served, local, image, fill):
    ids = [local.encode(letter)[0] for letter in "the"]
    assert local.encode("the") != ids
    regions = eagle.Regions.grid(image, 3)
    theirs = served.scorer(served.respond(image, PROMPT, ids), regions, fill)(all_coalitions(3))
    ours = local.scorer(local.respond(image, PROMPT, ids), regions, fill)(all_coalitions(3))
    np.testing.assert_allclose(np.log(theirs), np.log(ours), atol=LOG_PROBABILITY)


def test_tokens_that_cut_a_character_are_scored_as_by_transformers(served, local, image, fill):
    theirs, ours = served.respond(image, PROMPT, CUT), local.respond(image, PROMPT, CUT)
    assert list(theirs.token_ids) == list(ours.token_ids)
    assert theirs.text == CUT
    regions = eagle.Regions.grid(image, 3)
    shown = all_coalitions(3)
    p, q = served.scorer(theirs, regions, fill)(shown), local.scorer(ours, regions, fill)(shown)
    np.testing.assert_allclose(p, q, atol=PROBABILITY)
    np.testing.assert_allclose(np.log(p), np.log(q), atol=LOG_PROBABILITY)


def test_an_unusual_split_of_a_cut_character_is_a_named_error(served, local, image, fill):
    na, ve = local.encode("naïve")[:2]
    single = [*local.encode("n"), *local.encode("a"), *byte_ids(local, "ï"), *local.encode("v"), *local.encode("e")]
    assert local.decode(single) == local.decode([na, ve]) == "naïve"
    response = served.respond(image, PROMPT, single)
    with pytest.raises(TokenMismatchError, match="does not split"):
        served.scorer(response, eagle.Regions.grid(image, 2), fill)(np.ones((1, 2), dtype=bool))


def byte_ids(model, character):
    """Return the ids of the bytes of a character."""
    vocabulary = model.processor.tokenizer.get_vocab()
    letters = model.processor.tokenizer.backend_tokenizer.pre_tokenizer.pre_tokenize_str(character)[0][0]
    return [vocabulary[letter] for letter in letters]


def test_ids_that_llama_cpp_does_not_report_are_found(address, local, image):
    ids = local.encode("a ☃")
    forced = bias_to(list(dict.fromkeys(ids)))
    model = eagle.load_server(f"{address}/v1", tier="forced", extra_body={**forced, "repeat_last_n": len(ids)})
    response = model.generate(image, PROMPT, max_new_tokens=len(ids))
    assert list(response.token_ids) == ids
    assert response.text == "a ☃"
    assert response.probabilities is None  # not all are reported


def test_an_answer_is_continued_after_the_ids_of_its_beginning(served, local, image):
    whole = local.generate(image, PROMPT, max_new_tokens=8)
    question = chat_messages(short_form(PROMPT), [np.asarray(image)])
    ids, pieces = tuple(whole.token_ids[:3]), tuple(whole.tokens[:3])
    prefix = AnswerTokens(ids, pieces, (0, 1, 2), "".join(pieces))
    rest = served.client.run(served.tier.write(question, 5, prefix))
    assert [token.id for token in rest] == list(whole.token_ids[3:8])
    np.testing.assert_allclose(np.exp([t.log_probability for t in rest]), whole.probabilities[3:8], atol=PROBABILITY)


def test_an_assistants_message_is_continued(served, local, image):
    beginning = [{"type": "text", "text": "a re"}]
    messages = [
        {"role": "system", "content": [{"type": "text", "text": "be brief"}]},
        {"role": "user", "content": [{"type": "image", "image": image}, {"type": "text", "text": PROMPT}]},
        {"role": "assistant", "content": beginning},
    ]
    options = dict(messages=messages, continue_final_message=True, max_new_tokens=5)
    assert served.generate(**options).text == local.generate(**options).text


def test_a_rerun_with_a_store_sends_no_request(served, image, tmp_path):
    response = served.generate(image, PROMPT, max_new_tokens=4)
    options = dict(regions=6, search="greedy", progress=False, store=tmp_path / "scores.db")
    first = eagle.explain_each(served, response, **options)
    before = served.client.usage.summary()["requests"]
    again = eagle.explain_each(served, response, **options)
    assert served.client.usage.summary()["requests"] == before
    for word in first:
        np.testing.assert_array_equal(first[word].order, again[word].order)


def test_a_notebooks_cells_work_while_its_loop_is_running(address, image, tmp_path):
    async def cells():
        model = eagle.load_model(f"{address}/v1")
        response = model.respond(image, PROMPT, "a red circle")
        words = eagle.explain_each(model, response, regions=6, progress=False)
        words.save(tmp_path / "words.npz")
        painter = eagle.widgets.MaskPainter(model, response, explanation=words["red"])
        painter.painted = [0, 1]
        return model, words, painter

    model, words, painter = asyncio.run(cells())
    assert list(words) == ["a", "red", "circle"]
    assert words["red"].provenance["served"]["tier"] == "forced"
    for word, loaded in zip(words, eagle.load(tmp_path / "words.npz"), strict=True):
        np.testing.assert_array_equal(words[word].order, words[loaded].order)
    assert "red" in words.to_html(tmp_path / "words.html").read_text(encoding="utf-8")
    regions = words["red"].regions
    shown = ~np.isin(np.arange(regions.n), painter.painted)
    scores = model.scorer(painter.response, regions, Image.new("RGB", image.size))(shown[None])[0]
    np.testing.assert_allclose(painter.probabilities, scores[painter.selected], rtol=1e-3)


def test_repeated_requests_differ_by_less_than_the_search_ignores(served, image, fill):
    response = served.generate(image, PROMPT, max_new_tokens=6)
    regions, shown = eagle.Regions.grid(image, 6), all_coalitions(6)
    first, again = served.scorer(response, regions, fill), served.scorer(response, regions, fill)
    p, q = first(shown), again(shown[::-1])[::-1]
    assert np.abs(p / q - 1).max() < first.resolution


def test_a_dropped_image_is_noticed(files, image, fill):
    with llama_server.serve(files / "model.gguf", files / "blind.gguf") as address:
        model = eagle.load_server(f"{address}/v1")
        response = model.generate(image, PROMPT, max_new_tokens=3)
        scorer = model.scorer(response, eagle.Regions.grid(image, 4), fill)
        with pytest.raises(DroppedImageError, match="mmproj"):
            scorer(np.ones((1, 4), dtype=bool))


def test_a_server_without_a_vision_tower_is_refused_when_it_is_connected(files):
    with (
        llama_server.serve(files / "model.gguf", None) as address,
        pytest.raises(TierError, match="mmproj"),
    ):
        eagle.load_server(f"{address}/v1")


def test_a_grammar_that_leaves_no_token_is_refused_at_once(served, image):
    snow = served.encode("☃")
    with pytest.raises(RefusedRequestError, match="grammar stack") as refused:
        served.client.run(served.tier.endpoint.chat({
            "messages": [{"role": "user", "content": "what?"}], "max_tokens": 1, "grammar": f"root ::= <[{snow[0]}]>",
        }))  # fmt: skip
    assert refused.value.status == 500


def test_an_answer_that_exceeds_the_context_is_a_named_error(served, image, fill):
    response = served.respond(image, PROMPT, "a b " * 300)
    with pytest.raises(TierError, match="--ctx-size"):
        served.scorer(response, eagle.Regions.grid(image, 2), fill)(np.ones((1, 2), dtype=bool))


def test_names_of_special_tokens_are_read_as_by_transformers(served, local, image):
    text = "a <|vision_start|> b"
    assert list(served.respond(image, PROMPT, text).token_ids) == list(local.respond(image, PROMPT, text).token_ids)


def test_white_box_methods_refuse_with_the_reason(served, image):
    with pytest.raises(AttributeError, match="load_model"):
        served.network  # noqa: B018
