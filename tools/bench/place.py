"""Where it is measured: which processor, and which versions."""

from datetime import date
import os
from pathlib import Path
import platform
import subprocess

import tensorflow as tf

from tools.bench.history import Run
from tools.machines.kernels import HERE, kind_of


def this_run(torch: str, busy: float) -> Run:
    """Describe a run of today on this machine."""
    versions = platform.python_version(), tf.__version__, torch
    family, cores = kind_of(HERE).family, os.cpu_count()
    return Run(date.today().isoformat(), processor(), family, cores, *versions, round(busy, 2))


def processor() -> str:
    """Return what the processor's maker calls it; only its architecture if that is not told."""
    if platform.system() == "Darwin":
        command = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.check_output(command, text=True).strip()
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(iter(names), platform.machine())
