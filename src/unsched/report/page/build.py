"""The timetable page: from a schedule to one HTML file that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from unsched.calendar.head import check_base_url
from unsched.domain.timetable import misfits
from unsched.errors import Fault, InputError
from unsched.report.page.assets import as_json, policy, read_asset, script, style
from unsched.report.page.cards import Piece
from unsched.report.page.colours import PALETTE, check_colour_by, palette_css
from unsched.report.page.content import Content, Day, Named, content
from unsched.report.page.paper import constants, print_size
from unsched.report.page.words import WORDS, check_language, day_in, days_in
from unsched.report.printable import clean
from unsched.report.text import clock

if TYPE_CHECKING:
    from unsched.domain.problem import Problem
    from unsched.domain.publication import Publication
    from unsched.domain.schedule import Schedule

__all__ = ["timetable_page"]

_MISSING: Final = "a timetable page is made with jinja2, which is not installed"

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def timetable_page(
    problem: Problem,
    schedule: Schedule,
    *,
    language: str = "en",
    calendars: str | None = None,
    now: datetime | None = None,
    colour_by: str = "auto",
    stamp: datetime | None = None,
    publication: Publication | None = None,
) -> str:
    """Return a timetable as one HTML page that fetches nothing: all of it is in the text.

    The page shows what `programme.ics` tells everybody: a session that is not open stands there with its title, a part
    of one that is not open without. The only mail address in it is the organizer's, in calendar entries. Texts are
    data: no title becomes markup or runs.

    The same arguments give the same text.

    Args:
        problem: the facts.
        schedule: the bookings.
        language: of the interface, one of `LANGUAGES`; titles are in whatever language they are in.
        calendars: where the folder is that `write_calendars` wrote, for links: an address, or a path from where the
            page will be, such as "." or "calendars"; `None` leaves the links to whole calendars out.
        now: the moment that the page takes for now, with an offset, instead of the reader's clock.
        colour_by: what tells sessions apart by colour: "body", "kind", "tag" (the first of each), or "auto", whichever
            of them does it best.
        stamp: when the schedule was made, with an offset, for the entries that readers add to their calendars; by
            default the publication's or the schedule's own. Without any, there are no such entries.
        publication: what `publish` made of this very schedule, so that entries have the numbers of invitations.

    Raises:
        InputError: jinja2 is missing, the schedule is none of the problem's, something else than the schedule has been
            published, or an argument is not as it should be.
    """
    check_language(language)
    check_colour_by(colour_by)
    faults = misfits(problem, schedule)
    faults += [] if calendars is None else _faults_of_place(calendars)
    for name, moment in (("now", now), ("stamp", stamp)):
        if moment is not None and moment.tzinfo is None:
            remedy = "one such as 2010-12-06T12:00:00+00:00."
            faults.append(Fault(name, f"{moment!r} is not a date and time with an offset", remedy))
    if faults:
        raise InputError(faults, f"the timetable page of {problem.id!r}")
    known = schedule.stamp if publication is None else publication.stamp
    made = known if stamp is None else stamp
    shown = content(problem, schedule, colour_by=colour_by, stamp=made, publication=publication)
    return _render(shown, language, _place(calendars), now)


def _faults_of_place(calendars: str) -> list[Fault]:
    """Return what is wrong with where calendars are said to be: links lead to folders, and run nothing."""
    if _SCHEME.match(calendars) or calendars.startswith("//"):
        return [Fault("calendars", one.message, one.remedy) for one in check_base_url(calendars)]
    return []


def _place(calendars: str | None) -> str | None:
    if calendars is None:
        return None
    address = calendars if _SCHEME.match(calendars) else quote(calendars.replace("\\", "/"))
    return address if address.endswith("/") else f"{address}/"


def _render(shown: Content, language: str, calendars: str | None, now: datetime | None) -> str:
    try:
        import jinja2
        from markupsafe import Markup
    except ImportError:
        raise InputError([Fault("", _MISSING, "pip install 'unsched[html]'.")], "the timetable page") from None
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.FunctionLoader(read_asset),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    css, early, program = style(palette_css()), read_asset("early.js"), script()
    # Our own text, and not a reader's: it stands as it is, since the policy names its hash.
    assert "</" not in css + program + early, "no script or style says what would end it"  # noqa: S101  of our files
    text: str = environment.get_template("page.html").render(
        page=shown,
        words=WORDS[language],
        language=language,
        calendars=calendars,
        rooms={room.id: room for room in shown.rooms},
        policy=policy((early, program), (css,)),
        css=Markup(css),  # noqa: S704  as above
        early=Markup(early),  # noqa: S704
        program=Markup(program),  # noqa: S704
        data=Markup(as_json(_data(shown, language, calendars, now))),  # noqa: S704  which `as_json` has made safe
        events=Markup(as_json(_events(shown))),  # noqa: S704
        clean=clean,
        clock=clock,
        colours=len(PALETTE),
        day_in=day_in,
        days_in=days_in,
        print_size=lambda day: _print_size(shown, day),
    )
    return text


def _data(shown: Content, language: str, calendars: str | None, now: datetime | None) -> dict[str, Any]:
    """Return what the program of the page needs to know; texts it takes from the page itself."""
    places = {room.id: number for number, room in enumerate(shown.rooms)}
    tracks = {name: number for number, name in enumerate(shown.tracks)}
    people = {one.id: number for number, one in enumerate(shown.parties)}
    return {
        "id": shown.id,
        "title": shown.title,
        "zone": shown.zone,
        "language": language,
        "words": dict(WORDS[language]),
        "calendars": calendars,
        "now": None if now is None else int(now.timestamp()),
        "paper": constants(),
        "rooms": [
            {"id": clean(one.id), "label": one.label, "feed": one.feed, "building": _building(one, language)}
            for one in shown.rooms
        ],
        "tracks": [{"id": one.name, "label": one.name, "feed": one.feed} for one in shown.tracks.values()],
        "parties": [{"id": clean(one.id), "label": one.label, "feed": one.feed} for one in shown.parties],
        "sessions": [
            {
                "id": card.id,
                "start": int(card.start.timestamp()),
                "end": int(card.end.timestamp()),
                "room": places[card.room],
                "track": None if card.track is None else tracks[card.track],
                "who": [people[id] for id in card.roles],
                "roles": "".join(card.roles.values()),
                **_pieces(card.pieces, people),
            }
            for card in shown.cards
        ],
    }


def _building(room: Named, language: str) -> str | None:
    """Return what a building is called: a bare "E" says nothing to somebody who looks for it."""
    if room.building is None or len(room.building) > 2:
        return room.building
    return WORDS[language]["building"].format(name=room.building)


def _print_size(shown: Content, day: Day) -> int:
    labels = {room.id: len(room.label) for room in shown.rooms}
    return print_size(
        (len(card.title), labels[card.room] + len(card.track or "") + (20 if card.access != "open" else 3))
        for _, card in day.cards
    )


def _pieces(pieces: Iterable[Piece], people: Mapping[str, int]) -> dict[str, Any]:
    found = [
        [int(piece.start.timestamp()), int(piece.end.timestamp()), [people[id] for id in sorted(piece.readers)]]
        for piece in pieces
        if piece.readers
    ]
    return {"pieces": found} if found else {}


def _events(shown: Content) -> dict[str, Any] | None:
    if shown.stamp is None:
        return None
    return {"opening": shown.opening, "closing": shown.closing, "events": [card.event for card in shown.cards]}
