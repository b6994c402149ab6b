"""What the notebooks of the RNN/LSTM course import.

Their names stand in `__init__.pyi`. Each is loaded when it is first used, so that
`import course_utils` costs next to nothing and TensorFlow starts only where it is needed.
"""

import os
from typing import Any

import lazy_loader

# Read once when Keras and TensorFlow start. The course works with this backend only. The rest may
# be set otherwise: TensorFlow's start-up messages are not part of a lesson. Without oneDNN's own
# kernels, and with its matrix products limited to AVX2, results agree more closely between
# processors (docs/checks.md, "Where a tolerance comes from"). One thread per operation is faster
# than two or more: a recurrent layer's operations are small (docs/speed.md).
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX2")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    """Load a name of the stub. Without TensorFlow, ModuleNotFoundError says what to do."""
    try:
        return _load(name)
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("tensorflow"):
            raise
        raise ModuleNotFoundError(
            "TensorFlow is not installed: run `make setup`, or, in an environment of your own, "
            "pip install tensorflow.",
            name=error.name,
        ) from None
