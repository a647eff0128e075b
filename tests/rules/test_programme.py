from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from unsched import Block, Conflict, Period, Problem, Room, Rule, Select, Session, Venue, Window
from unsched.rules import (
    AvoidTime,
    BlockConflicts,
    DeclaredConflicts,
    EndEarly,
    Ordinals,
    Pin,
    PreferTime,
    ThemedRooms,
    Unbroken,
)

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

BLOCKS = (Block("10:00", "12:00"), Block("13:00", "15:00"), Block("16:00", "18:00"))


def talks(*rules: Rule, rooms: str = "I II", names: str = "abc", tags: str = "", blocks: int = 3) -> Problem:
    """Talks of an hour on one day, in blocks of two hours."""
    window = Window("Europe/Zurich", ["2010-12-17"], BLOCKS[:blocks], step=60)
    themes = dict(zip(names, tags.split(), strict=False))
    sessions = [Session(name, name.upper(), 60, tags=themes.get(name, ())) for name in names]
    return Problem("p", window, Venue([Room(room) for room in rooms.split()]), sessions, rules=rules)


# -- conflicts in blocks ----------------------------------------------------------------------------------------------


def test_declared_conflicts_share_a_room_or_stand_in_different_blocks(best: Best, breaches: Breaches) -> None:
    rule = BlockConflicts([Conflict("a", "b", 3), Conflict("b", "a", 2), Conflict("a", "c")], weight=2)
    assert best(talks(rule, blocks=2))[1] == {1: 0}
    assert best(talks(rule, names="abcd", blocks=1))[1] == {1: 2}
    stands = {"a": "17 10:00 I", "b": "17 11:00 II", "c": "17 11:00 I"}
    text = "'a' and 'b', declared to conflict, are in different rooms in the block of Fri 17 Dec 10:00."
    assert breaches(rule, talks(), stands) == [("a b", 5, text)]
    assert (
        rule.say()
        == "In one block, declared conflicts share a room: 'a' against 'b'; 'b' against 'a'; 'a' against 'c'."
    )


def test_conflicts_of_one_theme_share_a_room_and_those_of_two_cannot(best: Best) -> None:
    rule = BlockConflicts([Conflict("a", "b"), Conflict("a", "d")])
    themes = "ml ml ml or"
    problem = talks(ThemedRooms(["ml", "or"]), rule, names="abcd", tags=themes, blocks=1, rooms="I II III")
    places, cost = best(problem)
    assert cost == {1: 1}  # d is of another theme, so in another room
    assert places["a"][-2:] == places["b"][-2:]


def test_what_is_wrong_with_conflicts_in_blocks_is_named(refused: Refused) -> None:
    empty = ("conflicts", "no conflict is declared", "at least one Conflict(...).")
    assert refused(lambda: BlockConflicts([])) == [empty]
    assert refused(lambda: talks(BlockConflicts([Conflict("a", "a")]))) == [
        ("rules[0].conflicts[0].against", "'a' conflicts with nothing but itself", "another session.")
    ]
    assert refused(lambda: talks(BlockConflicts([Conflict("a", "z")])))[0][0].startswith("rules[0].conflicts[0]")


def test_conflicts_can_count_minute_by_minute(best: Best, breaches: Breaches) -> None:
    rule = DeclaredConflicts([Conflict("a", "b", 2)], per="minute")
    assert best(talks(rule, names="ab", blocks=1))[1] == {1: 0}
    stands = {"a": "17 10:00 I", "b": "17 10:00 II"}
    assert [found[1] for found in breaches(rule, talks(), stands)] == [120]
    pinned = [Pin(name, "2010-12-17T10:00") for name in "ab"]
    assert best(talks(rule, *pinned, names="ab"))[1] == {1: 120}


# -- without a hole ---------------------------------------------------------------------------------------------------


def test_no_block_is_skipped(breaches: Breaches) -> None:
    rule = Unbroken(Select(ids=["a", "b"]))
    stands = {"a": "17 10:00 I", "b": "17 16:00 I", "c": "17 13:00 I"}
    text = "'a' or 'b': there is a block without them between their first and their last."
    assert breaches(rule, talks(), stands) == [("a b", 1, text)]
    assert not breaches(rule, talks(), {"a": "17 10:00 I", "b": "17 13:00 I"})
    assert not breaches(Unbroken(Select(ids=["a", "b"]), each="day"), talks(), stands)
    assert rule.say() == "No block is skipped: 'a' or 'b'."


def test_a_hole_is_paid_for_where_it_gains_more(best: Best) -> None:
    late = PreferTime("a", [Period("2010-12-17", "16:00", "18:00")], weight=9)
    early = PreferTime("b", [Period("2010-12-17", "10:00", "12:00")], weight=9)
    away = AvoidTime(["a", "b"], [Period("2010-12-17", "13:00", "15:00")], weight=9)
    assert best(talks(Unbroken(Select(ids=["a", "b"]), weight=2), late, early, away, names="ab"))[1] == {1: 2}


# -- numbers ----------------------------------------------------------------------------------------------------------


def test_numbered_sessions_stand_at_their_number(best: Best, breaches: Breaches) -> None:
    rule = Ordinals(["c", "a"], [1, 3], among=Select())
    places, cost = best(talks(rule, EndEarly(tier=2), rooms="I", blocks=2))
    assert cost[1] == 0
    assert places["c"] < places["b"] < places["a"]
    stands = {"a": "17 10:00 I", "b": "17 10:00 II", "c": "17 11:00 I"}
    assert breaches(rule, talks(), stands) == [
        ("a", 1, "'a' is number 1 of the programme, not 3."),
        ("c", 1, "'c' is number 2 of the programme, not 1."),
    ]
    assert rule.say() == "Among every session, 'c' is number 1; 'a' is number 3."


def test_the_programme_lists_room_by_room(best: Best) -> None:
    rule = Ordinals(["b", "a"], [1, 2], among=Select())
    places, cost = best(talks(rule, EndEarly(tier=2), names="ab", blocks=1))
    assert (cost[1], places) == (0, {"a": "17 10:00 II", "b": "17 10:00 I"})


def test_what_is_wrong_with_numbers_is_named(refused: Refused) -> None:
    assert refused(lambda: Ordinals([], [], among="a")) == [
        ("sessions", "no session is numbered", "the id of one or more.")
    ]
    assert refused(lambda: Ordinals(["a"], [1, 2], among="a")) == [
        ("numbers", "2 numbers do not go with 1 sessions", "a number for each session.")
    ]
    assert refused(lambda: Ordinals(["a"], [0], among="a"))[0][0] == "numbers[0]"
    assert refused(lambda: talks(Ordinals(["a"], [1], among="b"))) == [
        ("rules[0].sessions[0]", "'a' is not among 'b'", "one that is among them.")
    ]
