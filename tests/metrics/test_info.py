from eagle_nb.metrics import METRIC_INFO


def test_every_metric_has_a_source_and_a_convention():
    for name, info in METRIC_INFO.items():
        assert info.source and info.convention, name
        assert info.better in ("higher", "lower", None), name
        assert (info.better is None) == name.startswith("reliance"), name
