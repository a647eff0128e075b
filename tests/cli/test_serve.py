"""`unsched serve` as a program: only messages on its output, and it ends as its host wants it to."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from talking import call, hold

from unsched.cli import main

LOUD = """\
import sys, time
from unsched.cli import main
from unsched.rules.placing import Pin

def check(self, timetable):
    print("a rule that prints")
    if self.sessions.tags:
        raise SystemExit("a rule that ends the process")
    yield from ()

Pin.check = check
main(["serve", "--at-once", "2"])
"""


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a program, by default `unsched serve`, and end it at last whatever happens."""
    programs: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, *(arguments or ("-m", "unsched", "serve"))]
        pipe = subprocess.PIPE
        programs.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe))
        return programs[-1]

    yield start
    for program in programs:
        program.kill()
        program.communicate()


def _read(program: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert program.stdout is not None
    return hold(program.stdout.readline())


def _send(program: subprocess.Popen[bytes], *lines: bytes) -> None:
    assert program.stdin is not None
    for line in lines:
        program.stdin.write(line)
    program.stdin.flush()


def test_each_answer_is_there_as_soon_as_it_is_ready_and_the_end_of_the_input_is_the_end(
    start: Callable[..., subprocess.Popen[bytes]], week: Callable[..., dict[str, Any]]
) -> None:
    program = start()
    _send(program, call(1, "hello"), b"nonsense\n")
    assert _read(program)["result"]["protocols"] == [1]
    assert _read(program)["error"]["code"] == "malformed"
    out, told = program.communicate(call(2, "solve", problem=week(), effort=5, progress=0), timeout=60)
    (answer,) = map(hold, out.splitlines())
    assert (answer["id"], answer["result"]["status"]) == (2, "optimal")
    assert (program.returncode, told) == (0, b"")


def test_what_a_rule_prints_is_no_message_and_what_it_raises_ends_nothing(
    start: Callable[..., subprocess.Popen[bytes]], week: Callable[..., dict[str, Any]]
) -> None:
    program = start("-c", LOUD)
    pin = {"kind": "pin", "sessions": "b", "start": "2010-12-17T10:00"}
    ends = {**pin, "sessions": {"tags": ["x"]}}
    sessions = [{"id": "b", "title": "B", "minutes": 60, "tags": ["x"]}]
    lines = [
        call(number, "check", problem=week(rules=[rule], sessions=sessions), schedule=_schedule())
        for number, rule in enumerate((pin, ends))
    ]
    out, told = program.communicate(b"".join(lines), timeout=60)
    answers = {one["id"]: one for one in map(hold, out.splitlines())}
    assert answers[0]["result"]["good"]
    assert answers[1]["error"]["message"] == "a bug in unsched or in a rule: SystemExit: a rule that ends the process"
    assert "a rule that prints" in told.decode()
    assert "Traceback" in told.decode()
    assert program.returncode == 0


def _schedule() -> dict[str, Any]:
    booking = {"session": "b", "room": "I", "start": "2010-12-17T10:00:00+01:00", "end": "2010-12-17T11:00:00+01:00"}
    return {"schema": "unsched/schedule/1", "problem": "week", "zone": "Europe/Zurich", "bookings": [booking]}


def _never_proven(week: Callable[..., dict[str, Any]]) -> bytes:
    sessions = [{"id": f"s{n}", "title": "S", "minutes": 30 + 15 * (n % 5)} for n in range(40)]
    window = {"zone": "Europe/Zurich", "first": "2010-12-13", "last": "2010-12-17", "step": 15}
    rooms = [{"id": name, "seats": {"table": 9}} for name in ("I", "II", "III")]
    rules = [{"kind": "end-early", "of": "each"}]
    data = week(sessions=sessions, window=window, venue={"rooms": rooms}, rules=rules)
    return call("long", "solve", problem=data, workers=1, seconds=600)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 130)])
def test_signals_do_what_they_do_by_default(
    start: Callable[..., subprocess.Popen[bytes]],
    week: Callable[..., dict[str, Any]],
    sent: signal.Signals,
    code: int,
) -> None:
    program = start()
    _send(program, _never_proven(week))
    assert _read(program)["type"] == "progress"
    program.send_signal(sent)
    out, told = program.communicate(timeout=60)
    assert program.returncode == code
    if sent == signal.SIGINT:
        answer = hold(out.splitlines()[-1])
        assert (answer["id"], answer["cancelled"], answer["result"]["status"]) == ("long", True, "feasible")
        assert told == b"unsched: interrupted\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only where pipes tell of their other end")
def test_a_host_that_is_gone_is_noticed_though_nothing_is_written(
    start: Callable[..., subprocess.Popen[bytes]], week: Callable[..., dict[str, Any]]
) -> None:
    program = start()
    _send(program, _never_proven(week).replace(b'"workers"', b'"progress": 0, "workers"'), call(1, "hello"))
    assert _read(program)["id"] == 1
    begun = time.monotonic()
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdout.close()
    program.stdin.close()
    assert program.wait(60) == 0
    assert time.monotonic() - begun < 50
    program.stdin = program.stdout = None


def test_the_command_answers_what_stands_on_its_input(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(call(1, "hello") + call(2, "cancel", of=1))))
    assert main(["serve"]) == 0
    out, told = capfd.readouterr()
    assert [hold(line)["id"] for line in out.splitlines()] == [1, 2]
    assert told == ""
    print("what comes after it is printed as before")  # noqa: T201  that is the test
    assert capfd.readouterr().out.startswith("what")


@pytest.mark.parametrize("of", ["request", "message"])
def test_the_schemas_of_messages_are_printed(of: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", of]) == 0
    assert json.loads(capsys.readouterr().out)["$id"] == f"urn:unsched:{of}:1"


def test_numbers_and_streams_that_are_none_are_bad_input(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    assert main(["serve", "--at-once", "0"]) == 2
    assert "0 is not a number of 1 or more" in capfd.readouterr().err
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["serve"]) == 2
    out, told = capfd.readouterr()
    assert out == ""
    assert "standard input or standard output is closed" in told
