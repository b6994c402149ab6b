"""Runs the comparisons, prints ratios, and writes build/bench.json: `make bench`.

The whole course takes longer, and is a command of its own: tools.bench.course.
"""

from collections.abc import Callable
import json
import os
import platform
import time
from typing import Any

from tools.bench import data, training
from tools.bench.harness import line
from tools.paths import BUILD


def main() -> None:
    """Measure all, part by part; what is finished is on screen and in the file at once."""
    folder = BUILD / "bench"
    started = time.monotonic()
    result: dict[str, Any] = {"machine": f"{platform.machine()}, {os.cpu_count()} cores"}

    def measure(name: str, run: Callable[[], Any], text: Callable[[Any], str]) -> None:
        print(f"\n[{time.monotonic() - started:4.0f} s] {name} ...", flush=True)
        result[name] = run()
        print(text(result[name]), flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        (BUILD / "bench.json").write_text(json.dumps(result, indent=2) + "\n")

    measure("start", data.start, lambda r: f"{r['title']}: {r['median'] * 1000:.0f} ms (goal 50)")
    measure(
        "load cold",
        data.load_cold,
        lambda r: f"{r['title']}: {r['median']:.1f} s (goal 5), {r['peak_mib']:.0f} MiB (goal 700)",
    )
    measure("load", lambda: data.load(folder), line)
    measure("pad", data.pad, line)
    measure("train", lambda: training.train(folder), lambda rows: "\n".join(map(line, rows)))
    print(f"\nAll in {time.monotonic() - started:.0f} s: {BUILD / 'bench.json'}")


if __name__ == "__main__":
    main()
