"""Runs the comparisons, prints ratios, and writes build/bench.json: `make bench`.

The whole course takes longer, and is a command of its own: tools.bench.course.
"""

import json
import os
import platform
import time

from course_utils.files import write_whole

from tools.bench import data, training
from tools.commands import stoppable
from tools.paths import BUILD


def main() -> None:
    """Measure all, part by part; what is finished is on screen and in the file at once."""
    started = time.monotonic()
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    records = []
    for part in (data.start, data.load_cold, data.load, data.pad, training.train):
        print(f"\n[{time.monotonic() - started:4.0f} s] {part.__name__} ...", flush=True)
        for record in part():
            print(record["text"], flush=True)
            records.append(record)
            result = {"machine": machine, "records": records}
            write_whole(BUILD / "bench.json", f"{json.dumps(result, indent=2)}\n".encode())
    print(f"\nAll in {time.monotonic() - started:.0f} s: {BUILD / 'bench.json'}")


if __name__ == "__main__":
    with stoppable("What was measured is kept."):
        main()
