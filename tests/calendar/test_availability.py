from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve
from davserver import PASSWORD, USER, Radicale, radicale

from unsched import Booking, InputError, Problem, Schedule, Segment, calendars, publish, read_busy, solve, with_busy
from unsched.calendar import busy as busy_module
from unsched.calendar.availability import read_all_busy
from unsched.calendar.occasion import segment_uid
from unsched.calendar.occurrences import Budget
from unsched.calendar.own import own_uids


def event(uid: str, start: str, hours: int, *more: str) -> bytes:
    lines = ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTART:{start}", f"DURATION:PT{hours}H", *more, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]).encode()


MORNING = event("1", "20101217T090000Z", 3)


def test_a_planner_finds_the_time_that_is_left(problem: Problem, tmp_path: Path) -> None:
    sessions = [evolve(one, features=[]) for one in problem.sessions if one.id == "consultation"]
    small = evolve(problem, sessions=sessions, venue=evolve(problem.venue, rooms=problem.rooms[:1]))
    file = tmp_path / "xxvi.ics"
    file.write_bytes(MORNING)
    for busy in ({"room:XXVI": file}, {"XXVI": [str(file)]}, {"EG": MORNING}, {"person:riehl": [MORNING]}):
        schedule = solve(with_busy(small, busy)).schedule
        assert schedule is not None
        assert schedule["consultation"].start == datetime(2010, 12, 17, 14, tzinfo=UTC)
    assert solve(with_busy(small, {"XXVI": [MORNING, event("2", "20101217T140000Z", 1)]})).schedule is None


def test_our_own_events_do_not_count_in_whatever_file_they_stand(problem: Problem, schedule: Schedule) -> None:
    files = calendars(problem, schedule, stamp=datetime(2010, 12, 6, tzinfo=UTC))
    for name, who in (("rooms/XXVI.ics", "XXVI"), ("busy/rooms/XII.ics", "XII"), ("delegations/EG.ics", "EG")):
        assert with_busy(problem, {who: files[name]}) == problem
        # Of another problem, they do.
        other = evolve(problem, id="other")
        assert with_busy(other, {who: files[name]}) != other
    release = publish(problem, schedule, None, stamp=datetime(2010, 12, 6, tzinfo=UTC))
    assert {message.uid for message in release.messages} <= own_uids(problem)


def test_what_cannot_be_read_is_an_error_with_file_line_and_component(problem: Problem, tmp_path: Path) -> None:
    file = tmp_path / "broken.ics"
    file.write_bytes(event("1", "20101317T090000Z", 3) + MORNING)
    with pytest.raises(InputError, match=r"broken\.ics, line 2, VEVENT"):
        with_busy(problem, {"XXVI": file})
    changed = with_busy(problem, {"XXVI": file}, strict=False)
    assert [str(one) for one in changed.rooms[0].closed] == ["2010-12-17 10:00-13:00"]
    ((busy,),) = read_all_busy(problem, {"XXVI": file}).values()
    assert len(busy.findings) == 1


