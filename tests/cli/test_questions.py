from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unsched.cli import main


@pytest.fixture
def schedule(write: Callable[[str, object], str]) -> str:
    """A schedule file of the week: the opening in the morning, the closing in the afternoon."""
    bookings = [
        {"session": "a", "room": "I", "start": "2010-12-17T10:00+01:00", "end": "2010-12-17T13:00+01:00"},
        {"session": "b", "room": "I", "start": "2010-12-17T15:00+01:00", "end": "2010-12-17T16:00+01:00"},
    ]
    data = {"schema": "unsched/schedule/1", "problem": "week", "zone": "Europe/Zurich", "bookings": bookings}
    return write("schedule.json", data)


class TestExplain:
    def test_it_prints_the_conflict_and_the_ways_out(self, impossible: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["explain", impossible]) == 1
        text = capsys.readouterr().out
        assert text.startswith("week: there is no schedule: 1 independent conflict")
        assert "'a' (Opening) is pinned to Fri 17 Dec at 10:00." in text
        assert "Way out 1, price 2: without this:" in text

    def test_a_file_with_a_schedule_is_good(self, problem: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["explain", problem]) == 0
        assert "there is a schedule" in capsys.readouterr().out

    def test_data_prices_and_files(self, impossible: str, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
        more = ["--price", "pin:a=5", "--price", "every-session-placed=never", "--out", str(out), "--json"]
        assert main(["explain", impossible, *more]) == 1
        data = json.loads(capsys.readouterr().out)
        assert [way["price"] for way in data["ways"]] == [2, 5]
        assert data["files"] == [str(out / "way-1.json"), str(out / "way-2.json")]
        assert main(["show", data["files"][0]]) == 0

    def test_no_file_that_is_there_is_replaced(
        self, impossible: str, out: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out.mkdir(exist_ok=True)
        there = out / "way-2.json"
        there.write_text("mine")
        assert main(["explain", impossible, "--out", str(out)]) == 2
        said = capsys.readouterr().err
        assert f"{str(there)!r} exists, and would be replaced" in said
        assert "another folder." in said
        assert [file.name for file in out.iterdir()] == ["way-2.json"]
        assert there.read_text() == "mine"

    @pytest.mark.parametrize(
        ("price", "said"),
        [
            ("pin", "'pin' is not a price"),
            ("=3", "'=3' is not a price"),
            ("pin=0", "0 is less than 1"),
            ("pin=cheap", "'pin=cheap' is not a price"),
            ("pinn=3", "the problem has no rule 'pinn'"),
            ("available:nobody=3", "there is nothing called 'nobody'"),
        ],
    )
    def test_a_price_that_is_none_is_bad_input(
        self, impossible: str, price: str, said: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["explain", impossible, "--price", price]) == 2
        assert said in capsys.readouterr().err

    def test_prices_come_from_a_file_after_those_that_are_typed(
        self, impossible: str, write: Callable[[str, object], str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        some = [{"kind": "pin", "price": 7}, {"kind": "every-session-placed", "price": "never"}]
        file = write("prices.json", {"schema": "unsched/prices/1", "prices": some})
        assert main(["explain", impossible, "--prices", file, "--price", "pin:a=5", "--json"]) == 1
        assert [way["price"] for way in json.loads(capsys.readouterr().out)["ways"]] == [5, 7]

    def test_all_that_is_wrong_with_typed_prices_is_said_at_once_and_with_a_file_by_its_name(
        self, impossible: str, write: Callable[[str, object], str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["explain", impossible, "--price", "pin", "--price", "pinn=3"]) == 2
        said = capsys.readouterr().err
        assert "price[0]" in said
        assert "price[1].kind" in said
        file = write("prices.json", {"schema": "unsched/prices/1", "prices": [{"kind": "pinn", "price": 1}]})
        assert main(["explain", impossible, "--prices", file]) == 2
        assert "1 fault in prices.json" in capsys.readouterr().err


class TestRequests:
    def test_why_not_says_that_it_is_possible_at_a_price(
        self, problem: str, schedule: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["why-not", problem, schedule, "b", "--start", "2010-12-17T17:00"]) == 0
        assert "is possible, and nothing else moves: cost tier 1 +" in capsys.readouterr().out

    def test_why_not_says_what_forbids_it(
        self, problem: str, schedule: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = Path(schedule).read_bytes()
        assert main(["why-not", problem, schedule, "a", "--start", "2010-12-17T12:00", "--json"]) == 1
        data = json.loads(capsys.readouterr().out)
        assert (data["possible"], data["settled"]) == (False, True)
        assert "does not lie in open time" in data["forbids"][0]["text"]
        assert Path(schedule).read_bytes() == before

    def test_nothing_moves_where_it_may_not(
        self, problem: str, schedule: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = ["why-not", problem, schedule, "b", "--start", "2010-12-17T10:00"]
        assert main(asked) == 0
        assert "moves a: time" in capsys.readouterr().out
        assert main([*asked, "--no-moving"]) == 1

    def test_alternatives_are_listed_and_numbered(
        self, problem: str, schedule: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["alternatives", problem, schedule, "b", "-n", "2"]) == 0
        assert "1. on Fri 17 Dec 15:15-16:15 in I: cost tier 1 +30" in capsys.readouterr().out
        assert main(["alternatives", problem, schedule, "a"]) == 1
        assert "there is no other place for it" in capsys.readouterr().out

    def test_why_counts_what_rules_other_places_out(
        self, problem: str, schedule: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["why", problem, schedule, "b"]) == 0
        assert "'b' stands on Fri 17 Dec 15:00-16:00 in I" in capsys.readouterr().out

    def test_bad_input_is_one_clear_error(
        self, problem: str, schedule: str, write: Callable[[str, object], str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        other = write("other.json", {"schema": "unsched/schedule/1", "problem": "year", "zone": "UTC"})
        cases: list[tuple[list[str], Any]] = [
            (["why", problem, schedule, "c"], "there is no session 'c'"),
            (["why-not", problem, schedule, "a", "--room", "II"], "there is no room 'II'"),
            (["why-not", problem, schedule, "a"], "neither a start nor a room is asked for"),
            (["alternatives", problem, schedule, "a", "-n", "0"], "0 is not a number from 1"),
            (["why", problem, other, "a"], "the schedule is of problem 'year', not of 'week'"),
        ]
        for arguments, said in cases:
            assert main(arguments) == 2
            assert said in capsys.readouterr().err
