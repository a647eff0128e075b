"""The command: families that are a few lines long go through `run`, `compare`, `suite`, `growth` and `results`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest
from benchmarks import __main__ as command
from benchmarks import compare, growth, peers, suite
from benchmarks.family import FAMILIES, Family, Instance, Score, family, stem
from benchmarks.measure import measure, reached
from benchmarks.peers import MissingPeerError, Peer, run_peer

from unsched import Fault, InputError, Problem, Room, Schedule, Session, Venue, Window
from unsched.rules import EndEarly


class StubFamily(Family[int]):
    summary: ClassVar[str] = "sessions of an hour in one room, ended early"
    suffix: ClassVar[str] = ".stub"

    def read(self, source: str) -> Instance[int]:
        text = Path(source).read_text(encoding="utf-8") if Path(source).exists() else source
        if not text.strip().isdecimal():
            raise InputError([Fault("line 1", f"{text!r} is no number", "2.")], stem(source))
        window = Window("Europe/Zurich", ["2010-12-17"], step=60)
        sessions = [Session(f"s{index}", f"Session {index}", 60) for index in range(int(text))]
        problem = Problem("stub", window, Venue([Room("I")]), sessions, rules=[EndEarly(["s0"])])
        return Instance(stem(source), int(text), problem)

    def write(self, instance: Instance[int], schedule: Schedule) -> str:
        return "".join(f"{booking.session} {booking.start:%H}\n" for booking in schedule.bookings)

    def score(self, facts: int, solution: str) -> Score:
        hours = dict(line.split() for line in solution.splitlines())
        faults = () if len(hours) == facts else ("a session is missing",)
        late = (int(hours.get("s0", 10)) - 9) * 60
        return Score((late,), {"late": late}, faults)


@pytest.fixture(autouse=True)
def _stub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register the stub, and measure in this process, where it is known."""
    monkeypatch.setitem(FAMILIES, "stub", f"{__name__}:StubFamily")
    monkeypatch.setitem(sys.modules, __name__, sys.modules[StubFamily.__module__])
    for module in (command, compare, growth, suite):
        monkeypatch.setattr(module, "measure_apart", measure)


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_each_family_keeps_the_contract(name: str) -> None:
    pytest.importorskip(FAMILIES[name].partition(":")[0])
    found = family(name)
    assert isinstance(found, Family)
    assert found.summary
    assert "\n" not in found.summary


def test_an_unknown_family_is_no_family() -> None:
    with pytest.raises(KeyError):
        family("none-such")


def test_levels_are_the_tiers_in_order_and_one_level_where_nothing_costs() -> None:
    stub = StubFamily()
    instance = stub.read("1")
    assert stub.levels(instance, {2: 7, 1: 5}) == (5, 7)
    assert stub.levels(instance, {}) == (0,)


