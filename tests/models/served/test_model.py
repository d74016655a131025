"""A served model as any other: explained, stored, verified, bounded, and refused where the network is needed."""

import pickle
import threading

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.errors import (
    DroppedImageError,
    RefusedRequestError,
    RequestBudgetError,
    ScoreMismatchError,
    TokenMismatchError,
    UnreachableServerError,
)
from eagle_nb.inputs.regions import Regions
from eagle_nb.protocols import AnsweringModel, Model, Scorer


def connected(server, **options):
    return eagle.load_server(server.url, **({"retries": 1, "timeout": 10} | options))


def explained(model, response, **options):
    return eagle.explain(model, response, **({"tokens": "red ball", "regions": 6, "progress": False} | options))


@pytest.fixture
def answered(serve, picture):
    server = serve()
    model = connected(server)
    return server, model, model.generate(picture, "what?")


def test_it_is_a_model(answered):
    _, model, response = answered
    assert isinstance(model, Model)
    assert isinstance(model, AnsweringModel)
    assert isinstance(model.scorer(response, Regions.whole(response.images), response.canvas), Scorer)
    assert (response.model, model.name) == ("table", "table")
    assert "tier 'prompt'" in repr(model)


def test_the_provenance_names_server_tier_and_cost_and_no_key(serve, picture, monkeypatch):
    monkeypatch.setenv("TEST_KEY", "secret-1")
    server = serve()
    server.key = "secret-1"
    model = connected(server, api_key_env="TEST_KEY", price=(1.0, 2.0), budget="5000 requests")
    explanation = explained(model, model.generate(picture, "what?"))
    served = explanation.provenance["served"]
    assert (served["url"], served["tier"]) == (server.url, "prompt")
    assert served["requests"] == len(server.requests)
    assert served["cost"] > 0
    assert "secret" not in str(explanation.provenance) + repr(model) + str(vars(model))
    assert b"secret" not in pickle.dumps(model)


def test_the_order_is_that_of_the_same_scores_in_this_process(answered, picture):
    server, model, response = answered
    regions, fill = Regions.grid(picture, 6), Image.new("RGB", picture.size)

    class Local:
        n_regions = regions.n

        def __call__(self, shown):
            images = [eagle.inputs.fills.masked_image(picture, regions, fill, row) for row in shown]
            rows = [server.backend.distributions([image], "", response.token_ids) for image in images]
            return np.exp([[row[k, number] for k, number in enumerate(response.token_ids)] for row in rows])

    trace = eagle.search.order(Local(), tokens=[1, 2], search="greedy")
    explanation = explained(model, response, regions=regions, search="greedy")
    assert explanation.order.tolist() == trace.order.tolist()
    np.testing.assert_allclose(explanation.insertion, trace.insertion, atol=1e-6)


def test_a_second_run_sends_no_request(answered, tmp_path):
    server, model, response = answered
    first = explained(model, response, store=tmp_path / "scores.db")
    sent = len(server.requests)
    again = explained(model, response, store=tmp_path / "scores.db")
    assert len(server.requests) == sent
    assert again.order.tolist() == first.order.tolist()
    another = connected(server)
    sent = len(server.requests)
    explained(another, response, store=tmp_path / "scores.db")
    assert len(server.requests) == sent


def test_what_was_finished_before_a_failure_is_not_asked_for_again(answered, tmp_path):
    server, model, response = answered
    model.client.usage.budget, model.client.usage._limit = 30, (30.0, "requests")  # as if it had been given
    with pytest.raises(RequestBudgetError):
        explained(model, response, search="greedy", store=tmp_path / "s.db")
    assert len(server.requests) == 30
    whole = connected(server)
    begun = len(server.requests)
    explained(whole, response, search="greedy", store=tmp_path / "s.db")
    resumed = len(server.requests) - begun
    begun = len(server.requests)
    explained(whole, response, search="greedy", store=tmp_path / "t.db")
    assert (len(server.requests) - begun) - resumed >= 15


def test_other_settings_have_other_scores(serve, picture, tmp_path):
    server = serve()
    prints = {
        connected(server, **options).fingerprint
        for options in ({}, {"tier": "tokens"}, {"tier": "tokens", "top": 5}, {"extra_body": {"seed": 1}})
    }
    assert len(prints) == 4
    assert connected(server).fingerprint == connected(server, in_flight=2, budget=500).fingerprint


