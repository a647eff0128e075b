"""Random programmes: what is read keeps its rules, and comes back as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from programmes import day, document, encoded, event, json_errors, xml, xml_errors

from unsched.exchange.frab import read_frab, rewrite, write_frab_json, write_frab_xml
from unsched.exchange.programme.facts import Imported

ZONES = ("Europe/Brussels", "America/New_York", "Asia/Kolkata", "UTC")
# Around the nights on which clocks change in Europe and in America, and a plain day.
BASES = tuple(datetime(2024, month, number, 22, tzinfo=UTC) for month, number in ((3, 30), (10, 26), (11, 2), (6, 1)))


@st.composite
def programmes(draw: st.DrawFn) -> dict[str, Any]:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    base = draw(st.sampled_from(BASES))
    rooms: dict[str, list[dict[str, Any]]] = {"A": [], "B": [], "Open area": []}
    for number in range(1, draw(st.integers(1, 12)) + 1):
        start = base + timedelta(minutes=5 * draw(st.integers(0, 12 * 40)))
        minutes = 5 * draw(st.integers(1, 60))
        who = draw(st.lists(st.integers(1, 4), unique=True, max_size=2))
        one = event(
            number,
            start.astimezone(zone).isoformat(timespec="seconds"),
            f"{minutes // 60}:{minutes % 60:02}",
            track=draw(st.sampled_from(["Main", "Side", None])),
            persons=[{"id": person, "public_name": f"P{person}"} for person in who],
        )
        rooms[draw(st.sampled_from(list(rooms)))].append(one)
    return document(day(1, "2024-02-03", rooms), time_zone_name=zone.key)


def placed(found: Imported) -> list[tuple[str, str, float, float]]:
    """Return where each session stands; which place of an open area it has is nobody's concern."""
    label = {room.id: room.label for room in found.problem.rooms}
    return sorted((one.session, label[one.room], one.start.timestamp(), one.end.timestamp()) for one in found.schedule)


@settings(max_examples=40, deadline=None)
@given(data=programmes(), keep=st.lists(st.sampled_from(["day", "room", "track"]), unique=True))
def test_what_was_published_keeps_every_rule_and_stands_where_it_did(data: dict[str, Any], keep: list[str]) -> None:
    found = read_frab(encoded(data), keep=keep)
    assert not [breach for breach in found.schedule.breaches(found.problem) if breach.hard]
    places = {
        str(one["id"]): (room, datetime.fromisoformat(one["date"]).timestamp())
        for room, events in data["schedule"]["conference"]["days"][0]["rooms"].items()
        for one in events
    }
    label = {room.id: room.label for room in found.problem.rooms}
    assert {one.session: (label[one.room], one.start.timestamp()) for one in found.schedule} == places
    starts = {one.id: found.problem.starts(one) for one in found.problem.sessions}
    assert all(found.problem.window.minute(one.start) in starts[one.session] for one in found.schedule)


@settings(max_examples=15, deadline=None)
@given(data=programmes())
def test_every_form_is_valid_and_says_the_same_when_read_back(data: dict[str, Any]) -> None:
    for original in (encoded(data), xml(data)):
        found = read_frab(original)
        for over in (original, None):
            written = write_frab_xml(found.problem, found.schedule, over).data
            assert xml_errors(written) == []
            listed = write_frab_json(found.problem, found.schedule, over).data
            assert json_errors(listed) == []
            newer = write_frab_json(found.problem, found.schedule, over, version=2).data
            assert json_errors(newer, 2) == []
            for again in (written, listed):
                again_there = read_frab(again, zone=found.problem.window.zone)
                assert placed(again_there) == placed(found)
        assert placed(read_frab(rewrite(original, found.schedule).data)) == placed(found)
