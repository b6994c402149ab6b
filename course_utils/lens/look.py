"""`look_inside`: a panel in which a model reads what one types, without a kernel or a network."""

from collections.abc import Mapping, Sequence
from typing import Any

from course_utils.arguments import whole_number
from course_utils.figures.prediction import Prediction, predict_review
from course_utils.imdb import get_word_index
from course_utils.lens import page
from course_utils.lens.plan import Block, plan_of
from course_utils.vocabulary import INDEX_FROM
import keras

MOST_MODELS = 4
MOST_ZEROS = 500
MOST_PICKED = 1000
_SETTINGS = ("text", "zeros", "side", "masked", "label", "model", "picked")


class Lens:
    """Models and a text that they read; reads as lines of text, and as a panel that is alive.

    data: what the page's script reads. predictions: of each model by name, where no script runs.
    """

    def __init__(self, data: dict[str, Any], predictions: dict[str, Prediction]) -> None:
        self.data, self.predictions = data, predictions

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {one!r}" for name, one in self.predictions.items())

    def _repr_html_(self) -> str:
        fallback = "".join(one._repr_html_() for one in self.predictions.values())
        return page.alive(page.LENS, self.data, fallback)


def look_inside(
    model: keras.Model | Mapping[str, keras.Model],
    text: str,
    label: int = 1,
    tour: Sequence[tuple[str, dict[str, Any]]] = (),
) -> Lens:
    """Show a model that can be touched: it reads what one types, and shows what it does.

    In the panel are the answer after every word, each word's gates and states, and how much of the
    loss' gradient reaches it; words can be crossed out, swapped and reversed, zeros put behind or
    in front, and the mask switched. It needs no kernel and no network, and equals Keras to 1e-5.
    model: one model, or up to four by names, which read the same text. text: a review as you would
    write it. label: the right answer, 0 or 1, for the loss. tour: sentences, each with what it
    sets: any of text, zeros (0 to 500), side ("behind" or "in front"), masked, label, model (its
    place), picked (a word's place, 0 for the start).
    Raises ValueError for a model with other layers than those of the course, TypeError unless text
    is a str.
    Introduced in notebook 1, "A baseline".
    """
    models = dict(model) if isinstance(model, Mapping) else {model.name: model}
    if not 1 <= len(models) <= MOST_MODELS:
        raise ValueError(f"There are {len(models)} models: give one, or up to {MOST_MODELS}.")
    block = Block()
    plans = [plan_of(one, block) | {"name": name} for name, one in models.items()]
    num_words = max(plan["num_words"] for plan in plans)
    data = {
        "models": plans,
        "vocabulary": _vocabulary(num_words),
        "text": text,
        "label": whole_number("label", label, least=0, most=1),
        "tour": [{"say": say, "set": _checked(settings)} for say, settings in tour],
        "weights": block.base64(),
    }
    return Lens(data, {name: predict_review(one, text) for name, one in models.items()})


def _vocabulary(num_words: int) -> str:
    """Return the words of the ids from 4 to num_words - 1, with spaces between."""
    ranks = get_word_index()
    return " ".join(sorted(ranks, key=ranks.get)[: max(0, num_words - INDEX_FROM - 1)])


def _checked(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what one stop of a tour sets, if the panel has it, else raise ValueError."""
    if unknown := set(settings) - set(_SETTINGS):
        raise ValueError(f"A tour sets {min(unknown)!r}: give any of {', '.join(_SETTINGS)}.")
    if settings.get("side", "behind") not in ("behind", "in front"):
        raise ValueError(f'side is {settings["side"]!r}: give "behind" or "in front".')
    for name, most in (
        *(("zeros", MOST_ZEROS), ("label", 1)),
        *(("model", MOST_MODELS - 1), ("picked", MOST_PICKED)),
    ):
        whole_number(name, settings.get(name, 0), least=0, most=most)
    return settings
