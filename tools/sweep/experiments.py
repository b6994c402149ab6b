"""What a recipe says, made ready to train: its data and its model."""

from course_utils import models, tasks
from course_utils.films import film_split
from course_utils.imdb import lecture_split, load_imdb
from course_utils.padding import pad_reviews
from course_utils.seeds import set_seed
import keras
import numpy as np

from tools.sweep import contest
from tools.sweep.contest import Batches, deal
from tools.sweep.recipes import PARTS_READ, Recipe

TASKS = {"flag": tasks.flag_task, "first token": tasks.first_token_task}
OF_A_TASK = {"num_words": 20, "embedding_dim": 16, "units": 32}


def prepare(recipe: Recipe, seed: int) -> tuple[keras.Model, Batches, Batches, Batches]:
    """Return the compiled model, and what it is trained, validated and tested on."""
    if recipe.data == "contest":
        return contest.prepare(recipe, seed)
    training, *others = parts(recipe, seed)
    keras.backend.clear_session()
    set_seed(seed)
    return _model(recipe), *deal(training, others)


def _model(recipe: Recipe) -> keras.Model:
    """Build and compile the model of a recipe."""
    options = dict(OF_A_TASK) if recipe.data in TASKS else {}
    if recipe.mask:
        options["mask_padding"] = True
    if recipe.start != "orthogonal":
        options["recurrent_initializer"] = recipe.start
    if recipe.units:
        options["units"] = recipe.units
    model = getattr(models, f"build_{recipe.model}")(**options)
    if recipe.forget_bias != 1:
        models.open_forget_gate(model, recipe.forget_bias)
    if recipe.scale != 1:
        recurrent_kernel = model.layers[1].cell.recurrent_kernel
        recurrent_kernel.assign(recipe.scale * recurrent_kernel)
    if recipe.kept:
        model.get_layer(recipe.kept).cell.recurrent_kernel.trainable = False
    model.optimizer.learning_rate = recipe.learning_rate
    if recipe.data in TASKS:
        models.compile_clipped(model, recipe.learning_rate)
    return model


def parts(recipe: Recipe, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the training, validation and test part of a recipe, each with its labels."""
    if recipe.data in TASKS:
        return _sequences(recipe, seed)
    reviews = _lecture_parts if recipe.data == "lecture" else _halves
    return [
        (pad_reviews(ids, recipe.maxlen, recipe.padding), truth)
        for ids, truth in reviews(recipe, seed)
    ]


def _lecture_parts(recipe: Recipe, _: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cut out the lecture's split; more reviews than its 1,000 stand after those to validate."""
    reviews, labels = load_imdb(num_words=5000)
    (x, y), validation, test = lecture_split(reviews, labels)
    more = slice(1500, 500 + recipe.reviews)
    x = np.concatenate([x, reviews[more]])[: recipe.reviews]
    y = np.concatenate([y, labels[more]])[: recipe.reviews]
    return [(x, y), validation, (_words_read(test[0], recipe.test_words), test[1])]


def _words_read(reviews: np.ndarray, test_words: str) -> np.ndarray:
    """Cut test reviews as a recipe says; of a short one its first two ids stay in any case."""
    if test_words == "all":
        return reviews
    part = PARTS_READ[test_words]
    cut = [ids[part] if len(ids[part]) > 1 else ids[:2] for ids in reviews]
    return np.fromiter(cut, object, len(cut))


def _halves(recipe: Recipe, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cut all reviews as `film_split` does, or in parts of the same sizes at random.

    The recipe says how many reviews of the half are trained on.
    """
    reviews, labels = load_imdb(num_words=5000)
    parts = film_split(reviews, labels, seed)
    if recipe.data == "at random":
        shuffled = np.random.default_rng(seed).permutation(len(reviews))
        places = np.split(shuffled, np.cumsum([len(y) for _, y in parts])[:-1])
        parts = [(reviews[part], labels[part]) for part in places]
    (x, y), *others = parts
    return [(x[: recipe.reviews], y[: recipe.reviews]), *others]


def _sequences(recipe: Recipe, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Make the sequences of a task: to train, 500 to validate, 1,000 to test."""
    x, y = TASKS[recipe.data](recipe.reviews + 1500, recipe.maxlen, seed)
    cuts = [recipe.reviews, recipe.reviews + 500]
    return list(zip(np.split(x, cuts), np.split(y, cuts), strict=True))
