"""The tier `forced` against a small server that takes grammars of token literals as llama.cpp does, or lies about it."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.errors import TierError, TokenMismatchError
from eagle_nb.inputs.fills import masked_image
from eagle_nb.models.served.cut_characters import bias_to, parts_of

from .table_server import SENTENCE, TableServer

SNOW = "☃".encode()


class GrammarServer(TableServer):
    """Reports token ids, and forces tokens: what it is asked to "ignore", "mask" (probabilities after the grammar) or "swap" is a lie."""

    def complete(self, body):
        answer = super().complete(body)
        for choice in answer["choices"]:
            for entry in choice.get("logprobs", {}).get("content", []):
                for listed in [entry, *entry["top_logprobs"]]:
                    listed["id"] = self.backend.split(listed["token"])[0]
        if "grammar" in body and "ignore" not in self.lies:
            answer["choices"] = [
                self.forced(body, [int(number) for number in re.findall(r"<\[(\d+)]>", body["grammar"])])
            ]
        return answer

    def forced(self, body, ids):
        urls = [part["image_url"]["url"] for part in body["messages"][0]["content"] if "image_url" in part]
        pictures = [Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB") for url in urls]
        rows = self.backend.distributions(pictures, "", ids)
        content = [
            {"id": number, "token": self.backend.piece(number), "logprob": float(rows[k, number]), "top_logprobs": []}
            for k, number in enumerate(ids)
        ]
        if "mask" in self.lies:
            content = [{**entry, "logprob": 0.0} for entry in content]
        if "swap" in self.lies and len(ids) > 1:
            content[-1]["id"] += 1
        text = "".join(map(self.backend.piece, ids))
        return {"message": {"content": text}, "finish_reason": "length", "logprobs": {"content": content}}


def scores(model, picture):
    response = model.generate(picture, "what?")
    regions = eagle.Regions.grid(picture, 6)
    shown = np.random.default_rng(0).random((5, regions.n)) > 0.5
    return model.scorer(response, regions, Image.new("RGB", picture.size))(shown), regions, shown


def test_one_request_scores_a_coalition(serve, picture):
    server = serve(GrammarServer, None, set(), "llamacpp")
    model = eagle.load_server(server.url, retries=0)
    assert model.tier.name == "forced"
    before = len(server.completions)
    found, regions, shown = scores(model, picture)
    assert len(server.completions) - before == 1 + 2 + len(
        shown
    )  # the answer, the full and the blank image, the coalitions
    fill = Image.new("RGB", picture.size)
    rows = [
        server.backend.distributions([masked_image(picture, regions, fill, row)], "", list(SENTENCE)) for row in shown
    ]
    expected = np.exp([[row[k, number] for k, number in enumerate(SENTENCE[:-1])] for row in rows])
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert all(body["temperature"] == 0 and body["top_k"] == 0 and body["min_p"] == 0 for body in server.completions)


@pytest.mark.parametrize(("lie", "reason"), [("ignore", "ignores the field `grammar`"), ("mask", "after the grammar")])
def test_servers_that_do_not_force_or_report_other_probabilities_are_refused(serve, lie, reason):
    server = serve(GrammarServer, None, {lie}, "llamacpp")
    with pytest.raises(TierError, match=reason):
        eagle.load_server(server.url, tier="forced", retries=0)


def test_a_server_that_reports_no_ids_is_refused(serve):
    with pytest.raises(TierError, match="name no token ids"):
        eagle.load_server(serve().url, tier="forced", retries=0)


def test_other_tokens_than_the_answers_are_an_error(serve, picture):
    model = eagle.load_server(serve(GrammarServer, None, {"swap"}, "llamacpp").url, retries=0)
    with pytest.raises(TokenMismatchError, match="scored the tokens"):
        scores(model, picture)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([b"a", b"b"], [(0, 2, "", ())]),
        ([b"a", SNOW, b"b"], [(0, 3, "", ())]),
        ([SNOW[:1], SNOW[1:]], [(0, 2, "", (SNOW[:1], SNOW[1:]))]),
        ([b"a" + SNOW[:1], SNOW[1:2], SNOW[2:] + b"b", b"c"], [(0, 3, "", (b"a" + SNOW[:1], SNOW[1:2], SNOW[2:] + b"b")), (3, 4, "a☃b", ())]),
        ([SNOW[:1], SNOW[1:], SNOW[:2], SNOW[2:]], [(0, 2, "", (SNOW[:1], SNOW[1:])), (2, 4, "☃", (SNOW[:2], SNOW[2:]))]),
        ([b"a", SNOW[:2]], [(0, 1, "", ()), (1, 2, "a", (SNOW[:2],))]),
    ],
)  # fmt: skip
def test_tokens_that_cut_a_character_are_a_part_of_their_own(pieces, expected):
    assert [(part.start, part.stop, part.before, part.data) for part in parts_of(pieces)] == expected


def test_biases_bring_tokens_in_their_order_whatever_the_logits():
    fields = bias_to([7, 3, 5])
    logits = np.random.default_rng(0).normal(0, 30, 10)
    written = []
    for _ in range(3):
        biased = logits.copy()
        for number, bias in fields["logit_bias"].items():
            biased[int(number)] += bias
        recent = written[-fields["repeat_last_n"] :]
        biased[list(set(recent))] -= fields["presence_penalty"]
        written.append(int(biased.argmax()))
    assert written == [7, 3, 5]
