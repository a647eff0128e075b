from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from unsched import Period, Problem, Room, Rule, Session, Team, Venue, Window, roster, solve
from unsched.rules import Demand, EndEarly, FewTeams, InterpretersEnough, Off, Soften
from unsched.solver.compile import compile_problem
from unsched.testing import agree

Best: TypeAlias = Callable[[Problem], tuple[dict[str, str], dict[int, int]]]
Impossible: TypeAlias = Callable[[Problem], list[str]]
Breaches: TypeAlias = Callable[..., list[tuple[str, int, str]]]
Refused: TypeAlias = Callable[[Callable[[], object]], list[tuple[str, str, str | None]]]

DAY = Window("Europe/Zurich", ["2010-12-17"], step=30)
WEEK = Window("Europe/Zurich", ["2010-12-16", "2010-12-17", "2010-12-20"], step=30)
ROOMS = Venue([Room(name, booths=6) for name in ("I", "II", "III", "IV", "V")])
MORNING, AFTERNOON = Period(None, "10:00", "13:00"), Period(None, "15:00", "18:00")


def french(number: int, **fields: Any) -> list[Team]:
    return [Team(f"fr-{index}", "fr", **fields) for index in range(1, number + 1)]


def problem(names: str, teams: list[Team], *rules: Rule, minutes: int = 180, **fields: Any) -> Problem:
    sessions = [Session(name, name.upper(), minutes, languages=["fr"]) for name in names]
    good: dict[str, Any] = {"id": "p", "window": DAY, "venue": ROOMS, "sessions": sessions, "rules": rules}
    return Problem(**{**good, "teams": teams, **fields})


def clocks(places: dict[str, str]) -> list[str]:
    return sorted(place[:8] for place in places.values())


# -- interpreters enough ----------------------------------------------------------------------------------------------


def test_no_more_meetings_are_interpreted_at_once_than_there_are_teams(best: Best, impossible: Impossible) -> None:
    assert clocks(best(problem("abcd", french(2)))[0]) == ["17 10:00", "17 10:00", "17 15:00", "17 15:00"]
    assert impossible(problem("abcde", french(2))) == ["every-session-placed", "interpreters-enough"]


def test_the_rule_holds_wherever_there_are_teams_unless_it_is_off() -> None:
    kinds = [rule.kind for rule in problem("a", french(1)).all_rules]
    assert kinds.count("interpreters-enough") == 1
    assert "interpreters-enough" not in [rule.kind for rule in problem("a", []).all_rules]
    kept = problem("a", french(1), InterpretersEnough(per_day=2)).all_rules
    assert [rule for rule in kept if rule.kind == "interpreters-enough"] == [InterpretersEnough(per_day=2)]
    assert not any(
        rule.kind == "interpreters-enough" for rule in problem("a", french(1), Off(InterpretersEnough())).all_rules
    )


def test_each_language_needs_its_own_team(best: Best, impossible: Impossible) -> None:
    sessions = [Session("a", "A", 180, languages=["fr", "en"]), Session("b", "B", 180, languages=["en"])]
    teams = [*french(2), Team("en", "en")]
    assert clocks(best(problem("", teams, sessions=sessions))[0]) == ["17 10:00", "17 15:00"]
    third = Session("c", "C", 180, languages=["en"])
    assert "interpreters-enough" in impossible(problem("", teams, sessions=[*sessions, third]))


def test_a_team_rests_between_two_meetings(best: Best) -> None:
    """Two of an hour and a half fill the morning; with half an hour between them one has to go to the afternoon."""
    early = EndEarly(of="last")
    close = best(problem("ab", french(1), early, minutes=90))[0]
    assert clocks(close) == ["17 10:00", "17 11:30"]
    apart = best(problem("ab", french(1), InterpretersEnough(rest=30), early, minutes=90))[0]
    assert sum(clock >= "17 15:00" for clock in clocks(apart)) == 1


def test_a_team_stays_within_its_day(impossible: Impossible) -> None:
    """Six meetings of an hour would fill one team's day; at two a day, three teams are needed."""
    limit = InterpretersEnough(per_day=2)
    assert impossible(problem("abcdef", french(2), limit, minutes=60)) == [
        "every-session-placed",
        "interpreters-enough",
    ]
    facts = problem("abcdef", french(3), limit, minutes=60)
    found = solve(facts).schedule
    assert found is not None
    assert [len(roster(facts, found).of(team.id)) for team in facts.teams] == [2, 2, 2]