def test_run_prints_a_line_and_writes_the_native_solution(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "two.txt"
    source.write_text("2")
    out = tmp_path / "out.stub"
    assert command.main(["run", "stub", str(source), "--time", "5", "--solution", str(out)]) == 0
    assert capsys.readouterr().out.startswith("stub two: optimal cost 60 bound 60 gap 0.00%")
    assert out.read_text().splitlines()[0] == "s0 10"


def test_several_solutions_go_to_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = [tmp_path / "one.txt", tmp_path / "two.txt"]
    for count, source in enumerate(sources, 1):
        source.write_text(str(count))
    out = tmp_path / "solutions"
    assert command.main(["run", "stub", *map(str, sources), "--time", "5", "--solution", str(out)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert sorted(path.name for path in out.iterdir()) == ["one.stub", "two.stub"]


def test_json_has_the_record_with_its_machine_and_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["run", "stub", "3", "--time", "5", "--seed", "4", "--workers", "1", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["family"], data["instance"], data["source"], data["seed"]) == ("stub", "3", "3", 4)
    assert (data["status"], data["cost"], data["bound"], data["gap"]) == ("optimal", [60], [60], 0.0)
    assert (data["sessions"], data["rooms"], data["workers"]) == (3, 1, 1)
    assert data["machine"]["ortools"]
    assert len(data["date"]) == 10
    assert data["trace"][-1][1] == [60]
    assert 0 <= data["first"] <= data["best"] <= data["seconds"]
    assert data["peak"] > 10


def test_a_broken_solution_is_told_and_is_no_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(StubFamily, "write", lambda self, instance, schedule: "s0 10\n")
    assert command.main(["run", "stub", "2", "--time", "5"]) == 1
    assert "BROKEN: a session is missing" in capsys.readouterr().out


def test_a_scorer_that_counts_otherwise_than_the_problem_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(StubFamily, "score", lambda self, facts, solution: Score((61,)))
    assert command.main(["run", "stub", "2", "--time", "5"]) == 1
    assert "BROKEN: the problem counts 60, and the scorer 61" in capsys.readouterr().out


def test_an_instance_without_a_schedule_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["run", "stub", "7", "--time", "5"]) == 1  # an hour each, and six hours in all
    assert capsys.readouterr().out.startswith("stub 7: infeasible cost - bound -;")


def test_bad_input_is_told_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["run", "stub", "many"]) == 2
    assert "line 1: 'many' is no number" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--time", "0"], ["--workers", "0"], ["--seed", "-1"], ["--time", "soon"]])
def test_limits_that_make_no_sense_are_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        command.main(["run", "stub", "1", *wrong])
    assert left.value.code == 2
    assert wrong[0] in capsys.readouterr().err


# -- compare ---------------------------------------------------------------------------------------------------------


def _peer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, **given: Any) -> Peer:
    """Make a peer of a script that stands in for one."""
    path = tmp_path / "stand_in.py"
    path.write_text(script)
    peer = Peer("stand-in", "stub", given.pop("module", "json"), str(path), lambda source, facts: {"n": facts}, **given)
    for module in (peers, compare):
        monkeypatch.setattr(module, "PEERS", (peer,))
    return peer


_SLOW = """
import json, sys
asked = json.load(sys.stdin)
lines = [f"s{n} {11 if n == 0 else 14 + n}" for n in range(asked["n"])]
print(json.dumps({"solution": "\\n".join(lines), "seconds": 9.0, "best": 7.5, "version": "1.2"}))
"""


