"""Each request does what the call in Python does, and each message is as its schema says."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from talking import REQUEST_SHAPE, ask, call, talk

from unsched import Effort, Problem, Schedule, calendars, repair, solve
from unsched.domain.changes import Changes
from unsched.embed.requests import REQUESTS
from unsched.embed.schema import message_schema, request_schema
from unsched.exchange.convert import load

STAMP = "2010-12-06T12:00:00+00:00"
LATER = "2010-12-07T12:00:00+00:00"
FLOODED = {"kind": "room-lost", "room": "XXVI", "periods": [{"days": ["2010-12-16"]}]}
Week = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def solved(week: Week) -> dict[str, Any]:
    return ask("solve", problem=week(), effort=5, stamp=STAMP, state=True)


@pytest.fixture(scope="module")
def schedule(solved: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = solved["schedule"]
    return found


def test_hello_says_which_protocols_requests_and_files_there_are() -> None:
    found = ask("hello")
    assert found["protocols"] == [1]
    assert found["requests"] == sorted(REQUESTS)
    assert "unsched/problem/1" in found["files"]
    assert found["limits"] == {"line_bytes": 40_000_000, "at_once": 4, "waiting": 100}


@pytest.mark.parametrize("of", ["problem", "schedule", "changes", "request", "message"])
def test_a_schema_can_be_asked_for_and_is_one(of: str) -> None:
    schema = ask("schema", of=of)["schema"]
    if of in {"request", "message"}:
        Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:unsched:{of}:1"


def test_the_schemas_of_messages_that_are_published_are_not_stale() -> None:
    folder = Path(__file__).parents[2] / "schema"
    assert json.loads((folder / "request.schema.json").read_text()) == request_schema()
    assert json.loads((folder / "message.schema.json").read_text()) == message_schema()


def test_solving_gives_the_schedule_that_solve_gives(week: Week, solved: dict[str, Any]) -> None:
    problem = load(week(), Problem)
    found = solve(problem, stop=Effort(5), stamp=datetime.fromisoformat(STAMP))
    assert solved["status"] == "optimal"
    assert load(solved["schedule"], Schedule) == found.schedule
    assert solved["tiers"] == [tier.to_dict() for tier in found.tiers]
    assert sum(one["cost"] for one in solved["prices"]) == sum(found.cost.values())
    assert solved["standby"] == []


def test_the_same_request_under_effort_gives_the_same_answer_but_for_its_seconds(week: Week) -> None:
    both = [ask("solve", problem=week(), effort=5, stamp=STAMP, seed=3) for _ in range(2)]
    for one in both:
        del one["seconds"]
    assert both[0] == both[1]


def test_where_there_are_teams_their_roster_is_told(week: Week) -> None:
    data = week(teams=[{"id": "fr-1", "language": "fr"}])
    data["sessions"][0]["languages"] = ["fr"]
    for room in data["venue"]["rooms"]:
        room["booths"] = 1
    roster = ask("solve", problem=data, effort=5)["roster"]
    assert [(one["team"], one["session"]) for one in roster["assignments"]] == [("fr-1", "a")]
    assert roster["without"] == []


def test_a_state_is_gone_on_from(week: Week, solved: dict[str, Any]) -> None:
    assert ask("solve", problem=week(), resume=solved["state"], seconds=10)["status"] == "optimal"


def test_a_state_is_sent_only_where_it_is_asked_for(week: Week) -> None:
    assert ask("solve", problem=week(), first=True, gap=0.5, patience=1)["state"] is None


def test_where_there_is_no_schedule_the_conflict_is_told(impossible: dict[str, Any]) -> None:
    found = ask("solve", problem=impossible, effort=5)
    assert (found["status"], found["schedule"], found["prices"]) == ("infeasible", None, [])
    assert {guard["rule"] for guard in found["conflict"]} >= {"pin"}
    quiet = ask("solve", problem=impossible, effort=5, explain=False)
    assert (quiet["status"], quiet["conflict"]) == ("infeasible", [])


def test_repair_answers_with_what_repair_finds_and_with_the_problem_from_now_on(
    week: Week, schedule: dict[str, Any]
) -> None:
    found = ask("repair", problem=week(), published=schedule, changes=[FLOODED], effort=5, now="2010-12-13T09:00")
    problem, before = load(week(), Problem), load(schedule, Schedule)
    changes = load({"schema": "unsched/changes/1", "changes": [FLOODED]}, Changes)
    own = repair(problem, before, changes, stop=Effort(5), now="2010-12-13T09:00")
    assert load(found["schedule"], Schedule) == own.schedule
    assert load(found["problem"], Problem) == own.problem
    assert found["tiers"][0]["counts"] == own.meanings[1]
    assert own.diff is not None
    assert found["diff"] == own.diff.to_dict()
    assert ask("check", problem=found["problem"], schedule=found["schedule"])["good"]
    same = ask("diff", before=schedule, after=found["schedule"], problem=found["problem"], earlier=week())
    assert same == found["diff"]


def test_what_is_kept_small_can_share_a_tier(week: Week, schedule: dict[str, Any]) -> None:
    least = [{"people": 5, "sessions": 2}, "rooms"]
    found = ask("repair", problem=week(), published=schedule, changes=[FLOODED], effort=5, least=least, near=[])
    shared = [one for one in found["tiers"] if "people" in one["counts"] and "sessions" in one["counts"]]
    # Both delegations have to be told, and the side event makes room.
    assert [(one["cost"], one["proven"]) for one in shared] == [(5 + 5 + 2, True)]


def test_what_if_says_the_price_and_changes_nothing(week: Week, schedule: dict[str, Any]) -> None:
    found = ask("what_if", problem=week(), published=schedule, changes=[FLOODED], effort=5)
    assert found["possible"]
    assert found["before"]["1"] < found["after"]["1"]
    assert "problem" not in found["repair"]


def test_apply_gives_the_changed_problem(week: Week) -> None:
    found = ask("apply", problem=week(), changes=[FLOODED])
    assert load(found["problem"], Problem).room("XXVI").closed


def test_explain_names_the_conflict_and_ways_out(impossible: dict[str, Any]) -> None:
    found = ask("explain", problem=impossible, ways=1, seconds=20, prices=[{"kind": "pin", "price": 1}])
    assert found["status"] == "infeasible"
    assert found["conflicts"][0]["members"]
    assert found["ways"][0]["price"] == 1
    assert load(found["ways"][0]["schedule"], Schedule).problem == "week"


def test_questions_about_a_session_are_answered(week: Week, schedule: dict[str, Any]) -> None:
    question = {"problem": week(), "schedule": schedule, "session": "a"}
    held = ask("why", **question)
    assert held["place"]["room"] == "XXVI"
    other = ask("why_not", **question, room="VII")
    assert other["possible"]
    assert load(other["schedule"], Schedule)["a"].room == "VII"
    forbidden = ask("why_not", **question, start="2010-12-17T15:00")
    assert (forbidden["possible"], forbidden["schedule"]) == (False, None)
    assert forbidden["forbids"]
    places = ask("alternatives", **question, n=2, moving=1)
    assert len(places["alternatives"]) == 2


def test_check_says_what_is_broken(week: Week, schedule: dict[str, Any]) -> None:
    wrong = {**schedule, "bookings": [one for one in schedule["bookings"] if one["session"] != "b"]}
    found = ask("check", problem=week(), schedule=wrong)
    assert not found["good"]
    assert [one["sessions"] for one in found["breaches"] if one["hard"]] == [["b"]]


def test_calendars_are_those_that_calendars_makes(week: Week, schedule: dict[str, Any]) -> None:
    found = ask("calendars", problem=week(), schedule=schedule)
    own = calendars(load(week(), Problem), load(schedule, Schedule))
    assert {name: text.encode() for name, text in found["files"].items()} == own


def test_publishing_goes_on_from_what_was_published(week: Week, schedule: dict[str, Any]) -> None:
    first = ask("publish", problem=week(), schedule=schedule, stamp=STAMP)
    assert {one["to"] for one in first["messages"]} == {"ch", "br"}
    assert all(one["calendar"].startswith("BEGIN:VCALENDAR") for one in first["messages"])
    again = ask("publish", problem=week(), schedule=schedule, stamp=LATER, previous=first["publication"])
    assert again["messages"] == []
    feeds = ask("calendars", problem=week(), schedule=schedule, publication=first["publication"])
    assert "STATUS:CONFIRMED" in feeds["files"]["programme.ics"]


def test_busy_calendars_close_a_room_and_a_text_is_no_path(week: Week, tmp_path: Path) -> None:
    text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20101217T090000Z\r\nDURATION:PT3H\r\nEND:VEVENT\r\n"
    whole = f"{text}END:VCALENDAR\r\n"
    found = ask("busy", problem=week(), calendars={"room:XXVI": [whole]})
    assert load(found["problem"], Problem).room("XXVI").closed
    file = tmp_path / "busy.ics"
    file.write_text(whole)
    answer = talk(call(1, "busy", problem=week(), calendars={"room:XXVI": [str(file)]}))[0]
    assert answer["error"]["code"] == "bad-input"


def test_every_request_that_is_refused_by_its_schema_is_refused_here_too(week: Week) -> None:
    wrongs: tuple[dict[str, object], ...]
    wrongs = ({"seconds": "5"}, {"progres": 1}, {"gap": []}, {"resume": {}}, {"problem": {}}, {"stamp": 1})
    for wrong in wrongs:
        line = call(1, "solve", **{"problem": week(), **wrong})
        assert not REQUEST_SHAPE.is_valid(json.loads(line)), wrong
        assert talk(line)[0]["error"]["code"] == "bad-input", wrong
