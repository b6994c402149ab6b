"""What nbval lacks for this course; loaded by the root conftest.py.

- A cell whose metadata hold a `tolerance` may print decimal numbers that differ by so much.
- Every code cell is compared: none may be unexecuted, skipped, or have its outputs ignored.
- Outputs that are replaced while a cell runs (live progress) end as they end on screen.
- Pictures are compared by what is seen in them, and by their texts; so are the steps of a figure.
  A cell tagged `chaotic` draws curves that rounding leads elsewhere: those may be others.
- Of a panel, what stands there where no script runs is compared; its weights are another machine's.
"""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbval.plugin import IPyNbCell, IPyNbFile
import pytest

from tools.publish.living import KIND, taken_apart
from tools.verify.pixels import Pixels
from tools.verify.tolerance import Tolerant

CHAOTIC_TAG = "chaotic"
_PNG_START = base64.b64encode(b"\x89PNG\r\n\x1a\n")[:10].decode()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Iterator[None]:
    """Let nbval find the notebooks, and read each as a CourseFile."""
    found = yield
    return [
        CourseFile.from_parent(parent, path=file_path) if isinstance(file, IPyNbFile) else file
        for file in found
    ]


class CourseCell(IPyNbCell):
    """A code cell of a notebook, as nbval runs and compares it."""

    to_the_letter = False

    def runtest(self) -> None:
        """Run the cell and compare; first see that there is something to compare with."""
        if self.options["skip"] or not self.options["check"]:
            self.raise_cell_error("This cell is marked to be skipped or ignored: remove the mark.")
        if self.cell.execution_count is None:
            self.raise_cell_error("This cell has no stored run: store one with `make outputs`.")
        self.parent.running = self
        self.parent.displays = {}
        super().runtest()

    def compare_outputs(self, *outputs: Any, **options: Any) -> bool:
        """Compare; note in the report, as `identical`, whether all is equal to the letter."""
        self.to_the_letter = True
        self.user_properties.append(("identical", super().compare_outputs(*outputs, **options)))
        self.to_the_letter = False
        return super().compare_outputs(*outputs, **options)

    def sanitize(self, s: Any) -> Any:
        """Prepare one stored or computed value for the comparison with its counterpart."""
        if self.to_the_letter:
            return s
        tolerance = self.cell.metadata.get("tolerance")
        if isinstance(s, dict):
            return {key: self.sanitize(value) for key, value in s.items()}
        if isinstance(s, list):
            return [self.sanitize(value) for value in s]
        if isinstance(s, str) and s.startswith(_PNG_START):
            return Pixels(s, chaotic=CHAOTIC_TAG in self.cell.metadata.get("tags", []))
        if isinstance(s, str) and tolerance is not None:
            return Tolerant(s, tolerance)
        return s


class CourseFile(IPyNbFile):
    """A notebook whose outputs are assembled as a front end shows them."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.skip_compare = (*(key for key in self.skip_compare if key != "image/png"), KIND)

    def collect(self) -> Iterator["CourseCell"]:
        """Make a CourseCell of each cell that nbval finds."""
        for cell in super().collect():
            parts = {name: getattr(cell, name) for name in ("name", "cell_num", "cell", "options")}
            yield CourseCell.from_parent(self, **parts)

    def get_kernel_message(self, timeout: float | None = None, stream: str = "iopub") -> dict:
        """Pass a kernel's message on; a display's update changes the output it belongs to.

        nbval ignores messages that replace or clear an output, and would compare their first state.
        """
        while True:
            message = super().get_kernel_message(timeout, stream)
            outputs, content = self.running.test_outputs, message["content"]
            if "data" in content:
                content["data"], _ = taken_apart(content["data"])
            display_id = content.get("transient", {}).get("display_id")
            if message["msg_type"] == "clear_output":
                outputs.clear()
            elif message["msg_type"] == "update_display_data":
                outputs[self.displays[display_id]]["data"] = content["data"]
            else:
                if message["msg_type"] == "display_data" and display_id:
                    self.displays[display_id] = len(outputs)
                return message
