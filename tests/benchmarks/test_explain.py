"""Conflicts planted at known places are found there, in a grid small enough for a test."""

from __future__ import annotations

import json

import benchmarks.explain
import pytest
from benchmarks.explain import PLANTS, judge, main, plant
from benchmarks.family import family

from unsched import InputError, Status, explain

LINE = "sessions=60,rooms=4,slots=30,seed=1"


def test_a_grid_in_which_nothing_is_planted_has_a_schedule() -> None:
    problem, planted = plant(family("grid").read(LINE).problem, ())
    assert planted == []
    assert explain(problem).status is Status.FEASIBLE


@pytest.mark.parametrize("name", PLANTS)
def test_what_is_planted_is_found_and_nothing_else(name: str) -> None:
    problem, planted = plant(family("grid").read(LINE).problem, (name,))
    assert judge(planted, explain(problem, ways=1)).good


def test_a_conflict_among_other_talks_is_not_taken_for_what_was_planted() -> None:
    problem, _ = plant(family("grid").read(LINE).problem, ("a circle",))
    _, other = plant(family("grid").read(LINE).problem, ("a room closed", "a circle"))
    tried = judge(other[1:], explain(problem, ways=1))
    assert not tried.good
    assert tried.strange == 1


def test_a_grid_with_too_few_talks_is_refused() -> None:
    small = family("grid").read("sessions=10,rooms=4,slots=30,seed=1").problem
    with pytest.raises(InputError, match="could be planted among"):
        plant(small, tuple(PLANTS))


def test_a_grid_of_too_few_days_is_refused() -> None:
    short = family("grid").read("sessions=45,rooms=4,slots=20,seed=1").problem
    with pytest.raises(InputError, match="4 days are too few"):
        plant(short, ("a circle",))


def test_all_that_is_planted_at_once_is_found() -> None:
    problem, planted = plant(family("grid").read("sessions=110,rooms=6,slots=30,seed=1").problem, tuple(PLANTS))
    assert len(planted) == len(PLANTS)
    assert judge(planted, explain(problem, ways=1)).good


def test_the_command_prints_a_line_for_each(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    several = {name: PLANTS[name] for name in ("a circle", "a room closed")}
    monkeypatch.setattr(benchmarks.explain, "PLANTS", several)
    assert main(["--line", "sessions=45,rooms=4,slots=30,seed=1", "--seconds", "60", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == len(several) + 2
    assert lines[-2]["found"] == list(several)
    assert set(lines[-1]["slowest"]) == {"why_not", "alternatives", "why"}
