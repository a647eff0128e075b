from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from unsched import LUNCH, Block, Period, Select, SelectRooms, Session
from unsched.exchange.writing import write
from unsched.rules import Before, EndEarly, NotTogether, SeatsEnough


@pytest.mark.parametrize(
    ("thing", "plain"),
    [
        (Select(ids="a"), "a"),
        (Select(ids=["a", "b"]), ["a", "b"]),
        (Select(ids="a", tags="b"), {"ids": ["a"], "tags": ["b"]}),
        (Select(), {}),
        (SelectRooms("XXVI"), "XXVI"),
        (SelectRooms(["XX", "XXVI"], "E"), {"ids": ["XX", "XXVI"], "buildings": ["E"]}),
        (Block("22:00", "00:00", LUNCH), {"start": "22:00", "end": "24:00", "kind": "lunch"}),
        (Period(["2010-12-17"], "00:00", "10:05"), {"days": ["2010-12-17"], "end": "10:05"}),
        (time(10, 0, 30), "10:00:30"),
        (time(10, tzinfo=UTC), "10:00:00+00:00"),
        (date(2010, 12, 17), "2010-12-17"),
        (datetime(2010, 12, 17, 10, tzinfo=UTC), "2010-12-17T10:00:00+00:00"),
        (SeatsEnough(), {"kind": "seats-enough"}),
        (Before("a", ["b", "c"], 5), {"kind": "before", "first": "a", "then": ["b", "c"], "least": 5}),
        (NotTogether(Select(tags="t")), {"kind": "not-together", "sessions": {"tags": ["t"]}}),
        (EndEarly(of="each", weight=2), {"kind": "end-early", "weight": 2, "of": "each"}),
        (Session("s", "S", start="2010-12-17T10:00"), {"id": "s", "title": "S", "start": "2010-12-17T10:00:00"}),
    ],
    ids=repr,
)
def test_a_thing_is_written_as_people_write_it(thing: object, plain: object) -> None:
    assert write(thing) == plain
