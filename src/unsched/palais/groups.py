"""The regional groups of ECOSOC, the stakeholders that the Working Group invited, and how many seats each has."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from unsched.domain.people import Group

__all__ = ["CSTD_SEATS", "REGIONAL_GROUPS", "STAKEHOLDER_GROUPS", "WORKING_GROUP"]


def _group(office: str, name: str) -> Group:
    return Group(office, name, mail=f"{office}@example.org")


REGIONAL_GROUPS: tuple[Group, ...] = (
    _group("african-states", "African States"),
    _group("asian-states", "Asian States"),
    _group("latin-american-and-caribbean-states", "Latin American and Caribbean States"),
    _group("eastern-european-states", "Eastern European States"),
    _group("western-european-and-other-states", "Western European and other States"),
)
"""The five regional groups, from which the Commission's members are elected."""

CSTD_SEATS: Mapping[str, int] = MappingProxyType(
    {
        "african-states": 11,
        "asian-states": 9,
        "latin-american-and-caribbean-states": 8,
        "eastern-european-states": 5,
        "western-european-and-other-states": 10,
    }
)
"""Seats in the Commission by regional group, 43 in all.

Source: http://unctad.org/en/Pages/CSTD/CSTD-Membership.aspx
"""

STAKEHOLDER_GROUPS: tuple[Group, ...] = (
    _group("business", "Business community"),
    _group("civil-society", "Civil society"),
    _group("technical-and-academic", "Technical and academic community"),
    _group("intergovernmental", "Intergovernmental organizations"),
)
"""The stakeholders of whom the Working Group invited five each."""

WORKING_GROUP = _group("cstd-wg", "CSTD Working Group on improvements to the Internet Governance Forum")
"""The Member States of the Working Group, as a group of delegations."""
