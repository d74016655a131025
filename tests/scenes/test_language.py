"""Captions and questions: the cause of every word, and true answers."""

from collections import defaultdict

from eagle_nb.scenes import draw, shapes
from eagle_nb.scenes.language import place
from eagle_nb.scenes.plan import RELATIONS


def test_words_spell_the_caption(scenes):
    for scene in scenes:
        assert " ".join(w.text for w in scene.words) + "." == scene.caption
        for word in scene.words:
            assert scene.caption[word.start : word.end] == word.text
            assert bool(word.objects) == (word.kind in ("object", "relation"))


def test_grammar_words_are_those_that_nothing_could_replace(scenes):
    """A word is "grammar" if and only if no caption has another word after the same beginning, content words aside."""
    following = defaultdict(set)
    kinds = defaultdict(set)
    for scene in [*scenes, *(draw(s) for s in range(1000, 2000))]:
        shape = ""
        for word in scene.words:
            following[shape].add(word.text)
            kinds[shape].add(word.kind)
            shape += " " + _part_of_speech(word.text)
    for beginning, words in following.items():
        if kinds[beginning] == {"grammar"}:
            assert len(words) == 1, (beginning, words)
        assert kinds[beginning] == {"grammar"} or "grammar" not in kinds[beginning]


def _part_of_speech(word):
    for name, members in (("SIZE", shapes.SIZES), ("COLOR", shapes.COLORS), ("SHAPE", shapes.SHAPES)):
        if word in members:
            return name
    return word


def test_questions_are_balanced_and_right(scenes):
    answers = [a for s in scenes for q, a in s.questions if q.startswith("is there") and q.split()[-1] != "cup?"]
    assert 0.44 < answers.count("yes.") / len(answers) < 0.56
    for scene in scenes:
        names = {o.name for o in scene.objects} | {o.shape for o in scene.objects}
        for question, answer in scene.questions:
            if question.startswith("is there a "):
                assert (question[11:-1] in names) == (answer == "yes.")
            if question.startswith("what color is the "):
                assert answer[:-1] in {o.color for o in scene.objects if o.shape == question[18:-1]}


def test_places():
    assert place(0.1, 0.1) == "top left"
    assert place(0.5, 0.5) == "center"
    assert place(0.9, 0.5) == "right"
    assert place(0.5, 0.9) == "bottom"
    assert place(0.34, 0.5) is None


def test_variety(scenes):
    """Relations, backgrounds, counts and furniture all occur."""
    captions = " ".join(s.caption for s in scenes)
    for word in (
        *RELATIONS,
        *["grass", "brick", "gravel", "paper", "two", "three", "four", "five", "cup", "book", "table"],
    ):
        assert f" {word}" in captions
    assert len({s.caption for s in scenes}) > 300
