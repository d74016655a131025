import numpy as np

from eagle_nb.methods import measure_cost


def test_allocated_memory_is_measured():
    with measure_cost() as nothing:
        pass
    with measure_cost() as cost:
        array = np.ones(2**25)  # 256 MiB
    assert array.nbytes <= cost.peak_bytes < 2 * array.nbytes
    assert nothing.peak_bytes < array.nbytes / 8
    assert cost.seconds > nothing.seconds > 0


def test_the_values_are_set_after_an_error():
    cost = None
    try:
        with measure_cost() as cost:
            raise RuntimeError("out of memory")
    except RuntimeError:
        pass
    assert cost is not None and cost.seconds > 0
