"""The results page is made of JSON lines, and of nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks.__main__ import main
from benchmarks.family import FAMILIES
from benchmarks.known import Known, read_known
from benchmarks.lines import read_lines
from benchmarks.machine import Machine, this_machine
from benchmarks.results import render

from unsched import InputError


def _line(instance: str, seed: int, **given: Any) -> dict[str, Any]:
    return {
        "family": "itc2007",
        "instance": instance,
        "seconds_allowed": 60.0,
        "workers": 2,
        "seed": seed,
        "status": "feasible",
        "cost": [30 + seed],
        "bound": [20],
        "terms": {"Compactness": 30 + seed},
        "faults": [],
        "first": 0.5,
        "best": 40.0 + seed,
        "seconds": 60.0,
        "build": 3.0,
        "read": 0.1,
        "peak": 200.0 + seed,
        "variables": 1000,
        "constraints": 500,
        "source": f"{instance}.ctt",
        "sessions": 160,
        "rooms": 6,
        "trace": [[1.0, [50]], [40.0, [30 + seed]]],
        "machine": {"cpu": "A Processor", "cores": 2, "python": "3.13.0", "ortools": "9.15"},
        "date": "2026-01-02",
        "gap": 0.3,
        **given,
    }


def _write(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


_PAGE = """\
<!-- Written by `python -m benchmarks results`; do not edit. -->
# Results

Costs and bounds are in each family's own scoring, counted by a scorer that knows nothing of unsched, and level by \
level where there are several. Of runs that differ in the seed alone, each column has the median. Seconds are by the \
wall, from the call of `solve`; building is the share of them that went into models.

- machine: A Processor, 2 cores; Python 3.13.0, OR-Tools 9.15
- seeds: 1, 2, 3
- date: 2026-01-02 to 2026-01-03

## itc2007

| instance | sessions x rooms | limit s | runs | cost | bound | gap | status | first s | best s | proof s | building \
| peak MB | best known |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| comp01 | 160 x 6 | 60 | 3 | 32 | 20 | 37.50% | feasible | 0.50 | 42.0 | - | 5% | 202 | 5 |
| comp02 | 160 x 6 | 60 | 3 | 0/1,200 | 0/1,200 | 0.00% | BROKEN 1, optimal 2 | 0.50 | 42.0 | 9.50 | 32% | 202 | - |

- best known: the validator

## meetings

Peers, on the same machine, one after the other; the ratio is of their last gain to when we were no worse.

