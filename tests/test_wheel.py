"""What is installed is what was built: the demo runs from the wheel, far away from these sources."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    foreign = ("PYTHON", "COV_", "COVERAGE", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from it, so that both are whole."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


def demo_of(wheel: Path, folder: Path, *requirements: str) -> str:
    """Install the wheel into a new environment, run the demo from there, and return what it prints."""
    environment = folder / "environment"
    venv.create(environment, symlinks=os.name != "nt")
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", programs / "python", "--quiet", "--disable-pip-version-check")
    run(*pip, "install", "--no-compile", wheel, *requirements, cwd=folder)
    return run(programs / "unsched", "demo", "--out", "calendars", cwd=folder)


def assert_done(printed: str, folder: Path) -> None:
    assert re.search(r"^optimal: \d\d sessions scheduled in ", printed, re.MULTILINE)
    assert "Every constraint holds." in printed
    for cost, bound in re.findall(r"^  tier \d: cost (\d+), bound (\d+) ", printed, re.MULTILINE):
        assert cost == bound
    out = folder / "calendars"
    assert {path.name for path in out.iterdir() if path.is_file()} == {
        "problem.json",
        "programme.ics",
        "schedule.json",
    }
    for name in ("programme.ics", "delegations/egypt.ics", "rooms/XXVI.ics"):
        assert b"BEGIN:VEVENT" in (out / name).read_bytes()


def test_the_wheel_holds_the_package_its_types_and_its_licence_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "unsched/py.typed" in names
    assert {"unsched/report/page/files/page.html", "unsched/report/page/files/main.js"} <= set(names)
    assert {name.split("/")[0] for name in names} == {"unsched", "unsched-0.1.0.dist-info"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_demo_runs_from_the_wheel_with_the_newest_releases(wheel: Path, tmp_path: Path) -> None:
    assert_done(demo_of(wheel, tmp_path), tmp_path)


def test_the_demo_runs_from_the_wheel_with_the_oldest_releases_that_it_allows(wheel: Path, tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [line.partition(";")[0] for line in project["dependencies"]]
    bounds = dict(line.split(">=") for line in lines if ">=" in line)
    # The releases of ortools have a build number of their own: 9.15 is 9.15.6755.
    oldest = [f"{name}=={bound}{'.*' if name == 'ortools' else ''}" for name, bound in bounds.items()]
    assert_done(demo_of(wheel, tmp_path, *oldest), tmp_path)
    assert len(oldest) == 6
