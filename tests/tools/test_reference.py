"""Five trainings are refused if they are not like the stored ones, and seldom if they are."""

from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
import re

from course_utils import imdb, models, pad_reviews, set_seed
from course_utils.films import film_split
from course_utils.probes.states import lstm_gates
import numpy as np
import pytest
import tensorflow as tf

from tools.records import RecordError
from tools.reference import command, comparison, power, record, stored, training
from tools.reference.comparison import p_value
from tools.reference.faults import FAULTS, Fault, drop_mask, mislabel, stick
from tools.reference.recipes import RECIPES
from tools.reference.training import Figures, Training
from tools.sweep.recipes import Recipe

TINY = Recipe("simple_rnn", "tiny", "by film", 128, 10, mask=True, epochs=2, units=8)
ROW = Training("lstm", "", 1, 0.01, 0.4, 0.1, 2.5, 0.7, 0.7, 5.0, "3.15.1", "2.21.0", "x86_64")


def drawn(random: np.random.Generator, count: int, shift: float = 0) -> np.ndarray:
    """Draw figures as trainings have them: outliers, ties, two that move together, a constant."""
    many, noise, other = random.standard_t(2, (3, count))
    columns = many, 2 * many + noise / 10, np.round(other), other + shift, np.ones(count)
    return np.stack(columns, axis=1)


def test_right_set_up_is_refused_at_most_once_in_20() -> None:
    """Also with outliers and ties: 1,000 comparisons may lie two standard deviations above."""
    random = np.random.default_rng(1)
    chances = [p_value(drawn(random, 5), drawn(random, 40)) for _ in range(1000)]
    assert 0.03 < np.mean(np.array(chances) < comparison.LEVEL) < 0.064


def test_difference_in_one_figure_is_found() -> None:
    """Wherever the figures of five lie beyond nearly all others."""
    random = np.random.default_rng(2)
    for shift in (-6, 6):
        chances = [p_value(drawn(random, 5, shift), drawn(random, 40)) for _ in range(100)]
        assert np.mean(np.array(chances) < comparison.LEVEL) > 0.9


def test_p_is_that_of_all_deals() -> None:
    """Of one figure: the share of all deals whose ranks add up to a sum as far from the middle."""
    random = np.random.default_rng(3)
    for shift in (0, 1, -3):
        ours, others = random.normal(shift, 1, (4, 1)), random.normal(0, 1, (8, 1))
        order = sorted([*ours[:, 0], *others[:, 0]])
        sums = np.array([sum(deal) for deal in combinations(range(1, 13), 4)])
        ours_sum = sum(order.index(number) + 1 for number in ours[:, 0])
        exact = np.mean(np.abs(sums - 26) >= abs(ours_sum - 26))
        assert p_value(ours, others) == pytest.approx(exact, abs=0.04)


def test_figures_rank_alike_on_any_scale_and_ties_share() -> None:
    assert comparison.ranks(np.array([[5.0, 1], [7, 1], [5, 1], [1e9, 1]])).tolist() == [
        [1.5, 2.5],
        [3, 2.5],
        [1.5, 2.5],
        [4, 2.5],
    ]
    random = np.random.default_rng(4)
    ours, others = np.exp(random.normal(size=(2, 20, 3)))
    assert p_value(ours, others) == p_value(np.log(ours), np.log(others))


def test_figure_that_is_farthest_off_is_named() -> None:
    others = np.random.default_rng(5).normal(size=(40, 3))
    assert comparison.farthest_off(others[:5] + np.array([0, 0, 9]), others) == 2
    assert comparison.farthest_off(others[:5] - np.array([0, 9, 1]), others) == 1


def test_figures_are_those_of_a_training_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same cut by film, the model, Keras' own fit and its own judgement."""
    monkeypatch.setitem(RECIPES, "tiny", TINY)
    trained = training.train("tiny", 7)
    reviews, labels = imdb.load_imdb(num_words=5000)
    (x, y), _, (x_test, y_test) = film_split(reviews, labels, 7)
    x, x_test = pad_reviews(x[:128], 10), pad_reviews(x_test[:2000], 10)
    set_seed(7)
    model = models.build_simple_rnn(mask_padding=True, units=8)

    def spread(count: int) -> float:
        answers = model.predict(x_test[:count], verbose=0)[:, 0]
        return float(np.std(np.log(answers / (1 - answers))))

    untrained = spread(500)
    losses = model.fit(x, y[:128], batch_size=64, epochs=2, verbose=0).history["loss"]
    judged = model.evaluate(x_test, y_test[:2000], verbose=0)
    by_hand = untrained, np.mean(losses), losses[-1], spread(2000), *judged
    figures = [getattr(trained, name) for name in Figures._fields]
    assert figures == pytest.approx(by_hand, abs=2e-5)
    assert trained[:3] == ("tiny", "", 7)


