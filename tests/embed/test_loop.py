"""The loop with friendly and with hostile hosts: one clear answer to each line, and nothing ends it but the end."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from talking import REQUEST_SHAPE, call, hold, talk

from unsched import InputError
from unsched.embed import loop, outbox, requests, serve
from unsched.embed.request import Desk, Request
from unsched.embed.results import Cancelled
from unsched.exchange import plain
from unsched.solver.stop import Progress

Week = Callable[..., dict[str, Any]]


def codes(lines: bytes | list[bytes], **limits: int) -> list[tuple[object, str]]:
    """Return the id and the code of each error that lines are answered with."""
    return [(one["id"], one["error"]["code"]) for one in talk(lines, **limits)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"{", "is not JSON: Expecting property name enclosed in double quotes (column 2); it may have been cut off"),
        (b"nonsense", "is not JSON"),
        (b"[1, 2]", "a message is an object, and this is a list"),
        (b"\xff\xfe{}", "the line is not UTF-8: byte 0"),
        (b'{"unsched": 1, "id": 1, "request": "hello\xe9"}', "the line is not UTF-8: byte 41"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b"[" * 100_000, "the line is nested too deep"),
        (b'{"a":' * 100_000, "the line is nested too deep"),
        (b"\x00", "is not JSON"),
        (b"1" * 5_000, "a message is an object, and this is"),
        (b'{"unsched": NaN}', "nan is no version of the protocol"),
    ],
)
def test_a_line_that_is_no_message_is_answered_without_an_id(line: bytes, says: str) -> None:
    first, second = talk([line + b"\n", call("next", "hello")])
    assert (first["id"], first["error"]["code"]) == (None, "malformed")
    assert says in json.dumps(first["error"])
    assert "Traceback" not in str(first)
    assert second["id"] == "next"


def test_everything_that_is_wrong_with_a_message_is_said_at_once_with_the_id_that_it_has() -> None:
    line = b'{"unsched": "1", "id": "x", "requst": "solve", "params": [], "params": []}\n'
    (answer,) = talk(line)
    assert (answer["id"], answer["error"]["code"]) == ("x", "malformed")
    assert [(one["path"], one["remedy"]) for one in answer["error"]["faults"]] == [
        ("params", "leave all but one out."),
        ("requst", "'request'."),
        ("request", "add 'request'."),
        ("unsched", "1."),
        ("params", "an object."),
    ]


@pytest.mark.parametrize("id", [None, True, 1.5, "", " x", "x" * 201, "\n", "\ud800", [], {}, 2**53, "a\u0000"])
def test_an_id_is_a_short_text_or_a_whole_number_that_every_reader_keeps(id: object) -> None:
    (answer,) = talk(call(id, "hello"))
    assert (answer["id"], answer["error"]["code"]) == (None, "malformed")


def test_another_version_is_refused_by_its_number() -> None:
    (answer,) = talk(b'{"unsched": 2, "id": 7, "request": "solve", "news": true}')
    assert (answer["id"], answer["error"]["code"]) == (7, "version")
    assert answer["error"]["message"] == "version 2 of the protocol is not spoken here, only 1"


def test_a_request_that_there_is_not_is_refused_with_the_nearest() -> None:
    (answer,) = talk(call(1, "why-not"))
    assert answer["error"]["faults"] == [
        {"path": "request", "message": "there is no request 'why-not'", "remedy": "'why_not'."}
    ]


def test_all_faults_of_the_parameters_are_said_by_their_paths(week: Week) -> None:
    wrong = week(sessions=[{"id": "a", "title": "A", "minutes": "60"}, {"id": "b", "titel": "B", "minutes": 60}])
    del wrong["schema"]
    (answer,) = talk(call(1, "solve", problem=wrong, secnds=5, workers=0))
    assert (answer["id"], answer["error"]["code"]) == (1, "bad-input")
    paths = [one["path"] for one in answer["error"]["faults"]]
    expected = ["problem.schema", "problem.sessions[0].minutes", "problem.sessions[1].titel", "secnds", "workers"]
    assert set(expected) <= set(paths)


def test_a_session_that_there_is_not_is_bad_input(week: Week) -> None:
    schedule = {"schema": "unsched/schedule/1", "problem": "week", "zone": "Europe/Zurich", "bookings": []}
    (answer,) = talk(call(1, "why", problem=week(), schedule=schedule, session="aa"))
    assert answer["error"]["code"] == "bad-input"
    assert answer["error"]["faults"][0]["path"] == "session"


def test_parameters_that_are_nested_deep_or_hold_what_no_file_can_are_refused() -> None:
    deep: object = 1
    for _ in range(60):
        deep = [deep]
    assert codes(call(1, "solve", problem=deep)) == [(1, "bad-input")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "MAX_VALUES", 100)
        (answer,) = talk(call(1, "solve", problem=[0] * 101))
    assert answer["error"]["message"] == "there are over 100 values"
    assert answer["error"]["source"] == "the request 'solve'"
    assert codes(call(2, "solve", problem={"id": "\ud800", "n": 2**70})) == [(2, "bad-input")]


def test_a_line_that_is_too_long_is_passed_over_as_a_whole() -> None:
    long = b'{"unsched": 1, "id": 1, "request": "hello", "params": {"x": "' + b"x" * 300 + b'"}}\n'
    hello = call(2, "hello")
    answers = talk([long, hello, long[:-1]], line_bytes=200)
    assert [(one["id"], one["type"]) for one in answers] == [(None, "error"), (2, "result"), (None, "error")]
    assert answers[0]["error"]["message"] == "the line has over 200 bytes"
    exact = hello.rstrip() + b" " * (200 - len(hello.rstrip()))
    assert [one["type"] for one in talk([exact + b"\r\n", exact], line_bytes=200)] == ["result", "result"]


def test_a_last_line_without_an_end_counts_and_half_of_one_is_an_error() -> None:
    assert talk(call(1, "hello").rstrip())[0]["type"] == "result"
    (answer,) = talk(call(1, "hello")[:-3])
    assert answer["error"]["message"].endswith("it may have been cut off")


def test_blank_lines_are_passed_over() -> None:
    assert talk(b"\n  \r\n\n") == []
    assert talk(b"") == []


def test_numbers_that_are_no_numbers_of_requests_are_refused() -> None:
    with pytest.raises(InputError, match="2 faults in serve"):
        serve(io.BytesIO(), io.BytesIO(), at_once=0, waiting=True)


# -- several at once ------------------------------------------------------------------------------------------------

GATE = threading.Event()
RAN: list[str] = []


@frozen
class _Wait(Request):
    """Wait until it is called off, or the gate is open; say so many times how far it is."""

    kind: ClassVar[str] = "wait"
    result: ClassVar[type] = Cancelled

    tells: int = 0
    fails: bool = False

    def answer(self, desk: Desk) -> dict[str, Any]:
        RAN.append("wait")
        for number in range(self.tells):
            desk.tell(Progress(1, 1000 - number, 0, 0.0, number), 10)
        until = time.monotonic() + 30
        while not desk.cancel.cancelled and not GATE.wait(0.005) and time.monotonic() < until:
            pass
        if self.fails:
            raise KeyError("a bug\nwith a second line")
        return {"found": True}


@pytest.fixture(autouse=True)
def _gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    GATE.clear()
    RAN.clear()
    known = {**requests.REQUESTS, "wait": _Wait}
    monkeypatch.setattr(requests, "REQUESTS", known)
    monkeypatch.setattr(loop, "REQUESTS", known)
    yield
    GATE.set()


class _Pipe(io.BytesIO):
    """A source that gives its lines as they are put in."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[bytes] = []
        self.news = threading.Condition()

    def put(self, line: bytes) -> None:
        with self.news:
            self.lines.append(line)
            self.news.notify_all()

    def readline(self, size: int | None = -1, /) -> bytes:
        with self.news:
            self.news.wait_for(lambda: self.lines)
            return self.lines.pop(0)