def test_a_team_stays_within_its_week(best: Best) -> None:
    """Thursday and Friday are in one week, Monday in the next: one team with one meeting a week does two of three."""
    facts = problem("ab", french(1), InterpretersEnough(per_week=1), EndEarly(of="each"), window=WEEK)
    assert clocks(best(facts)[0]) == ["16 10:00", "20 10:00"]


def test_in_slots_counting_holds_the_limits_of_a_day_and_makes_no_more_decisions() -> None:
    facts = problem("abcdef", french(3), window=WEEK)
    limit = InterpretersEnough(per_day=1, per_week=2)
    with_limits, bare = (
        len(compile_problem(facts, [rule]).model.proto.variables) for rule in (limit, InterpretersEnough())
    )
    assert with_limits == bare
    full = problem("abcdefgh", french(2), InterpretersEnough(per_day=2, per_week=4), window=WEEK)
    found = solve(full).schedule
    assert found is not None
    assert roster(full, found).why.startswith("Every meeting has its teams. Dealing out in turn is enough")


def test_a_limit_that_cannot_be_reached_changes_nothing() -> None:
    facts = problem("abc", french(2), minutes=60)
    models = [
        str(compile_problem(facts, [rule]).model.proto)
        for rule in (InterpretersEnough(), InterpretersEnough(per_day=3, per_week=3))
    ]
    assert models[0] == models[1]


def test_a_team_works_while_it_is_available(best: Best, impossible: Impossible) -> None:
    teams = [Team("early", "fr", available=[MORNING]), Team("late", "fr", available=[AFTERNOON])]
    assert clocks(best(problem("ab", teams))[0]) == ["17 10:00", "17 15:00"]
    assert impossible(problem("abc", teams)) == ["every-session-placed", "interpreters-enough"]
    assert clocks(best(problem("a", teams[1:]))[0]) == ["17 15:00"]


def test_teams_that_differ_within_a_morning_are_decided_for_one_by_one(best: Best) -> None:
    """Two meetings of an hour and one of two: the team that leaves at noon cannot do the last part of the morning."""
    brief = Team("brief", "fr", available=[Period(None, "10:00", "12:00")])
    sessions = [
        Session("long", "L", 180, languages=["fr"], available=[MORNING]),
        Session("noon", "N", 60, languages=["fr"], available=[MORNING]),
        Session("late", "E", 60, languages=["fr"], available=[MORNING]),
    ]
    places = best(problem("", [Team("all-day", "fr"), brief], EndEarly("late", weight=9), sessions=sessions))[0]
    assert sorted(place[3:8] for name, place in places.items() if name != "long") == ["10:00", "11:00"]


def test_at_a_price_the_fewest_sessions_go_without(best: Best) -> None:
    assert best(problem("abcde", french(2), Soften(InterpretersEnough(), weight=3)))[1] == {1: 3}
    two = Soften(InterpretersEnough(per_day=1), weight=3)
    assert best(problem("abcde", french(2), two, minutes=60))[1] == {1: 9}
    away = Soften(InterpretersEnough(), weight=2)
    assert best(problem("ab", french(1, available=[Period(["2010-12-18"])]), away))[1] == {1: 4}


def test_a_shortened_session_can_make_room_for_another(best: Best) -> None:
    sessions = [Session(name, name, 180, languages=["fr"], shortest=90, available=[MORNING]) for name in "ab"]
    assert clocks(best(problem("", french(1), sessions=sessions))[0]) == ["17 10:00", "17 11:30"]


def test_sessions_that_are_left_out_need_no_team(best: Best) -> None:
    sessions = [Session(name, name, 180, languages=["fr"], optional=True) for name in "abc"]
    assert len(best(problem("", french(1), sessions=sessions))[0]) <= 2