def test_every_word_is_explained_from_the_same_requests(answered):
    server, model, response = answered
    begun = len(server.completions)
    words = eagle.explain_each(model, response, regions=6, progress=False)
    assert list(words) == ["a", "red", "ball", "on", "blue", "cloth"]
    assert len(server.completions) - begun <= 2**6


def test_several_pictures(serve, picture):
    model = connected(serve())
    messages = [
        {
            "role": "user",
            "content": [
                {"type": "image", "image": picture},
                {"type": "image", "image": picture},
                {"type": "text", "text": "what?"},
            ],
        }
    ]
    response = model.generate(messages=messages, chat_template_kwargs={"enable_thinking": False})
    assert len(response.images) == 2
    explanation = explained(model, response, tokens=[0], regions=4)
    assert explanation.regions.n == 4


def test_template_options_are_sent(serve, picture):
    server = serve()
    model = connected(server)
    begun = len(server.completions)
    response = model.generate(picture, "what?", chat_template_kwargs={"enable_thinking": False})
    explained(model, response)
    assert all(body["chat_template_kwargs"] == {"enable_thinking": False} for body in server.completions[begun:])


def test_an_answer_continues_the_assistants_message(serve, picture):
    server = serve()
    model = connected(server)
    content = [{"type": "image", "image": picture}, {"type": "text", "text": "what?"}]
    messages = [{"role": "user", "content": content}, {"role": "assistant", "content": "a red"}]
    response = model.generate(messages=messages, continue_final_message=True)
    assert response.text == " ball on blue cloth."
    explained(model, response, tokens="ball")
    assert server.completions[-1]["messages"][-1] == {"role": "assistant", "content": "a red ball on blue cloth."}
    assert server.completions[-1]["continue_final_message"] is True


@pytest.mark.parametrize(
    ("lie", "error", "text"),
    [
        ("drops image", DroppedImageError, "do not depend on the image"),
        ("wrong ids", TokenMismatchError, "other tokens than the answer's"),
        ("other scores", ScoreMismatchError, "--dtype float32"),
        ("new turn", TokenMismatchError, "opens a new turn"),
    ],
)
def test_a_server_that_lies_is_found_out(serve, picture, lie, error, text):
    server = serve()
    model = connected(server, tier="prompt")
    response = model.generate(picture, "what?")
    server.lies.add(lie)
    if lie == "drops image":
        response = model.respond(picture, "what?", response.text)
    with pytest.raises(error, match=text):
        explained(model, response)


def test_reduced_precision_can_be_allowed(serve, picture):
    server = serve()
    model = connected(server, tolerance=0.1)
    response = model.generate(picture, "what?")
    server.lies.add("other scores")
    assert explained(model, response).order.shape == (6,)


def test_a_server_that_stops_continuing_is_found_out(serve, picture):
    server = serve()
    model = connected(server, tier="tokens")
    response = model.generate(picture, "what?")
    server.lies.add("new turn")
    with pytest.raises(eagle.errors.PrefixError, match="does not continue"):
        explained(model, response)


def test_faults_in_between_change_no_score(serve, picture):
    server = serve()
    model = connected(server, timeout=0.5, retries=4)
    response = model.generate(picture, "what?")
    scorer = model.scorer(response, Regions.grid(picture, 6), Image.new("RGB", picture.size))
    shown = np.random.default_rng(3).random((12, 6)) > 0.5
    calm = scorer(shown)
    server.faults.extend(["429", "500", "half", "close", "silence", "503"])
    np.testing.assert_array_equal(scorer(shown), calm)


def test_methods_that_look_inside_are_refused_with_the_reason(answered):
    _, model, response = answered
    with pytest.raises(TypeError, match="looks inside the network"):
        eagle.methods.attribute(model, response, "gradient_input", tokens="red", regions=4)
    assert not hasattr(model, "network")
    with pytest.raises(AttributeError, match="does not show the network"):
        model.network  # noqa: B018
    assert eagle.methods.attribute(model, response, "occlusion", tokens="red", regions=4).region_scores.shape == (4,)


