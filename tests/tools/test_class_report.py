"""A class of which the mistakes are known: how they are grouped, kept, counted and shown."""

from collections import Counter
from collections.abc import Callable
import copy
import csv
import itertools
import json
import math
import os
from pathlib import Path
import random
import re
import signal
import subprocess
import sys
import time
from typing import Any, NamedTuple

from course_utils.exercises import check as checks
from course_utils.exercises.challenge import rivals
from course_utils.exercises.check import Verdict, exercise_names
from course_utils.exercises.help import is_question
from course_utils.exercises.judging import EXERCISES, UnusableError
from markupsafe import escape
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
import numpy as np
import pytest

from tools.grade import kept
from tools.grade.command import main
from tools.grade.isolation import Limits
from tools.grade.judge import Result
from tools.grade.page import STATUSES, Exercise, answer, challenge, hardest, lessons, write_page
from tools.grade.points import read_points
from tools.grade.table import graded, not_judged, read_folder, write
from tools.paths import ROOT


class Listed(NamedTuple):
    """The right number of an exercise, or how its function is called, and its listed mistakes."""

    right: float | None
    cases: list[tuple]
    mistakes: list[tuple[str, Any]]

    def alike(self, one: str, other: str) -> bool:
        """Return whether two of the mistakes give the same, so that nobody can tell them apart."""
        return not self._given(one).isdisjoint(self._given(other))

    def _given(self, mistake: str) -> set:
        answers = [answer for hint, answer in self.mistakes if hint == mistake]
        if self.right is not None:
            return {near for n in answers for near in (n, math.floor(n), math.ceil(n))}
        return {tuple(outcome(answer, case) for case in self.cases) for answer in answers}


def outcome(function: Callable, case: tuple) -> str:
    try:
        return str(np.round(np.asarray(function(*copy.deepcopy(case)), float), 6))
    except Exception as error:
        return type(error).__name__


@pytest.fixture(scope="module")
def listed() -> dict[str, Listed]:
    """Read the exercises' own lists of mistakes: hints, each with the wrong answer that gets it."""
    found = {}

    def number(answer: Any, expected: float, mistakes: list, tolerance: float = 0) -> None:
        numbers = [(hint, float(value)) for hint, value in mistakes]
        found[name] = Listed(float(expected), [], numbers)

    def function(answer: Any, cases: list, reference: Callable, mistakes: list) -> None:
        found[name] = Listed(None, list(cases), list(mistakes))

    with pytest.MonkeyPatch.context() as patch:
        for module in itertools.chain(*checks.NOTEBOOKS):
            patch.setattr(module, "number_hint", number, raising=False)
            patch.setattr(module, "function_hint", function, raising=False)
        for name in exercise_names():
            try:
                EXERCISES[name].find_hint(0)
            except UnusableError:
                continue
    assert len(found) > len([name for name in exercise_names() if not is_question(name)]) / 2
    return found


def write_notebook(path: Path, *cells: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)


Made = dict[tuple[str, str], str]
"""What was put into a class: "right", "not attempted" or a mistake, by notebook and exercise."""


def make_class(folder: Path, listed: dict[str, Listed], size: int, seed: int = 2026) -> Made:
    """Write notebooks with numbers as answers, some right, and most with a listed mistake."""
    draw, made = random.Random(seed), {}
    for student in range(size):
        name, cells = f"{student:03}/02 Übung.ipynb", ["from course_utils import check"]
        for exercise, (right, _, mistakes) in listed.items():
            if right is None:
                continue
            answers = [("right", right), ("not attempted", "..."), *mistakes]
            made[name, exercise], number = draw.choice(answers)
            cells.append(f'number = {number}\ncheck("{exercise}", number)')
        write_notebook(folder / name, *cells)
    return made


