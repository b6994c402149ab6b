"""The page of a class: for each exercise how many are right, and the mistakes behind the others."""

from collections import Counter, defaultdict
from pathlib import Path
import re
from statistics import median_low
from typing import NamedTuple

from course_utils.exercises.check import exercise_names
from course_utils.exercises.judging import EXERCISES
from course_utils.probes.statistics import accuracy_interval

from tools.grade.judge import FINISHED
from tools.grade.table import Graded
from tools.publish.pages import write_template

STATUSES = ("right", "not yet", "not attempted")
HARDEST = 3
"""So many exercises are marked: those that the fewest get right of all who tried."""
MOST_LINES, MOST_SIGNS = 18, 160
"""What is shown of a cell with an answer: so many lines, the last ones, of so many signs."""


class Mistake(NamedTuple):
    """A group of wrong answers: their mistake, how many there are, and one of them.

    hint: what `check` says of that one, beyond the mistake. example: the code that leads to it.
    """

    name: str
    count: int
    hint: str
    example: str


class Exercise(NamedTuple):
    """What became of an exercise: how many answers of each status, and the mistakes in them."""

    name: str
    insight: str
    points: float
    counts: dict[str, int]
    mistakes: list[Mistake]

    @property
    def tried(self) -> int:
        """How many answers are more than the `...` of the starter."""
        return self.counts["right"] + self.counts["not yet"]


class Lesson(NamedTuple):
    """How far a class got in one notebook, which has so many exercises.

    handed_in: how many have an answer to one of them. median: how many exercises the one in the
    middle has right. reached: how many have so many right, for each number.
    """

    name: str
    exercises: int
    handed_in: int
    median: int
    reached: dict[int, int]


class Try(NamedTuple):
    """Who submitted a model to the challenge, how many reviews it has right, and its interval.

    interval: its accuracy, and the ends of the 95 % interval; of a rival only the accuracy.
    """

    name: str
    right: int | None
    interval: tuple[float, ...]


def write_page(
    path: Path, rows: list[Graded], submissions: dict[str, list[str]], points: dict[str, float]
) -> None:
    """Write the page of a class; submissions: the code cells by notebook, for the examples."""
    exercises = [_exercise(name, rows, submissions, points[name]) for name in exercise_names()]
    answered = [exercise for exercise in exercises if sum(exercise.counts.values())]
    write_template(
        path,
        "submissions.html.j2",
        rows=[(row, _counts(row)) for row in sorted(rows)],
        lost=sum(row.end != FINISHED for row in rows),
        exercises=answered,
        hardest=hardest(answered),
        lessons=lessons(rows),
        statuses=STATUSES,
        challenge=challenge(rows),
    )


def _exercise(
    name: str, rows: list[Graded], submissions: dict[str, list[str]], points: float
) -> Exercise:
    found = {row.notebook: row.verdicts[name] for row in rows if name in row.verdicts}
    statuses = Counter(verdict.status for verdict in found.values())
    wrong = defaultdict(list)
    for notebook, verdict in sorted(found.items()):
        if verdict.status == "not yet":
            wrong[verdict.mistake].append((answer(submissions[notebook], name), verdict.text))
    mistakes = [_mistake(name, mistake, answers) for mistake, answers in wrong.items()]
    return Exercise(
        name=name,
        insight=EXERCISES[name].insight,
        points=points,
        counts={status: statuses[status] for status in STATUSES},
        mistakes=sorted(mistakes, key=lambda mistake: (-mistake.count, mistake.name)),
    )


def _mistake(exercise: str, name: str, answers: list[tuple[str, str]]) -> Mistake:
    """Group wrong answers, each with the line that `check` prints.

    The shortest is the example, of those that are more than a line where there are such.
    """
    source, line = min(answers, key=lambda one: (not one[0], "\n" not in one[0], len(one[0])))
    hint = line.removeprefix(f"{exercise}: not yet. ").removeprefix(name).strip()
    return Mistake(_printable(name), len(answers), _printable(hint), source)


def answer(cells: list[str], exercise: str) -> str:
    """Return the lines that lead to the last check of an exercise, or nothing if none is found.

    Where what is checked has its name from an earlier cell, the last such cell comes first.
    """
    checks = re.compile(
        rf"""^(?!\s*\#).*\bcheck\(\s*(?:exercise\s*=\s*)?["']{re.escape(exercise)}["']"""
        r"(?:\s*,\s*(?:answer\s*=\s*)?([^\W\d]\w*)\s*\))?"
    )
    for number in reversed(range(len(cells))):
        lines = cells[number].splitlines()
        found = [
            (place, match) for place, line in enumerate(lines) if (match := checks.match(line))
        ]
        if found:
            place, match = found[-1]
            chosen = lines[: place + 1]
            if (name := match[1]) and not _gives(chosen, name):
                chosen = [*_last_that_gives(cells[:number], name), *chosen]
            return "\n".join(_printable(line)[:MOST_SIGNS] for line in chosen[-MOST_LINES:])
    return ""


def _last_that_gives(cells: list[str], name: str) -> list[str]:
    """Return the lines of the last cell that gives a name its meaning, or none."""
    split = [cell.splitlines() for cell in cells]
    return next((lines for lines in reversed(split) if _gives(lines, name)), [])


def _gives(lines: list[str], name: str) -> bool:
    given = re.compile(rf"\s*(?:(?:async\s+)?def\s+{name}\b|{name}\s*(?::[^=]+)?=(?!=))")
    return any(given.match(line) for line in lines)


def _printable(line: str) -> str:
    """Write a line without what a page cannot hold, or what turns a text around."""
    return "".join(sign if sign.isprintable() else "�" for sign in line.expandtabs(4))


def hardest(exercises: list[Exercise]) -> dict[str, float]:
    """Return the exercises that the fewest get right, and which share does of all who tried."""
    shares = {one.name: one.counts["right"] / one.tried for one in exercises if one.tried}
    missed = [name for name in sorted(shares, key=shares.get) if shares[name] < 1]
    return {name: shares[name] for name in missed[:HARDEST]}


def lessons(rows: list[Graded]) -> list[Lesson]:
    """Return how far the class got in each notebook: its exercises share a first number."""
    found = []
    for lesson, names in _by_lesson().items():
        answered = [row.verdicts for row in rows if names & row.verdicts.keys()]
        right = Counter(
            sum(name in verdicts and verdicts[name].status == "right" for name in names)
            for verdicts in answered
        )
        if right:
            middle = median_low(right.elements())
            reached = {count: right[count] for count in range(len(names), -1, -1)}
            found.append(Lesson(lesson, len(names), len(answered), middle, reached))
    return found


def challenge(rows: list[Graded]) -> list[Try]:
    """Return what a class submitted to the challenge, and its rivals, the best first."""
    submitted = [row for row in rows if row.challenge is not None]
    if not submitted:
        return []
    from course_utils.exercises.challenge import challenge_reviews, rivals  # starts TensorFlow

    _, labels = challenge_reviews()
    tries = [
        Try(row.notebook, row.challenge, accuracy_interval(row.challenge, len(labels)))
        for row in submitted
    ]
    tries += [Try(name, None, (accuracy,)) for name, accuracy in rivals()]
    return sorted(tries, key=lambda one: (-one.interval[0], one.name))


def _by_lesson() -> dict[str, set[str]]:
    names = defaultdict(set)
    for name in exercise_names():
        names[name.partition(".")[0]].add(name)
    return names


def _counts(row: Graded) -> dict[str, int]:
    statuses = Counter(verdict.status for verdict in row.verdicts.values())
    return {status: statuses[status] for status in STATUSES}
