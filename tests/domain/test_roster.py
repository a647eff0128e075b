from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from itertools import pairwise, product

import pytest

from unsched import (
    Block,
    Booking,
    Period,
    Problem,
    Room,
    Roster,
    Rule,
    Schedule,
    Session,
    Team,
    UnknownIdError,
    Venue,
    Window,
    roster,
)
from unsched.domain.roster import make_roster
from unsched.domain.timetable import Timetable
from unsched.rules import InterpretersEnough, Off, Soften

# Thursday, Friday, Monday.
WINDOW = Window("Europe/Zurich", ["2010-12-16", "2010-12-17", "2010-12-20"], step=15)
VENUE = Venue([Room("I", booths=6)])
MORNING, AFTERNOON = Period(None, "10:00", "13:00"), Period(None, "15:00", "18:00")

Places = dict[str, tuple[str, int]]


def facts(places: Places, *teams: Team, rules: tuple[Rule, ...] = (), languages: str = "fr") -> Problem:
    sessions = [
        Session(name, name.upper(), minutes, languages=languages.split()) for name, (_, minutes) in places.items()
    ]
    return Problem("p", WINDOW, VENUE, sessions, teams=teams, rules=rules)


def booked(places: Places) -> Schedule:
    bookings = []
    for name, (place, minutes) in places.items():
        start = WINDOW.wall(WINDOW.minute(f"2010-12-{place.replace(' ', 'T')}"))
        bookings.append(Booking(name, "I", start, start + timedelta(minutes=minutes)))
    return Schedule("p", "Europe/Zurich", bookings)


def shared_out(
    places: Places, *teams: Team, per_day: int | None = None, per_week: int | None = None, rest: int = 0
) -> Roster:
    return make_roster(Timetable(facts(places, *teams), booked(places)), per_day, per_week, rest)


def works(found: Roster) -> dict[str, list[str]]:
    return {team: [one.session for one in found.of(team)] for team in found.teams}


def french(number: int) -> tuple[Team, ...]:
    return tuple(Team(f"fr-{index}", "fr") for index in range(1, number + 1))


# -- without limits ---------------------------------------------------------------------------------------------------


def test_as_many_teams_as_meetings_at_once_are_enough() -> None:
    places = {"a": ("17 10:00", 90), "b": ("17 11:00", 90), "c": ("17 11:30", 90), "d": ("17 12:30", 30)}
    found = shared_out(places, *french(2))
    assert works(found) == {"fr-1": ["a", "c"], "fr-2": ["b", "d"]}
    assert found.without == ()
    assert found.why == (
        "Every meeting has its teams. Counting is enough: no limit is set, and as many teams as run at once can always "
        "do."
    )


def test_where_teams_are_short_the_fewest_meetings_go_without() -> None:
    """The one that lasts all morning gives way to the two that follow each other."""
    places = {"long": ("17 10:00", 180), "one": ("17 10:15", 60), "two": ("17 11:30", 60)}
    found = shared_out(places, *french(1))
    assert (works(found), found.without) == ({"fr-1": ["one", "two"]}, (("long", "fr"),))
    assert found.why.startswith("1 goes without a team: no roster leaves fewer. Counting is enough: ")


def test_meetings_are_dealt_out_in_turn_so_that_the_load_is_even() -> None:
    places = {
        name: (f"{day} {clock}", 60)
        for name, day, clock in zip("abcdef", [16, 17, 20] * 2, ["10:00"] * 3 + ["15:00"] * 3, strict=True)
    }
    assert sorted(map(len, works(shared_out(places, *french(3))).values())) == [2, 2, 2]


def test_a_team_rests_between_two_meetings() -> None:
    places = {"a": ("17 10:00", 60), "b": ("17 11:15", 60)}
    assert shared_out(places, *french(1), rest=15).without == ()
    assert shared_out(places, *french(1), rest=16).without == (("b", "fr"),)


