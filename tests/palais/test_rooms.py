from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from unsched import Room
from unsched.palais import ROOMS, rooms

DECEMBER_2010 = date(2010, 12, 17)


def room(name: str, on: date = DECEMBER_2010) -> Room:
    return next(room for room in rooms(on) if room.id == name)


@pytest.mark.parametrize("described", ROOMS, ids=lambda room: f"{room.id} from {room.valid_from}")
def test_every_description_of_a_room_names_its_source(described: Room) -> None:
    assert described.source is not None
    assert re.search(r"https?://\S+|decision of 6 December 2010", described.source)


@pytest.mark.parametrize("on", [date(2000, 6, 1), DECEMBER_2010, date(2015, 12, 1), date(2019, 6, 1), date(2026, 1, 1)])
def test_a_room_is_described_once_on_a_day(on: date) -> None:
    assert max(Counter(room.id for room in rooms(on)).values()) == 1


def test_without_a_day_all_descriptions_are_returned() -> None:
    assert rooms() == ROOMS
    assert [room.valid_from for room in rooms() if room.id == "XIX"] == [None, date(2020, 1, 1)]


def test_what_is_out_of_service_or_not_built_is_not_there_in_2010() -> None:
    here = rooms(DECEMBER_2010)
    assert not {"XIV", "VIII", "X", "XI", "XVIII", "XXI", "XXII", "XXV", "XXVII"} & {room.id for room in here}
    assert not {"H", "Tempus"} & {room.building for room in here}


def test_room_xiv_is_there_from_the_day_on_which_it_reopened() -> None:
    assert "XIV" not in {room.id for room in rooms(date(2025, 12, 7))}
    assert "XIV" in {room.id for room in rooms(date(2025, 12, 8))}


def test_a_last_day_is_the_day_before_valid_until() -> None:
    assert room("XVII", date(2015, 6, 30)).name == "Room XVII"
    assert "XVII" not in {room.id for room in rooms(date(2015, 7, 1))}


def test_confirmed_seats_are_those_of_the_sources_and_add_up() -> None:
    seats = {name: room(name).seats for name in ("VII", "IX", "XII")}
    assert {name: (s.podium, s.table, s.side, s.total) for name, s in seats.items()} == {
        "VII": (9 + 9, 144, 38, 200),
        "IX": (7 + 7, 72, 30, 116),
        "XII": (9 + 9, 204, 36, 258),
    }
    assert (room("VII").booths, room("IX").booths, room("XVI").booths) == (6, 5, 16)


def test_seats_known_as_a_total_stay_unknown_by_class() -> None:
    seats = room("XX").seats
    assert (seats.podium, seats.table, seats.side, seats.total) == (None, None, None, 754)


def test_a_figure_of_a_later_year_is_not_told_of_2010() -> None:
    assert (room("XIX").seats.total, room("XIX").booths) == (None, None)
    assert (room("XIX", date(2020, 1, 1)).seats.total, room("XIX", date(2020, 1, 1)).booths) == (800, 10)
    assert room("XVII").name == "Room XVII"


def test_what_nobody_found_of_room_xxvi_is_unknown() -> None:
    found = room("XXVI")
    assert (found.building, found.booths, found.seats.table, found.seats.total) == (None, None, None, None)