def rows_of(path: Path) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_mistakes_put_in_on_purpose_land_in_their_groups(
    tmp_path: Path, listed: dict[str, Listed]
) -> None:
    """At least nine in ten, as is claimed; the others are in no group of another listed mistake."""
    made = make_class(tmp_path / "class", listed, size=6)
    table = tmp_path / "table.csv"
    assert main([str(tmp_path / "class"), "--out", str(table), "--workers", "2"]) == 0
    mistakes = {
        (row["notebook"], row["exercise"].removeprefix("exercise ")): row["mistake"]
        for row in rows_of(tmp_path / "table-mistakes.csv")
    }
    statuses = {
        (row["notebook"], exercise): row[f"exercise {exercise}"]
        for row in rows_of(table)
        for exercise in exercise_names()
        if row[f"exercise {exercise}"]
    }
    got = {answered: mistakes.get(answered, status) for answered, status in statuses.items()}
    assert_grouped(made, got, listed)
    page = table.with_suffix(".html").read_text(encoding="utf-8")
    groups = Counter((exercise, mistake) for (_, exercise), mistake in mistakes.items())
    assert sorted(re.findall("<strong>(.+?)</strong>", page)) == sorted(
        f"{count} × {escape(mistake)}" for (_, mistake), count in groups.items()
    )


def assert_grouped(made: Made, got: Made, listed: dict[str, Listed]) -> None:
    assert got.keys() == made.keys()
    elsewhere = {answered for answered, mistake in made.items() if got[answered] != mistake}
    assert len(elsewhere) <= 0.1 * len(made)
    wrong = [
        (exercise, made[name, exercise], got[name, exercise])
        for name, exercise in elsewhere
        if got[name, exercise] in {"right", "not attempted", *dict(listed[exercise].mistakes)}
        and not listed[exercise].alike(made[name, exercise], got[name, exercise])
    ]
    assert wrong == []


@pytest.mark.nightly
def test_wrong_functions_land_in_their_groups(
    listed: dict[str, Listed], across: Callable[[str, Any], Verdict]
) -> None:
    """They are called from the other side, as a submission's are."""
    made, got = {}, {}
    for exercise, (right, _, mistakes) in listed.items():
        for number, (hint, mistake) in enumerate(mistakes if right is None else []):
            made[str(number), exercise] = hint
            got[str(number), exercise] = across(exercise, mistake).mistake
    assert_grouped(made, got, listed)


LIGHT = 'from course_utils import check\ncheck("2.2", {})'


def grade(folder: Path, *options: str) -> subprocess.Popen:
    """Start a grading as a terminal does: what is signalled is signalled to all its processes."""
    command = [sys.executable, "-m", "tools.grade", folder, "--out", folder.parent / "table.csv"]
    return subprocess.Popen(
        [*command, "--workers", "2", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job may ignore it
    )


def judged_before(folder: Path, *options: str) -> int:
    """Grade to the end; return how many notebooks were not judged in this run."""
    said, complained = grade(folder, *options).communicate(timeout=300)
    assert complained == ""
    return int(re.search(r"(\d+) of them judged before", said)[1])


def judgements(folder: Path) -> list[str]:
    """List the keys of all that was judged: each time that it was, it is written down."""
    lines = (folder.parent / "table.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)[0] for line in lines if line.endswith("]")]


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGKILL])
def test_grading_that_was_stopped_goes_on_and_judges_nothing_twice(
    tmp_path: Path, ended_by: signal.Signals
) -> None:
    folder, size = tmp_path / "class", 12
    for student in range(size):
        write_notebook(folder / f"{student}.ipynb", LIGHT.format(student))
    store, first = tmp_path / "table.jsonl", grade(folder)
    while not store.exists() or len(judgements(folder)) < 2:
        assert first.poll() is None
        time.sleep(0.01)
    os.killpg(first.pid, ended_by)
    _, complained = first.communicate(timeout=60)
    if ended_by == signal.SIGINT:
        assert first.returncode == 130
        assert complained == "\nStopped. What was judged is kept: run it again to go on.\n"
    kept_then = judgements(folder)
    with open(store, "a", encoding="utf-8") as file:
        file.write('\n["a line that was cut')

    assert judged_before(folder) == len(kept_then)
    assert kept_then == judgements(folder)[: len(kept_then)]
    assert len(judgements(folder)) == len(set(judgements(folder))) == size
    assert {row["end"] for row in rows_of(tmp_path / "table.csv")} == {"finished"}
    assert len(rows_of(tmp_path / "table.csv")) == size


