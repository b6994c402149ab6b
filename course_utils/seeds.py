"""The course's seed, and how seeds are set."""

from course_utils.arguments import whole_number

COURSE_SEED = 2026


def set_seed(seed: int = COURSE_SEED) -> None:
    """Fix the seeds of Python, NumPy, Keras and TensorFlow, and turn deterministic operations on.

    Call it before a model is built: the initial weights, too, are random numbers. Keras' float type
    and epsilon become its own defaults again: a file ~/.keras/keras.json may have changed them.
    Before Keras 3.13, what `keras.random` gives without a seed of its own goes on where it was.
    seed: 0 to 2**32 - 1. Raises ValueError for anything else.
    Introduced in notebook 1, "One-hot or embedding".
    """
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(whole_number("seed", seed, least=0, most=2**32 - 1))
    tf.config.experimental.enable_op_determinism()
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)
