"""How a training is shown: a line that each step replaces, then a table or a line."""

import time

from course_utils.live import LiveDisplay
import keras

MAX_ROWS = 10
SECONDS_BETWEEN_UPDATES = 0.2
_COLUMNS = {
    "loss": "loss",
    "accuracy": "accuracy",
    "val_loss": "val. loss",
    "val_accuracy": "val. accuracy",
}


class Progress(keras.callbacks.Callback):
    """Shows each step while a model trains, and leaves a table or a line; Keras calls it."""

    def __init__(self, epochs: int, steps: int, table: bool = True) -> None:
        super().__init__()
        self.epochs, self.steps, self.table = epochs, steps, table
        self.history: dict[str, list[float]] = {}
        self.display = LiveDisplay()
        self.started = self.shown = time.monotonic()

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Say that it has begun: the first step takes longer."""
        self.display.show("Preparing the first step ...")

    def on_train_batch_end(self, batch: int, logs: dict) -> None:
        """Show the step, unless one was shown a moment ago."""
        if time.monotonic() - self.shown > SECONDS_BETWEEN_UPDATES:
            self.shown = time.monotonic()
            self._show(batch + 1, logs)

    def on_epoch_end(self, epoch: int, logs: dict) -> None:
        """Keep the epoch's numbers."""
        for key, value in logs.items():
            self.history.setdefault(key, []).append(value)

    def on_train_end(self, logs: dict | None = None) -> None:
        """Leave the table, or say how long it was trained."""
        if self.table:
            self.display.finish(*_table(self.history))
        else:
            epochs = len(self.history["loss"])
            self.display.finish(f"Trained for {epochs} epochs of {self.steps} updates.")

    def _show(self, step: int, logs: dict[str, float]) -> None:
        past = len(self.history.get("loss", []))
        done = (past + step / self.steps) / self.epochs
        left = (time.monotonic() - self.started) * (1 - done) / done
        numbers = ", ".join(f"{key} {value:.4f}" for key, value in logs.items())
        line = (
            f"epoch {past + 1} of {self.epochs}, step {step} of {self.steps}: {numbers}; "
            f"about {left:.0f} s left"
        )
        html = _table(self.history)[1] if past else ""
        self.display.show(line, f"<p>{line}</p>{html}")


def _table(history: dict[str, list[float]]) -> tuple[str, str]:
    """Write a training history as plain text and as HTML: all epochs, or every n-th, ten or so."""
    columns = {key: title for key, title in _COLUMNS.items() if key in history}
    text = ["epoch " + " ".join(f"{title:>13}" for title in columns.values())]
    head = "".join(f"<th scope='col'>{title}</th>" for title in ["epoch", *columns.values()])
    body = ""
    last = len(history["loss"])
    every = -(-last // MAX_ROWS)
    for epoch in sorted({1, *range(every, last + 1, every), last}):
        numbers = [f"{history[key][epoch - 1]:.4f}" for key in columns]
        text.append(f"{epoch:5d} " + " ".join(f"{number:>13}" for number in numbers))
        cells = "".join(f"<td>{number}</td>" for number in numbers)
        body += f"<tr><th scope='row'>{epoch}</th>{cells}</tr>"
    html = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return "\n".join(text), html