def test_answers_of_one_are_as_sure_as_can_be() -> None:
    odds = training.log_odds(np.array([[0.5], [1], [0]], dtype="float32"))
    assert odds == pytest.approx([0, 16.118, -16.118], abs=1e-3)
    loss, accuracy = training.judged(np.array([1, 1, 1]), odds)
    assert loss == pytest.approx((np.log(2) + 16.118) / 3, abs=1e-3)
    assert accuracy == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("gate", "at"), [("input", 1), ("forget", 1), ("forget", 0), ("output", 1)]
)
def test_stuck_gate_stays_where_it_is(gate: str, at: int) -> None:
    """After updates, too; the other gates still follow what they read."""
    model = stick(models.build_lstm(num_words=20, units=4), gate, at)
    ids = np.random.default_rng(1).integers(1, 20, (64, 6))
    model.optimizer.learning_rate = 0.1
    model.fit(ids, ids[:, 0] % 2, epochs=3, verbose=0)
    values = dict(zip(("input", "forget", "output"), lstm_gates(model, ids[0])[:3], strict=True))
    assert np.all(np.abs(values.pop(gate) - at) < 1e-6)
    assert all(other.std() > 0.01 for other in values.values())


def test_stuck_gate_of_a_gru_is_the_one_that_is_named() -> None:
    """With the update gate shut nothing of the old state stays; with it open nothing else does."""
    ids = np.random.default_rng(1).integers(1, 20, (3, 6))
    for at, same in ((0, False), (1, True)):
        model = stick(models.build_gru(num_words=20, units=4), "update", at)
        layer = model.get_layer("gru")
        states = layer(model.get_layer("embedding")(ids)).numpy()
        assert np.allclose(states, 0) == same


def test_dropped_mask_reads_padding() -> None:
    """The weights stay; a mean over words then counts the zeros, too."""
    model = models.build_averaged_embedding(num_words=20, embedding_dim=4)
    copy = drop_mask(model)
    ids = np.array([[3, 4, 0, 0]])
    table, weights, bias = copy.get_weights()
    for one, words in ((model, [3, 4]), (copy, [3, 4, 0, 0])):
        expected = 1 / (1 + np.exp(-(table[words].mean(axis=0) @ weights + bias)))
        assert one.predict(ids, verbose=0)[0] == pytest.approx(expected, abs=1e-6)
    copy.fit(ids, np.array([1]), verbose=0)


def test_a_tenth_of_the_labels_is_turned() -> None:
    batches = tf.data.Dataset.from_tensors((tf.zeros((20, 3)), tf.ones(20, "int8")))
    ((_, labels),) = mislabel(batches).as_numpy_iterator()
    assert np.flatnonzero(labels == 0).tolist() == [0, 10]


def test_each_fault_breaks_something() -> None:
    """And every recipe with a mask or gates has a fault for each."""
    for name, recipe in RECIPES.items():
        for fault in FAULTS[name].values():
            assert fault != Fault()
            assert recipe._replace(**fault.recipe) != recipe or not fault.recipe
        assert ("no mask" in FAULTS[name]) == (recipe.data == "by film")
        gates = {"lstm": {"input", "forget", "output"}, "gru": {"update", "reset"}}
        broken = {fault.split(" gate")[0] for fault in FAULTS[name] if " gate" in fault}
        assert broken == gates.get(recipe.model, set())


def test_stored_trainings_are_known_and_stored_once() -> None:
    rows = stored.read()
    assert max(Counter(row[:3] for row in rows).values()) == 1
    assert {row[:3] for row in rows} <= {*record.wanted([*RECIPES])}
    assert len(stored.reference_of("lstm")) >= stored.LEAST
    assert all(row.seconds > 0 and np.isfinite(stored.figures([row])).all() for row in rows)


def test_cut_off_row_is_refused_and_taken_away(tmp_path: Path) -> None:
    """The next training begins a line of its own."""
    path = tmp_path / "trainings.csv"
    text = stored.TRAININGS.read_text(encoding="utf-8")
    path.write_text(text[:-5], encoding="utf-8")
    with pytest.raises(RecordError, match=f"line {text.count(chr(10))}, is cut off or damaged"):
        stored.read(path)
    stored.cut_unfinished(path)
    assert stored.read(path) == stored.read()[:-1]
    path.write_text("recipe,fault")
    stored.cut_unfinished(path)
    assert path.read_text() == "recipe,fault"


