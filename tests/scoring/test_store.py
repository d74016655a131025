"""The store: what concurrent processes and kills leave behind."""

import json
import os
import pickle
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

from eagle_nb.errors import StoreError
from eagle_nb.scoring import CachedScorer, Store, digest
from eagle_nb.scoring.coalitions import coalition_keys
from eagle_nb.search import order

from ..search.functions import TableScorer

KEYS = coalition_keys(np.eye(4, dtype=bool))
SEEDS = (3, 4, 5)

PROGRAM = """
    import json, sys, time
    from eagle_nb.search import order
    from tests.search.functions import TableScorer

    class Slow(TableScorer):
        def __init__(self, seed):
            super().__init__(9, tokens=2, seed=seed)
            self.identity = {"model": f"table {seed}"}

        def __call__(self, shown):
            time.sleep(0.002 * len(shown))
            return super().__call__(shown)

    for seed in sys.argv[2:]:
        trace = order(Slow(int(seed)), search="greedy", store=sys.argv[1])
        print(json.dumps([seed, trace.order.tolist(), trace.objective.tolist()]), flush=True)
"""


class Identified(TableScorer):
    """A table that says what it is."""

    def __init__(self, seed=0, n=9):
        super().__init__(n, tokens=2, seed=seed)
        self.identity = {"model": f"table {seed}"}


