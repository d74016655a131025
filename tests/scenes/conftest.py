import pytest

from eagle_nb.scenes import architecture, draw


@pytest.fixture(scope="session")
def tokenizer():
    return architecture.build_tokenizer()


@pytest.fixture(scope="session")
def scenes():
    return [draw(seed) for seed in range(400)]
