from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pytest
from attrs import frozen

from unsched import Delegation, Group, Person, Problem, Room, Seats, Select, Session, Venue, Window
from unsched.domain.fact import Fact
from unsched.domain.gather import PER, bearers, check_per, for_whom, gather
from unsched.domain.segment import Segment

Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

SESSIONS = [
    Session("wg", "Working Group", 120, body="WG", kind="meeting", tags=["open", "main"], required=["africa"]),
    Session("joint", "Joint", 60, body="CSTD", joint=["WG"], tags="open", chair="chair", invited=["france"]),
    Session("side", "Side event", 60, kind="side-event", invited=["africa"]),
    Session("talk", "Talk", 90, segments=[Segment(30), Segment(60, required=["kenya"])]),
]
PROBLEM = Problem(
    "p",
    Window("Europe/Zurich", ["2010-12-17"]),
    Venue([Room("I", seats=Seats(50, 50, 5))]),
    SESSIONS,
    [Delegation("kenya", groups=["africa"]), Delegation("egypt", groups=["africa"]), Delegation("france")],
    [Person("chair", delegation="france"), Person("nobody")],
    [Group("africa"), Group("asia")],
)


def keys(found: Mapping[str, tuple[Any, ...]]) -> dict[str, list[tuple[str, int, int]]]:
    return {name: [part.key for part in parts] for name, parts in found.items()}


def ids(found: Mapping[str, tuple[Any, ...]]) -> dict[str, str]:
    return {name: " ".join(part.session.id for part in parts) for name, parts in found.items()}


@pytest.mark.parametrize(
    ("per", "groups"),
    [
        (None, {"": "wg joint side talk"}),
        ("body", {"WG": "wg joint", "CSTD": "joint"}),
        ("kind", {"meeting": "wg", "side-event": "side"}),
        ("tag", {"open": "wg joint", "main": "wg"}),
        ("delegation", {"kenya": "wg talk", "egypt": "wg", "france": "joint"}),
        ("person", {"chair": "joint"}),
        ("group", {"africa": "wg side talk"}),
    ],
)
def test_sessions_are_gathered_by_what_they_have_in_common(per: str | None, groups: dict[str, str]) -> None:
    found = gather(PROBLEM, Select(), per)
    assert (ids(found), list(found)) == (groups, list(groups))


def test_only_selected_sessions_are_gathered() -> None:
    assert ids(gather(PROBLEM, Select(ids="joint"), "body")) == {"CSTD": "joint", "WG": "joint"}
    assert ids(gather(PROBLEM, Select(tags="main"), "delegation")) == {"kenya": "wg", "egypt": "wg"}
    assert ids(gather(PROBLEM, Select(ids="side"), "group")) == {"africa": "side"}
    assert gather(PROBLEM, Select(ids="side"), "body") == {}


def test_a_delegation_gathers_its_segments_and_a_group_whole_sessions() -> None:
    assert keys(gather(PROBLEM, Select(ids="talk"), "delegation")) == {"kenya": [("talk", 30, 0)]}
    assert keys(gather(PROBLEM, Select(ids="talk"), "group")) == {"africa": [("talk", 0, 0)]}


def test_delegations_and_persons_bear_what_it_costs_and_others_do_not() -> None:
    assert [per for per in PER if bearers(per, "x")] == ["delegation", "person"]
    assert bearers(None, "") == ()
    assert (for_whom("egypt"), for_whom("")) == (" for 'egypt'", "")


@frozen
class Gathering(Fact):
    per: Any

    def faults(self) -> Any:
        return check_per("per", self.per)


@pytest.mark.parametrize("per", [None, *PER])
def test_every_way_to_gather_is_known(per: str | None) -> None:
    assert Gathering(per).per == per


@pytest.mark.parametrize(
    ("per", "remedy"),
    [("delegations", "'delegation'."), (3, "leave it out for all of them together.")],
)
def test_another_way_to_gather_is_refused(refused: Refused, per: object, remedy: str) -> None:
    message = f"{per!r} is none of 'body', 'kind', 'tag', 'delegation', 'person', 'group'"
    assert refused(lambda: Gathering(per)) == [("per", message, remedy)]
