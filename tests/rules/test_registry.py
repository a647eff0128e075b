from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from attrs import frozen

from unsched import Breach, Constraint, InputError, Preference, Rule, register
from unsched.rules import RoomOpen, registry
from unsched.rules.registry import kinds, standard_rules

if TYPE_CHECKING:
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board


class Silent(Constraint):
    """A rule without a kind, and not of attrs: the base of the others here."""

    def post(self, board: Board) -> None:
        """Say nothing."""

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        """Find nothing."""
        yield from ()

    def say(self) -> str:
        """Return the rule as a sentence."""
        return "Nothing."


@frozen
class Kindless(Silent):
    """A rule that no file can name."""


class Bare(Silent):
    """A rule that attrs has not made."""

    kind: ClassVar[str] = "bare"


class Undecorated(RoomOpen):
    """A rule whose base alone attrs has made."""

    kind: ClassVar[str] = "undecorated"


@frozen
class Unfinished(Preference):
    """A rule without its three sentences."""

    kind: ClassVar[str] = "unfinished"


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is forgotten after it."""
    monkeypatch.setattr(registry, "_by_hand", {})


def test_all_kinds_are_sorted_and_named_as_their_classes_say() -> None:
    found = kinds()
    assert list(found) == sorted(found)
    assert all(kind == rule.kind for kind, rule in found.items())
    assert found["room-open"] is RoomOpen
    with pytest.raises(TypeError):
        found["room-open"] = RoomOpen  # type: ignore[index]


def test_standard_rules_are_sorted_and_need_no_arguments() -> None:
    found = standard_rules()
    assert [rule.kind for rule in found] == [kind for kind, rule in kinds().items() if rule.standard]
    assert all(rule == type(rule)() for rule in found)
    assert [rule.kind for rule in found if not isinstance(rule, Constraint)] == ["full-length", "leave-few-out"]
    assert len(found) == 15


@pytest.mark.usefixtures("by_hand")
def test_a_registered_rule_is_found_by_its_kind() -> None:
    @register
    @frozen
    class Mine(Silent):
        """A rule of this test."""

        kind: ClassVar[str] = "mine"

    assert kinds()["mine"] is Mine
    assert list(kinds()) == sorted(kinds())
    assert register(Mine) is Mine


@pytest.mark.usefixtures("by_hand")
def test_a_kind_that_is_taken_is_refused() -> None:
    @frozen
    class Other(Silent):
        """A rule with the kind of another."""

        kind: ClassVar[str] = "room-open"

    with pytest.raises(ValueError, match=r"rule kind 'room-open' is unsched\.rules\.rooms\.RoomOpen already"):
        register(Other)
    assert kinds()["room-open"] is RoomOpen


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize("rule", [Kindless, Bare, Undecorated, Unfinished, Silent, int, "room-open", RoomOpen()])
def test_what_is_no_finished_rule_class_is_refused(rule: type[Rule]) -> None:
    before = dict(kinds())
    with pytest.raises(TypeError, match="is no rule class with a kind, @frozen and all of post, check and say"):
        register(rule)
    assert kinds() == before


# -- rules of other packages ------------------------------------------------------------------------------------------

THIRD_PARTY = '''
"""Rules of a package that is not unsched's."""

from typing import ClassVar

from attrs import field, frozen

from unsched import EVERY, Breach, Constraint, Preference, Select
from unsched.domain.fact import check_count
from unsched.domain.select import to_select


