"""The example notebook shows what it says, when it is run again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "examples" / "cstd_2010.ipynb"


def test_the_notebook_shows_the_same_when_it_is_run_again() -> None:
    # In a process of its own: what its libraries warn of is nobody's business here.
    command = [sys.executable, str(ROOT / "docs" / "notebook.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, f"run: python docs/notebook.py\n{done.stdout}\n{done.stderr}"


def test_every_cell_of_the_notebook_has_been_run_in_order_and_none_has_failed() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    kinds = [output["output_type"] for cell in code for output in cell["outputs"]]
    assert set(kinds) <= {"execute_result", "display_data", "stream"}
    assert NOTEBOOK.stat().st_size < 200_000