def test_only_what_was_changed_is_judged_and_with_again_all(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    for student in range(2):
        write_notebook(folder / f"{student}.ipynb", LIGHT.format(student))
    assert judged_before(folder) == 0
    (folder / "0.ipynb").rename(folder / "anna.ipynb")
    write_notebook(folder / "1.ipynb", LIGHT.format(1407))
    write_notebook(folder / "like anna.ipynb", LIGHT.format(0))
    assert judged_before(folder) == 2
    assert [row["right"] for row in rows_of(tmp_path / "table.csv")] == ["1", "0", "0"]
    assert len(judgements(folder)) == 3
    assert judged_before(folder, "--again") == 0
    assert len(judgements(folder)) == 3


RESULT = Result("finished", [2], {"2.2": Verdict("not yet", "a", "b")}, 4500, True, 1.5, 40)


def test_results_are_kept_under_all_that_decides_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, limits = tmp_path / "new" / "kept.jsonl", Limits(seconds=40)
    name = kept.key(["1"], limits, True)
    kept.append(path, name, RESULT)
    kept.append(path, "other", RESULT._replace(end="stopped"))
    assert kept.load(path, [name]) == {name: RESULT}
    others = {kept.key(["2"], limits, True), kept.key(["1"], Limits(41), True)}
    others |= {kept.key(["1"], limits, False)}
    monkeypatch.setattr(kept, "version", lambda: "another")
    others |= {kept.key(["1"], limits, True)}
    assert len(others | {name}) == 5
    kept.forget(path, [name])
    assert kept.load(path, [name, "other"]) == {"other": RESULT._replace(end="stopped")}


@pytest.mark.parametrize("line", ["{", "3", "null", '["other"]', '["name", [1', '{"a": 1}', "\x00"])
def test_line_that_is_no_result_is_passed_over(tmp_path: Path, line: str) -> None:
    path = tmp_path / "kept.jsonl"
    path.write_text(line)
    kept.append(path, "name", RESULT)
    path.write_text(f"{path.read_text()}\n{line}")
    assert kept.load(path, ["name"]) == {"name": RESULT}


def test_points_count_for_what_is_right(tmp_path: Path) -> None:
    """With quotes or without: TOML takes the names for numbers below numbers."""
    one, other, *_, last = exercise_names()
    path = tmp_path / "points.toml"
    path.write_text(f'"{one}" = 0.5\n{other} = 3\n', encoding="utf-8")
    points = read_points(path)
    assert (points[one], points[other], points[last]) == (0.5, 3, 1)
    right, wrong = Verdict("right", "", "a"), Verdict("not yet", "b", "c")
    result = RESULT._replace(verdicts={one: right, other: right, last: wrong})
    assert graded("a", result, points).points == 3.5
    assert graded("a", result, read_points(None)).points == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"9.9" = 1', "'9.9', which is no exercise: give names such as \"1.1\""),
        ("1.1 = 'two'", "gives exercise 1.1 'two': give a number of points"),
        ("1.1 = true", "gives exercise 1.1 True: give a number of points"),
        ("1.1 = -1", "gives exercise 1.1 -1 points: give 0 or more"),
        ("1.1 = nan", "gives exercise 1.1 nan points: give 0 or more"),
        ("1.1 = inf", "gives exercise 1.1 inf points: give 0 or more"),
        ('"1.1" = 1\n1.1 = 2', "gives exercise 1.1 points twice: leave one line"),
        ("1.1 : 2", "cannot be read as TOML"),
        ("\udcff", "cannot be read as TOML"),
    ],
)
def test_points_that_are_none_are_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "points.toml"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(ValueError, match=re.escape(says)) as refused:
        read_points(path)
    assert str(refused.value).startswith(str(path))
    assert len(str(refused.value).splitlines()) == 1


