"""How long a panel takes from a key to its new picture: `python -m tools.bench.keystrokes`."""

from pathlib import Path
import statistics
import tempfile

import course_utils as course
import numpy as np
from playwright.sync_api import Page

from tools.publish.browser import open_browser

KEYS = 9
TYPE = """async (text) => {
  const host = document.querySelector("#typed"), { panel } = host;
  const area = host.shadowRoot.querySelector("textarea");
  area.value = text;
  const started = performance.now();
  area.dispatchEvent(new Event("input"));
  await new Promise(requestAnimationFrame);
  const first = performance.now() - started;
  const unknown = () => panel.seen.some(({ done, answers }) => done < answers.length);
  while (unknown()) await new Promise((done) => setTimeout(done, 5));
  return [first, performance.now() - started];
}"""
"""Returns the milliseconds to the answer, and to the last of the answers on the way."""


def models() -> dict[str, object]:
    """Return the models of the course, as large as the lecture's."""
    vectors = np.zeros((10_000, 32), "float32")
    return {
        "averaged embedding": course.build_averaged_embedding(),
        "SimpleRNN": course.build_simple_rnn(),
        "LSTM": course.build_lstm(),
        "GRU": course.build_gru(),
        "deep LSTM": course.build_deep_lstm(),
        "pooled LSTM": course.build_pooled_lstm(vectors, updates=1),
    }


def typed(page: Page, words: int) -> list[float]:
    """Type a text of so many words again and again; return the medians of both times."""
    pairs = [page.evaluate(TYPE, f"{key} good " * (words // 2)) for key in "abcdefghi"[:KEYS]]
    return [statistics.median(times) for times in zip(*pairs, strict=True)]


def main() -> None:
    """Print a table: milliseconds to the answer, and to the last answer on the way."""
    print(f"milliseconds, medians of {KEYS}: answer and words (all answers on the way)")
    print(f"{'model':20} {'100 words':>16} {'500 words':>16}")
    with open_browser() as browser, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "panel.html"
        for name, model in models().items():
            html = course.look_inside(model, "good")._repr_html_()
            path.write_text(html.replace("><script", ' id="typed"><script', 1), encoding="utf-8")
            page = browser.new_page()
            page.goto(path.as_uri())
            page.wait_for_selector("[role=option]")
            cells = [
                f"{first:.0f} ({last:.0f})" for first, last in map(typed, [page] * 2, (100, 500))
            ]
            print(f"{name:20} {cells[0]:>16} {cells[1]:>16}", flush=True)
            page.close()


if __name__ == "__main__":
    main()
