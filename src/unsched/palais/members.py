"""Who sits in the Working Group: 20 Member States on 6 December 2010, 22 from 17 December 2010, and 20 invited.

Which States took the seats of the regional groups was not found, so these are seats ("seat 1 of 3") and not names.
Every mail address is an office at example.org.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from unsched.domain.people import Delegation
from unsched.palais.groups import REGIONAL_GROUPS, STAKEHOLDER_GROUPS, WORKING_GROUP

__all__ = [
    "DECIDED",
    "DECISION",
    "ENLARGED",
    "GROUP_SEATS",
    "IGF_HOSTS",
    "INVITED",
    "WSIS_HOSTS",
    "members",
]

DECIDED = date(2010, 12, 6)
"""The day on which 20 Member States were decided."""

ENLARGED = date(2010, 12, 17)
"""The day on which they became 22."""

DECISION = (
    "Executive summary of the consultation meeting on the establishment of the CSTD Working Group on the Internet "
    "Governance Forum, Geneva, 6 December 2010"
)
"""The document of 6 December 2010, as sources name it."""

_UNCTAD = (
    "http://unctad.org/en/pages/newsarchive.aspx?Me=,,ows_ContentType,ascending&ReferencePageId=5783"  # 23 Dec 2010
)


def members(on: date) -> tuple[Delegation, ...]:
    """Return the Member States of the Working Group as they stood at the end of a day.

    Before 6 December 2010 there is no Working Group, and the answer is empty. What came after December 2010 is not
    modelled.

    >>> len(members(date(2010, 12, 6))), len(members(date(2010, 12, 17)))
    (20, 22)
    """
    if on < DECIDED:
        return ()
    return (*GROUP_SEATS, *IGF_HOSTS, *(WSIS_HOSTS if on >= ENLARGED else ()))


def _group_seats() -> Iterator[Delegation]:
    for group in REGIONAL_GROUPS:
        for seat in (1, 2, 3):
            yield Delegation(
                f"{group.id}-seat-{seat}",
                f"{group.label}, seat {seat} of 3",
                groups=(group.id, WORKING_GROUP.id),
                mail=f"{group.id}-seat-{seat}@example.org",
                source=f"{DECISION}: three members of each group; the holder was not found.",
            )


def _host(name: str, group: str, occasion: str) -> Delegation:
    office = name.lower()
    return Delegation(
        office,
        name,
        groups=(group, WORKING_GROUP.id),
        mail=f"{office}@example.org",
        source=f"Host of {occasion}. {_UNCTAD}",
    )


def _invited() -> Iterator[Delegation]:
    sources = {
        "business": "iccwbo.org, five guests of the business community",
        "civil-society": "unctad.org, news of 23 December 2010: five seats",
        "technical-and-academic": "netnod.se, five of the technical and academic community",
        "intergovernmental": "five intergovernmental organizations, from the composition of 17 December 2010",
    }
    for group in STAKEHOLDER_GROUPS:
        for seat in (1, 2, 3, 4, 5):
            yield Delegation(
                f"{group.id}-{seat}",
                f"{group.label}, seat {seat} of 5",
                groups=(group.id,),
                mail=f"{group.id}-{seat}@example.org",
                source=sources[group.id],
            )


GROUP_SEATS: tuple[Delegation, ...] = tuple(_group_seats())
"""The 15 seats of CSTD members, three for each regional group."""

IGF_HOSTS: tuple[Delegation, ...] = (
    _host("Greece", "western-european-and-other-states", "the IGF of 2006, Athens"),
    _host("Brazil", "latin-american-and-caribbean-states", "the IGF of 2007, Rio de Janeiro"),
    _host("India", "asian-states", "the IGF of 2008, Hyderabad"),
    _host("Egypt", "african-states", "the IGF of 2009, Sharm el-Sheikh"),
    _host("Lithuania", "eastern-european-states", "the IGF of 2010, Vilnius"),
)
"""The five States that had hosted the IGF. Their regional group is common knowledge and not from the source named."""

WSIS_HOSTS: tuple[Delegation, ...] = (
    _host("Switzerland", "western-european-and-other-states", "the first phase of WSIS, Geneva 2003"),
    _host("Tunisia", "african-states", "the second phase of WSIS, Tunis 2005"),
)
"""The two hosts of the World Summit on the Information Society, members from 17 December 2010."""

INVITED: tuple[Delegation, ...] = tuple(_invited())
"""The 20 invited: offices, five for each group of stakeholders."""
