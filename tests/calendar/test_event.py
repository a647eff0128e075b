from __future__ import annotations

from datetime import UTC, datetime

import icalendar
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from unsched import Booking, Contact, Problem, Room, Schedule, Session, Venue, Window
from unsched.calendar.event import Issue, categories, describe, event, locate, organizer, uid

STAMP = datetime(2010, 12, 6, 12, tzinfo=UTC)


def write(problem: Problem, schedule: Schedule, session: str) -> str:
    issue = Issue(problem, schedule.zone, STAMP, schedule.revision)
    text: bytes = event(issue, schedule[session]).to_ical()
    return text.decode().replace("\r\n ", "")


def one(session: Session, zone: str, start: str, end: str) -> str:
    venue = Venue([Room("I")])
    problem = Problem("p", Window(zone, [start[:10]]), venue, [session])
    return write(problem, Schedule("p", zone, [Booking(session.id, "I", start, end)]), session.id)


def test_an_event_says_all_that_people_need(problem: Problem, schedule: Schedule) -> None:
    lines = [
        "With all entities in consultative status.",
        "",
        "Body: CSTD",
        "Chair: Vice-Chair",
        "Access: open to all",
        r"Interpretation: English\, French",
        "Provided: webcast",
        "Required: African States",
        "Invited: Switzerland",
    ]
    assert write(problem, schedule, "consultation").splitlines() == [
        "BEGIN:VEVENT",
        "SUMMARY:Open consultation",
        "DTSTART;TZID=Europe/Zurich:20101217T100000",
        "DTEND;TZID=Europe/Zurich:20101217T130000",
        "DTSTAMP:20101206T120000Z",
        f"UID:{uid('cstd-2010', 'consultation')}",
        "SEQUENCE:3",
        "CATEGORIES:CSTD,plenary,wg,igf",
        "CLASS:PUBLIC",
        "DESCRIPTION:" + r"\n".join(lines),
        "LOCATION:Room XXVI\\, building E\\, Palais des Nations\\, Geneva",
        'ORGANIZER;CN="CSTD secretariat":mailto:stdev@example.org',
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "END:VEVENT",
    ]


def test_an_event_leaves_out_what_is_not_known() -> None:
    text = one(Session("a", "", 60), "Europe/Zurich", "2010-12-17T10:00+01:00", "2010-12-17T11:00+01:00")
    assert "SUMMARY:a\r\n" in text
    assert "LOCATION:I\r\n" in text
    assert "DESCRIPTION:Access: open to all\r\n" in text
    assert "CATEGORIES" not in text
    assert "ORGANIZER" not in text


@pytest.mark.parametrize(
    ("access", "wanted"), [("open", "PUBLIC"), ("members", "CONFIDENTIAL"), ("governments", "CONFIDENTIAL")]
)
def test_the_class_follows_the_access(access: str, wanted: str) -> None:
    session = Session("a", "A", 60, access=access)
    text = one(session, "Europe/Zurich", "2010-12-17T10:00+01:00", "2010-12-17T11:00+01:00")
    assert f"CLASS:{wanted}\r\n" in text


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "Zulu"])
def test_times_in_utc_have_no_zone(zone: str) -> None:
    text = one(Session("a", "A", 60), zone, "2010-12-17T10:00+00:00", "2010-12-17T11:00+00:00")
    assert "DTSTART:20101217T100000Z\r\n" in text
    assert "DTEND:20101217T110000Z\r\n" in text


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        ("2010-10-31T02:00+02:00", "2010-10-31T02:30+02:00", ("000000Z", "003000Z")),
        ("2010-10-31T02:30+02:00", "2010-10-31T03:00+01:00", ("003000Z", "020000Z")),
        ("2010-10-31T02:30+02:00", "2010-10-31T02:30+01:00", ("003000Z", "013000Z")),
        ("2010-10-31T02:00+01:00", "2010-10-31T03:00+01:00", ("010000Z", "020000Z")),
        ("2010-03-28T01:30+01:00", "2010-03-28T03:30+02:00", ("013000", "033000")),
    ],
)
def test_an_hour_that_comes_twice_is_written_in_utc_both_times(start: str, end: str, written: tuple[str, str]) -> None:
    text = one(Session("a", "A", 30), "Europe/Zurich", start, end)
    day = start[:10].replace("-", "")
    for name, clock in zip(("DTSTART", "DTEND"), written, strict=True):
        zone = "" if clock.endswith("Z") else ";TZID=Europe/Zurich"
        assert f"{name}{zone}:{day}T{clock}\r\n" in text
    read = icalendar.Event.from_ical(text)
    assert read.decoded("DTSTART").timestamp() == datetime.fromisoformat(start).timestamp()
    assert read.decoded("DTEND").timestamp() == datetime.fromisoformat(end).timestamp()


