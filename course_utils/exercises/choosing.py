"""Questions with options: one is right, and each wrong one has a hint of its own."""

from string import whitespace
from typing import Any

from course_utils.exercises.judging import NotAttemptedError, UnusableError, exercise
from course_utils.exercises.wording import one_line

MARKS = f"{whitespace}().*"
"""What may stand around a letter."""


def question(name: str, right: str, insight: str, **wrong: str) -> None:
    """Enter a question: the letter of the right option, what to learn, a hint for each wrong one.

    name: as "2.q1". An answer is the letter, as text. Its case doesn't count, nor what stands
    around it: blanks, brackets, stars, the word "option".
    """

    @exercise(name, insight)
    def find_hint(answer: Any) -> str | None:
        letter = _letter(answer)
        if letter == right:
            return None
        if letter not in wrong:
            *others, last = sorted([right, *wrong])
            raise UnusableError(
                f"There is no option {one_line(answer)}: give {', '.join(others)} or {last}.",
                "no option of the question",
            )
        return wrong[letter]


def _letter(answer: Any) -> str:
    if answer is ...:
        raise NotAttemptedError
    if not isinstance(answer, str):
        raise UnusableError(
            f"Your answer is of type {type(answer).__name__}: give the letter of an option, "
            'as "a".',
            "no letter",
        )
    return answer[:20].strip(MARKS).lower().removeprefix("option").strip(MARKS)
