"""Run the example notebook again: `python docs/notebook.py` writes its outputs anew.

With `--check` nothing is written, and the exit code is 1 where what it shows is not what is in the file. Pictures are
not compared by their bytes, which depend on the release of matplotlib. Needs nbclient, nbformat and ipykernel.
"""

from __future__ import annotations

import argparse
import difflib
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).resolve().parent.parent / "examples" / "cstd_2010.ipynb"
_SECONDS = 120


def read(file: Path) -> Any:  # noqa: ANN401  of nbformat
    """Return the notebook of a file."""
    import nbformat

    return nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]


def run(notebook: Any) -> Any:  # noqa: ANN401  of nbformat
    """Return a notebook with its cells run anew, by this Python and by nobody's settings."""
    from nbclient import NotebookClient

    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"IPYTHONDIR": folder, "JUPYTER_CONFIG_DIR": folder, "JUPYTER_PLATFORM_DIRS": "1"}
        resources = {"metadata": {"path": folder}}
        client = NotebookClient(
            notebook, timeout=_SECONDS, kernel_name="python3", record_timing=False, resources=resources
        )
        client.execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if "text/html" in output.get("data", {}):  # all that a notebook shows; the other says how long it took
                output["data"].pop("text/plain", None)
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return notebook


def shown(notebook: Any) -> list[str]:  # noqa: ANN401  of nbformat
    """Return what a notebook shows, line by line, pictures by their kind alone."""
    lines = []
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", ()):
            lines.append(f"cell {number}: {output.output_type}")
            lines += output.get("text", "").splitlines()
            for kind, data in sorted(output.get("data", {}).items()):
                lines.append(f"cell {number}: {kind}")
                lines += [] if kind.startswith("image/") else str(data).splitlines()
    return lines


def main(argv: Sequence[str] | None = None) -> int:
    """Run the notebook, and write or check it; return the exit code."""
    import nbformat

    parser = argparse.ArgumentParser(description="Run the example notebook again.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 where it shows something else")
    arguments = parser.parse_args(argv)
    before = shown(read(NOTEBOOK))
    after = run(read(NOTEBOOK))
    if arguments.check:
        found = list(difflib.unified_diff(before, shown(after), "in the file", "run again", lineterm="", n=1))
        sys.stdout.write("".join(f"{line}\n" for line in found))
        return 1 if found else 0
    nbformat.write(after, NOTEBOOK)  # type: ignore[no-untyped-call]
    return 0


if __name__ == "__main__":
    sys.exit(main())
