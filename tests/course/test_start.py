"""What `import course_utils` settles before TensorFlow starts, at next to no cost."""

import os
import subprocess
import sys

SETTINGS = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "TF_NUM_INTRAOP_THREADS": "1",
}


def run(code: str, **variables: str) -> list[str]:
    """Return the words that a new Python prints; of our settings it finds only those given here."""
    others = {key: value for key, value in os.environ.items() if key not in SETTINGS}
    command = [sys.executable, "-c", code]
    return subprocess.check_output(command, env={**others, **variables}, text=True).split()


def variables_after_import(**before: str) -> dict[str, str]:
    code = f"import course_utils, os; print(*map(os.environ.get, {list(SETTINGS)}))"
    return dict(zip(SETTINGS, run(code, **before), strict=True))


def test_tensorflow_starts_as_the_course_needs_it() -> None:
    assert variables_after_import() == SETTINGS


def test_backend_is_the_only_one_the_course_works_with() -> None:
    assert variables_after_import(KERAS_BACKEND="torch") == SETTINGS


def test_what_the_user_has_set_stays() -> None:
    users = {name: "mine" for name in SETTINGS if name != "KERAS_BACKEND"}
    assert variables_after_import(**users) == {**SETTINGS, **users}


def test_import_is_quick_and_starts_neither_numpy_nor_tensorflow() -> None:
    """50 ms at most, if nothing else keeps the machine busy: the fastest of three counts."""
    code = (
        "import sys, time; start = time.perf_counter(); import course_utils;"
        "print(time.perf_counter() - start, *sys.modules)"
    )
    runs = [run(code) for _ in range(3)]
    assert min(float(seconds) for seconds, *_ in runs) < 0.05
    _, *modules = runs[0]
    assert "course_utils" in modules
    assert {"numpy", "keras", "tensorflow", "matplotlib"}.isdisjoint(modules)


def test_without_tensorflow_one_sentence_says_what_to_do() -> None:
    """The extra that brings it may be left out; what needs none works all the same."""
    code = (
        "import sys; sys.modules['tensorflow'] = None\n"
        "from course_utils import get_word_index\n"
        "try: from course_utils import build_lstm\n"
        "except ModuleNotFoundError as error: print(error)"
    )
    said = " ".join(run(code))
    assert said.startswith("TensorFlow is not installed: run `make setup`, or, ")