def test_spreadsheet_takes_no_name_for_a_number_a_date_or_a_formula(tmp_path: Path) -> None:
    """A file that is no notebook may be called anything; a mark lets umlauts be read."""
    for name in ("007", "1-2", "3E5", "1/2", "1.5", "1.Jan", "TRUE", "=1+1", "007.ipynb"):
        write_notebook(tmp_path / name, "")
    write_notebook(tmp_path / "3E5.d" / "Ümit.IPYNB", "")
    submissions, rows, _ = read_folder(tmp_path)
    names = [*submissions, *(row.notebook for row in rows)]
    assert sorted(names) == [
        *("./007", "./1-2", "./1.5", "./1.Jan", "./1/2", "./3E5", "./=1+1", "./TRUE"),
        *("007.ipynb", "3E5.d/Ümit.IPYNB"),
    ]
    write(tmp_path / "table.csv", [not_judged(name, "a") for name in names])
    content = (tmp_path / "table.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfnotebook,")
    columns, *_ = csv.reader(content.decode("utf-8-sig").splitlines())
    assert all(re.match("[a-z]", column) for column in columns)


def page_of(path: Path, answers: dict[str, tuple[Verdict, str]], exercise: str) -> str:
    """Write the page of notebooks with one answer each, its verdict and its code; return it."""
    rows = [
        graded(name, RESULT._replace(verdicts={exercise: found}), read_points(None))
        for name, (found, _) in answers.items()
    ]
    write_page(path, rows, {name: [code] for name, (_, code) in answers.items()}, read_points(None))
    return path.read_text(encoding="utf-8")


def test_page_groups_wrong_answers_by_mistake(tmp_path: Path) -> None:
    exercise = exercise_names()[0]
    said = f"{exercise}: not yet. "
    answers = {
        "a.ipynb": (Verdict("not yet", "Rare.", f"{said}Rare."), f"rare\ncheck('{exercise}', 1)"),
        "b.ipynb": (Verdict("not yet", "Often.", f"{said}Often. It is 3."), "no check"),
        "c.ipynb": (Verdict("not yet", "Often.", f"{said}Often. It is 4."), f'check("{exercise}")'),
        "d.ipynb": (Verdict("right", "", ""), ""),
        "e.ipynb": (Verdict("not attempted", "", ""), ""),
        "f.ipynb": (Verdict("right", "", ""), ""),
    }
    page = page_of(tmp_path / "page.html", answers, exercise)
    often, rare = re.findall("<li>(.*?)</li>", page, re.DOTALL)
    assert re.findall(">([^<>]+)</", often) == [
        "2 × Often.",
        "It is 4.",
        f"check(&#34;{exercise}&#34;)",
    ]
    assert re.findall(">([^<>]+)</", rare) == [
        "1 × Rare.",
        f"rare\ncheck(&#39;{exercise}&#39;, 1)",
    ]
    numbers = re.findall(r"</span>(\d+ [a-z ]+)</span>", page)
    assert numbers == ["2 right", "3 not yet", "1 not attempted"]
    assert re.findall(r"flex-grow: (\d+)", page) == ["2", "3", "1"]
    assert "(40 % right)" in page


def test_page_runs_nothing_of_a_submission(tmp_path: Path) -> None:
    """Its name, its code and what its errors say are text, and none of it turns a text around."""
    exercise, script = exercise_names()[0], "<script>alert(1)</script>"
    code = f"# {script}\u202e\ud800\ncheck('{exercise}', 1)"
    found = Verdict("not yet", script, f"{exercise}: not yet. {script} {script}\u202e")
    page = page_of(tmp_path / "page.html", {script: (found, code)}, exercise)
    harmless = page_of(tmp_path / "page.html", {"a": (Verdict("right", "", ""), "")}, exercise)
    assert page.count("<script") == harmless.count("<script")
    assert page.count("&lt;script&gt;alert(1)") == 5
    assert "\u202e" not in page


