"""`train_here` gives a page only what its controls can be set to."""

from course_utils import train_here
import pytest


def test_reads_as_a_sentence_where_no_script_runs() -> None:
    assert repr(train_here("keep", "GRU", k=30)) == (
        "A small GRU that learns to keep one thing, k = 30: open the notebook or its page in a "
        "browser, and press Start."
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"task": "guess"}, "task is 'guess': give one of"),
        ({"cell": "RNN"}, "cell is 'RNN': give one of"),
        ({"k": 3}, "k is 3: give a number from 4 to 100"),
        ({"k": 101}, "k is 101"),
        ({"seed": -1}, "seed is -1"),
        ({"tour": [("One", "Look.", {"speed": 2})]}, "A tour sets 'speed'"),
        ({"tour": [("One", "Look.", {"forget_bias": 9})]}, "forget_bias is 9"),
        ({"tour": [("One", "Look.", {"mask": "yes"})]}, "mask is 'yes'"),
    ],
)
def test_what_no_control_can_show_is_refused(settings: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        train_here(**settings)