def test_a_team_works_only_where_it_is_available_for_the_whole_meeting() -> None:
    places = {"a": ("17 10:00", 60), "b": ("17 12:30", 60), "c": ("17 15:00", 60)}
    early, late = Team("early", "fr", available=[MORNING]), Team("late", "fr", available=[AFTERNOON])
    found = shared_out(places, early, late)
    assert (works(found), found.without) == ({"early": ["a"], "late": ["c"]}, (("b", "fr"),))


def test_the_team_that_alone_can_do_a_meeting_is_kept_for_it() -> None:
    """Dealt out in turn, the first team would take the first meeting, and nobody could do the second."""
    places = {"a": ("17 10:00", 60), "b": ("17 10:30", 120)}
    found = shared_out(places, Team("all-day", "fr"), Team("brief", "fr", available=[Period(None, "10:00", "12:00")]))
    assert (works(found), found.without) == ({"all-day": ["b"], "brief": ["a"]}, ())
    assert found.why == "Every meeting has its teams. A search that leaves nothing untried dealt them out."


# -- with limits ------------------------------------------------------------------------------------------------------


def test_in_slots_the_even_share_keeps_to_the_limits_of_a_day_and_a_week() -> None:
    places = {
        f"{letter}{day}{half}": (f"{day} {half}:00", 180) for day in (16, 17) for half in (10, 15) for letter in "xyz"
    }
    found = shared_out(places, *french(3), per_day=2, per_week=4)
    assert found.without == ()
    assert sorted(map(len, works(found).values())) == [4, 4, 4]
    assert found.why == (
        "Every meeting has its teams. Dealing out in turn is enough: meetings fall into slots, and no team has more "
        "than its even share."
    )


def test_a_limit_for_the_day_counts_local_dates() -> None:
    places = {"a": ("16 10:00", 60), "b": ("16 12:00", 60), "c": ("17 10:00", 60)}
    assert shared_out(places, *french(1), per_day=1).without == (("b", "fr"),)
    assert shared_out(places, *french(1), per_day=2).without == ()


def test_a_limit_for_the_week_begins_anew_on_monday() -> None:
    places = {"a": ("16 10:00", 60), "b": ("17 10:00", 60), "c": ("20 10:00", 60)}
    found = shared_out(places, *french(1), per_week=1)
    assert [one.session for one in found.assignments if one.session == "c"] == ["c"]
    assert len(found.without) == 1


def test_what_a_team_saves_on_one_day_it_can_do_on_the_next() -> None:
    """One team comes on both days, the other on the first alone: who does the first day decides over the second."""
    places = {"a": ("16 10:00", 60), "b": ("17 10:00", 60)}
    both, first = Team("both", "fr"), Team("first", "fr", available=[Period(["2010-12-16"])])
    found = shared_out(places, both, first, per_week=1)
    assert works(found) == {"both": ["b"], "first": ["a"]}


def test_a_night_between_two_weeks_is_shared_out_as_a_whole() -> None:
    """From Sunday to Monday each meeting overlaps the next; the second gives way, and the third is in a new week."""
    window = Window(
        "Europe/Zurich", ["2010-12-19", "2010-12-20"], [Block("22:00", "02:00"), Block("00:00", "01:00", "late")]
    )
    sessions = [Session(name, name, 90, languages=["fr"]) for name in "abc"]
    problem = Problem("p", window, VENUE, sessions, teams=french(1))
    starts = {"a": "2010-12-19T22:00", "b": "2010-12-19T23:00", "c": "2010-12-20T00:00"}
    begin = {name: window.wall(window.minute(start)) for name, start in starts.items()}
    bookings = [Booking(name, "I", start, start + timedelta(minutes=90)) for name, start in begin.items()]
    found = make_roster(Timetable(problem, Schedule("p", "Europe/Zurich", bookings)), per_week=1)
    assert (works(found), found.without) == ({"fr-1": ["a", "c"]}, (("b", "fr"),))