@frozen
class AtMostADay(Constraint):
    """At most n of the selected sessions start on one day."""

    kind: ClassVar[str] = "at-most-a-day"
    unit: ClassVar[str] = "session too many"
    most: int
    sessions: Select = field(default=EVERY, converter=to_select)

    def faults(self):
        yield from check_count("most", self.most, least=1, unit="sessions a day")

    def post(self, board):
        window = board.problem.window
        for day in window.days:
            starts = [
                board.at(session, span)
                for session in board.problem.select(self.sessions)
                for span in board.spans(session)
                if window.day_of(span.start) == day
            ]
            board.require(self, board.total(starts) <= self.most, about=str(day))

    def check(self, timetable):
        by_day = {}
        for one in timetable.of(timetable.problem.select(self.sessions)):
            by_day.setdefault(timetable.problem.window.day_of(one.span.start), []).append(one.session.id)
        for day, names in by_day.items():
            if len(names) > self.most:
                yield Breach(self, tuple(names), len(names) - self.most, f"{len(names)} sessions on {day}.")

    def say(self):
        return f"At most {self.most} a day: {self.sessions}."


@frozen
class LateStart(Preference):
    """The selected sessions start late in the day."""

    kind: ClassVar[str] = "late-start"
    sessions: Select = field(default=EVERY, converter=to_select, kw_only=False)

    def post(self, board):
        for session in board.problem.select(self.sessions):
            early = [t for t in board.spans(session) if board.problem.window.wall(t.start).hour < 12]
            board.prefer(self, board.total([board.at(session, t) for t in early]))

    def check(self, timetable):
        for one in timetable.of(timetable.problem.select(self.sessions)):
            if timetable.schedule[one.session.id].start.hour < 12:
                yield Breach(self, (one.session.id,), 1, f"{one.session.id!r} starts early.")

    def say(self):
        return f"A late start: {self.sessions}."