@pytest.mark.parametrize("damaged", [None, "", "a,b\n1,2\n"])
def test_trainings_that_cannot_be_read_are_refused_in_one_sentence(
    damaged: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    path = tmp_path / "trainings.csv"
    if damaged is not None:
        path.write_text(damaged)
    monkeypatch.setattr(stored.read, "__defaults__", (path,))
    monkeypatch.setattr(record, "TRAININGS", path)
    for main in (command.main, record.main):
        assert main(["lstm"]) == 2
        err = capsys.readouterr().err
        assert "trainings.csv" in err
        assert "take the file from Git again" in err
        assert err.count("\n") == 1


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let trainings be the stored ones in another order, their test loss moved."""

    def put(shift: float) -> None:
        rows = stored.reference_of("lstm")

        def train(name: str, seed: int) -> Training:
            row = rows[seed % len(rows) * 7 % len(rows)]
            return row._replace(seed=seed, test_loss=row.test_loss + shift)

        monkeypatch.setattr(command, "train", train)

    return put


def test_command_says_whether_it_is_the_same(
    stand_in: Callable[[float], None], capsys: pytest.CaptureFixture
) -> None:
    stand_in(0)
    assert command.main(["lstm"]) == 0
    assert "nothing speaks against this set-up" in capsys.readouterr().out
    stand_in(5)
    assert command.main(["lstm", "--first", "66"]) == 1
    out = capsys.readouterr().out
    assert "do not come from the distribution" in out
    assert float(re.search(r"\(p = ([\d.]+)\)", out)[1]) <= 0.001
    assert "farthest off is: test loss" in out
    assert "make reference RECIPE=lstm FIRST=71" in out


def test_training_without_a_finite_loss_is_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """Though in ranks it would be one like others."""
    rows = stored.reference_of("lstm")
    monkeypatch.setattr(
        command, "train", lambda name, seed: rows[seed % 7]._replace(seed=seed, test_loss=np.nan)
    )
    assert command.main(["lstm"]) == 1
    assert "5 of the 5 trainings came to no finite numbers" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([""], "There is no recipe '': give RECIPE= one of averaged_embedding, simple_rnn"),
        (["ltsm"], "There is no recipe 'ltsm'"),
        (["lstm", "--first", "40"], "FIRST is '40': seeds 1 to 40 are those that others are"),
        (["lstm", "--first", "-2"], "FIRST is '-2'"),
        (["lstm", "--first", "9" * 5000], "FIRST is '999"),
        (["lstm", "--first", "41.5"], "FIRST is '41.5'"),
        (["lstm", "--first", "4294967292"], "give one from 41 to 4294967290."),
    ],
)
def test_bad_arguments(arguments: list[str], says: str, capsys: pytest.CaptureFixture) -> None:
    assert command.main(arguments) == 2
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1


def test_no_verdict_beside_a_few(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(command, "reference_of", lambda name: [ROW] * (stored.LEAST - 1))
    assert command.main(["lstm"]) == 2
    assert "Of lstm only 19 of 40 trainings are stored: " in capsys.readouterr().err


def test_recording_trains_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "trainings.csv"
    path.write_text(",".join(Training._fields) + "\n")
    for module in (record, stored):
        monkeypatch.setattr(module, "TRAININGS", path)
    monkeypatch.setattr(record, "read", lambda: stored.read(path))
    monkeypatch.setattr(
        record, "train", lambda *task: ROW._replace(recipe=task[0], seed=task[1], fault=task[2])
    )
    assert record.main(["lstm"]) == 0
    path.write_text(path.read_text()[:-3])
    assert record.main(["lstm"]) == 0
    rows = stored.read(path)
    assert [(row.recipe, row.fault, row.seed) for row in rows] == record.wanted(["lstm"])
    monkeypatch.setattr(record, "train", None)
    assert record.main(["lstm"]) == 0
    assert record.main(["ltsm"]) == 2


def test_fault_is_found_where_figures_differ() -> None:
    random = np.random.default_rng(6)
    others, far = random.normal(size=(40, 2)), random.normal(3, 1, (10, 2))
    assert power.refused(far, others) == 1
    assert power.refused(others) < 0.15