def start(store, seeds):
    """Start a process that orders some tables with a store."""
    command = [sys.executable, "-c", textwrap.dedent(PROGRAM), str(store), *map(str, seeds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def scored(store, seed):
    """Number of coalitions of a table that a store holds."""
    every = (np.arange(2**9)[:, None] >> np.arange(9) & 1).astype(bool)
    return len(Store(store).get_scores(digest(regions=9, scorer={"model": f"table {seed}"}), coalition_keys(every)))


@pytest.mark.parametrize("kind", ["scores.db", "folder/"])
def test_four_processes_three_cases_and_random_kills(tmp_path, kind):
    """Every result equals the one without a store, whatever was killed when; nothing is scored in vain."""
    store = f"{tmp_path}/{kind}"
    rng = random.Random(0)
    kills = 0
    deadline = time.monotonic() + 240
    running = [start(store, rng.sample(SEEDS, 3)) for _ in range(4)]
    while kills < 4:
        assert time.monotonic() < deadline, "the processes make no progress"
        victim = rng.randrange(4)
        size = sum(scored(store, seed) for seed in SEEDS)
        while running[victim].poll() is None and sum(scored(store, s) for s in SEEDS) == size and size < 3 * 80:
            assert time.monotonic() < deadline
        if running[victim].poll() is None:
            running[victim].send_signal(signal.SIGKILL)
            kills += 1
        running[victim].communicate()
        running[victim] = start(store, rng.sample(SEEDS, 3))
    results = []
    for process in running:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        results += [json.loads(line) for line in out.splitlines()]
    assert len(results) == 4 * 3
    for seed, regions, objective in results:
        whole = order(Identified(int(seed)), search="greedy")
        assert regions == whole.order.tolist()
        np.testing.assert_array_equal(objective, whole.objective)
    for seed in SEEDS:
        resumed = Identified(seed)
        order(resumed, search="greedy", store=store)
        assert resumed.calls == []


@pytest.mark.parametrize("search", ["greedy", "fast"])
def test_a_killed_search_resumes_and_ends_the_same(tmp_path, search):
    path = tmp_path / "scores.db"
    process = start(path, [3])
    deadline = time.monotonic() + 60
    while scored(path, 3) < 40:
        assert time.monotonic() < deadline, "the search did not begin"
        assert process.poll() is None, "the search ended before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    resumed, fresh = Identified(3), Identified(3)
    trace, whole = order(resumed, search=search, store=path), order(fresh, search=search)
    assert sum(map(len, resumed.calls)) < sum(map(len, fresh.calls))
    for name in ("order", "insertion", "deletion", "objective", "candidates", "decided", "coalitions", "rounds"):
        np.testing.assert_array_equal(getattr(trace, name), getattr(whole, name))
    assert trace.forward_passes == whole.forward_passes


def test_numbers_of_numpy_in_a_row_come_back_as_numbers_of_python():
    store = Store()
    store.put_row(
        "k", {"count": np.int64(3), "share": np.float32(0.5), "right": np.bool_(True), "none": np.nan, "half": "\ud83d"}
    )
    row = store.get_row("k")
    assert [type(row[name]) for name in ("count", "share", "right")] == [int, float, bool]
    assert np.isnan(row["none"]) and row["half"] == "\ud83d"


@pytest.mark.parametrize("place", [None, "file.db", "folder/"])
def test_scores_and_rows_come_back(tmp_path, place):
    store = Store(None if place is None else f"{tmp_path}/{place}")
    store.put_scores("case", dict(zip(KEYS, np.eye(4, 3, dtype=np.float32), strict=True)))
    store.put_scores("case", {KEYS[0]: np.zeros(3)})  # the first one counts
    back = store.get_scores("case", KEYS)
    np.testing.assert_array_equal([back[key] for key in KEYS], np.eye(4, 3))
    assert store.get_scores("another case", KEYS) == {}
    assert store.get_row("k") is None
    store.put_row("k", {"word": "größe", "value": 0.5, "missing": None})
    store.put_row("k", {"word": "größe", "value": 0.75})
    assert store.get_row("k") == {"word": "größe", "value": 0.75}
    assert store.keys() == ["k"]


def test_files_of_one_folder_are_merged_when_read(tmp_path):
    one, two = Store(f"{tmp_path}/runs/"), Store(f"{tmp_path}/runs/")
    one.put_scores("case", {KEYS[0]: np.ones(2)})
    two.put_scores("case", {KEYS[1]: np.zeros(2)})
    two.put_row("row", {"a": 1})
    assert len(list((tmp_path / "runs").glob("*.db"))) == 2
    assert set(one.get_scores("case", KEYS)) == set(KEYS[:2])
    assert one.get_row("row") == Store(tmp_path / "runs").get_row("row") == {"a": 1}


def test_threads_share_a_store(tmp_path):
    store, failures = Store(tmp_path / "scores.db"), []

    def work(k):
        try:
            for j in range(20):
                store.put_row(f"{k}-{j}", {"k": k})
                assert store.get_row(f"{k}-{j}") == {"k": k}
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store.keys()) == 80


def test_a_store_is_sent_to_another_process_by_its_path(tmp_path):
    store = Store(tmp_path / "scores.db")
    store.put_row("k", {"a": 1})
    assert pickle.loads(pickle.dumps(store)).get_row("k") == {"a": 1}
    with pytest.raises(TypeError, match="in memory"):
        pickle.dumps(Store())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform cannot fork")
def test_a_forked_child_opens_its_own_connection(tmp_path):
    store = Store(tmp_path / "scores.db")
    store.put_row("parent", {"a": 1})
    child = os.fork()
    if child == 0:
        try:
            store.put_row("child", store.get_row("parent") or {})
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert store.keys() == ["child", "parent"]


def test_what_is_not_a_store_is_refused_and_left_alone(tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("do not lose me\n")
    with pytest.raises(StoreError, match="not a store"):
        Store(notes)
    assert notes.read_text() == "do not lose me\n"
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (a)")
    connection.close()
    with pytest.raises(StoreError, match="something else"):
        Store(other)
    with pytest.raises(StoreError, match="cannot be used"):
        Store(notes / "below" / "a.db")


def test_a_store_needs_to_know_what_it_holds(tmp_path):
    scorer = TableScorer(5)
    with pytest.raises(StoreError, match="`identity`"):
        order(scorer, store=tmp_path / "scores.db")
    assert scorer.calls == []


def test_cached_scorers_wrap_each_other():
    scorer = Identified()
    shared = CachedScorer(scorer)
    first, second = CachedScorer(shared), CachedScorer(shared)
    shown = np.random.default_rng(0).random((20, 9)) < 0.5
    np.testing.assert_array_equal(first(shown), scorer.table[shown @ (1 << np.arange(9))])
    calls = len(scorer.calls)
    np.testing.assert_array_equal(second(shown[::-1]), first(shown)[::-1])
    assert len(scorer.calls) == calls
    assert len(first) == len(second) == len(shared) == 2 + len(np.unique(shown, axis=0))


def test_digests_depend_on_every_fact_and_on_nothing_else():
    base = {"a": 1, "b": np.arange(3), "c": {"x": [1, 2]}}
    same = {"c": {"x": [1, 2]}, "b": np.arange(3), "a": 1}
    assert digest(**base) == digest(**same)
    others = [{"a": 2}, {"b": np.arange(4)}, {"b": np.arange(3.0)}, {"c": {"x": [2, 1]}}, {"d": None}]
    assert len({digest(**{**base, **other}) for other in others} | {digest(**base)}) == len(others) + 1
    with pytest.raises(TypeError, match="cannot be part of a key"):
        digest(a=object())
