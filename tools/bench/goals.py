"""What is measured, how good it has to be, and how a measurement is judged."""

import statistics
from typing import NamedTuple


class Goal(NamedTuple):
    """What is measured, against what, in which unit; and its bound, if there is one."""

    what: str
    rival: str = ""
    unit: str = "×"
    bound: float | None = None
    at_most: bool = False

    def __str__(self) -> str:
        if self.bound is None:
            return ""
        return f"at {'most' if self.at_most else 'least'} {self.bound:g} {self.unit}"


STEP = "a step of LSTM(100), mask"
GOALS = {
    "import": Goal("`import course_utils`, beyond `python -c pass`", "", "ms", 50, at_most=True),
    "text to cache": Goal("text → cache → reviews", "", "s", 5, at_most=True),
    "memory": Goal("the same, memory at the peak", "", "MiB", 700, at_most=True),
    "load": Goal("a review from the cache", "`keras.datasets.imdb.load_data`", bound=30),
    "pad": Goal("a review padded to 500", "`pad_sequences` on lists", bound=3),
    "Keras": Goal(STEP, "plain Keras, padded to 500", bound=3),
    "Keras, our settings": Goal(STEP, "the same with the kit's settings"),
    "PyTorch": Goal(STEP, "PyTorch, padded to 500", bound=1),
    "PyTorch, our batches": Goal(STEP, "PyTorch, the same batches", bound=1),
    "PyTorch, our settings": Goal(STEP, "the same with one thread, as the kit's"),
    "course": Goal("the whole course", "the lecture's own cells", bound=1.5, at_most=True),
}
"""By name. A ratio says how many times faster the kit is; the course's, how many times longer."""


class Measure(NamedTuple):
    """What was measured for a goal: the median of repetitions or pairs, lowest and highest.

    ours, theirs: of a ratio, the median seconds per unit of each side.
    """

    name: str
    median: float
    lowest: float
    highest: float
    ours: float | None = None
    theirs: float | None = None

    def spread(self) -> str:
        """Write the median with its unit, lowest and highest."""
        median, *ends = (f"{value:.3g}" for value in self[1:4])
        return f"{median} {GOALS[self.name].unit} ({' to '.join(ends)})"

    def verdict(self) -> str:
        """Say whether the median meets the goal, or by how much it misses; "" without a goal."""
        goal = GOALS[self.name]
        if goal.bound is None:
            return ""
        if _meets(goal, self.median):
            return "met"
        share = f"missed by {abs(self.median / goal.bound - 1):.1%}"
        return share if self.missed() else f"{share}, not each time"

    def missed(self) -> bool:
        """Return whether the goal was missed in each repetition, so that noise is no excuse."""
        goal = GOALS[self.name]
        best = self.lowest if goal.at_most else self.highest
        return goal.bound is not None and not _meets(goal, best)

    def line(self) -> str:
        """Write all of it for the screen."""
        goal = GOALS[self.name]
        what = f"{goal.what}; {goal.rival}" if goal.rival else goal.what
        seconds = f"   {times(self.ours)} : {times(self.theirs)}" if self.ours else ""
        judged = f"   {goal}: {self.verdict()}" if goal.bound else ""
        return f"{what}\n    {self.spread()}{judged}{seconds}"


def measured(name: str, values: list[float]) -> Measure:
    """Sum measured values up, in the unit of their goal."""
    return Measure(name, statistics.median(values), min(values), max(values))


def times(seconds: float | None) -> str:
    """Write seconds in a unit that suits them."""
    if seconds is None:
        return ""
    if seconds >= 1:
        return f"{seconds:.3g} s"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} µs"


def _meets(goal: Goal, value: float) -> bool:
    return value <= goal.bound if goal.at_most else value >= goal.bound
