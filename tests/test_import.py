"""`import unsched` is light, and its public names are all there."""

from __future__ import annotations

import subprocess
import sys
from typing import assert_type

import unsched

HEAVY = {
    "caldav",
    "cattrs",
    "dateutil",
    "hypothesis",
    "icalendar",
    "keyring",
    "lxml",
    "matplotlib",
    "numpy",
    "openpyxl",
    "ortools",
    "pandas",
    "requests",
    "rich",
    "xlsxwriter",
}


def loaded_by(code: str) -> set[str]:
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in run.stdout.split()}


def test_importing_unsched_loads_no_heavy_library() -> None:
    assert loaded_by("import unsched") & HEAVY == set()


def test_stating_a_problem_with_rules_loads_no_heavy_library() -> None:
    assert loaded_by("import unsched; unsched.palais.cstd_2010()") & HEAVY == set()


def test_solving_loads_the_solver() -> None:
    assert "ortools" in loaded_by("from unsched import solve")


def test_every_public_name_can_be_had_and_is_listed() -> None:
    for name in unsched.__all__:
        assert getattr(unsched, name) is not None, name
    assert dir(unsched) == sorted(unsched.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    for module in (unsched, unsched.rules):
        try:
            module.nothing_of_the_kind  # noqa: B018  asking is the test
        except AttributeError as error:
            assert "nothing_of_the_kind" in str(error)  # noqa: PT017  the message is what matters
        else:
            raise AssertionError(f"{module.__name__} made something up")


def test_what_users_get_is_typed() -> None:
    problem = unsched.palais.cstd_2010()
    assert_type(problem, unsched.Problem)
    assert_type(problem.sessions, tuple[unsched.Session, ...])
    assert_type(problem.select(unsched.EVERY), tuple[unsched.Session, ...])
    assert_type(problem.published, unsched.Schedule | None)
