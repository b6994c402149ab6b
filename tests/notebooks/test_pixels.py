"""Pictures are the same if the same is seen in them; a mirrored one is another."""

import base64
import io

from course_utils.figures.cells import plot_lstm_cell
from course_utils.figures.drawings import plot_stack
from course_utils.figures.reading import plot_padded_row
from course_utils.figures.steps import KIND
from course_utils.figures.style import Picture
import nbformat
import numpy as np
from PIL import Image, ImageOps
import pytest

from tools.paths import DOCS, notebooks
from tools.verify.nbval_plugin import CHAOTIC_TAG
from tools.verify.pixels import Pixels


def stored() -> dict[str, tuple[Pixels, Image.Image]]:
    """Return each stored picture, by its cell: as it is compared, and to look at."""
    found = {}
    for path in notebooks():
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                if png := output.get("data", {}).get("image/png"):
                    image = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
                    pixels = Pixels(png, CHAOTIC_TAG in cell.metadata.get("tags", []))
                    found[f"{path.stem[:2]}:{cell.id}"] = pixels, image
    return found


def encoded(image: Image.Image | np.ndarray) -> str:
    raw = io.BytesIO()
    Image.fromarray(np.asarray(image)).save(raw, "PNG", compress_level=1)
    return base64.b64encode(raw.getvalue()).decode()


def test_mirrored_pictures_of_the_notebooks_are_others() -> None:
    for name, (pixels, image) in stored().items():
        for mirror in (ImageOps.mirror, ImageOps.flip):
            assert pixels != encoded(mirror(image)), name


def test_pictures_of_the_notebooks_without_their_colours_are_others() -> None:
    """But for those of trainings that no two processors repeat: there curves may lie elsewhere."""
    same = []
    for name, (pixels, image) in stored().items():
        levels = np.array(image)
        coloured = np.ptp(levels.astype(int), axis=-1) > 30
        levels[coloured] = 255
        if coloured.any() and pixels == encoded(levels):
            same.append(name)
    assert same == ["02:plot-50-epochs", "04:winners"]


@pytest.mark.parametrize(
    "picture", [plot_lstm_cell(), plot_stack(), plot_padded_row(["a", "great", "film"])]
)
def test_mirrored_steps_are_others(picture: Picture) -> None:
    """However little comes new with a step."""
    data, _ = picture._repr_mimebundle_()
    for png in data[KIND]["pictures"]:
        image = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
        assert Pixels(png) == encoded(image)
        assert Pixels(png) != encoded(ImageOps.mirror(image))
        assert Pixels(png) != encoded(ImageOps.flip(image))


@pytest.mark.parametrize(
    ("chaotic", "pixels", "same"), [(False, 3, False), (True, 3, True), (True, 50, False)]
)
def test_a_curve_elsewhere_is_another_unless_it_is_chaotic(
    chaotic: bool, pixels: int, same: bool
) -> None:
    """A line as thick as a curve, or ten times so, stands elsewhere among 800 rows."""
    here, there = np.full((2, 800, 2000, 3), 255, np.uint8)
    here[100 : 100 + pixels, 100:1900] = there[400 : 400 + pixels, 100:1900] = 0
    assert (Pixels(encoded(here), chaotic) == encoded(there)) == same
    assert (Pixels(encoded(here), chaotic) != encoded(there)) != same


def test_picture_of_the_readme_is_the_notebooks() -> None:
    lesson = base64.b64encode((DOCS / "lesson.png").read_bytes()).decode()
    assert stored()["01:plot-padding"][0] == lesson


def test_pictures_of_other_sizes_differ() -> None:
    white = np.full((400, 400, 3), 255, np.uint8)
    assert Pixels(encoded(white), True) != encoded(white[:200])