def test_threads_share_a_model(answered, picture):
    _, model, response = answered
    regions, fill = Regions.grid(picture, 6), Image.new("RGB", picture.size)
    shown = np.random.default_rng(4).random((8, 6)) > 0.5
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(model.scorer(response, regions, fill)(shown))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    for scores in results[1:]:
        np.testing.assert_array_equal(scores, results[0])


def test_load_model_takes_an_address(serve, picture):
    server = serve()
    model = eagle.load_model(server.url)
    assert type(model).__name__ == "ServedModel"
    assert eagle.load_model(f"{server.url}#table", batch_size=3).client.in_flight == 3
    with pytest.raises(ValueError, match="dtype cannot be set"):
        eagle.load_model(server.url, dtype="float32")


def test_arguments_are_checked_before_anything_is_sent(serve, picture):
    server = serve()
    for options, text in (
        ({"tier": "best"}, "tiers are auto"),
        ({"in_flight": 0}, "in_flight"),
        ({"timeout": 0}, "timeout"),
        ({"budget": "much"}, "500 requests"),
        ({"api_key_env": "sk-abc-def"}, "not the key itself"),
    ):
        with pytest.raises(ValueError, match=text) as raised:
            eagle.load_server(server.url, **options)
        assert "sk-abc" not in str(raised.value)
    assert server.requests == []
    for url in ("localhost:8000", "ftp://a/v1", "http://user:secret@localhost/v1", "http://localhost/v1?key=secret"):
        with pytest.raises(ValueError, match="base_url") as raised:
            eagle.load_server(url)
        assert "secret" not in str(raised.value)


def test_the_model_must_be_served(serve):
    server = serve()
    with pytest.raises(ValueError, match=r"does not offer the model 'other'; it offers \['table'\]"):
        connected(server, model="other")
    server.models = {"data": [{"id": "a"}, {"id": "b"}]}
    with pytest.raises(ValueError, match="give one as model="):
        connected(server)
    assert connected(server, model="b").name == "b"


def test_a_server_that_is_down_or_wants_a_key(serve, monkeypatch):
    server = serve()
    monkeypatch.delenv("TEST_KEY", raising=False)
    server.key = "secret"
    with pytest.raises(RefusedRequestError, match="set the environment variable TEST_KEY"):
        connected(server, api_key_env="TEST_KEY")
    with pytest.raises(UnreachableServerError, match="ConnectError"):
        eagle.load_server("http://127.0.0.1:9/v1", retries=0)


def test_questions_are_checked(answered, picture):
    _, model, _ = answered
    with pytest.raises(ValueError, match="prompt is empty"):
        model.generate(picture, " ")
    with pytest.raises(TypeError, match="messages="):
        model.generate()
    with pytest.raises(ValueError, match="max_new_tokens"):
        model.generate(picture, "what?", max_new_tokens=0)


def test_only_explained_tokens_are_asked_for_where_each_costs_a_request(serve, picture, tmp_path):
    server = serve()
    model = connected(server, tier="tokens")
    response = model.generate(picture, "what?")
    begun = len(server.completions)
    explanation = explained(model, response, store=tmp_path / "s.db")
    assert len(server.completions) - begun == 2 * explanation.forward_passes
    assert np.isnan(explanation.insertion[:, [0, 3, 4, 5, 6]]).all()
    assert np.isfinite(explanation.insertion[:, [1, 2]]).all()
    assert explanation.to_frame()["reliance"].notna().tolist() == [False, True, True, False, False, False, False]
    explanation.save(tmp_path / "e.npz")
    assert eagle.load(tmp_path / "e.npz").order.tolist() == explanation.order.tolist()
    explanation.to_html(tmp_path / "e.html")
    explanation.figure()
    explanation.plot()
    sent = len(server.requests)
    explained(model, response, store=tmp_path / "s.db")
    assert len(server.requests) == sent
    other = explained(model, response, tokens="cloth", store=tmp_path / "s.db")
    assert np.isfinite(other.insertion[:, 5]).all()


def test_words_share_their_requests_where_each_token_costs_one(serve, picture):
    server = serve()
    model = connected(server, tier="tokens")
    response = model.generate(picture, "what?")
    begun = len(server.completions)
    words = eagle.explain_each(model, response, ["red", "cloth"], regions=4, progress=False)
    assert len(server.completions) - begun <= 2 * 2**4
    assert np.isfinite(words["red"].target_insertion).all()
