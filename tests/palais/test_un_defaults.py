from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from unsched import Effort, InputError, Problem, Room, Select, Session, Status, Venue, solve
from unsched.palais import un_defaults
from unsched.palais.un_defaults import CONFIRMED, UNCONFIRMED
from unsched.rules import Apart, AtMostTogether, Load, Outside


def test_every_figure_has_a_source_and_a_status() -> None:
    figures = un_defaults().figures
    assert all(one.source and one.text for one in figures)
    assert {one.status for one in figures} == {"confirmed", "given", "unconfirmed"}
    assert len({(one.topic, one.what) for one in figures}) == len(figures)


def test_what_is_not_confirmed_says_so() -> None:
    unsure = [(one.topic, one.what) for one in un_defaults().figures if one.status == UNCONFIRMED]
    assert unsure == [
        ("hours", "side events at lunch time"),
        ("interpreters' load", "meetings a day, at most"),
        ("interpreters' load", "meetings a week, at most"),
        ("interpreters' load", "break between two"),
    ]


@pytest.mark.parametrize(
    ("topic", "what", "value"),
    [
        ("hours", "morning", "10:00-13:00"),
        ("hours", "afternoon", "15:00-18:00"),
        ("hours", "minutes of a meeting, at most", "180"),
        ("languages", "six languages", "Arabic, Chinese, English, French, Russian, Spanish"),
        ("interpreters", "for six languages", "14"),
        ("parallel meetings", "plenary or contact-group, at most", "2"),
        ("parallel meetings", "all, at most", "6"),
        ("rationing", "minutes of a slot", "90"),
        ("lead times", "weeks of notice", "6"),
    ],
)
def test_a_confirmed_figure_can_be_read(topic: str, what: str, value: str) -> None:
    figure = un_defaults().figure(topic, what)
    assert (figure.text, figure.status) == (value, CONFIRMED)
    assert str(figure) == f"{value} (confirmed)"