def test_all_that_is_wrong_with_names_and_files_is_named_at_once(problem: Problem, tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        with_busy(problem, {"XXVII": MORNING, "room:CH": MORNING, "CH": tmp_path / "nowhere.ics", "XII": tmp_path})
    assert len(raised.value.faults) == 4
    assert "'XXVI'" in str(raised.value)
    both = evolve(problem, venue=evolve(problem.venue, rooms=[*problem.rooms, evolve(problem.rooms[0], id="CH")]))
    with pytest.raises(InputError, match="'room:CH' or 'delegation:CH'"):
        with_busy(both, {"CH": MORNING})
    assert with_busy(both, {"room:CH": MORNING}).rooms[-1].closed


def test_times_that_were_read_before_can_be_given(problem: Problem) -> None:
    busy = read_busy(MORNING, problem.window)
    assert with_busy(problem, {"XXVI": busy}) == with_busy(problem, {"XXVI": MORNING})


# -- from a server ----------------------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Radicale]:
    pytest.importorskip("caldav", reason="the extra caldav is not installed")
    with radicale(tmp_path / "server") as here:
        yield here


def test_a_calendar_on_a_server_is_as_good_as_a_file(
    server: Radicale, problem: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    from unsched.calendar.dav.busy import read_busy_from
    from unsched.calendar.dav.credentials import Credentials
    from unsched.calendar.dav.remote import DavError, Remote
    from unsched.calendar.dav.sync import select_feeds, sync

    who = Credentials(USER, PASSWORD)
    feeds = select_feeds(calendars(problem, schedule), ["rooms"])
    with Remote(server.url, who) as remote:
        sync(remote, feeds, tmp_path / "state.json")
    weekly = event("weekly", "20101203T160000Z", 1, "RRULE:FREQ=WEEKLY")
    for name, data in (("a", weekly), ("b", event("2", "20110601T090000Z", 1))):
        assert server.ask("PUT", f"/{USER}/rooms-XXVI/{name}.ics", data)[0] == 201
    with Remote(f"{server.url}rooms-XXVI/", who) as remote:
        busy = read_busy_from(remote, problem.window, ignore=own_uids(problem))
        assert [f"{a:%d %H:%M}-{b:%H:%M}" for a, b in busy.periods] == ["17 16:00-17:00"]
        assert len(read_busy_from(remote, problem.window).periods) == 2
    assert [str(one) for one in with_busy(problem, {"XXVI": busy}).rooms[0].closed] == ["2010-12-17 17:00-18:00"]
    with Remote(f"{server.url}nowhere/", who) as remote, pytest.raises(DavError, match="nothing there"):
        read_busy_from(remote, problem.window)


def test_a_server_full_of_bombs_costs_as_much_as_one(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(busy_module, "_STEPS", 100_000)
    spent: list[int] = []
    pay = Budget.spend

    def noted(budget: Budget, steps: int) -> None:
        spent.append(steps)
        pay(budget, steps)

    monkeypatch.setattr(Budget, "spend", noted)
    bomb = event("1", "19700101T000000Z", 1, "RRULE:FREQ=SECONDLY")
    busy = busy_module.read_several({str(number): bomb for number in range(100)}, problem.window, "server")
    assert (busy.periods, len(busy.findings)) == ((), 100)
    # Each step is paid for in the budget of its event and in that of them all.
    assert 0 < sum(spent) < 3 * 100_000


def test_a_change_of_plan_from_a_calendar_that_holds_the_last_one(problem: Problem, schedule: Schedule) -> None:
    # Somebody else has taken the room for the hour of our drafting group: it moves, the rest may stay.
    theirs = event("theirs", "20101217T140000Z", 1)
    ours = calendars(problem, schedule)["rooms/XII.ics"]
    changed = with_busy(problem, {"XII": [ours, theirs]})
    assert [str(one) for one in changed.rooms[1].closed] == ["2010-12-17 15:00-16:00"]
    broken = [one.rule.kind for one in schedule.breaches(changed) if one.hard]
    assert broken
    moved = Booking("drafting", "XII", "2010-12-17T16:00+01:00", "2010-12-17T17:00+01:00")
    kept = [one for one in schedule.bookings if one.session != "drafting"]
    kinds = [one.rule.kind for one in evolve(schedule, bookings=[*kept, moved]).breaches(changed) if one.hard]
    assert "room-open" not in kinds


def test_a_part_of_a_session_with_an_event_of_its_own_is_ours_as_well(problem: Problem) -> None:
    first, *others = problem.sessions
    parts = [Segment(60, access="members"), Segment(invited=["IR"])]
    changed = evolve(problem, sessions=[evolve(first, segments=parts), *others])
    assert {segment_uid(problem.id, first.id, number) for number in "12"} <= own_uids(changed)