class _Host:
    """A host in this process, which waits for what it is answered."""

    def __init__(self, **limits: int) -> None:
        self.pipe, self.sink = _Pipe(), _Sink()
        self.thread = threading.Thread(target=serve, args=(self.pipe, self.sink), kwargs=limits, daemon=True)
        self.thread.start()

    def send(self, *lines: bytes) -> None:
        for line in lines:
            self.pipe.put(line)

    def next(self) -> dict[str, Any]:
        return hold(self.sink.next())

    def end(self) -> None:
        self.pipe.put(b"")
        self.thread.join(30)
        assert not self.thread.is_alive()


class _Sink(io.BytesIO):
    """A sink that can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[bytes] = []
        self.news = threading.Condition()

    def write(self, data: Any, /) -> int:
        with self.news:
            self.lines.append(bytes(data))
            self.news.notify_all()
        return len(data)

    def next(self) -> bytes:
        with self.news:
            assert self.news.wait_for(lambda: self.lines, 30)
            return self.lines.pop(0)


def _wait(id: object, **params: object) -> bytes:
    return call(id, "wait", **params)


def _result(host: _Host) -> tuple[object, object]:
    # Not by the schema, which does not know requests of tests.
    found = json.loads(host.sink.next())
    return found["id"], found.get("cancelled", found["type"])


def test_a_request_is_called_off_by_its_id_while_others_go_on() -> None:
    host = _Host(at_once=2)
    host.send(_wait("a"), _wait("b"), call("off", "cancel", of="a"))
    assert {_result(host), _result(host)} == {("off", False), ("a", True)}
    GATE.set()
    assert _result(host) == ("b", False)
    host.end()


def test_what_waits_for_its_turn_is_called_off_before_it_begins() -> None:
    host = _Host(at_once=1)
    host.send(_wait(1), _wait(2), call("off", "cancel", of=2))
    error = host.next()
    assert (error["id"], error["error"]["code"]) == (2, "cancelled")
    assert host.next()["result"] == {"found": True}
    GATE.set()
    assert _result(host) == (1, False)
    host.end()
    assert RAN == ["wait"]


def test_calling_off_what_is_not_there_does_nothing() -> None:
    assert talk(call(1, "cancel", of="nothing"))[0]["result"] == {"found": False}
    assert codes(call(1, "cancel", of=None)) == [(1, "bad-input")]


def test_an_id_that_is_in_use_is_refused_without_it_and_is_free_again_once_answered() -> None:
    host = _Host()
    host.send(_wait("a"), _wait("a"), call("a", "hello"))
    for _ in range(2):
        error = host.next()
        assert (error["id"], error["error"]["code"]) == (None, "duplicate-id")
        assert "'a'" in error["error"]["message"]
    GATE.set()
    assert _result(host) == ("a", False)
    host.send(_wait("a"))
    assert _result(host) == ("a", False)
    host.end()
    assert RAN == ["wait", "wait"]


def test_the_number_one_and_the_text_one_are_two_ids() -> None:
    host = _Host()
    host.send(_wait(1), _wait("1"))
    GATE.set()
    assert {_result(host)[0], _result(host)[0]} == {1, "1"}
    host.end()


def test_more_requests_than_may_wait_are_refused() -> None:
    host = _Host(at_once=1, waiting=2)
    host.send(_wait(1), _wait(2), _wait(3))
    error = host.next()
    assert (error["id"], error["error"]["code"]) == (3, "busy")
    GATE.set()
    assert [_result(host)[0], _result(host)[0]] == [1, 2]
    host.end()


def test_at_the_end_what_has_been_asked_for_is_finished() -> None:
    threading.Timer(0.1, GATE.set).start()
    sink = io.BytesIO()
    serve(io.BytesIO(b"".join(_wait(number) for number in range(9))), sink, at_once=3)
    assert {json.loads(line)["id"] for line in sink.getvalue().splitlines()} == set(range(9))


def test_a_bug_is_one_line_that_says_so_and_the_trace_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    GATE.set()
    (answer,) = talk(_wait(1, fails=True))
    assert (answer["id"], answer["error"]["code"]) == (1, "bug")
    assert answer["error"]["message"] == "a bug in unsched or in a rule: KeyError: 'a bug\\nwith a second line'"
    assert "Traceback" in caplog.text


def test_of_much_progress_the_latest_is_told_a_few_times_a_second_and_none_after_the_answer() -> None:
    host = _Host()
    begun = time.monotonic()
    host.send(_wait(1, tells=500))
    costs = [1001]
    while costs[-1] != 501:  # the last of all
        costs.append(host.next()["progress"]["cost"])
    assert costs == sorted(costs, reverse=True)
    assert len(costs) - 2 <= 10 * (time.monotonic() - begun)
    GATE.set()
    assert _result(host) == (1, False)
    host.end()
    assert host.sink.lines == []


def test_once_nobody_reads_any_more_all_is_called_off() -> None:
    class Broken(io.BytesIO):
        def write(self, data: Any, /) -> int:
            raise BrokenPipeError

    pipe = _Pipe()
    thread = threading.Thread(target=serve, args=(pipe, Broken()), kwargs={"at_once": 1}, daemon=True)
    thread.start()
    for line in (_wait(1), _wait(2), call(3, "hello")):
        pipe.put(line)
    thread.join(0.2)
    for line in (_wait(4), b""):  # nothing more is taken up
        pipe.put(line)
    thread.join(20)
    assert not thread.is_alive()
    assert RAN == ["wait"]


def test_whoever_interrupts_it_gets_what_there_is() -> None:
    class Interrupted(_Pipe):
        def readline(self, size: int | None = -1, /) -> bytes:
            line = super().readline(size)
            if not line:
                raise KeyboardInterrupt
            return line

    source, sink = Interrupted(), io.BytesIO()
    for line in (_wait(1), b""):
        source.put(line)
    with pytest.raises(KeyboardInterrupt):
        serve(source, sink)
    (answer,) = map(json.loads, sink.getvalue().splitlines())
    assert answer["id"] == 1
    assert answer.get("cancelled", True)


def test_a_host_that_writes_and_never_reads_is_made_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_MOST_WAITING", 5)
    free = threading.Event()

    class Stuck(io.BytesIO):
        def write(self, data: Any, /) -> int:
            free.wait(30)
            return super().write(data)

    source, sink = _Pipe(), Stuck()
    source.lines = [b"x\n"] * 50
    source.put(b"")
    thread = threading.Thread(target=serve, args=(source, sink), daemon=True)
    thread.start()
    time.sleep(0.1)
    assert len(source.lines) > 40
    free.set()
    thread.join(20)
    assert len(sink.getvalue().splitlines()) == 50


def test_a_search_is_called_off_and_answers_with_what_it_has(large: dict[str, Any]) -> None:
    host = _Host()
    host.send(call("s", "solve", problem=large, workers=1, seconds=60, progress=50))
    while True:
        progress = host.next()
        assert progress["type"] == "progress"
        if progress["progress"]["schedules"]:
            break
    host.send(call("off", "cancel", of="s"))
    answers: dict[object, dict[str, Any]] = {}
    while len(answers) < 2:
        message = host.next()
        if message["type"] != "progress":
            answers[message["id"]] = message
    assert answers["off"]["result"] == {"found": True}
    assert answers["s"]["cancelled"]
    assert answers["s"]["result"]["status"] == "feasible"
    assert answers["s"]["result"]["seconds"] < 50
    host.end()


# -- anything at all ------------------------------------------------------------------------------------------------

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_QUICK = ("hello", "cancel", "schema", "check", "diff", "why", "apply", "solve", "publish", "nothing")
_MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "unsched": st.just(1) | _JSON,
        "id": st.integers(0, 3) | _JSON,
        "request": st.sampled_from(_QUICK) | _JSON,
        "params": st.dictionaries(st.sampled_from(("of", "problem", "schedule", "session", "x")), _JSON) | _JSON,
        "more": _JSON,
    },
)
_LINES = st.one_of(
    st.binary(max_size=40),
    _MESSAGES.map(lambda data: json.dumps(data).encode()),
    _MESSAGES.map(lambda data: json.dumps(data).encode()[:-1]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(_LINES, max_size=8))
def test_whatever_comes_in_each_line_has_one_answer_and_each_answer_is_a_message(lines: list[bytes]) -> None:
    raw = b"\n".join(lines)
    asked = [line for line in raw.split(b"\n") if line.strip()]
    answers = talk(raw)
    assert len(answers) == len(asked)
    assert "bug" not in {one["error"]["code"] for one in answers if one["type"] == "error"}


@settings(max_examples=40, deadline=None)
@given(_MESSAGES)
def test_what_the_schema_of_requests_refuses_is_never_done(data: dict[str, Any]) -> None:
    (answer,) = talk(json.dumps(data).encode())
    if not REQUEST_SHAPE.is_valid(data):
        assert answer["type"] == "error"
