from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from unsched import Problem
from unsched.exchange.sheets.example import example
from unsched.exchange.sheets.reading import read_sheets

SEGMENTS = (
    "Sessions!A7: the segments take 400 minutes, and the session 180 Maybe shorter segments, or none for the last, "
    "which takes what is left."
)
Faults = Callable[[Mapping[str, Any]], list[str]]
Edited = Callable[[Mapping[str, Any]], Problem]


def test_every_fault_comes_at_once_with_its_cell_its_value_and_a_remedy(faults: Faults) -> None:
    cells = {
        "Rooms!E2": "many",
        "Sessions!F4": "hostz",
        "Sessions!J7": "15/12/2010 09:30",
        "Sessions!K7": "XXVII",
        "Sessions!H4": "vice-char",
        "Segments!A2": "consultatio",
        "Segments!B3": 400,
        "Conflicts!A2": "remot",
        "Rules!A2": "befor",
        "Rules!G3": "wg-9",
        "Window!B4": "Europe/Zürich",
    }
    assert faults(cells) == [
        "Rooms!E2: 'many' is not a whole number Maybe a whole number such as 1.",
        "Sessions!F4: there is no delegation, group or person 'hostz' Maybe 'hosts'.",
        "Sessions!H4: there is no person 'vice-char' Maybe 'vice-chair'.",
        SEGMENTS,
        "Sessions!J7: '15/12/2010' does not begin with the year Maybe 2010-12-15 09:30.",
        "Sessions!K7: there is no room 'XXVII' Maybe 'XXVI'.",
        "Segments!A2: there is no session 'consultatio' Maybe 'consultation'.",
        "Conflicts!A2: nothing has id 'remot' Maybe 'remote'.",
        "Rules!A2: there is no kind of rule 'befor' Maybe 'before'.",
        "Rules!G3: nothing has id 'wg-9' Maybe 'wg-2'.",
        "Window!B4: 'Europe/Zürich' is not an IANA time zone Maybe 'Europe/Zurich'.",
    ]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (
            {"Sessions!C6": 100},
            (
                "Sessions!C6: 100 minutes are not on the window's 15-minute grid Maybe 105, or a window "
                "with another step."
            ),
        ),
        ({"Sessions!B6": None}, "Sessions!B6: it is missing Maybe a value under 'title'."),
        ({"Sessions!C1": "minuts"}, "Sessions!C1: 'minuts' is no heading of Sessions Maybe 'minutes'."),
        ({"Sessions!C1": "id"}, "Sessions!C1: the heading 'id' comes twice Maybe leave one of them out."),
        ({"Sessions!B1": "#title"}, "Sessions!A1: there is no column 'title' Maybe a column with the heading 'title'."),
        ({"Sessions!AE3": "later"}, "Sessions!AE3: 'later' stands under no heading Maybe a heading above it."),
        (
            {"Sessions!F4": "hosts, egpyt"},
            "Sessions!F4: there is no delegation, group or person 'egpyt' Maybe 'egypt'.",
        ),
        (
            {"Sessions!J7": "2010-12-17 10:05"},
            (
                "Sessions!J7: 'consultation' of 180 minutes cannot start at 2010-12-17 "
                "10:05 in the window Maybe 2010-12-17 10:00."
            ),
        ),
        ({"Window!B2": None}, "Window!B2: it is missing Maybe a value for 'problem'."),
        ({"Window!A11": "stp"}, "Window!A11: 'stp' is no value of Window Maybe 'step'."),
        ({"Window!A11": "title", "Window!B11": "x"}, "Window!B11: 'title' comes twice Maybe leave one of them out."),
        ({"Window!B15": "seats-enuf"}, "Window!B15: there is no rule 'seats-enuf' Maybe 'seats-enough'."),
        (
            {"Sesions": None},
            ("Sesions: 'Sesions' is no sheet that is read here Maybe 'Sessions', or a name that is less like it."),
        ),
        ({"Sessions !A1": "id"}, "Sessions : the sheet 'Sessions' comes twice Maybe leave one of them out."),
        ({"Rules!P11": "of = each; later"}, "Rules!P11: 'each; later' is none of 'last', 'each' Maybe 'last'."),
        (
            {"Rules!P11": "each"},
            ("Rules!P11: 'each' is not of the form name = value Maybe one such as 'least = 30; per = day'."),
        ),
        ({"Rules!N3": "an hour"}, "Rules!N3: 'an hour' is not a whole number Maybe a whole number such as 1."),
        (
            {"Rules!P3": "greatest = soon"},
            ("Rules!P3: greatest: 'soon' is not a whole number Maybe a whole number such as 1."),
        ),
        ({"Rules!P3": "least = 5"}, "Rules!P3: 'least' is said twice Maybe leave one of them out."),
        (
            {"Rules!J3": "XXVI"},
            ("Rules!J3: the key 'room' is not known Maybe one of 'first', 'then', 'least', 'greatest'."),
        ),
        ({"Rules!B3": "shoud"}, "Rules!B3: 'shoud' is none of 'must', 'should', 'off' Maybe 'should'."),
        ({"Conflicts!C2": "heavy"}, "Conflicts!C2: 'heavy' is not a whole number Maybe a whole number such as 1."),
        ({"Conflicts!C2": 0}, "Conflicts!C2: 0 is less than 1 Maybe 1 or more."),
        ({"Assumptions!C2": "seats.tabel"}, "Assumptions!C2: 'tabel' is no field of a Seats Maybe 'table'."),
        ({"Segments!E3": "egpyt"}, "Segments!E3: there is no delegation, group or person 'egpyt' Maybe 'egypt'."),
        (
            {"More!A1": "key", "More!B1": "value", "More!A2": "published", "More!B2": "{"},
            (
                "More!B2: this is not JSON: "
                "Expecting property name enclosed in double quotes: line 1 column 2 (char 1) Maybe a value in JSON."
            ),
        ),
        (
            {"More!A1": "key", "More!B1": "value", "More!A2": "title", "More!B2": '"x"'},
            ("More!B2: 'title' is said elsewhere as well Maybe leave one of them out."),
        ),
        (
            {"More!A1": "key", "More!B1": "value", "More!A2": "titel", "More!B2": '"x"'},
            ("More!B2: the key 'titel' is not known Maybe 'title'."),
        ),
        (
            {"More!A1": "key", "More!B1": "value", "More!A2": "title"},
            ("More!A2: a key and a value belong together Maybe both of them, or neither."),
        ),
        (
            {"Sessions!AE1": "more", "Sessions!AE3": '{"tags": 1}'},
            ("Sessions!AE3: 1 is not a list Maybe put it in brackets: [...]."),
        ),
        (
            {"Sessions!AE1": "more", "Sessions!AE3": '{"title": "x"}'},
            ("Sessions!AE3: 'title' has a cell of its own as well Maybe leave one of them out."),
        ),
        (
            {"Sessions!AE1": "more", "Sessions!AE3": "[]"},
            ('Sessions!AE3: a list is not a table Maybe a table in JSON, such as {"size": 2}.'),
        ),
        (
            {"Sessions!AE1": "more", "Sessions!AE3": '{"a.b": 1}'},
            (
                "Sessions!AE3: the key 'a.b' is not known Maybe one of"
                " 'id', 'title', 'minutes', 'body', 'kind', 'tags', 'required', 'invited', 'chair', 'side_seats', "
                "'podium_seats', 'languages', 'features', 'access', 'start', 'room', 'priority', 'blocks', 'within', "
                "'available', 'description', 'source', 'joint', 'co_chairs', 'accessible_seats', 'equipment', "
                "'layout', 'segments', 'optional', 'shortest'."
            ),
        ),
    ],
)
def test_a_fault_is_told_in_the_cell_where_it_is(faults: Faults, cells: Mapping[str, Any], fault: str) -> None:
    assert faults(cells) == [fault]