def test_answer_is_what_leads_to_the_last_check() -> None:
    """Not that of an exercise with a longer name, and not more than can be read."""
    cells = ['check("2.1", 1)\nlater', "a\nb\ncheck( '2.1', 2)\nafter", 'check("2.10", 3)', "x"]
    assert answer(cells, "2.1") == "a\nb\ncheck( '2.1', 2)"
    assert answer(cells, "2.10") == 'check("2.10", 3)'
    assert answer(cells, "1.1") == ""
    long = "\n".join([*map(str, range(99)), f'check("2.1", {"9" * 999})'])
    lines = answer([long], "2.1").splitlines()
    assert (len(lines), lines[0], max(map(len, lines))) == (18, "82", 160)


@pytest.mark.parametrize("given", ["def f(x):\n    return x", "f = 3", "f: int = 3"])
def test_answer_holds_the_earlier_cell_that_defines_what_is_checked(given: str) -> None:
    """The last one of them; and no check that is commented out counts."""
    cells = ["f = 1", given, "f == 2", "g = 1", 'check(exercise="1.1", answer=f)', "f = 9"]
    assert answer(cells, "1.1") == f"{given}\n{cells[4]}"
    assert answer([*cells, '  # check("1.1", g)'], "1.1") == f"{given}\n{cells[4]}"
    assert answer([given, 'f = 5\ncheck("1.1", f)'], "1.1") == 'f = 5\ncheck("1.1", f)'


def test_example_is_more_than_the_check_where_one_is(tmp_path: Path) -> None:
    exercise = exercise_names()[0]
    wrong = Verdict("not yet", "Often.", f"{exercise}: not yet. Often.")
    codes = {"a": f'check("{exercise}", f)', "b": f'f = 1234\ncheck("{exercise}", f)', "c": ""}
    answers = {name: (wrong, code) for name, code in codes.items()}
    assert "f = 1234\ncheck(" in page_of(tmp_path / "page.html", answers, exercise)


def verdicts_of(statuses: dict[str, str]) -> dict[str, Verdict]:
    return {name: Verdict(status, "m", "t") for name, status in statuses.items()}


def test_how_far_a_class_got() -> None:
    """In each notebook of the course, whatever its files are called."""
    lesson = [name for name in exercise_names() if name.startswith("2.")]
    other = exercise_names()[0]
    rows = [
        graded(str(number), RESULT._replace(verdicts=verdicts_of(statuses)), read_points(None))
        for number, statuses in enumerate(
            [
                dict.fromkeys(lesson, "right"),
                {lesson[0]: "right", lesson[1]: "not yet"},
                {lesson[0]: "right"},
                {lesson[0]: "not attempted", other: "right"},
            ]
        )
    ]
    first, second = lessons([*rows, not_judged("no notebook", "not read")])
    assert (first.name, first.handed_in, first.reached[1], first.median) == ("1", 1, 1, 1)
    assert second[:4] == ("2", len(lesson), 4, 1)
    assert [count for count, times in second.reached.items() for _ in range(times)] == [
        *(len(lesson), 1, 1, 0)
    ]


def test_class_and_rivals_share_a_table_of_the_challenge() -> None:
    rows = [not_judged(name, "a")._replace(challenge=right) for name, right in TRIES.items()]
    tries = challenge(rows)
    assert [one.name for one in tries if one.right is not None] == ["ben", "anna"]
    assert tries[0][:2] == ("ben", 5000)
    assert len(tries) == 2 + len(rivals())
    assert tries[0].interval == pytest.approx((1, 0.99923, 1), abs=1e-5)
    assert challenge([not_judged("a", "b")]) == []


TRIES = {"anna": 2500, "ben": 5000, "carl": None}


def test_hardest_are_those_that_fewest_get_right_of_all_who_tried() -> None:
    counts = [(9, 1, 90), (1, 9, 0), (10, 0, 0), (5, 5, 0), (0, 0, 10), (8, 2, 0)]
    exercises = [
        Exercise(str(number), "", 1, dict(zip(STATUSES, count, strict=True)), [])
        for number, count in enumerate(counts)
    ]
    assert hardest(exercises) == {"1": 0.1, "3": 0.5, "5": 0.8}
