"""The sessions of December 2010: what is known of them, and nothing that is not.

No length is written here: none is known, so each is an assumption of the problem. Who and what is invented (the groups'
coordinations, the bureau, the drafting group, the side events) is named as such in `unsched.palais.case_assumptions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from unsched.domain.session import Session
from unsched.domain.time import LUNCH, REGULAR, Period
from unsched.palais.groups import REGIONAL_GROUPS, STAKEHOLDER_GROUPS, WORKING_GROUP
from unsched.palais.members import DECISION

__all__ = ["DAYS", "LANGUAGES", "sessions"]

DAYS: tuple[date, ...] = (date(2010, 12, 15), date(2010, 12, 16), date(2010, 12, 17))
"""The days of the CSTD's inter-sessional panel."""

LANGUAGES: tuple[str, ...] = ("Arabic", "Chinese", "English", "French", "Russian", "Spanish")
"""The six languages of the United Nations."""

_PANEL_SOURCE = "Dates and themes: E/CN.16/2011/CRP.1 (https://livrozilla.com/doc/349151/intersessional-panel-meetings)"
_STATES = tuple(group.id for group in REGIONAL_GROUPS)
_STAKEHOLDERS = tuple(group.id for group in STAKEHOLDER_GROUPS)
_SECRETARIAT = "cstd-secretariat"


def sessions() -> tuple[Session, ...]:
    """Return all sessions of the case, in the order in which a programme would name them."""
    own = (*_working_group(), *_drafting(), *_bureau(), *_consultation())
    return (*_panel(), *_coordinations(), *own, *_side_events())


def _panel() -> Iterator[Session]:
    parts: tuple[tuple[str, str, str, tuple[str, ...], date | None], ...] = (
        ("opening", "Panel: opening", "plenary", _STAKEHOLDERS, DAYS[0]),
        ("technologies-1", "Panel: technologies for agriculture and water, first part", "panel", (), None),
        ("technologies-2", "Panel: technologies for agriculture and water, second part", "panel", (), None),
        ("impact-1", "Panel: measuring the impact of ICT for development, first part", "panel", (), None),
        ("impact-2", "Panel: measuring the impact of ICT for development, second part", "panel", (), None),
        ("wsis", "Panel: follow-up to the World Summit on the Information Society", "panel", _STAKEHOLDERS, None),
        ("closing", "Panel: closing", "plenary", (), DAYS[2]),
    )
    for name, title, kind, also_invited, day in parts:
        yield Session(
            f"panel-{name}",
            title,
            body="CSTD Panel",
            kind=kind,
            tags=("interpreted",),
            required=(_SECRETARIAT,),
            invited=_STATES + also_invited,
            chair="panel-chair",
            side_seats=90,
            podium_seats=6,
            languages=LANGUAGES,
            available=None if day is None else (Period((day,)),),
            source=_PANEL_SOURCE,
        )


def _coordinations() -> Iterator[Session]:
    for group in REGIONAL_GROUPS:
        yield Session(
            f"coordination-{group.id}",
            f"{group.label}: coordination",
            body="Regional groups",
            kind="coordination",
            required=(group.id,),
            access="members",
            blocks=(REGULAR, LUNCH),
            description="The group prepares the first meeting of the Working Group.",
        )


def _working_group() -> Iterator[Session]:
    for number, title in (
        ("first", "Working Group: first meeting, organization of work"),
        ("second", "Working Group: second meeting, report of the drafting group"),
    ):
        yield Session(
            f"wg-{number}",
            title,
            body="CSTD Working Group",
            kind="working-group",
            tags=("interpreted",),
            required=(WORKING_GROUP.id, _SECRETARIAT),
            chair="riehl",
            side_seats=20,
            podium_seats=4,
            languages=LANGUAGES,
            access="members",
            source=f"{DECISION}: to convene during the inter-sessional panel, 15-17 December 2010.",
        )


def _drafting() -> Iterator[Session]:
    for number in (1, 2):
        yield Session(
            f"drafting-{number}",
            f"Drafting group: meeting {number} of 2",
            body="Drafting group",
            kind="drafting",
            required=tuple(f"{group}-seat-1" for group in _STATES),
            chair="drafting-facilitator",
            access="members",
            description="One seat of each regional group; the Working Group takes its text at the second meeting.",
        )


def _bureau() -> Iterator[Session]:
    for number, before in ((1, "first meeting of the Working Group"), (2, "open consultation")):
        yield Session(
            f"bureau-{number}",
            f"Bureau: meeting {number} of 2",
            body="CSTD Bureau",
            kind="bureau",
            required=("panel-chair", _SECRETARIAT),
            chair="riehl",
            access="members",
            blocks=(REGULAR, LUNCH),
            description=f"Prepares the {before}.",
        )


def _consultation() -> Iterator[Session]:
    for part in ("morning", "afternoon"):
        yield Session(
            f"consultation-{part}",
            f"Open consultation of the Working Group: {part}",
            body="CSTD Working Group",
            kind="consultation",
            tags=("interpreted",),
            required=(WORKING_GROUP.id, _SECRETARIAT),
            invited=("switzerland", *_STAKEHOLDERS),
            chair="riehl",
            side_seats=60,
            podium_seats=6,
            languages=LANGUAGES,
            room="XXVI",
            available=(Period((DAYS[2],)),),
            source=f"{DECISION}: open consultation with all entities in consultative status, 17 December 2010, "
            "Room XXVI.",
        )


def _side_events() -> Iterator[Session]:
    african, asian, latin, eastern, western = _STATES
    events: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
        ("remote", "Taking part from afar", "technical-and-academic-1", (african, latin, "civil-society")),
        ("regional-forums", "National and regional forums", "civil-society-1", (asian, eastern, "india", "brazil")),
        ("local-content", "Content in local languages", "intergovernmental-1", (african, asian)),
        ("small-firms", "Small firms online", "business-1", (eastern, western, "technical-and-academic")),
        ("indicators", "Indicators that countries can afford", "intergovernmental-2", (latin, asian, western)),
        ("water", "Sensors for water and fields", "technical-and-academic-2", (african, latin, "business")),
    )
    for name, title, host, invited in events:
        yield Session(
            f"side-{name}",
            f"Side event: {title}",
            body="Side events",
            kind="side-event",
            required=(host,),
            invited=invited,
            side_seats=30,
            podium_seats=3,
            blocks=(LUNCH,),
        )
