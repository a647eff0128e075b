"""Rooms by matching, against every way to give out the rooms."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from unsched.domain.interval import Interval
from unsched.solver import matching
from unsched.solver.matching import Stay, match_rooms

if TYPE_CHECKING:
    import pytest

LEADS = {"I": 0, "II": 10, "III": 0}


def good(stays: list[Stay], rooms: dict[str, str], taken: list[tuple[str, Interval]]) -> bool:
    used = [*taken, *((rooms[stay.session], stay.span) for stay in stays)]
    return all(
        a[0] != b[0]
        or a[0] not in LEADS
        or a[1].end + LEADS[a[0]] <= b[1].start
        or b[1].end + LEADS[b[0]] <= a[1].start
        for i, a in enumerate(used)
        for b in used[:i]
    )


@st.composite
def stays(draw: st.DrawFn) -> list[Stay]:
    found = []
    for index in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, 8)) * 10
        span = Interval(start, start + draw(st.sampled_from([10, 20, 40])))
        rooms = draw(st.lists(st.sampled_from(["I", "II", "III", "free"]), min_size=1, max_size=2, unique=True))
        found.append(Stay(f"s{index}", span, tuple(rooms)))
    return found


def can_all_have_rooms(some: list[Stay], taken: list[tuple[str, Interval]]) -> bool:
    return any(
        good(some, dict(zip([s.session for s in some], choice, strict=True)), taken)
        for choice in product(*(stay.rooms for stay in some))
    )


KNOWN = st.dictionaries(st.sampled_from(["s0", "s1", "s2", "gone"]), st.sampled_from([*LEADS, "free", "gone"]))


@settings(max_examples=300, deadline=None)
@given(stays(), st.sampled_from([[], [("I", Interval(20, 30))]]), KNOWN)
def test_a_matching_is_found_if_and_only_if_there_is_one(
    some: list[Stay], taken: list[tuple[str, Interval]], known: dict[str, str]
) -> None:
    found = match_rooms(some, LEADS, taken, known=known)
    if isinstance(found, dict):
        assert set(found) == {stay.session for stay in some}
        assert all(found[stay.session] in stay.rooms for stay in some)
        assert good(some, found, taken)
    else:
        assert found
        assert not can_all_have_rooms([stay for stay in some if stay.session in found], taken)


def test_equal_rooms_are_enough_where_no_more_run_at_once_than_there_are() -> None:
    some = [Stay(f"s{i}", Interval(i * 10, i * 10 + 20), ("I", "III")) for i in range(9)]
    assert isinstance(match_rooms(some, LEADS), dict)


def test_the_sessions_that_cannot_all_have_a_room_are_named() -> None:
    some = [Stay(name, Interval(0, 60), ("I",)) for name in "ab"] + [Stay("c", Interval(0, 60), ("III",))]
    assert match_rooms(some, LEADS) == ("a", "b")


@given(stays())
def test_who_has_a_room_keeps_it(some: list[Stay]) -> None:
    found = match_rooms(some, LEADS)
    if isinstance(found, dict):
        assert match_rooms(some, LEADS, known=found) == found


def test_one_more_is_let_in_by_those_who_can_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_exact", None)
    # d can only have I, whose a then takes II, whose b then takes III.
    some = [Stay(name, Interval(0, 60), rooms) for name, rooms in (("a", ("I", "II")), ("b", ("II", "III")))]
    known = {"a": "I", "b": "II"}
    assert match_rooms([*some, Stay("d", Interval(0, 60), ("I",))], LEADS, known=known) == {
        "a": "II",
        "b": "III",
        "d": "I",
    }


def test_where_moving_comes_to_no_end_it_is_decided_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_MOST_STEPS", 0)
    asked: list[int] = []
    exact = matching._exact

    def counted(stays: Sequence[Stay], *given: Any) -> Any:
        asked.append(len(stays))
        return exact(stays, *given)

    monkeypatch.setattr(matching, "_exact", counted)
    some = [Stay(name, Interval(0, 60), rooms) for name, rooms in (("a", ("I", "II")), ("d", ("I",)))]
    assert match_rooms(some, LEADS) == {"a": "II", "d": "I"}
    assert not asked
    assert match_rooms(some, LEADS, known={"a": "I"}) == {"a": "II", "d": "I"}
    assert asked == [2]
