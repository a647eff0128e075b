"""Rooms of the Palais des Nations, as far as a source is known for them.

What no source gives stays `None`: an example that needs the number states it as an assumption of its own problem.
Left out are rooms that are known from memory only, and buildings of which no single room is known by name (Concordia,
S1, S2; Tempus and H, which were not there in 2010).

Three conventions hold throughout:

* The podium counts both of its rows, the front one and the one behind it. Places beside the table or behind it,
  without microphone, are the side.
* A validity that is known by its year alone is read narrowly: a room changed "in 2008" is described as it is from
  1 January 2009. Where a room was described differently before, it comes twice, with dates that do not overlap.
* A building that is only inferred from a list or a door is left open.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from unsched.domain.time import Period
from unsched.domain.venue import Room, Seats

__all__ = ["ROOMS", "rooms"]

_DECISION = "the decision of 6 December 2010 on the CSTD Working Group on the Internet Governance Forum"
_UN_MIRROR = "http://dd-floors.com/ru/collection/29/7829 (a mirror of un.org)"


def rooms(on: date | None = None) -> tuple[Room, ...]:
    """Return the rooms that are described here, or those that stand as described on a day.

    Args:
        on: the day; `None` returns every description, so that a room that changed comes more than once.

    >>> "XIV" in [room.id for room in rooms(date(2010, 12, 17))]
    False
    """
    return tuple(room for room in ROOMS if on is None or _stands(room, on))


def _stands(room: Room, on: date) -> bool:
    return (room.valid_from is None or room.valid_from <= on) and (room.valid_until is None or on < room.valid_until)


def _old_wing() -> Iterator[Room]:
    yield Room(
        "Assembly Hall",
        name="Assembly Hall (Salle des Assemblées)",
        seats=Seats(total=1939),
        valid_from=date(1997, 1, 1),
        source="1,939 seats by a press report of 2015 (un.org: about 2,000); present form since the works of 1996; "
        "interpreted into six languages, booths not counted. "
        "https://www.signegeneve.ch/thematique/actu/jai-70-ans-journee-portes-ouvertes-aux-palais-des-nations.html ; "
        "https://www.un.org/pt/node/36360",
    )
    yield Room(
        "Council Chamber",
        name="Council Chamber (Salle du Conseil)",
        source="Interpretation booths since the works of 1951-1968, not counted; the original table had 21 places and "
        "there was no podium; present seats not found. "
        "https://ungeneva.org/ar/meetings-events/rooms/council-chamber",
    )
    yield Room(
        "French Room",
        name="French Room (Leleu Room)",
        seats=Seats(table=6),
        source="A salon off the Council Chamber, Door C6, a round table with six chairs. "
        "https://www.ungeneva.org/en/meetings-events/rooms/french-room",
    )
    yield Room(
        "I",
        name="Room I",
        source="Known from the French Room's page alone, which it stands opposite. "
        "https://www.ungeneva.org/en/meetings-events/rooms/french-room",
    )
    yield Room(
        "II",
        name="Room II",
        seats=Seats(table=18),
        source="56 m2, an oval table for 18; 22 chairs and armchairs in the room; no booths mentioned. "
        "https://ungeneva.org/en/meetings-events/rooms/room-ii",
    )
    yield Room(
        "III",
        name="Room III",
        seats=Seats(total=200),
        source="200 seats; simultaneous interpretation since 1959, more booths on the gallery in 1985, not counted. "
        "https://www.un.org/pt/node/36384 ; https://ungeneva.org/fr/meetings-events/rooms/room-iii",
    )
    yield Room("IV", name="Room IV", source=f"Once the Permanent Delegates' Lounge; seats not found. {_UN_MIRROR}")
    yield Room(
        "V",
        name="Room V",
        seats=Seats(total=270),
        source="1st floor, 270 places, interpretation (booths not counted), by UNOG's site before 2017. "
        "http://www.unog.ch/80256EE60057CB67/(httpRooms)/86AF962D1EA86AEA80256EF9005972A6?OpenDocument"
        "&unid=BAE3AF717207A5AF80256EF80049C552",
    )
    yield Room("VI", name="Room VI", source="Named as a room; seats not found. https://www.un.org/pt/node/36384")
    yield Room(
        "VII",
        name="Room VII",
        building="A",
        seats=Seats(podium=18, table=144, side=38, total=200),
        booths=6,
        source="Door A11, 3rd floor; 9 on the podium, 9 behind it, 144 at the table with microphone, 38 at the side "
        "without; 6 booths. https://www.ungeneva.org/fr/meetings-events/rooms/room-vii ; "
        "http://www.humanrights70.eu/venue-room-vii/",
    )
    yield Room(
        "IX",
        name="Room IX",
        building="A",
        seats=Seats(podium=14, table=72, side=30, total=116),
        booths=5,
        source="Door A11, 3rd floor; 7 on the podium, 7 behind it, 72 at the table with microphone, 30 at the side; "
        "5 booths. Its page names a limit of 50 while section A is rebuilt, which is later than 2010. "
        "https://www.ungeneva.org/en/meetings-events/rooms/room-ix",
    )
    yield Room(
        "XII",
        name="Room XII (Italian Room)",
        seats=Seats(podium=18, table=204, side=36, total=258),
        valid_from=date(2000, 1, 1),
        source="9 on the podium, 9 behind it, 204 at the table with microphone, 36 behind without; renovated in 1999. "
        "https://ungeneva.org/es/meetings-events/rooms/room-xii",
    )
    yield Room(
        "XIV",
        name="Room XIV (Kazakh Room)",
        valid_from=date(2025, 12, 8),
        source="A former cinema, out of service from 2007, restored in 2013, reopened on 8 December 2025. "
        "https://www.ungeneva.org/en/director-general/tatiana-valovaya/activities/2025/12/"
        "director-generals-remarks-reopening-kazakh",
    )
    yield Room(
        "XVI",
        name="Room XVI",
        booths=16,
        valid_from=date(1997, 1, 1),
        source="16 booths (not 16 languages) in two sets of eight; in use since June 1961, renovated in 1996, "
        "seats not found. https://ungeneva.org/fr/meetings-events/rooms/room-xvi ; "
        "https://ungeneva.org/es/meetings-events/rooms/room-xvi",
    )


def _new_wing() -> Iterator[Room]:
    page = "https://www.sb-id.com/news/take-a-look-inside-the-uae-funded-22m-renovated-un-conference-hall-in-geneva/"
    yield Room(
        "XVII",
        name="Room XVII",
        building="E",
        valid_until=date(2015, 7, 1),
        source=f"Building E, built in the early 1970s; renovated from July 2015; seats not found. {page}",
    )
    yield Room(
        "XVII",
        name="Room XVII (Emirates Room)",
        building="E",
        valid_from=date(2016, 6, 1),
        source=f"As renovated until May 2016; seats not found. {page}",
    )
    yield Room(
        "XIX",
        name="Room XIX",
        valid_until=date(2019, 1, 1),
        source="In use on 23 May 2011 (opening of the CSTD's fourteenth session); seats before 2019 not found. "
        "https://www.apc.org/en/blog/un-commission-science-and-technology-development-fourteenth-session",
    )
    yield Room(
        "XIX",
        name="Room XIX (Qatar Hall)",
        seats=Seats(total=800),
        booths=10,
        valid_from=date(2020, 1, 1),
        source="As rebuilt in 2019, on a day not found: 800 seats, 320 of them delegates' desks; ten booths, sign "
        "language included. https://www.re-thinkingthefuture.com/institutional/"
        "3392-new-conference-room-xix-by-peia-associati/ ; "
        "https://www.internimagazine.com/last_news/design-circolare-peia-onu/",
    )
    yield Room(
        "XX",
        name="Room XX (Human Rights and Alliance of Civilizations Room)",
        seats=Seats(total=754),
        features=("accessible", "webcast"),
        valid_from=date(2009, 1, 1),
        source="754 seats since the renovation of 2008; movable furniture; ready for webcast; accessible; booths not "
        "found. https://www.unog.ch/unog/website/broker.nsf/(httpPages)/C51FE427488BEF9DC1257506004D723D?OpenDocument "
        "; https://ungeneva.org/es/meetings-events/rooms/room-xx",
    )
    yield Room(
        "XXIII",
        name="Room XXIII",
        source="Named by a chair on 22 November 2010 ('is it 23 or 24?'); seats not found. "
        "https://www.intgovforum.org/cms/component/content/article/102-transcripts2010/758-ocas",
    )
    yield Room(
        "XXIV",
        name="Room XXIV",
        building="E",
        source="Building E by UNECE (2024); seats not found but on one weak page (260), which is not enough. "
        "https://unece.org/info/events/event/394612",
    )
    yield Room(
        "XXVI",
        name="Room XXVI",
        source=f"Named by {_DECISION}; seats and booths not found.",
    )
    yield Room(
        "E-2",
        name="Room E-2 (NGO Resource and Service Centre)",
        building="E",
        seats=Seats(podium=0, table=15, side=0, total=15),
        booths=0,
        hours=(Period(start="09:00", end="18:00"),),
        source="A table and 15 chairs, no other equipment; Monday to Friday, 9:00-18:00. "
        "https://www.unog.ch/80256EE60057E07D/(httpPages)/00945715638DBEB7C12573AA00393543?OpenDocument",
    )


ROOMS: tuple[Room, ...] = (*_old_wing(), *_new_wing())
"""Every description of a room, in the order of the house; a room that changed comes once for each state."""
