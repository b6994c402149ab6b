"""The contest of notebook 4 over seeds: its models on half of all reviews, cut by film."""

from collections.abc import Sequence
from functools import cache

from course_utils.batches import LengthBatches
from course_utils.films import film_folds, film_split
from course_utils.imdb import load_imdb
from course_utils.models import (
    MaximumOverTime,
    build_bag_of_ngrams,
    compile_clipped,
    judge_and_slow_down,
    start_from_vectors,
)
from course_utils.rivals.bags import bag_of_ngrams
from course_utils.rivals.contest_models import build_evidence_lstm
from course_utils.rivals.evidence import (
    cross_entropy,
    mixed_probabilities,
    mixing_weight,
    ngram_evidence,
)
from course_utils.rivals.word_vectors import neighbour_vectors
from course_utils.seeds import set_seed
from course_utils.training import keras_batches
import keras
import numpy as np
import tensorflow as tf

from tools.sweep.recipes import RECIPES, Recipe

NUM_WORDS, EMBEDDING_DIM, UNITS = 10_000, 32, 16
MEAN_OF_SHRINKING_STEPS = 2e-3
"""Half of where the cosine of `build_pooled_lstm` starts: as long on average, but all alike."""

Batches = LengthBatches | tf.data.Dataset


def prepare(recipe: Recipe, seed: int) -> tuple[keras.Model, Batches, Batches, Batches]:
    """Return the compiled model, and what it is trained, validated and tested on."""
    if recipe.model == "linear":
        return _linear(seed)
    training, *others = _reviews(recipe, seed)
    keras.backend.clear_session()
    set_seed(seed)
    updates = recipe.epochs * len(training)
    if recipe.model == "evidence_lstm":
        model = build_evidence_lstm(_vectors(), updates)
    else:
        model = pooled_lstm_of(recipe.ingredients, updates)
    return model, training, *others


def _linear(seed: int) -> tuple[keras.Model, Batches, Batches, Batches]:
    training, *others = zip(_bags(), _labels(), strict=True)
    keras.backend.clear_session()
    set_seed(seed)
    model = build_bag_of_ngrams(training[0].shape[1])
    return model, *deal(training, others)


def deal(training: tuple, others: list[tuple]) -> list[tf.data.Dataset]:
    """Deal reviews and labels, or bags and labels, out in batches, as `fit` does.

    Call it when the model is built: the order of the reviews, too, follows from the seed.
    """
    batches = [keras_batches(*training, batch_size=64, shuffle=True)]
    return batches + [keras_batches(*part, batch_size=500) for part in others]


def pooled_lstm_of(ingredients: Sequence[str], updates: int) -> keras.Model:
    """Build a pooled LSTM with some of its INGREDIENTS; without any, an LSTM's last state judges.

    What stays in any case: the mask, 16 units each way, gradients cut to a length of 1. Steps that
    do not shrink are as long as those that do are on average.
    """
    if "vectors" in ingredients:
        table = _vectors()
    else:
        as_in_keras = keras.initializers.RandomUniform(-0.05, 0.05)
        table = keras.ops.convert_to_numpy(as_in_keras((NUM_WORDS, EMBEDDING_DIM)))
    ids, mask, words = start_from_vectors(table, 0.4 if "dropout" in ingredients else 0.0)
    layer = keras.layers.LSTM(UNITS, return_sequences="pooling" in ingredients)
    if "both ways" in ingredients:
        layer = keras.layers.Bidirectional(layer)
    summary = layer(words, mask=mask)
    if "pooling" in ingredients:
        pools = keras.layers.GlobalAveragePooling1D(), MaximumOverTime()
        summary = keras.layers.Concatenate()([pool(summary, mask=mask) for pool in pools])
    if "dropout" in ingredients:
        summary = keras.layers.Dropout(0.5)(summary)
    model = judge_and_slow_down("pooled_lstm_model", ids, summary, updates)
    if "shrinking steps" not in ingredients:
        compile_clipped(model, MEAN_OF_SHRINKING_STEPS)
    return model


def judged_together(seed: int) -> list[tuple[float, float]]:
    """Train the linear model and the one that reads evidence, and let them judge together.

    Their weight is what suits the validation part. Returns the loss, in nats per review, and the
    accuracy of the training, validation and test part.
    """
    reader, training, *_ = prepare(_recipe("evidence_lstm"), seed)
    reader.fit(training, epochs=_recipe("evidence_lstm").epochs, verbose=0)
    linear, training, *_ = prepare(_recipe("linear"), seed)
    linear.fit(training, epochs=_recipe("linear").epochs, shuffle=False, verbose=0)
    reviews = _unshuffled(_parts(NUM_WORDS), _evidence())
    read = [part.in_order(reader.predict(part, verbose=0)) for part in reviews]
    counted = [linear.predict(bag, batch_size=500, verbose=0)[:, 0] for bag in _bags()]
    labels = _labels()
    weight = mixing_weight(labels[1], read[1], counted[1])
    return [
        loss_and_accuracy(truth, mixed_probabilities(*answers, weight))
        for truth, *answers in zip(labels, read, counted, strict=True)
    ]


def loss_and_accuracy(labels: np.ndarray, probabilities: np.ndarray) -> tuple[float, float]:
    """Return the binary cross-entropy, in nats per review, and the share of right answers."""
    right = (probabilities > 0.5) == labels
    return cross_entropy(labels, probabilities), float(np.mean(right))


def _recipe(model: str) -> Recipe:
    return next(recipe for recipe in RECIPES if recipe.model == model)


@cache
def _parts(num_words: int | None = None) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cut all reviews as notebook 4 does, with the words below num_words or with all of them."""
    return film_split(*load_imdb(num_words))


def _labels() -> list[np.ndarray]:
    return [labels for _, labels in _parts()]


@cache
def _bags() -> list[tf.SparseTensor]:
    """Mark words, pairs and triples by their log-ratios, in all three parts."""
    return bag_of_ngrams(*(ids for ids, _ in _parts()), ngrams=3, labels=_labels()[0])


@cache
def _evidence() -> list[np.ndarray]:
    """Count the evidence on other films, for all three parts."""
    (folds, _), *_ = film_split(film_folds(), load_imdb()[1])
    train, validation, test = (ids for ids, _ in _parts())
    return ngram_evidence(train, _labels()[0], folds, validation, test)


@cache
def _vectors() -> np.ndarray:
    return neighbour_vectors(_parts(NUM_WORDS)[0][0], NUM_WORDS, EMBEDDING_DIM)


def _reviews(recipe: Recipe, seed: int) -> list[LengthBatches]:
    """Batch the reviews of the three parts; those to train on are shuffled."""
    told = _evidence() if recipe.model == "evidence_lstm" else [None] * 3
    training = LengthBatches(*_parts(NUM_WORDS)[0], 256, seed=seed, evidence=told[0])
    return [training, *_unshuffled(_parts(NUM_WORDS)[1:], told[1:])]


def _unshuffled(
    parts: Sequence[tuple[np.ndarray, np.ndarray]], told: Sequence[np.ndarray | None]
) -> list[LengthBatches]:
    return [
        LengthBatches(*part, 250, shuffle=False, evidence=evidence)
        for part, evidence in zip(parts, told, strict=True)
    ]
