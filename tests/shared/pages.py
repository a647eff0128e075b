"""A small meeting to make timetable pages of, with every kind of text, person and part that a page has to mind."""

from __future__ import annotations

from unsched import (
    Block,
    Booking,
    Contact,
    Delegation,
    Group,
    Person,
    Problem,
    Room,
    Schedule,
    Seats,
    Segment,
    Session,
    Venue,
    Window,
)

__all__ = ["HOSTILE", "ZONE", "booking", "meeting"]

ZONE = "Europe/Zurich"

HOSTILE = (
    "</script><img src=x onerror=window.hurt=1>",
    "<!--<script>window.hurt=1</script>",
    '" onmouseover="window.hurt=1" x="',
    "javascript:window.hurt=1",
    "{{ 7 * 7 }} {% raw %} ${hurt}",
    "\u202egnp.exe\u202c \u2066reordered",
    "line\u2028separator\u2029and paragraph",
    "W" * 300,
    "\u0627\u0644\u0625\u0646\u062a\u0631\u0646\u062a \u0644\u0644\u062c\u0645\u064a\u0639",
    "\U0001f30d\U0001f9d1\U0001f3fd\u200d\U0001f4bb \U00020bb7 e\u0301",
    "&lt;b&gt; &amp; &#x3c;i&#x3e;",
    "'); window.hurt=1; ('",
)
"""Titles that would be something else than titles, if a page let them."""


def booking(session: str, room: str, day: int, start: str, end: str) -> Booking:
    """Return a booking in October 2010: on the last day of it the clocks go back."""
    return Booking(session, room, f"2010-10-{day:02}T{start}+02:00", f"2010-10-{day:02}T{end}+02:00")


def meeting(titles: tuple[str, ...] = ()) -> tuple[Problem, Schedule]:
    """Return a meeting of two days in three rooms, and sessions with the given titles on a third."""
    sessions = [
        Session(
            "opening",
            "Opening of the Assembl\u00e9e",
            60,
            body="Plenary",
            kind="plenary",
            chair="chair",
            invited="members",
            languages=["English", "French"],
            features="webcast",
            description="First line, with a link: https://example.org/?a=1&b=2\n\nSecond line.",
        ),
        Session("access", "Access for all", 90, body="Access", kind="workshop", required=["brazil", "egypt"]),
        Session("drafting", "Drafting group", 60, body="Plenary", access="members", required="brazil"),
        Session(
            "consultation",
            "Consultation",
            120,
            body="Access",
            required="egypt",
            segments=[
                Segment(30, title="Statements", id="open"),
                Segment(45, "governments", required="fiji", title="SECRET: heads of delegation", id="closed"),
                Segment(None, required="kenya", title="Report back", id="back"),
            ],
        ),
        Session("night", "Night of the clocks", 120, body="Access", blocks="night"),
        *(Session(f"h{number}", title, 30, body="Access") for number, title in enumerate(titles)),
    ]
    problem = Problem(
        "assembly",
        Window(
            ZONE,
            ["2010-10-28", "2010-10-29", "2010-10-30", "2010-10-31"],
            [Block("09:00", "19:00"), Block("00:00", "06:00", kind="night")],
        ),
        Venue(
            [
                Room("I", "Room I", "E", Seats(10, 200, 200), 6, features="webcast"),
                Room("II", None, "Annex", Seats(10, 200, 200), 6),
                Room("Caf\u00e9 / bar", seats=Seats(10, 200, 200), booths=6),
            ],
            name="Palais, Geneva",
        ),
        sessions,
        [
            Delegation("brazil", "Brazil", groups="members", mail="brazil@example.org"),
            Delegation("egypt", "Egypt", groups="members", size=2, mail="egypt@example.org"),
            Delegation("fiji", "Fiji", mail="fiji@example.org"),
            Delegation("kenya", "Kenya", mail="kenya@example.org"),
            Delegation("aland", "\u00c5land Islands", mail="aland@example.org"),
        ],
        [Person("chair", "Zo\u00eb M\u00fcller, Chair", delegation="aland", mail="zoe@example.org")],
        [Group("members", "Member States", mail="members@example.org")],
        title="Assembly of 2010",
        organizer=Contact("Secretariat", "office@example.org"),
    )
    bookings = [
        booking("opening", "I", 28, "09:00", "10:00"),
        booking("access", "I", 28, "10:00", "11:30"),
        booking("drafting", "II", 28, "10:30", "11:30"),
        booking("consultation", "Caf\u00e9 / bar", 29, "14:00", "16:00"),
        # From the first 02:30 of that night to half an hour after the second.
        Booking("night", "I", "2010-10-31T02:30+02:00", "2010-10-31T03:30+01:00"),
    ]
    for number in range(len(titles)):
        start, end = (f"{9 + (number + step) // 2:02}:{30 * ((number + step) % 2):02}" for step in (0, 1))
        bookings.append(booking(f"h{number}", "II", 30, start, end))
    return problem, Schedule("assembly", ZONE, bookings, 2, "2010-10-20T08:00:00+00:00")
