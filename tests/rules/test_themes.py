from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from unsched import Block, Period, Problem, Room, Rule, Select, Session, Venue, Window
from unsched.rules import Demand, KeepThemesOut, SameRoom, ThemedRooms, ThemesApart
from unsched.solver.compile import compile_problem

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

TALKS = {"a": "ml", "b": "ml", "c": "or", "d": "or"}
MORNING, NOON = Period("2010-12-17", "10:00", "12:00"), Period("2010-12-17", "13:00", "15:00")


def talks(*rules: Rule, rooms: str = "I II", themes: dict[str, str] = TALKS, hours: int = 1) -> Problem:
    """Talks of an hour on one day of two blocks, of two hours each."""
    blocks = [Block("10:00", "12:00"), Block("13:00", "15:00")]
    window = Window("Europe/Zurich", ["2010-12-17"], blocks, step=60)
    sessions = [Session(name, name.upper(), 60 * hours, tags=tag) for name, tag in themes.items()]
    return Problem("p", window, Venue([Room(room) for room in rooms.split()]), sessions, rules=rules)


def test_a_theme_keeps_out_of_some_rooms_at_some_hours(best: Best, breaches: Breaches) -> None:
    dear = KeepThemesOut(["ml", "or"], "I", [MORNING], weight=5)
    problem = talks(ThemedRooms(["ml", "or"]), dear)
    places, cost = best(problem)
    assert cost == {1: 0}
    assert not any(place.endswith(" I") and place < "17 13" for place in places.values())
    stands = {"a": "17 10:00 I", "b": "17 11:00 I", "c": "17 10:00 I", "d": "17 13:00 I"}
    assert breaches(dear, problem, stands) == [
        ("a b", 1, "'ml' takes up room 'I' for a block, with 'a', 'b'."),
        ("c", 1, "'or' takes up room 'I' for a block, with 'c'."),
    ]
    assert dear.say() == "Better not in room 'I', 2010-12-17 10:00-12:00: 'ml', 'or'."


def test_a_room_taken_up_costs_once_however_many_sessions_it_holds(best: Best) -> None:
    everywhere = KeepThemesOut("ml", weight=3)
    assert best(talks(everywhere))[1] == {1: 3}
    assert best(talks(everywhere, themes=dict.fromkeys("abc", "ml")))[1] == {1: 6}
    assert best(talks(KeepThemesOut("ml", each="day"), themes=dict.fromkeys("abc", "ml")))[1] == {1: 1}
    assert everywhere.say() == "Better not in any room: 'ml'."


def test_themes_apart_are_in_different_blocks(best: Best, impossible: Impossible, breaches: Breaches) -> None:
    apart = ThemesApart("ml", ["or"], weight=2)
    themed = ThemedRooms(["ml", "or"])
    places, cost = best(talks(themed, apart))
    assert cost == {1: 0}
    assert {place < "17 13" for name, place in places.items() if name in "ab"}.isdisjoint(
        place < "17 13" for name, place in places.items() if name in "cd"
    )
    full = {name: "ml" if name < "g" else "or" for name in "abcdefgh"}
    assert best(talks(themed, apart, themes=full))[1] == {1: 2}
    assert "demand" in impossible(talks(themed, Demand(apart), themes=full))
    stands = {"a": "17 10:00 I", "b": "17 11:00 II", "c": "17 10:00 III", "d": "17 11:00 III"}
    text = "'ml' runs in one block with 'or': 'a', 'b', 'c', 'd'."
    assert breaches(apart, talks(rooms="I II III"), stands) == [("a b c d", 2, text)]
    assert apart.say() == "'ml' is not in one block with 'or'."


def test_one_room_in_each_block(best: Best, breaches: Breaches) -> None:
    rule = SameRoom(Select(tags="ml"), each="block")
    themes = dict.fromkeys("abc", "ml")
    assert best(talks(rule, themes=themes))[1] == {1: 0}
    assert best(talks(rule, themes=dict.fromkeys("abcde", "ml")))[1] == {1: 1}
    stands = {"a": "17 10:00 I", "b": "17 11:00 II", "c": "17 13:00 II"}
    text = "Every session tagged 'ml': 2 rooms are used in one block ('I', 'II')."
    assert breaches(rule, talks(themes=themes), stands) == [("a b", 1, text)]
    assert rule.say() == "One room in each block for every session tagged 'ml'."


def test_rooms_that_themes_take_up_are_counted_and_not_decided() -> None:
    mine = Select(tags="ml")
    rules = [
        ThemedRooms(["ml", "or"]),
        SameRoom(mine),
        SameRoom(mine, each="block"),
        ThemesApart("ml", ["or"]),
        KeepThemesOut("ml", "I"),
    ]
    board = compile_problem(talks(*rules))
    assert not board.literals_of_rooms
    assert not board.literals_of_places
    assert len(board.cells) == 4


def test_who_stands_in_a_room_that_holds_several_is_decided(best: Best) -> None:
    problem = talks(KeepThemesOut("ml", ["I", "II"], each="day"))
    off = ["one-session-per-room"]
    crowded = Problem("p", problem.window, problem.venue, problem.sessions, rules=problem.rules, off=off)
    assert compile_problem(crowded).literals_of_places.keys() == {"a", "b"}
    assert best(crowded)[1] == {1: 1}


def test_what_is_wrong_with_a_rule_of_themes_is_named(refused: Refused) -> None:
    assert refused(lambda: KeepThemesOut([])) == [("tags", "no theme is named", "one tag or more.")]
    assert refused(lambda: KeepThemesOut("ml", periods=[])) == [
        ("periods", "an empty list means no hour at all", "leave periods out to mean all.")
    ]
    assert refused(lambda: KeepThemesOut("ml", each="week"))[0][0] == "each"
    assert refused(lambda: ThemesApart("ml", ["ml"])) == [("others", "'ml' cannot be apart from itself", "other tags.")]
    assert refused(lambda: ThemesApart("ml", [])) == [("others", "no other theme is named", "one tag or more.")]
    assert refused(lambda: talks(ThemesApart("mll", ["orr"]))) == [
        ("rules[0].theme", "nothing is tagged 'mll'", "'ml'."),
        ("rules[0].others[0]", "nothing is tagged 'orr'", "'or'."),
    ]
    assert refused(lambda: talks(KeepThemesOut(["mll"], "III"))) == [
        ("rules[0].tags[0]", "nothing is tagged 'mll'", "'ml'."),
        ("rules[0].rooms.ids[0]", "there is no room 'III'", "'II'."),
    ]
