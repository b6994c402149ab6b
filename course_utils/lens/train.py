"""`train_here`: a panel in which a small network learns a task while one looks on."""

from collections.abc import Sequence
from html import escape
from typing import Any

from course_utils.lens import page

TASKS = {"pick": "pick one out", "keep": "keep one thing"}
CELLS = ("SimpleRNN", "LSTM", "GRU")
_NUMBERS = {
    "k": (4, 100),
    "forget_bias": (-1, 6),
    "zeros": (0, 100),
    "learning_rate": (1e-4, 0.1),
    "seed": (0, 999_999),
}
"""The least and the most of each slider."""
SETTINGS = ("task", "cell", "mask", *_NUMBERS)


class Training:
    """A training that waits to be started in a page; reads as one sentence where no script runs."""

    def __init__(self, settings: dict[str, Any], tour: list[dict[str, Any]]) -> None:
        self.settings, self.tour = settings, tour

    def __repr__(self) -> str:
        task = TASKS[self.settings["task"]]
        return (
            f"A small {self.settings['cell']} that learns to {task}, k = {self.settings['k']}: "
            "open the notebook or its page in a browser, and press Start."
        )

    def _repr_html_(self) -> str:
        data = self.settings | {"guided": self.tour}
        return page.alive(page.TRAINER, data, f"<p>{escape(repr(self))}</p>")


def train_here(
    task: str = "pick",
    cell: str = "LSTM",
    k: int = 50,
    seed: int = 1,
    tour: Sequence[tuple[str, str, dict[str, Any]]] = (),
) -> Training:
    """Show a training that runs in the page: loss, accuracy and gates, with controls for all.

    A small network starts as Keras starts it and learns by backpropagation through time with Adam,
    in the page's own JavaScript: no kernel, no network. The same seed gives the same numbers.
    task: "pick", the token behind a flag (`flag_task`), or "keep", the first one
    (`first_token_task`). cell: "SimpleRNN", "LSTM" or "GRU". k: tokens, 4 to 100. tour: stops, each
    a title, a sentence, and what it sets: any of task, cell, k, forget_bias, zeros, mask,
    learning_rate, seed.
    Raises ValueError for anything else.
    Introduced in notebook 4, "What gates are for".
    """
    settings = _checked({"task": task, "cell": cell, "k": k, "seed": seed})
    stops = [{"title": title, "say": say, "set": _checked(sets)} for title, say, sets in tour]
    return Training(settings, stops)


def _checked(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings that the panel has, else raise ValueError."""
    if unknown := set(settings) - {*SETTINGS}:
        raise ValueError(f"A tour sets {min(unknown)!r}: give any of {', '.join(SETTINGS)}.")
    for name, choices in (("task", [*TASKS]), ("cell", CELLS), ("mask", (False, True))):
        if name in settings and settings[name] not in choices:
            raise ValueError(f"{name} is {settings[name]!r}: give one of {choices}.")
    for name, (least, most) in _NUMBERS.items():
        if not least <= settings.get(name, least) <= most:
            raise ValueError(f"{name} is {settings[name]!r}: give a number from {least} to {most}.")
    return settings
