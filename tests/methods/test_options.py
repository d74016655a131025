import pytest

from eagle_nb.methods.options import check_options


def test_options_are_the_parameters_after_the_seed():
    def method(scorer, tokens, rng=0, masks=3, size=2):
        return masks, size

    check_options("own", method, {"masks": 1, "size": 5})
    check_options("own", lambda scorer, tokens, **options: options, {"whatever": 1})
    for name in ("scorer", "tokens", "rng", "steps"):
        with pytest.raises(TypeError, match=f"own has no option '{name}'; its options: masks, size"):
            check_options("own", method, {name: 1})