def test_what_goes_without_a_team_is_a_breach_for_each_language(breaches: Breaches) -> None:
    sessions = [Session(name, name, 180, languages=["fr", "en"]) for name in "abc"]
    facts = problem("", [*french(2), Team("en", "en")], sessions=sessions)
    together = {"a": "17 10:00 I", "b": "17 10:00 II", "c": "17 10:00 III"}
    assert breaches(InterpretersEnough(), facts, together) == [
        ("b c", 2, "At least 2 sessions go without a team for 'en', such as 'b', 'c'."),
        ("c", 1, "At least 1 session goes without a team for 'fr', such as 'c'."),
    ]
    assert breaches(InterpretersEnough(), facts, {"a": "17 10:00 I", "b": "17 15:00 I"}) == []
    assert breaches(InterpretersEnough(per_day=1), facts, {"a": "17 10:00 I", "b": "17 15:00 I"}) == [
        ("b", 1, "At least 1 session goes without a team for 'en', such as 'b'."),
    ]


def test_a_language_without_a_team_is_a_fault_where_it_is_first_named(refused: Refused) -> None:
    sessions = [
        Session("a", "A", 60, languages=["fr", "frr"]),
        Session("b", "B", 60, languages=["ru", "frr"]),
        Session("c", "C", 60),
    ]
    assert refused(lambda: problem("", [Team("frr-1", "frrr"), *french(1)], sessions=sessions)) == [
        ("sessions[0].languages[1]", "no team interprets into 'frr', which 2 sessions need", "'frrr'."),
        (
            "sessions[1].languages[0]",
            "no team interprets into 'ru', which 1 session needs",
            "Team('ru-1', 'ru') among the teams.",
        ),
    ]


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        ({"per_day": 0}, "per_day", "0 is less than 1"),
        ({"per_day": "2"}, "per_day", "'2' is not a whole number of sessions a day"),
        ({"per_week": 0}, "per_week", "0 is less than 1"),
        ({"rest": -1}, "rest", "-1 is less than 0"),
        ({"rest": None}, "rest", "None is not a whole number of minutes"),
    ],
)
def test_a_wrong_limit_names_field_and_value(refused: Refused, fields: dict[str, Any], path: str, message: str) -> None:
    assert [fault[:2] for fault in refused(lambda: InterpretersEnough(**fields))] == [(path, message)]


def test_the_limits_say_themselves() -> None:
    assert InterpretersEnough().say() == "Each language of a session has a team of interpreters."
    assert InterpretersEnough(2, 7, 30).say() == (
        "Each language of a session has a team of interpreters, at most 2 a day, at most 7 a week, at least 30 minutes "
        "apart."
    )


@pytest.mark.parametrize("rule", [InterpretersEnough(2, 3, 30), InterpretersEnough(1), InterpretersEnough(None, 2)])
@pytest.mark.parametrize("hours", [None, [MORNING], [Period(None, "11:00", "16:30")]])
def test_what_is_posted_is_what_is_checked(rule: InterpretersEnough, hours: list[Period] | None) -> None:
    teams = [*french(2), Team("fr-3", "fr", available=hours)]
    for minutes in (60, 180):
        facts = problem("abcdef", teams, minutes=minutes, window=WEEK)
        agree(rule, facts, schedules=6)
        agree(Soften(rule), facts, schedules=6)


# -- few teams --------------------------------------------------------------------------------------------------------


def six(names: str, **fields: Any) -> list[Session]:
    languages = ["ar", "zh", "en", "fr", "ru", "es"]
    return [Session(name, name.upper(), 180, languages=languages, **fields) for name in names]


def test_a_language_needs_as_many_teams_as_run_at_once(best: Best) -> None:
    assert best(problem("", [], FewTeams(weight=2), sessions=six("ab")))[1] == {1: 12}
    assert best(problem("", [], FewTeams(), sessions=six("abc")))[1] == {1: 12}
    assert best(problem("", [], FewTeams(["fr", "ar"]), sessions=six("abc")))[1] == {1: 4}


def test_one_meeting_in_six_languages_takes_14_interpreters(best: Best) -> None:
    sizes = {"ar": 3, "zh": 3, "en": 2, "fr": 2, "ru": 2, "es": 2}
    teams = [Team(f"{language}-{n}", language, size) for language, size in sizes.items() for n in (1, 2)]
    count = FewTeams(count="interpreters")
    assert best(problem("", teams, count, sessions=six("ab")))[1] == {1: 14}
    assert best(problem("", teams, count, sessions=six("abc")))[1] == {1: 28}


