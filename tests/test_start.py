"""What `import course_utils` settles before TensorFlow starts."""

import os
import subprocess
import sys

import pytest

SETTINGS = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1",
}


def variables_after_import(before: dict[str, str]) -> dict[str, str]:
    others = {key: value for key, value in os.environ.items() if key not in SETTINGS}
    code = f"import course_utils, os; print(*map(os.environ.get, {list(SETTINGS)}))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env={**others, **before}, capture_output=True, text=True, check=True
    )
    return dict(zip(SETTINGS, done.stdout.split(), strict=True))


def test_tensorflow_starts_as_the_course_needs_it() -> None:
    assert variables_after_import({}) == SETTINGS


def test_backend_is_the_only_one_the_course_works_with() -> None:
    assert variables_after_import({"KERAS_BACKEND": "torch"}) == SETTINGS


@pytest.mark.parametrize("variable", [name for name in SETTINGS if name != "KERAS_BACKEND"])
def test_what_the_user_has_set_stays(variable: str) -> None:
    assert variables_after_import({variable: "mine"}) == {**SETTINGS, variable: "mine"}