'''

USE = """
import sys

from unsched import Booking, Effort, Problem, Room, Schedule, Session, Venue, Window, load_problem, rules, solve
from unsched.exchange.convert import dump, load
from unsched.rules.registry import kinds
from unsched.testing import agree
from other_house import AtMostADay, LateStart

assert kinds()["at-most-a-day"] is AtMostADay and kinds()["late-start"] is LateStart
assert list(kinds()) == sorted(kinds())

window = Window("Europe/Zurich", ["2010-12-16", "2010-12-17"])
sessions = [Session(name, name.upper(), 180) for name in "abc"]
problem = Problem("p", window, Venue([Room("I"), Room("II")]), sessions, rules=[AtMostADay(2), LateStart(weight=5)])

# To the solver, and over a schedule.
result = solve(problem, stop=Effort(5))
assert (result.status.value, result.cost) == ("optimal", {1: 0}), result
assert sorted(booking.start.day for booking in result.schedule) in ([16, 16, 17], [16, 17, 17])
assert not result.schedule.breaches(problem)
times = "2010-12-17T10:00+01:00", "2010-12-17T13:00+01:00"
bad = Schedule("p", "Europe/Zurich", [Booking("a", "I", *times), Booking("b", "II", *times), Booking("c", "I", *times)])
texts = [breach.text for breach in bad.breaches(problem) if breach.rule.kind in ("at-most-a-day", "late-start")]
assert texts == ["3 sessions on 2010-12-17.", "'a' starts early.", "'b' starts early.", "'c' starts early."], texts
agree(AtMostADay(1), problem)
agree(LateStart(["a", "b"]), problem)

# There is no way out: the rule is named among those that cannot all hold.
tight = Problem("p", window, problem.venue, sessions, rules=[AtMostADay(1)])
stuck = solve(tight, stop=Effort(5))
assert stuck.status.value == "infeasible"
assert "at-most-a-day" in {guard.rule.kind for guard in stuck.conflict}

# To plain data and back.
plain = dump(problem)
assert plain["rules"][0] == {"kind": "at-most-a-day", "most": 2}, plain["rules"]
assert load(plain, Problem) == problem
assert load_problem(sys.argv[1]) == problem
"""


@pytest.fixture
def other_house(tmp_path: Path) -> Path:
    """A directory with a package that brings rules by entry points, as an installation would leave it."""
    (tmp_path / "other_house.py").write_text(THIRD_PARTY, encoding="utf-8")
    info = tmp_path / "other_house-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other-house\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[unsched.rules]\nother = other_house\n", encoding="utf-8")
    problem = {
        "schema": "unsched/problem/1",
        "id": "p",
        "window": {"zone": "Europe/Zurich", "days": ["2010-12-16", "2010-12-17"]},
        "venue": {"rooms": [{"id": "I"}, {"id": "II"}]},
        "sessions": [{"id": name, "title": name.upper(), "minutes": 180} for name in "abc"],
        "rules": [{"kind": "at-most-a-day", "most": 2}, {"kind": "late-start", "weight": 5}],
    }
    (tmp_path / "problem.json").write_text(json.dumps(problem), encoding="utf-8")
    return tmp_path


def run(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONWARNINGS": "error", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], check=False, capture_output=True, text=True, cwd=path, env=environment
    )


def test_a_rule_of_another_package_goes_through_solve_check_and_json(other_house: Path) -> None:
    done = run(other_house, "-c", USE, "problem.json")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_rule_of_another_package_goes_through_the_command_line(other_house: Path) -> None:
    listed = run(other_house, "-m", "unsched", "rules", "at-most-a-day")
    assert listed.returncode == 0, listed.stderr
    assert "At most n of the selected sessions start on one day." in listed.stdout
    planned = run(other_house, "-m", "unsched", "plan", "problem.json")
    assert planned.returncode == 0, planned.stderr
    assert "optimal" in planned.stdout + planned.stderr


def test_without_its_package_a_rule_is_unknown(other_house: Path) -> None:
    (other_house / "other_house-1.0.dist-info" / "entry_points.txt").unlink()
    done = run(other_house, "-m", "unsched", "plan", "problem.json")
    assert done.returncode == 2
    assert "at-most-a-day" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def installed(other_house: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same package for this process; both are forgotten after the test."""
    monkeypatch.syspath_prepend(other_house)
    registry._installed.cache_clear()
    yield other_house
    sys.modules.pop("other_house", None)
    registry._installed.cache_clear()


def name_entry(house: Path, entry: str) -> None:
    entries = house / "other_house-1.0.dist-info" / "entry_points.txt"
    entries.write_text(f"[unsched.rules]\nother = {entry}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("entry", "kind_names"),
    [
        ("other_house", ["at-most-a-day", "late-start"]),
        ("other_house:LateStart", ["late-start"]),
        ("unsched.rules.rooms", []),
    ],
)
def test_an_entry_point_names_a_module_or_a_class(installed: Path, entry: str, kind_names: list[str]) -> None:
    name_entry(installed, entry)
    assert [kind for kind in kinds() if kind in ("at-most-a-day", "late-start")] == kind_names
    assert list(kinds()) == sorted(kinds())
    assert kinds()["room-open"] is RoomOpen


@pytest.mark.parametrize(
    ("entry", "addition", "message"),
    [
        ("other_house:say", "say = 5", "(other_house:say) of package 'other-house' is no rule class: 5"),
        ("other_house:Preference", "", "'other-house' is no rule class: <class"),
        ("other_house:AtMostADay", "AtMostADay.kind = 'room-open'", "has a rule of kind 'room-open', which is taken"),
        ("other_house:nothing", "", "package 'other-house' cannot be loaded: AttributeError"),
        ("other_house", "1 / 0", "package 'other-house' cannot be loaded: ZeroDivisionError"),
    ],
)
def test_an_entry_point_that_cannot_be_used_is_one_error_that_names_its_package(
    installed: Path, entry: str, addition: str, message: str
) -> None:
    name_entry(installed, entry)
    (installed / "other_house.py").write_text(f"{THIRD_PARTY}\n{addition}\n", encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(message)):
        kinds()


def test_every_rule_can_be_had_with_a_star() -> None:
    found: dict[str, object] = {}
    exec("from unsched.rules import *", found)  # noqa: S102  what people write
    assert {rule.__name__ for rule in kinds().values() if rule.__module__.startswith("unsched.")} <= found.keys()