| instance | limit s | runs | peer | its cost | its s | its last gain s | our cost | our bound \
| no worse after s | ratio |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| demo | 60 | 1 | timefold 1.24 | 0/5/1,995 | 30.0 | 24.0 | 0/0/1,700 | 0/0/1,500 | 8.00 | 3.0 |
"""


def _runs() -> list[dict[str, Any]]:
    proven = {"status": "optimal", "cost": [0, 1200], "bound": [0, 1200], "seconds": 9.5}
    broken = {"faults": ["a lecture is missing"], "seconds": 60, "status": "feasible", "cost": [0, 3]}
    return [
        *(_line("comp01", seed) for seed in (3, 1, 2)),
        _line("comp02", 1, **proven),
        _line("comp02", 2, **proven),
        _line("comp02", 3, **{**proven, **broken}, date="2026-01-03"),
    ]


def _comparison() -> dict[str, Any]:
    trace = [[2.0, [0, 9]], [8.0, [0, 3]], [50.0, [0, 0, 1700]]]
    ours = _line("demo", 1, family="meetings", cost=[0, 0, 1700], bound=[0, 0, 1500], trace=trace)
    peer = {
        "name": "timefold",
        "version": "1.24",
        "cost": [0, 5, 1995],
        "terms": {},
        "faults": [],
        "seconds": 30,
        "best": 24,
    }
    return {"peer": peer, "ours": ours, "reached": 8.0, "ratio": 3.0}


def test_the_page_has_medians_of_the_seeds_and_what_is_known(tmp_path: Path) -> None:
    records, comparisons = read_lines([_write(tmp_path / "a.jsonl", [*_runs(), _comparison()])])
    known = [Known("itc2007", "best known", "the validator", {"comp01": 5}), Known("emf", "other", "no", {"comp01": 6})]
    assert render(records, comparisons, known) == _PAGE


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = _write(tmp_path / "a.jsonl", _runs())
    out = tmp_path / "RESULTS.md"
    assert main(["results", str(lines), "--out", str(out), "--date", "May 2026"]) == 0
    assert "- date: May 2026\n" in out.read_text()
    assert "| 5 | 5 |\n" in out.read_text()  # best known, and the winner of 2007
    assert main(["results", str(lines), "--date", "May 2026"]) == 0
    assert capsys.readouterr().out == out.read_text()


def test_the_last_of_several_runs_of_one_seed_counts(tmp_path: Path) -> None:
    first = _write(tmp_path / "a.jsonl", [_line("comp01", 1, cost=[99])])
    second = _write(tmp_path / "b.jsonl", [_line("comp01", 1, cost=[7])])
    page = render(*read_lines([first, second]), [])
    assert "| 1 | 7 |" in page
    assert "99" not in page


def test_the_order_of_the_lines_does_not_matter(tmp_path: Path) -> None:
    forth = _write(tmp_path / "a.jsonl", [*_runs(), _comparison()])
    back = _write(tmp_path / "b.jsonl", [_comparison(), *reversed(_runs())])
    assert render(*read_lines([forth]), []) == render(*read_lines([back]), [])


def test_runs_without_a_solution_are_worse_than_any(tmp_path: Path) -> None:
    none: dict[str, Any] = {"cost": [], "bound": [], "first": None, "best": None, "gap": None, "status": "unknown"}
    lines = [_line("comp01", 1), _line("comp01", 2, **none), _line("comp01", 3, **none)]
    page = render(*read_lines([_write(tmp_path / "a.jsonl", lines)]), [])
    assert "| 3 | - | - | - | feasible 1, unknown 2 | - | - | - |" in page


def test_nothing_at_all_is_a_page_too() -> None:
    assert "- seeds: -\n- date: unknown\n" in render([], [], [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "line 1 is not a JSON object"),
        ("[" * 100_000, "line 1 is not a JSON object"),
        ("\n7", "line 2 is not a JSON object"),
        ("{}", "neither a run nor a comparison"),
        ('{"peer": 1}', "neither a run nor a comparison"),
        (json.dumps(_line("comp01", 1, cost=["many"])), "neither a run nor a comparison"),
        (json.dumps(_line("comp01", 1, trace=7)), "neither a run nor a comparison"),
    ],
)
def test_a_line_that_is_no_run_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_lines([path])


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["results", str(tmp_path / "none.jsonl")]) == 2
    assert "it cannot be read" in capsys.readouterr().err
    (tmp_path / "bad.jsonl").write_bytes(b"\xff\xfe")
    assert main(["results", str(tmp_path / "bad.jsonl")]) == 2


def test_the_known_figures_are_of_families_that_exist_and_have_a_source() -> None:
    known = read_known()
    assert {one.family for one in known} <= set(FAMILIES)
    assert all(one.source and one.name and one.costs for one in known)


@pytest.mark.parametrize(
    ("cost", "shown"), [(40059, "40,059"), ([0, 5, 1995], "0/5/1,995"), ("2.0-5.1 s", "2.0-5.1 s"), (None, "-")]
)
def test_what_is_known_is_shown_as_people_read_it(cost: Any, shown: str) -> None:
    assert Known("f", "n", "s", {} if cost is None else {"i": cost}).shown("i") == shown


def test_the_machine_says_what_it_is() -> None:
    machine = this_machine()
    assert machine.cores >= 1
    assert str(Machine("CPU", 2, "3.13", "9.15")) == "CPU, 2 cores; Python 3.13, OR-Tools 9.15"