def test_what_people_add_for_themselves_is_left_alone(edited: Edited) -> None:
    cells = {"Sessions!AE1": "#remarks", "Sessions!AE3": "ask Brazil", "Budget!A1": 7, "Window!A16": "# to do"}
    assert edited(cells) == example()


def test_headings_are_known_in_any_case_and_by_the_keys_of_problem_files(edited: Edited) -> None:
    cells = {"Rooms!E1": "seats.table", "Rooms!D1": "Podium_Seats", "Sessions!C1": " MINUTES "}
    assert edited(cells) == example()


def test_a_conflict_for_ever_is_a_rule_that_must_hold(edited: Edited) -> None:
    problem = edited({"Conflicts!C2": "never"})
    said = [rule.say() for rule in problem.rules if rule.kind in ("not-together", "declared-conflicts")]
    assert said == [
        "Declared conflicts are kept apart: every session of kind 'side-event' against 'drafting'.",
        "Not at once with 'forums': 'remote'.",
    ]


def test_bookings_of_the_sheet_published_are_read_by_the_clocks_of_the_window(edited: Edited) -> None:
    names = dict(zip("ABCD", ("session", "room", "start", "end"), strict=True))
    row = dict(zip("ABCD", ("wg-1", "XXVI", "2010-12-15 15:00", "2010-12-15 18:00"), strict=True))
    cells = {f"Published!{letter}{n}": v for n, one in ((1, names), (2, row)) for letter, v in one.items()}
    published = edited(cells).published
    assert published is not None
    assert published["wg-1"].start.isoformat() == "2010-12-15T15:00:00+01:00"


def test_nothing_to_read_is_a_fault() -> None:
    with pytest.raises(ValueError, match="there is no sheet that is read here"):
        read_sheets((), "nothing")
