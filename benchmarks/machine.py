"""What a measurement was made on, and when."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from attrs import frozen

__all__ = ["Machine", "this_machine", "today"]


@frozen
class Machine:
    """A computer, as far as it matters to how fast something runs.

    Args:
        cpu: model of the processor.
        cores: how many of them may be used.
        python: release of Python.
        ortools: release of OR-Tools.
    """

    cpu: str = "unknown"
    cores: int = 0
    python: str = ""
    ortools: str = ""

    def __str__(self) -> str:
        return f"{self.cpu}, {self.cores} cores; Python {self.python}, OR-Tools {self.ortools}"


def this_machine() -> Machine:
    """Return the machine that this runs on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Machine(_cpu(), cores, platform.python_version(), _release("ortools"))


def today() -> str:
    """Return the date, in UTC, on which a measurement is made."""
    return datetime.now(UTC).date().isoformat()


def _release(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _cpu() -> str:
    """Return the model of the processor; the standard library knows it on few systems."""
    table = Path("/proc/cpuinfo")
    if table.is_file():
        for line in table.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine() or "unknown"