def test_compare_scores_the_peer_as_it_scores_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _peer(tmp_path, monkeypatch, _SLOW)
    assert command.main(["compare", "stub", "2", "--time", "5", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["peer"]["cost"], data["peer"]["faults"], data["ours"]["cost"]) == ([120], [], [60])
    assert data["ratio"] == pytest.approx(7.5 / max(data["reached"], 0.001))
    assert command.main(["compare", "stub", "2", "--time", "5"]) == 0
    assert "stub 2: stand-in 1.2 cost 120 in 9.00 s, its last gain at 7.50 s" in capsys.readouterr().out


def test_a_peer_whose_solution_is_broken_has_no_ratio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _peer(tmp_path, monkeypatch, _SLOW.replace('range(asked["n"])', 'range(asked["n"] - 1)'))
    assert command.main(["compare", "stub", "2", "--time", "5"]) == 0
    printed = capsys.readouterr().out
    assert "breaks 1 requirements: a session is missing" in printed
    assert "ratio -" in printed


@pytest.mark.parametrize(
    ("script", "given", "message"),
    [
        (_SLOW, {"module": "none_such_module"}, "not installed: pip install --group peers"),
        ("raise ValueError('no luck')", {}, "it failed: ValueError: no luck"),
        ("print('hello')", {}, "what it says is no answer"),
        ("", {}, "what it says is no answer"),
    ],
)
def test_a_peer_that_cannot_run_is_skipped_with_a_word(
    script: str,
    given: dict[str, Any],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _peer(tmp_path, monkeypatch, script, **given)
    assert command.main(["compare", "stub", "1", "--time", "5"]) == 0
    assert f"stand-in: {message}" in capsys.readouterr().err


def test_a_peer_in_java_says_so_where_there_is_no_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    peer = _peer(tmp_path, monkeypatch, _SLOW, java=True)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    stub: Family[Any] = StubFamily()
    with pytest.raises(MissingPeerError, match="needs a Java runtime"):
        run_peer(peer, stub, stub.read("1"), "1", seconds=5, workers=1, seed=0)


def test_a_python_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    peer = _peer(tmp_path, monkeypatch, _SLOW)
    stub: Family[Any] = StubFamily()
    with pytest.raises(MissingPeerError, match="there is no Python at"):
        run_peer(peer, stub, stub.read("1"), "1", seconds=5, workers=1, seed=0, python=str(tmp_path / "python"))


@pytest.mark.parametrize(
    ("target", "seconds"), [((1, 35), 4.0), ((1, 40), 2.0), ((2, 0), 0.9), ((0, 99), None), ((1, 29), None)]
)
def test_a_target_is_reached_level_by_level(target: tuple[int, ...], seconds: float | None) -> None:
    assert reached([(0.5, (3,)), (0.9, (1,)), (2.0, (1, 40)), (4.0, (1, 30))], target) == seconds


# -- suite and growth ------------------------------------------------------------------------------------------------


def test_a_suite_goes_on_where_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "stubs").mkdir()
    for name in ("a.txt", "b.txt", "schema.txt"):
        (tmp_path / "stubs" / name).write_text("1")
    monkeypatch.setattr(suite, "PLAN", (suite.Entry("stub", ("stubs/*.txt",), (5,), but="schema*"),))
    out = tmp_path / "out.jsonl"
    asked = ["suite", str(tmp_path), "--out", str(out), "--seeds", "1,2"]
    assert command.main([*asked, "--list"]) == 0
    assert capsys.readouterr().out.startswith("4 runs, 0.0 hours at most\nstub ")
    assert not out.exists()
    assert command.main(asked) == 0
    whole = out.read_text().splitlines()
    assert [(json.loads(line)["source"], json.loads(line)["seed"]) for line in whole] == [
        ("a.txt", 1),
        ("b.txt", 1),
        ("a.txt", 2),
        ("b.txt", 2),
    ]
    out.write_text("\n".join(whole[:3]) + "\n")
    capsys.readouterr()
    assert command.main(asked) == 0
    assert capsys.readouterr().out.startswith("1 runs")
    assert len(out.read_text().splitlines()) == 4


def test_a_suite_takes_only_the_families_that_are_asked_for(tmp_path: Path) -> None:
    found = list(suite.plan(tmp_path, [1, 2], 1, ["grid", "cosplib"]))
    assert {run.family for run in found} == {"grid"}  # the folder has no workbook
    assert [run.seed for run in found] == [1, 2]


def test_an_instance_that_cannot_be_read_does_not_end_a_suite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("no number")
    (tmp_path / "b.txt").write_text("1")
    monkeypatch.setattr(suite, "PLAN", (suite.Entry("stub", ("*.txt",), (5,)),))
    out = tmp_path / "out.jsonl"
    assert command.main(["suite", str(tmp_path), "--out", str(out), "--seeds", "1"]) == 1
    assert "is no number" in capsys.readouterr().err
    assert len(out.read_text().splitlines()) == 1


@pytest.mark.parametrize("wrong", [["nowhere"], [".", "--seeds", "one"]])
def test_a_suite_of_nothing_is_refused(wrong: list[str], tmp_path: Path) -> None:
    assert command.main(["suite", *wrong, "--out", str(tmp_path / "out.jsonl")]) == 2


def test_growth_writes_a_table_and_its_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(growth, "measure_apart", lambda name, source, **given: measure("stub", source[6], **given))
    drawn: list[int] = []
    monkeypatch.setattr(growth, "draw", lambda records, path: drawn.append(len(records)))
    out = tmp_path / "growth.txt"
    assert command.main(["growth", "--weeks", "1,4", "--time", "5", "--out", str(out)]) == 0
    table = out.read_text().splitlines()
    assert table[0].split()[:2] == ["sessions", "variables"]
    assert [line.split()[0] for line in table[1:]] == ["1", "4"]
    assert table[1].split()[6] == "1.00"
    assert len((tmp_path / "growth.jsonl").read_text().splitlines()) == 2
    assert drawn == [2]
    assert "no plot: matplotlib is not installed" in capsys.readouterr().err


def test_a_plot_is_drawn_where_matplotlib_is_there(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    records = [measure("stub", str(count), seconds=5, workers=1, seed=0) for count in (1, 3)]
    path = tmp_path / "growth.svg"
    assert growth.draw(records, path)
    first = path.read_bytes()
    assert growth.draw(records, path)
    assert path.read_bytes() == first


@pytest.mark.parametrize("weeks", ["", "0", "1,x"])
def test_weeks_that_are_no_weeks_are_refused(weeks: str, tmp_path: Path) -> None:
    assert command.main(["growth", "--weeks", weeks, "--out", str(tmp_path / "growth.txt")]) == 2