def test_an_end_at_the_first_of_two_equal_hours_takes_its_start_along_into_utc() -> None:
    text = one(Session("a", "A", 30), "Europe/Zurich", "2010-10-31T01:30+02:00", "2010-10-31T02:00+02:00")
    assert "DTSTART:20101030T233000Z\r\n" in text
    assert "DTEND:20101031T000000Z\r\n" in text


@given(st.lists(st.tuples(st.text(), st.text()), unique=True))
def test_two_pairs_of_ids_never_share_a_uid(pairs: list[tuple[str, str]]) -> None:
    assert len({uid(*pair) for pair in pairs}) == len(pairs)


def test_a_uid_stays_what_it_is_for_ever() -> None:
    assert uid("cstd-2010", "consultation") == "a820d17ae9d07d79770edf037356e954@unsched"
    assert uid("a", "b\ud800") != uid("a", "b\ud801") != uid("a\ud801", "b")


@pytest.mark.parametrize(
    ("room", "venue", "wanted"),
    [
        (Room("XXVI"), None, "XXVI"),
        (Room("XXVI", "Salle XXVI"), "Palais", "Salle XXVI, Palais"),
        (Room("XXVI", building="E"), "Palais", "XXVI, building E, Palais"),
        (Room("XXVI", building="Tempus"), "Palais,\r\nGeneva", "XXVI, Tempus, Palais, Geneva"),
    ],
)
def test_a_place_is_its_room_building_and_venue(room: Room, venue: str | None, wanted: str) -> None:
    problem = Problem("p", Window("UTC", ["2010-12-17"]), Venue([room], name=venue), [Session("a", "A", 60)])
    assert locate(problem, "XXVI") == wanted


def test_names_with_commas_are_kept_apart_by_semicolons() -> None:
    session = Session("a", "A", 60, required=["IR", "CH"], invited=["CI"], access="governments")
    labels = {"IR": "Iran, Islamic Republic of", "CH": "Switzerland", "CI": "Côte\nd'Ivoire"}
    assert describe(session, labels).splitlines() == [
        "Access: governments only",
        "Required: Iran, Islamic Republic of; Switzerland",
        "Invited: Côte d'Ivoire",
    ]


def test_a_word_is_a_category_once() -> None:
    assert categories(Session("a", "A", 60, body="CSTD", kind="plenary", tags=["CSTD", "igf"])) == (
        "CSTD",
        "plenary",
        "igf",
    )


def test_an_organizer_is_one_address_whatever_its_letters() -> None:
    written = organizer('The "office", A', "a?cc=b%40c&d=é@example.org")
    assert written.to_ical() == b"mailto:a%3Fcc%3Db%2540c%26d%3D%C3%A9@example.org"
    assert written.params.to_ical() == b"CN=\"The 'office', A\""
    assert organizer(" ", "a@example.org").params.to_ical() == b""


def test_an_event_without_an_organizer_or_with_another_is_the_same_event(problem: Problem, schedule: Schedule) -> None:
    other = evolve(problem, organizer=Contact("Somebody", "b@example.org"))
    assert f"UID:{uid('cstd-2010', 'drafting')}\r\n" in write(other, schedule, "drafting")
    assert "mailto:b@example.org" in write(other, schedule, "drafting")