@pytest.mark.parametrize(
    ("topic", "remedy"),
    [("languages", "one of languages: six languages."), ("weather", "one that print shows.")],
)
def test_a_figure_that_is_not_there_is_refused(topic: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        un_defaults().figure(topic, "rain")
    [fault] = caught.value.faults
    assert (fault.message, fault.remedy) == (f"there is no figure 'rain' of {topic!r}", remedy)


def test_printed_it_is_a_table_with_a_line_for_each_figure() -> None:
    defaults = un_defaults(2010, ["2010-11-16"])
    head, *lines = str(defaults).splitlines()
    assert head.split() == ["topic", "figure", "value", "status", "source"]
    assert len(lines) == len(defaults.figures)
    place = head.index("status")
    assert all(line[place:].startswith(("confirmed", "unconfirmed", "given")) for line in lines)
    [dates] = [line for line in lines if "2010-11-16" in line]
    assert dates.split()[:4] == ["observances", "dates", "2010-04-02,", "2010-11-16"]


@pytest.mark.parametrize(
    ("year", "friday"),
    [(1997, ()), (1998, (date(1998, 4, 17),)), (2010, (date(2010, 4, 2),)), (2024, (date(2024, 5, 3),)), (None, ())],
)
def test_the_orthodox_good_friday_is_kept_since_1998(year: int | None, friday: tuple[date, ...]) -> None:
    assert un_defaults(year).closed == friday


def test_an_observance_that_is_given_twice_over_is_kept_once() -> None:
    assert un_defaults(2010, ["2010-11-16", "2010-04-02"]).closed == (date(2010, 4, 2), date(2010, 11, 16))
    assert un_defaults(None, ["2010-11-16"]).closed == (date(2010, 11, 16),)


@pytest.mark.parametrize(
    ("year", "days", "path", "message"),
    [
        (2010, ["2011-11-06"], "observances[0]", "2011-11-06 is not in 2010"),
        (2010, ["soon"], "observances[0]", "'soon' is not a date"),
        (0, [], "year", "0 is less than 1"),
        (10_000, [], "year", "10000 is more than 9999"),
        ("2010", [], "year", "'2010' is not a whole number"),
    ],
)
def test_a_wrong_year_or_observance_is_refused(year: Any, days: list[str], path: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        un_defaults(year, days)
    [fault] = caught.value.faults
    assert (fault.path, fault.message) == (path, message)


def test_the_window_is_the_working_hours_of_the_working_days() -> None:
    window = un_defaults(2010, ["2010-12-16"]).window("2010-12-15", "2010-12-20")
    assert window.days == (date(2010, 12, 15), date(2010, 12, 17), date(2010, 12, 20))
    assert [str(block) for block in window.blocks] == ["10:00-13:00", "15:00-18:00"]


def test_the_lunch_hour_is_there_only_where_it_is_asked_for() -> None:
    window = un_defaults().window("2010-12-17", "2010-12-17", lunch=True, step=30)
    assert [str(block) for block in window.blocks] == ["10:00-13:00", "15:00-18:00", "13:15-14:45 (lunch)"]
    assert window.step == 30


def test_a_window_of_a_weekend_is_refused() -> None:
    with pytest.raises(InputError, match="the window has no day"):
        un_defaults().window("2010-12-18", "2010-12-19")


def test_teams_for_six_languages_are_14_interpreters() -> None:
    one, two = un_defaults().teams(), un_defaults().teams(2)
    assert sum(team.interpreters or 0 for team in one) == 14
    assert [team.interpreters for team in one if team.language in ("Arabic", "Chinese")] == [3, 3]
    assert [team.id for team in two][:2] == ["Arabic-1", "Arabic-2"]
    assert len(two) == 12
    assert all(team.source for team in two)
    with pytest.raises(InputError, match="0 is less than 1"):
        un_defaults().teams(0)


def test_the_rules_are_the_confirmed_caps_and_the_closed_days() -> None:
    two, six, late = un_defaults().rules()
    assert (two, six) == (AtMostTogether(2, Select(kinds=("plenary", "contact-group"))), AtMostTogether(6))
    assert late.say() == "Only outside every day 18:00-24:00: every session."
    assert un_defaults().rules(None) == (six, late)
    assert [rule.say() for rule in un_defaults(2010).rules(None)[2:]] == ["Only outside 2010-04-02: every session."]
    assert isinstance(late, Outside)


def test_what_is_unconfirmed_is_a_rule_only_when_it_is_asked_for() -> None:
    rule = un_defaults().interpreters(rest=30)
    assert (rule.per_day, rule.per_week, rule.rest) == (2, 7, 30)
    assert un_defaults().interpreters(None, None, rest=0).per_day is None


def test_an_entity_has_two_slots_a_day_that_do_not_follow_each_other() -> None:
    defaults = un_defaults()
    assert defaults.rationing() == (Load(2, Select(), per="body"), Apart(Select(), 90, per="body"))
    council = Session("a", "A", 90, body="WG"), Session("b", "B", 90, body="WG"), Session("c", "C", 90, body="WG")
    window = defaults.window("2010-12-16", "2010-12-17", step=90)
    make: Callable[[tuple[Session, ...]], Problem] = lambda sessions: Problem(  # noqa: E731
        "council", window, Venue([Room("I")]), sessions, rules=defaults.rationing()
    )
    result = solve(make(council), stop=Effort(5))
    assert result.schedule is not None
    starts = [booking.start for booking in result.schedule]
    assert len({start.date() for start in starts}) == 2
    assert all((b - a).total_seconds() >= 3 * 60 * 60 for a, b in pairwise(starts))
    five = tuple(Session(f"s{n}", "S", 90, body="WG") for n in range(5))
    assert solve(make(five), stop=Effort(5)).status is Status.INFEASIBLE
