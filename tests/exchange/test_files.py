from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
import tomli_w
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unsched import (
    InputError,
    Problem,
    Room,
    Schedule,
    Session,
    UnschedError,
    Venue,
    Window,
    load_problem,
    load_schedule,
    save,
)
from unsched.exchange import files
from unsched.exchange.convert import load
from unsched.rules.base import Breach, Constraint

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject, SearchStrategy

    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board


@frozen
class Careless(Constraint):
    """A rule of somebody else who checks nothing."""

    kind: ClassVar[str] = "careless"
    text: str
    number: float = 0.0

    def post(self, board: Board) -> None:
        raise NotImplementedError

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        yield from ()

    def say(self) -> str:
        return self.text


def _fault(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_problem(path)
    assert caught.value.source == path.name
    (fault,) = caught.value.faults
    return f"{fault.path}: {fault.message}. Maybe {fault.remedy}"


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_what_is_saved_is_loaded(
    problems: SearchStrategy[Problem], schedules: SearchStrategy[Schedule], tmp_path: Path, data: DataObject
) -> None:
    problem, schedule = data.draw(problems), data.draw(schedules)
    path = save(problem, tmp_path / "problem.json")
    assert load_problem(path) == problem
    before = path.read_bytes()
    assert save(load_problem(path), str(path)).read_bytes() == before
    assert load_schedule(save(schedule, tmp_path / "schedule.JSON")) == schedule


def test_a_saved_file_is_json_that_people_can_read(tmp_path: Path) -> None:
    schedule = Schedule("größe", "Europe/Zurich", revision=1)
    path = save(schedule, str(tmp_path / "new" / "s.json"))
    assert path == tmp_path / "new" / "s.json"
    lines = [
        "{",
        '  "schema": "unsched/schedule/1",',
        '  "problem": "größe",',
        '  "zone": "Europe/Zurich",',
        '  "revision": 1',
        "}",
    ]
    assert path.read_bytes() == ("\n".join(lines) + "\n").encode()


def test_only_json_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"only JSON is written, and '.toml' is something else"):
        save(Schedule("p", "UTC"), tmp_path / "s.toml")
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_no_file_can_hold_is_not_written(tmp_path: Path) -> None:
    window, venue, session = Window("UTC", ["2010-12-17"]), Venue([Room("I")]), Session("s", "S", 60)
    problem = Problem("p", window, venue, [session], rules=[Careless("fine"), Careless("half: \ud800", math.nan)])
    with pytest.raises(InputError) as caught:
        save(problem, tmp_path / "p.json")
    assert [fault.path for fault in caught.value.faults] == ["rules[1].text", "rules[1].number"]
    assert caught.value.source == "p"
    assert list(tmp_path.iterdir()) == []


def test_toml_and_json_say_the_same(tmp_path: Path, plain: dict[str, Any]) -> None:
    (tmp_path / "p.json").write_text(json.dumps(plain))
    (tmp_path / "p.toml").write_text(tomli_w.dumps(plain))
    (tmp_path / "native.toml").write_text(
        tomli_w.dumps(plain).replace('"2010-12-17T10:00"', "2010-12-17 10:00:00").replace('"2010-12-16"', "2010-12-16")
    )
    problem = load(plain, Problem)
    for name in ("p.json", "p.toml", "native.toml"):
        assert load_problem(tmp_path / name) == problem


def test_booked_times_in_toml_may_be_offset_date_times(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    times = "start = 2010-12-17T10:00:00+01:00\nend = 2010-12-17T12:00:00Z"
    path.write_text(
        'schema = "unsched/schedule/1"\nproblem = "p"\nzone = "UTC"\n'
        f'[[bookings]]\nsession = "s"\nroom = "I"\n{times}\n'
    )
    (booking,) = load_schedule(path).bookings
    assert (booking.start.isoformat(), booking.end.isoformat()) == (
        "2010-12-17T09:00:00+00:00",
        "2010-12-17T12:00:00+00:00",
    )
    path.write_text(path.read_text().replace("+01:00", ""))
    with pytest.raises(InputError, match=r"\$.bookings\[0\].start: .* is not a date and time with an offset"):
        load_schedule(path)


@pytest.mark.parametrize("name", ["p.yaml", "p", "p.json.gz", ".json"])
def test_another_kind_of_file_is_not_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("{}")
    assert "is not read. Maybe a file that ends in '.toml', '.json' or '.xlsx'." in _fault(tmp_path / name)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    assert _fault(tmp_path / "no.json") == ": there is no such file. Maybe another name or folder."


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "dir.json").mkdir()
    os.mkfifo(tmp_path / "pipe.toml")
    assert "this is no ordinary file" in _fault(tmp_path / "dir.json")
    assert "this is no ordinary file" in _fault(tmp_path / "pipe.toml")
    (tmp_path / "plain.json").write_text("{}")
    assert "the file cannot be read: Not a directory" in _fault(tmp_path / "plain.json" / "p.json")
    with pytest.raises(InputError, match="the file cannot be read"):
        load_problem("null\0.json")