def fewest_without(problem: Problem, schedule: Schedule, limits: tuple[int | None, int | None, int]) -> int:
    """Try every way to share out the meetings."""
    per_day, per_week, rest = limits
    placed = Timetable(problem, schedule).placed
    best = len(placed)
    for choice in product([None, *range(len(problem.teams))], repeat=len(placed)):
        mine = [[one for one, team in zip(placed, choice, strict=True) if team == k] for k in range(len(problem.teams))]
        good = True
        for team, own in zip(problem.teams, mine, strict=True):
            there = None if team.available is None else problem.window.intervals(team.available)
            days = [problem.window.day_of(one.span.start) for one in own]
            weeks = [day.isocalendar()[:2] for day in days]
            good &= there is None or all(any(part.holds(one.span) for part in there) for one in own)
            good &= all(b.span.start >= a.span.end + rest for a, b in pairwise(own))
            good &= per_day is None or all(days.count(day) <= per_day for day in days)
            good &= per_week is None or all(weeks.count(week) <= per_week for week in weeks)
        if good:
            best = min(best, sum(team is None for team in choice))
    return best


@pytest.mark.parametrize("seed", range(60))
def test_no_roster_leaves_fewer_without(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  nothing secret
    hours = [None, None, [Period(None, "10:00", "16:30")], [Period(["2010-12-17"])], [MORNING]]
    teams = [Team(f"fr-{index}", "fr", available=rng.choice(hours)) for index in range(rng.randint(1, 3))]
    number = rng.randint(3, 8 if len(teams) < 3 else 6)
    sessions = [Session(f"s{index}", "S", rng.choice([45, 60, 120, 180]), languages=["fr"]) for index in range(number)]
    problem = Problem("p", WINDOW, VENUE, sessions, teams=teams)
    bookings = []
    for session in sessions:
        span = rng.choice(problem.spans(session))
        bookings.append(Booking(session.id, "I", WINDOW.wall(span.start), WINDOW.wall(span.end)))
    schedule = Schedule("p", "Europe/Zurich", bookings)
    limits = (rng.choice([None, 1, 2]), rng.choice([None, 1, 2, 3]), rng.choice([0, 15, 30]))
    found = make_roster(Timetable(problem, schedule), *limits)
    assert len(found.without) == fewest_without(problem, schedule, limits)
    assert len(found.assignments) + len(found.without) == number


def test_three_hundred_meetings_in_six_languages_are_dealt_out_at_once() -> None:
    """In the order of a whole conference, with limits and with teams that differ; the same twice over."""
    rng = random.Random(3)  # noqa: S311  nothing secret
    languages = ["ar", "zh", "en", "fr", "ru", "es"]
    sessions = [Session(f"s{n}", "S", rng.choice([60, 90, 180]), languages=languages) for n in range(300)]
    teams = [
        Team(f"{language}-{index}", language, available=[Period(None, "10:00", "16:30")] if index % 2 else None)
        for language in languages
        for index in range(5)
    ]
    window = Window.between("Europe/Zurich", "2010-12-06", "2010-12-17")
    problem = Problem("p", window, VENUE, sessions, teams=teams)
    bookings = []
    for session in sessions:
        span = rng.choice(problem.spans(session))
        bookings.append(Booking(session.id, "I", window.wall(span.start), window.wall(span.end)))
    timetable = Timetable(problem, Schedule("p", "Europe/Zurich", bookings))
    found = make_roster(timetable, 2, 7, 15)
    assert found == make_roster(timetable, 2, 7, 15)
    assert len(found.assignments) + len(found.without) == 1800
    for team in found.teams:
        days: list[date] = [one.start.date() for one in found.of(team)]
        assert max(map(days.count, days)) <= 2
        assert all(b.start - a.end >= timedelta(minutes=15) for a, b in pairwise(found.of(team)))


# -- to read ----------------------------------------------------------------------------------------------------------

TWO = {"a": ("17 10:00", 60), "b": ("17 10:30", 60)}


def test_languages_are_dealt_out_apart_and_each_says_why() -> None:
    problem = facts(TWO, *french(2), Team("en", "en"), languages="fr en")
    found = make_roster(Timetable(problem, booked(TWO)), per_day=1)
    assert works(found) == {"fr-1": ["a"], "fr-2": ["b"], "en": ["a"]}
    assert found.without == (("b", "en"),)
    mixed = facts(TWO, *french(2), Team("en", "en", available=[MORNING]), Team("en-2", "en"), languages="fr en")
    assert make_roster(Timetable(mixed, booked(TWO))).why == (
        "Every meeting has its teams. Counting is enough: no limit is set, and as many teams as run at once can always "
        "do."
    )


def test_reasons_that_differ_name_their_languages() -> None:
    places = {"a": ("17 10:00", 60), "b": ("17 10:30", 120)}
    brief = Team("en-2", "en", available=[Period(None, "10:00", "12:00")])
    problem = facts(places, *french(2), Team("en", "en"), brief, languages="fr en")
    assert make_roster(Timetable(problem, booked(places))).why == (
        "Every meeting has its teams. Counting is enough for 'fr': no limit is set, and as many teams as run at once "
        "can always do. A search that leaves nothing untried dealt them out for 'en'."
    )


def test_a_roster_can_be_asked_for_a_team_printed_and_made_a_frame() -> None:
    found = shared_out(TWO, Team("fr-1", "fr"), Team("de-1", "de"))
    [one] = found.of("fr-1")
    assert (one.session, one.language, one.team) == ("a", "fr", "fr-1")
    assert one.start == datetime.fromisoformat("2010-12-17T10:00+01:00")
    assert found.of("de-1") == ()
    assert str(found).splitlines()[:4] == [
        "fr-1",
        "  Friday 17 December 2010 10:00-11:00  a (fr)",
        "de-1",
        "Without a team: b (fr)",
    ]
    frame = found.to_frame()
    assert list(frame.columns) == ["team", "language", "session", "start", "end"]
    assert frame["session"].tolist() == ["a"]


@pytest.mark.parametrize("name", ["fr-2", 5, []])
def test_a_team_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(UnknownIdError, match="there is no team"):
        shared_out(TWO, *french(1)).of(name)


def test_without_teams_or_languages_there_is_nothing_to_say() -> None:
    found = roster(facts(TWO), booked(TWO))
    assert (found.teams, found.assignments, found.without) == ((), (), ())
    assert found.why == "There are no teams: interpreters are out of account."
    assert roster(facts(TWO, *french(1), languages=""), booked(TWO)).why == "Nothing is interpreted."


# -- the limits of a problem ------------------------------------------------------------------------------------------

DAY = {"a": ("17 10:00", 60), "b": ("17 11:30", 60), "c": ("17 15:00", 60)}


def without(*rules: Rule) -> list[str]:
    return [name for name, _ in roster(facts(DAY, *french(1), rules=rules), booked(DAY)).without]


def test_the_roster_of_a_problem_keeps_to_the_limits_of_its_rule() -> None:
    assert without() == []
    assert len(without(InterpretersEnough(per_day=2))) == 1
    assert len(without(InterpretersEnough(per_week=1))) == 2
    assert len(without(InterpretersEnough(rest=45))) == 1
    assert without(Off(InterpretersEnough(per_day=1))) == []


def test_of_several_rules_the_strictest_limits_hold() -> None:
    assert len(without(InterpretersEnough(per_day=2), InterpretersEnough(per_day=1, per_week=2))) == 2


def test_limits_with_a_price_are_kept_only_where_everything_has_a_team_within_them() -> None:
    rules = (InterpretersEnough(), Soften(InterpretersEnough(per_day=2)))
    found = roster(facts(DAY, *french(1), rules=rules), booked(DAY))
    assert found.without == ()
    assert found.why.endswith("Limits that have a price are exceeded.")
    within = roster(facts(DAY, *french(2), rules=rules), booked(DAY))
    assert [len(names) for names in works(within).values()] == [2, 1]
    assert "price" not in within.why
    firm = (InterpretersEnough(per_day=1), Soften(InterpretersEnough(per_day=1)))
    assert "price" not in roster(facts(DAY, *french(1), rules=firm), booked(DAY)).why
