"""The tools that the notebooks of the RNN/LSTM course import.

A name is loaded when it is first used, so that `import course_utils` costs next to nothing and
TensorFlow starts only where it is needed.
"""

from importlib import import_module
import os
from typing import Any

_MODULE_OF = {
    "LengthBatches": "batches",
    "bag_of_ngrams": "bags",
    "build_averaged_embedding": "models",
    "build_bag_of_ngrams": "models",
    "build_deep_lstm": "models",
    "build_gru": "models",
    "build_lstm": "models",
    "build_pooled_lstm": "models",
    "build_simple_rnn": "models",
    "build_stacked_rnn": "models",
    "check": "checks",
    "decode_review": "imdb",
    "embedding_table": "probes",
    "encode_review": "imdb",
    "file_numbers": "imdb",
    "film_split": "imdb",
    "fit": "training",
    "get_word_index": "imdb",
    "gradient_per_timestep": "probes",
    "hidden_states": "probes",
    "lecture_split": "imdb",
    "load_imdb": "imdb",
    "load_imdb_test": "imdb",
    "lstm_gates": "probes",
    "nearest_words": "probes",
    "neighbour_vectors": "word_vectors",
    "pad_reviews": "padding",
    "plot_confusion": "plots",
    "plot_cost": "plots",
    "plot_gates": "diagrams",
    "plot_gradients": "diagrams",
    "plot_hidden_states": "diagrams",
    "plot_history": "plots",
    "plot_lengths": "plots",
    "plot_padding": "plots",
    "plot_return_sequences": "diagrams",
    "plot_running_prediction": "diagrams",
    "plot_seeds": "plots",
    "plot_word_map": "plots",
    "predict_review": "predict",
    "running_prediction": "probes",
    "set_seed": "training",
    "sweep_accuracies": "sweep",
    "sweep_cost": "sweep",
    "word_map": "probes",
}

__all__ = sorted(_MODULE_OF)

# Read once when Keras and TensorFlow start. The course works with this backend only. The rest may
# be set otherwise: TensorFlow's start-up messages are not part of a lesson, and without oneDNN's
# own kernels results agree more closely between machines (https://www.tensorflow.org/api_docs:
# TF_ENABLE_ONEDNN_OPTS). One thread per operation is faster than two or more: a recurrent layer's
# operations are small (benchmarks/README.md, "Where a step's time goes").
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"course_utils has no {name!r}; it has {', '.join(__all__)}.")
    return getattr(import_module(f"course_utils.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