@pytest.mark.parametrize("suffix", [".json", ".toml"])
def test_a_file_over_the_limit_is_not_read(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    path = tmp_path / f"p{suffix}"
    path.write_text(" " * 1001)
    assert _fault(path) == ": the file has over 1,000 bytes. Maybe a smaller file."
    path.write_text(" " * 1000)
    with pytest.raises(InputError) as caught:
        load_problem(path)
    assert "1,000 bytes" not in str(caught.value)


HOSTILE = {
    "BOM": ("json", b"\xef\xbb\xbf{}", "starts with a byte order mark of UTF-8"),
    "BOM in TOML": ("toml", b"\xef\xbb\xbfid = 1", "starts with a byte order mark of UTF-8"),
    "UTF-16": ("json", "{}".encode("utf-16"), "starts with a byte order mark of UTF-16"),
    "UTF-16 the other way": ("json", b"\xfe\xff\x00{", "starts with a byte order mark of UTF-16"),
    "bad UTF-8": ("json", b'{\n"id": "\xff"}', "byte 9 (line 2) is not UTF-8"),
    "overlong UTF-8": ("toml", b'a = "\xc0\x80"', "byte 5 (line 1) is not UTF-8"),
    "empty JSON": ("json", b"", "this is not JSON: Expecting value (line 1, column 1)"),
    "JSON syntax": ("json", b'{"id": 1,\n "a" 2}', "this is not JSON: Expecting ':' delimiter (line 2, column 6)"),
    "JSON twice": ("json", b"{} {}", "this is not JSON: Extra data (line 1, column 4)"),
    "TOML syntax": ("toml", b"id = 1\nfoo = bar\n", "this is not TOML: Invalid value (at line 2, column 7)"),
    "TOML key twice": ("toml", b"id = 1\nid = 2\n", "this is not TOML: Cannot overwrite a value (at line 2, column 7)"),
    "nested JSON": ("json", b"[" * 200_000, "it is nested too deep"),
    "nested JSON tables": ("json", b'{"a":' * 200_000, "it is nested too deep"),
    "nested TOML": ("toml", b"a = " + b"[" * 200_000, "it is nested too deep"),
    "deep JSON": ("json", b"[" * 50 + b"]" * 50, "it is nested over 40 deep"),
    "dotted TOML": ("toml", b"id = 1\n" + b"a . " * 200_000 + b"a = 1", "line 2 has a key of 32 dots or more"),
    "dotted and quoted TOML": ("toml", b'"\\"".\'b\'.' * 20 + b"a = 1", "line 1 has a key of 32 dots or more"),
    "dots behind texts": (
        "toml",
        b'a = """\n\\"" # """\n' + b"b." * 99 + b"b = 1",
        "line 3 has a key of 32 dots or more",
    ),
    "dots in a table": ("toml", b"a = {'#' = 1, " + b"b.'c' ." * 99 + b"b = 1}", "line 1 has a key of 32 dots or more"),
    "dotted TOML header": ("toml", b"[" + b"a." * 50_000 + b"a]", "line 1 has a key of 32 dots or more"),
    "huge number": ("json", b'{"id": ' + b"9" * 1_000_000 + b"}", "id: a number of 65 bits is over the limit of 63"),
    "huge negative number": ("json", b'{"id": -' + b"9" * 1_000_000 + b"}", "id: a number of 65 bits"),
    "large number": ("json", b'{"id": 9223372036854775808}', "id: a number of 64 bits is over the limit of 63"),
    "huge number in TOML": ("toml", b"id = " + b"9" * 10_000, "a number cannot be read: Exceeds the limit"),
    "huge hexadecimal": ("toml", b"id = 0x" + b"f" * 10_000, "id: a number of 40000 bits is over the limit of 63"),
    "NaN": ("json", b'{"id": NaN}', "id: nan is not a finite number"),
    "Infinity": ("json", b'{"id": [1, -Infinity]}', "id[1]: -inf is not a finite number"),
    "infinite by size": ("json", b'{"id": 1e999}', "id: inf is not a finite number"),
    "NaN in TOML": ("toml", b"id = nan", "id: nan is not a finite number"),
    "key twice": (
        "json",
        b'{"a": [{"id": 1, "b": 0, "id": 2, "id": 3}]}',
        "a[0].id: the key 'id' comes more than once",
    ),
    "half a character": ("json", rb'{"id": "\ud800"}', r"id: half a surrogate pair, '\ud800', is no character"),
    "no table": ("json", b"[]", "a list is not a table"),
    "a text": ("json", b'"unsched"', "'unsched' is not a table"),
    "null": ("json", b"null", "nothing is not a table"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_one_clear_fault_and_soon(tmp_path: Path, case: str) -> None:
    suffix, content, message = HOSTILE[case]
    path = tmp_path / f"hostile.{suffix}"
    path.write_bytes(content)
    before = time.perf_counter()
    fault = _fault(path)
    assert time.perf_counter() - before < 10
    assert message in fault
    assert len(fault) < 500


def test_texts_with_many_dots_are_no_dotted_keys(tmp_path: Path, plain: dict[str, Any]) -> None:
    plain["title"] = dots = "1. Opening " + "." * 500 + "a.b.c." * 20 + "'\""
    plain["sessions"][0]["description"] = f'{dots}\n\\""{dots}'
    path = tmp_path / "p.toml"
    text = tomli_w.dumps(plain, multiline_strings=True)
    path.write_text(f"# {dots}\noff = '''a.{dots[:-2]}\n''{dots[:-2]}'''\n{text}")
    with pytest.raises(InputError) as caught:
        load_problem(path)
    assert {fault.path for fault in caught.value.faults} == {"off[0]"}
    path.write_text(f"# {dots}\n{text}")
    assert load_problem(path) == load(plain, Problem)


def test_looking_for_dotted_keys_takes_no_more_than_the_length_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    for content in (
        b"a" * 200_000,
        b'"' * 200_000,
        b'"\\' * 100_000,
        b"'a\"" * 70_000,
        b"a.a.a " * 40_000,
        b"''' " * 50_000,
        b"'\n" * 100_000,
    ):
        path.write_bytes(content)
        before = time.perf_counter()
        assert "this is not TOML" in _fault(path)
        assert time.perf_counter() - before < 10


@settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    content=st.binary(max_size=60) | st.text(max_size=60).map(str.encode), suffix=st.sampled_from([".json", ".toml"])
)
def test_any_bytes_are_an_input_error_and_nothing_else(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"p{suffix}"
    path.write_bytes(content)
    with pytest.raises(UnschedError):
        load_problem(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_a_problem_with_anything_in_place_of_any_value_is_loaded_or_an_input_error(
    tmp_path: Path, plain: dict[str, Any], data: DataObject
) -> None:
    node: Any = plain
    while True:
        keys = sorted(node) if isinstance(node, dict) else range(len(node))
        key = data.draw(st.sampled_from(keys))
        inner = node[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        node = inner
    node[key] = data.draw(JSON)
    path = tmp_path / "p.json"
    path.write_text(json.dumps(plain))
    try:
        problem = load_problem(path)
    except InputError as error:
        longest = max(len(str(fault)) for fault in error.faults)
        assert longest < 2000
    else:
        assert load_problem(save(problem, path)) == problem
    finally:
        node[key] = inner


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = Schedule("p", "UTC")
    path = save(schedule, tmp_path / "schedule.json")
    before = path.read_bytes()
    monkeypatch.setattr(files, "MAX_BYTES", len(before) - 1)
    with pytest.raises(InputError, match="could not be read again"):
        save(schedule, path)
    assert path.read_bytes() == before
