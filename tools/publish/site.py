"""The course as a folder for any web server, or none: `make site` writes build/site/."""

from base64 import b64encode
from pathlib import Path
import re
import shutil
import sys
from tempfile import TemporaryDirectory
from typing import Any

from course_utils.recorded import SWEEP, Epoch
from flit_core.wheel import make_wheel_in

from tools.commands import one_at_a_time, refuse
from tools.paths import BUILD, ROOT, notebooks
from tools.publish import PublishError
from tools.publish.contents import Lesson, lesson_of, search_index
from tools.publish.dark import dark_palette
from tools.publish.decks import write_deck
from tools.publish.manuscript import read
from tools.publish.pages import write_page, write_template
from tools.publish.student_copies import write_student_copies
from tools.publish.talk import minutes
from tools.sweep.table import CHANCE_BAND, final_accuracies, load_sweep, picture, quantiles

SITE = BUILD / "site"


def write_site(folder: Path = SITE, sweep: Path = SWEEP) -> None:
    """Write pages, decks, student notebooks, results and an index; an old site stays until then.

    sweep: the recorded sweep; without one there is no page of results.
    Raises PublishError, naming notebook and cell, if one of them cannot be published.
    """
    with (
        one_at_a_time(folder.parent),
        TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as new,
    ):
        part = Path(new, folder.name)
        lessons = [lesson_of(path) for path in notebooks()]
        places = search_index(lessons, folder="pages/")
        described = [_write_lesson(path, part, lessons) for path in notebooks()]
        write_student_copies(part / "notebooks")
        shutil.make_archive(str(part / "notebooks"), "zip", part / "notebooks")
        shutil.copy(ROOT / "requirements.lock", part)
        if sweep.exists():
            write_results(load_sweep(sweep), part / "results.html", places)
            shutil.copyfile(sweep, part / "results.csv")
        write_template(
            part / "index.html",
            "index.html.j2",
            lessons=described,
            results=sweep.exists(),
            wheel=make_wheel_in(ROOT / "pyproject.toml", part).file.name,
            index=places,
        )
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)


def write_results(rows: list[Epoch], path: Path, index: str) -> None:
    """Write the page that shows how much luck is in one training, from a sweep's rows.

    index: what its search finds.
    """
    accuracies = final_accuracies(rows)
    figure = picture(accuracies)
    table = [
        (recipe.title, len(by_seed), *quantiles(by_seed)) for recipe, by_seed in accuracies.items()
    ]
    png = b64encode(figure.png()).decode()
    write_template(
        path,
        "results.html.j2",
        table=table,
        band=CHANCE_BAND,
        png=png,
        palette=dark_palette(png),
        alt=figure.alt,
        index=index,
    )


def _write_lesson(path: Path, folder: Path, lessons: list[Lesson]) -> dict[str, Any]:
    """Write page and deck of a notebook; returns what the index says of it."""
    print(f"{path.stem} …")
    notebook = read(path)
    write_page(notebook, folder / "pages" / f"{path.stem}.html", lessons, home="../index.html")
    slides = write_deck(notebook, folder / "slides" / f"{path.stem}.html")
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    first_aim = re.search(r"^- (.+?)[;.]?$", prose, re.MULTILINE)
    return {
        "name": path.stem,
        "title": next(lesson.title for lesson in lessons if lesson.name == path.stem),
        "aim": first_aim[1].replace("`", "") if first_aim else "",
        "slides": slides,
        "minutes": minutes(notebook),
    }


def main() -> int:
    """Write the site; returns 1 if a notebook stands in the way, else 0."""
    try:
        write_site()
    except PublishError as problem:
        return refuse(problem, exit_code=1)
    except OSError as problem:
        return refuse(f"The site cannot be written ({problem.strerror or problem}).", exit_code=1)
    print(f"Open {(SITE / 'index.html').as_uri()} in a browser, or run `make serve`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
