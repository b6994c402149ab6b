"""The course's seed, how seeds are set, and how finely numbers are rounded."""

from course_utils.arguments import whole_number

COURSE_SEED = 2026
FLOAT_TYPES = ("float32", "float64")


def set_seed(seed: int = COURSE_SEED, floatx: str = "float32") -> None:
    """Fix the seeds of Python, NumPy, Keras and TensorFlow, and turn deterministic operations on.

    Call it before a model is built: the initial weights, too, are random numbers. Keras' float type
    and epsilon are set as well: a file ~/.keras/keras.json may have changed them.
    Before Keras 3.13, what `keras.random` gives without a seed of its own goes on where it was.
    seed: 0 to 2**32 - 1. floatx: the type of the models that are built from now on, "float32" as
    Keras has it, or "float64", which rounds half a billion times more finely. A training in which
    differences grow a millionfold then prints the same digits however a processor rounds.
    Raises ValueError for anything else.
    Introduced in notebook 1, "One-hot or embedding"; floatx in notebook 2, "The cured model".
    """
    import keras
    import tensorflow as tf

    if floatx not in FLOAT_TYPES:
        raise ValueError(f"floatx is {floatx!r}: give 'float32' or 'float64'.")
    keras.utils.set_random_seed(whole_number("seed", seed, least=0, most=2**32 - 1))
    tf.config.experimental.enable_op_determinism()
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(floatx)
    keras.config.set_epsilon(1e-7)
