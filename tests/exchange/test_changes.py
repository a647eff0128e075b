from __future__ import annotations

import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from unsched import (
    Absent,
    ArrivesLate,
    Changes,
    Delegation,
    InputError,
    LeavesEarly,
    Period,
    Person,
    RoomLost,
    RoomReduced,
    Seats,
    Session,
    SessionAdded,
    SessionDropped,
    SessionMoved,
    SessionResized,
    TeamShort,
    load_changes,
    load_problem,
    save,
)
from unsched.domain.changes import CHANGES
from unsched.exchange.convert import dump, load
from unsched.exchange.schema import json_schema
from unsched.exchange.words import MAX_WORDS, read_change

MORNING = Period(["2010-12-17"], "10:00", "13:00")
ALL = Changes(
    [
        SessionAdded(Session("d", "D", 60, required="peru"), [Delegation("peru")], [Person("minister")]),
        SessionDropped("a"),
        SessionResized("b", 45),
        SessionMoved("c", "2010-12-17T10:00", "IX"),
        RoomLost("XXVI", [MORNING]),
        RoomReduced("IX", Seats(table=3), 1, [MORNING]),
        ArrivesLate("egypt", "2010-12-16T14:00"),
        LeavesEarly("egypt", "2010-12-17T11:00"),
        Absent("brazil"),
        TeamShort("fr-1", [Period()]),
    ],
    "cstd-2010",
)


def test_every_kind_of_change_is_written_and_read_back(tmp_path: Path) -> None:
    assert {one.kind for one in ALL} == set(CHANGES)
    file = save(ALL, tmp_path / "changes.json")
    assert load_changes(file) == ALL
    assert json.loads(file.read_text())["changes"][4] == {
        "kind": "room-lost",
        "room": "XXVI",
        "periods": [{"days": ["2010-12-17"], "start": "10:00", "end": "13:00"}],
    }


def test_the_schema_takes_what_is_written_and_refuses_what_is_not_read() -> None:
    schema = json_schema(Changes)
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    validator.validate(dump(ALL))
    for wrong in ({"kind": "room-lots", "room": "IX"}, {"kind": "room-lost"}, {"kind": "absent", "who": "a", "at": 3}):
        data = {"schema": "unsched/changes/1", "changes": [wrong]}
        assert not validator.is_valid(data)
        with pytest.raises(InputError):
            load(data, Changes)


def test_changes_can_be_written_by_hand_in_toml(tmp_path: Path) -> None:
    file = tmp_path / "changes.toml"
    file.write_text(
        'schema = "unsched/changes/1"\n'
        '[[changes]]\nkind = "room-lost"\nroom = "XXVI"\nperiods = [{ days = [2010-12-17] }]\n'
        '[[changes]]\nkind = "arrives-late"\nwho = "minister"\nat = 2010-12-16T09:00:00\n'
    )
    assert load_changes(file) == Changes(
        [RoomLost("XXVI", [Period(["2010-12-17"])]), ArrivesLate("minister", "2010-12-16T09:00")]
    )


def test_all_that_is_wrong_with_a_file_is_said_at_once_by_its_place() -> None:
    data = {
        "schema": "unsched/changes/1",
        "changes": [
            {"kind": "room-lots", "room": "IX"},
            {"room": "IX"},
            3,
            {"kind": "session-resized", "session": "a", "minutes": "long"},
            {"kind": "room-lost", "room": "IX", "perids": []},
        ],
    }
    with pytest.raises(InputError) as caught:
        load(data, Changes)
    assert [(fault.path, fault.remedy) for fault in caught.value.faults] == [
        ("changes[0].kind", "'room-lost'."),
        ("changes[1].kind", "one of " + ", ".join(map(repr, CHANGES)) + "."),
        ("changes[2]", "a table with 'kind' and what the change needs."),
        ("changes[3].minutes", caught.value.faults[3].remedy),
        ("changes[4].perids", "'periods'."),
    ]


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = save(ALL, tmp_path / "changes.json")
    with pytest.raises(InputError, match="this is a list of changes, and a problem is wanted"):
        load_problem(file)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("room-lost room=XXVI days=2010-12-17 start=10:00 end=13:00", RoomLost("XXVI", [MORNING])),
        ("room-lost room=XXVI", RoomLost("XXVI")),
        (
            "room-lost room='Room 7' days=2010-12-16,2010-12-17",
            RoomLost("Room 7", [Period(["2010-12-16", "2010-12-17"])]),
        ),
        ("session-moved session=wg-1 start=2010-12-17T15:00", SessionMoved("wg-1", "2010-12-17T15:00")),
        ("session-moved session=1 room=26", SessionMoved("1", room="26")),
        ("session-resized session=a minutes=45", SessionResized("a", 45)),
        ("room-reduced room=IX seats.table=40 seats.side=3 booths=2", RoomReduced("IX", Seats(table=40, side=3), 2)),
        ("arrives-late who=egypt at=2010-12-16T14:00", ArrivesLate("egypt", "2010-12-16T14:00")),
        ("absent who=egypt start=10:00 end=13:00", Absent("egypt", [Period(None, "10:00", "13:00")])),
        ("team-short team=fr-1", TeamShort("fr-1")),
        ('{"kind": "session-dropped", "session": "a b"}', SessionDropped("a b")),
    ],
)
def test_a_change_can_be_typed_in_one_line(text: str, change: object) -> None:
    assert read_change(text) == change


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", "it has no kind, or a quote that is never closed"),
        ("room-lost 'room=IX", "it has no kind, or a quote that is never closed"),
        ("room-lots room=IX", "there is no kind of change 'room-lots'"),
        ("room-lost IX", "'IX' is not of the form key=value"),
        ("room-lost room=IX room=X", "it is said twice"),
        ("room-lost room=IX room.x=X", "it is said twice"),
        ("room-lost kind=IX", "it is said twice"),
        ("room-lost room=IX days=2010-12-17 days=2010-12-18", "it is said twice"),
        ("session-resized session=a minutes=99999999999999999999", "is not a whole number"),
        ("session-resized session=a minutes=-5", "is not a whole number"),
        ("room-lost room=IX start=noon", "is not a time"),
        ("{", "this is not JSON"),
        ('{"kind": ["room-lost"]}', "there is no kind of change"),
        ("[" * 5000, "it has no kind|there is no kind"),
        ("{" * 5000, "this is not JSON"),
        ('{"a":' * 5000, "this is not JSON"),
        ("x" * (MAX_WORDS + 1), "it has over 100,000 characters"),
    ],
)
def test_a_line_that_says_no_change_is_refused(text: str, verdict: str) -> None:
    with pytest.raises(InputError, match=verdict):
        read_change(text)
