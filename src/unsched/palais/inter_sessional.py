"""The founding case: the Working Group's first meetings inside the CSTD's inter-sessional panel of December 2010."""

from __future__ import annotations

from attrs import evolve

from unsched.domain.people import Contact, Delegation, Group, Person
from unsched.domain.problem import Problem
from unsched.domain.time import LUNCH, UN_HOURS, Block
from unsched.domain.venue import Venue, Walk
from unsched.domain.window import Window
from unsched.palais.case_assumptions import assumptions
from unsched.palais.case_rules import rules
from unsched.palais.case_sessions import DAYS, sessions
from unsched.palais.groups import REGIONAL_GROUPS, STAKEHOLDER_GROUPS, WORKING_GROUP
from unsched.palais.members import DECIDED, INVITED, WSIS_HOSTS, members
from unsched.palais.rooms import rooms

__all__ = ["ROOMS_USED", "cstd_2010"]

ROOMS_USED: tuple[str, ...] = ("II", "VII", "IX", "XII", "XX", "XXIV", "XXVI", "E-2")
"""The rooms that the case may use: small and large, old wing and new."""


def cstd_2010() -> Problem:
    """Return the problem of 15-17 December 2010 at the Palais des Nations.

    Three days in which the Panel takes up its three themes, five regional groups coordinate, the Working Group of 20
    Member States (as decided on 6 December 2010) meets for the first time, a drafting group writes and reports, and
    the open consultation takes the whole of 17 December in Room XXVI. What is not known is assumed, and said:
    `cstd_2010().assumptions` holds every such point with its reason.

    >>> problem = cstd_2010()
    >>> len(problem.sessions), len(problem.rooms), problem.room("XXVI").booths
    (26, 8, 6)
    >>> next(str(one) for one in problem.assumptions if one.id == "XXVI" and one.field == "booths")
    'room XXVI: booths = 6 (a hall used for meetings in six languages; its booths were not found)'
    """
    here = {room.id: room for room in rooms(DAYS[0])}
    return Problem(
        "cstd-2010",
        title="CSTD inter-sessional panel and Working Group, 15-17 December 2010",
        window=Window("Europe/Zurich", DAYS, (*UN_HOURS, Block("13:15", "14:45", LUNCH))),
        venue=Venue(
            [here[name] for name in ROOMS_USED], [Walk(["A", "E"], minutes=10)], name="Palais des Nations, Geneva"
        ),
        sessions=sessions(),
        delegations=_delegations(),
        persons=_persons(),
        groups=_groups(),
        rules=rules(),
        assumptions=assumptions(),
        organizer=Contact("CSTD secretariat (example)", "cstd@example.org"),
    )


def _delegations() -> tuple[Delegation, ...]:
    switzerland, _ = WSIS_HOSTS
    regional = tuple(group for group in switzerland.groups if group != WORKING_GROUP.id)
    secretariat = Delegation(
        "cstd-secretariat", "Secretariat of the CSTD", size=2, table_seats=0, mail="cstd-secretariat@example.org"
    )
    return (*members(DECIDED), evolve(switzerland, size=2, groups=regional), *INVITED, secretariat)


def _persons() -> tuple[Person, ...]:
    return (
        Person("riehl", "Frederic Riehl, Vice-Chair", delegation="switzerland", mail="vice-chair@example.org"),
        Person("panel-chair", "Chair of the Panel", mail="panel-chair@example.org"),
        Person("drafting-facilitator", "Facilitator of the drafting group", mail="drafting-facilitator@example.org"),
    )


def _groups() -> tuple[Group, ...]:
    return (*REGIONAL_GROUPS, *STAKEHOLDER_GROUPS, WORKING_GROUP)