def test_few_teams_can_be_demanded(best: Best, impossible: Impossible) -> None:
    assert clocks(best(problem("ab", [], Demand(FewTeams(), 1)))[0]) == ["17 10:00", "17 15:00"]
    assert impossible(problem("abc", [], Demand(FewTeams(), 1))) == ["demand", "every-session-placed"]


def test_a_language_that_nobody_meets_in_takes_no_team(breaches: Breaches) -> None:
    sessions = [Session("a", "A", 60, languages=["fr"]), Session("b", "B", 60, languages=["fr"]), Session("c", "C", 60)]
    facts = problem("", [Team("fr", "fr", 2), Team("fr-2", "fr", 2)], sessions=sessions)
    assert breaches(FewTeams(), facts, {"c": "17 10:00 I"}) == []
    assert breaches(FewTeams(), facts, {"a": "17 10:00 I", "b": "17 11:00 I"}) == [
        ("a", 1, "1 session runs in 'fr': 'a' (1 team)."),
    ]
    counted = FewTeams(count="interpreters")
    assert breaches(counted, facts, {"a": "17 10:00 I", "b": "17 10:30 II"}) == [
        ("a b", 4, "2 sessions run at once in 'fr': 'a', 'b' (4 interpreters)."),
    ]


@pytest.mark.parametrize(
    ("rule", "faults"),
    [
        (FewTeams(["fr", "es"]), [("rules[0].languages[1]", "no session is interpreted into 'es'", None)]),
        (FewTeams("ffr"), [("rules[0].languages[0]", "no session is interpreted into 'ffr'", "'fr'.")]),
        (FewTeams(["fr"], "interpreters"), []),
        (
            FewTeams(["en"], "interpreters"),
            [
                (
                    "teams[2].interpreters",
                    "it is not known of how many interpreters 'en' is made, and a rule counts them",
                    "its number, or count = 'teams'.",
                ),
            ],
        ),
        (
            FewTeams(["ru"], "interpreters"),
            [
                (
                    "teams[4].interpreters",
                    "'ru-2' has 3 interpreters, and 'ru' has 2",
                    "2, or count = 'teams'.",
                ),
            ],
        ),
    ],
)
def test_what_the_teams_do_not_tell_is_a_fault(
    refused: Refused, rule: FewTeams, faults: list[tuple[str, str, str | None]]
) -> None:
    teams = [Team("fr", "fr", 2), Team("fr-2", "fr", 2), Team("en", "en"), Team("ru", "ru", 2), Team("ru-2", "ru", 3)]
    sessions = [Session("a", "A", 60, languages=["fr", "en", "ru"])]
    if not faults:
        assert problem("", teams, rule, sessions=sessions).rules == (rule,)
        return
    found = refused(lambda: problem("", teams, rule, sessions=sessions))
    assert [(path, message) for path, message, _ in found] == [(path, message) for path, message, _ in faults]
    assert [remedy for _, _, remedy in found] == [
        remedy or "leave languages out to mean all." for _, _, remedy in faults
    ]


def test_interpreters_of_a_language_without_a_team_cannot_be_counted(refused: Refused) -> None:
    assert refused(lambda: problem("a", [], FewTeams(count="interpreters"))) == [
        (
            "teams",
            "no team tells how many interpreters 'fr' takes",
            "Team('fr-1', 'fr', interpreters=2), or the number that it is.",
        ),
    ]


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        ({"languages": None}, "languages", "None is not a list"),
        ({"languages": ["fr", "fr"]}, "languages[1]", "'fr' comes twice"),
        ({"count": "booths"}, "count", "'booths' is none of 'teams', 'interpreters'"),
        ({"weight": 0}, "weight", "0 is less than 1"),
    ],
)
def test_a_wrong_count_names_field_and_value(refused: Refused, fields: dict[str, Any], path: str, message: str) -> None:
    assert [fault[:2] for fault in refused(lambda: FewTeams(**fields))] == [(path, message)]


def test_few_teams_says_itself() -> None:
    assert FewTeams().say() == "Few teams of interpreters."
    assert FewTeams(["fr", "ar"], "interpreters").say() == (
        "Few teams of interpreters for 'fr', 'ar', counted in interpreters."
    )
