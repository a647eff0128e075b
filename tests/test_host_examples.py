"""The examples of hosts run, and do what they say: a database of its own, a nightly run, another language."""

from __future__ import annotations

import importlib.util
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest

from unsched import Schedule, load_problem, load_publication, load_schedule
from unsched.exchange.lock import alone

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
NODE = Path(sys.executable).with_name("node")
NOW = "2026-03-03T00:00:00+00:00"


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def host() -> ModuleType:
    return _module("indico_like_host")


@pytest.fixture(scope="module")
def db(host: ModuleType) -> Iterator[sqlite3.Connection]:
    made: sqlite3.Connection = host.main()
    with closing(made):
        yield made


class TestAHostWithItsOwnDatabase:
    def test_what_is_stored_keeps_every_rule_of_the_problem_as_it_is_now(
        self, host: ModuleType, db: sqlite3.Connection
    ) -> None:
        problem, schedule = host.problem_of(db, 1), host.stored(db, 1)
        assert len(schedule) == 18
        assert not [one for one in schedule.breaches(problem) if one.hard]

    def test_who_arrives_late_speaks_late_and_nobody_else_is_told(
        self, host: ModuleType, db: sqlite3.Connection
    ) -> None:
        mails = db.execute("SELECT person, method, calendar FROM outbox ORDER BY rowid").fetchall()
        first, later = mails[:18], mails[18:]
        assert {person for person, _, _ in first} == set(range(1, 10))
        assert {(person, method) for person, method, _ in later} <= {(5, "REQUEST"), (5, "CANCEL")}
        assert later
        schedule: Schedule = host.stored(db, 1)
        hers = db.execute("SELECT contribution FROM speakers WHERE person = 5").fetchall()
        assert all(
            schedule[f"talk-{talk}"].start.hour >= 12 or schedule[f"talk-{talk}"].start.day > 10 for (talk,) in hers
        )

    def test_publishing_the_same_again_tells_nobody(self, host: ModuleType, db: sqlite3.Connection) -> None:
        problem, schedule = host.problem_of(db, 1), host.stored(db, 1)
        assert host.store(db, 1, problem, schedule, datetime.fromisoformat("2026-03-04T09:00+00:00")) == 0

    def test_the_button_ends_the_search_with_a_schedule(self, host: ModuleType, db: sqlite3.Connection) -> None:
        assert host.plan(host.problem_of(db, 1), patience=1).schedule is not None


class TestANightlyRun:
    @pytest.fixture
    def night(self) -> ModuleType:
        return _module("nightly_replan")

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        made: Path = shutil.copytree(EXAMPLES / "nightly", tmp_path / "nightly")
        return made

    def _published(self, folder: Path) -> dict[str, bytes]:
        kept = ("schedule.json", "problem.json", "problem.toml", "publication.json", "changes/2026-03-02.toml")
        return {name: (folder / name).read_bytes() for name in kept if (folder / name).exists()}

    def test_a_dry_run_proposes_and_touches_nothing_that_is_published(
        self, night: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = self._published(folder)
        assert night.main([str(folder), "--now", NOW]) == night.LOOK
        assert self._published(folder) == before
        assert not (folder / "messages").exists()
        report = (folder / "report.txt").read_text()
        assert "2 sessions change: 1 at another time, 1 in another room" in report
        assert capsys.readouterr().out == report
        proposed = load_schedule(folder / "proposal" / "schedule.json")
        assert proposed["closing"].start.hour == 11  # the Chair is busy at ten
        assert proposed["drafting"].room == "IX"

    def test_it_publishes_once_when_it_is_told_to(self, night: ModuleType, folder: Path) -> None:
        assert night.main([str(folder), "--now", NOW, "--publish"]) == night.GOOD
        assert load_publication(folder / "publication.json").revision == 1
        assert load_schedule(folder / "schedule.json")["drafting"].room == "IX"
        assert [file.name for file in (folder / "changes" / "done").iterdir()] == ["2026-03-02.toml"]
        problem = load_problem(folder / "problem.json")
        assert problem.room("XXVI").closed
        assert problem.person("chair").available is None  # calendars are asked anew each night
        before = self._published(folder)
        assert night.main([str(folder), "--now", "2026-03-04T00:00:00+00:00", "--publish"]) == night.GOOD
        assert self._published(folder) == before

    def test_what_has_no_place_any_more_is_for_somebody_to_look_at(self, night: ModuleType, folder: Path) -> None:
        lost = 'schema = "unsched/changes/1"\n[[changes]]\nkind = "room-lost"\nroom = "{}"\n'
        for room in ("XXVI", "IX"):
            (folder / "changes" / f"{room}.toml").write_text(lost.format(room))
        before = self._published(folder)
        assert night.main([str(folder), "--now", NOW, "--publish"]) == night.LOOK
        assert self._published(folder) == before

    def test_a_file_that_cannot_be_read_ends_it_before_anything_is_done(
        self, night: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "busy" / "person" / "nobody.ics").write_text("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
        before = self._published(folder)
        assert night.main([str(folder), "--now", NOW, "--publish"]) == night.BAD
        assert "nobody" in capsys.readouterr().err
        assert self._published(folder) == before
        assert not (folder / "report.txt").exists()
        assert night.main([str(folder / "elsewhere")]) == night.BAD
        assert not (folder / "elsewhere").exists()

    def test_a_failure_in_the_middle_of_publishing_leaves_what_is_published_and_is_made_good_by_the_next_run(
        self, night: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = self._published(folder)
        with monkeypatch.context() as patch:
            patch.setattr(night, "write_calendars", _no_space)
            assert night.main([str(folder), "--now", NOW, "--publish"]) == night.BAD
        told = load_publication(folder / "publication.json")
        assert {**self._published(folder), "publication.json": b""} == {**before, "publication.json": b""}
        assert night.main([str(folder), "--now", "2026-03-03T00:05:00+00:00", "--publish"]) == night.GOOD
        assert load_publication(folder / "publication.json") == told
        assert load_schedule(folder / "schedule.json")["drafting"].room == "IX"

    def test_two_at_once_are_one(self, night: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with alone(folder / "nightly", "re-planning"):
            assert night.main([str(folder), "--now", NOW]) == night.LATER
        assert "somebody else is re-planning" in capsys.readouterr().err
        assert not (folder / "report.txt").exists()


def _no_space(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.skipif(not NODE.exists(), reason="node is not in this environment: it comes with the group 'readers'")
def test_a_host_for_node_speaks_to_a_process_of_its_own() -> None:
    command = [str(NODE), str(EXAMPLES / "host.mjs"), sys.executable, "-m", "unsched", "serve"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (run.stderr, run.returncode) == ("", 0)
    lines = run.stdout.splitlines()
    assert lines[0].startswith("cost ")
    assert {"optimal: 8 meetings", "good: true", "9 calendars", "ended with 0"} <= set(lines)
    assert "bad-input: problem.sessions: there is no session to schedule" in lines
