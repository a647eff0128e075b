from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from looks import HOSTILE, booked, looked_at
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from unsched import (
    Booking,
    InputError,
    Period,
    Problem,
    Progress,
    Result,
    Room,
    Schedule,
    Session,
    Status,
    Team,
    UnknownIdError,
    Venue,
    Window,
)
from unsched.report.charts import plot_agenda, plot_costs, plot_interpreters, plot_progress, plot_rooms, save_chart
from unsched.report.charts.bars import lanes_of
from unsched.report.charts.canvas import PALETTE, SHORT, Fonts
from unsched.report.charts.days import days_of
from unsched.report.charts.saving import FORMATS, chart_bytes
from unsched.solver.result import TierResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PROBLEM = looked_at()
SCHEDULE = booked(PROBLEM)
EVENTS = [
    Progress(None, 0, 0, 0.2, 1),
    Progress(1, 90, 10, 0.5, 2),
    Progress(1, 60, 30, 1.5, 3),
    Progress(2, 7, 7, 2, 4),
]


def charts(problem: Problem = PROBLEM) -> dict[str, Any]:
    schedule = booked(problem)
    return {
        "rooms": lambda ax=None: plot_rooms(schedule, problem, ax=ax),
        "agenda": lambda ax=None: plot_agenda(problem, schedule, "egypt", ax=ax),
        "interpreters": lambda ax=None: plot_interpreters(problem, schedule, ax=ax),
        "costs": lambda ax=None: plot_costs(problem, schedule, ax=ax),
        "progress": lambda ax=None: plot_progress(EVENTS, ax=ax),
    }


def written_in(ax: Axes) -> list[Text]:
    """Return all texts of a chart that are not empty."""
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    return [one for one in figure.findobj(Text) if isinstance(one, Text) and one.get_text()]


def said(ax: Axes) -> set[str]:
    return {one.get_text().replace("\n", " ") for one in written_in(ax)}


def bars(ax: Axes) -> list[Rectangle]:
    """Return the bars of a chart, which are the rectangles with an edge."""
    return [one for one in ax.patches if isinstance(one, Rectangle) and one.get_linewidth() > 0]


@pytest.mark.parametrize("name", charts())
def test_a_chart_is_drawn_on_the_axes_that_are_given_and_returns_them(name: str) -> None:
    ax = Figure().add_subplot()
    assert charts()[name](ax) is ax
    assert ax.has_data() or ax.texts


@pytest.mark.parametrize("name", charts())
def test_a_chart_of_its_own_is_the_same_bytes_each_time_and_no_global_state_knows_of_it(name: str) -> None:
    before = dict(mpl.rcParams)
    once, again = (chart_bytes(charts()[name]()) for _ in range(2))
    assert once == again
    assert once.startswith(b"\x89PNG")
    assert dict(mpl.rcParams) == before
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or pyplot.get_fignums() == []


@pytest.mark.parametrize("name", charts())
def test_no_title_is_a_formula_or_a_command_and_a_letter_that_no_font_has_is_no_warning(name: str) -> None:
    for titles in (HOSTILE[:3], HOSTILE[2:]):
        ax = charts(looked_at(titles=titles, title=HOSTILE[3] + HOSTILE[0]))[name]()
        chart_bytes(ax)  # a warning would be an error
        for text in written_in(ax):
            if "$" in text.get_text():
                assert not text.get_parse_math()
            assert not text.get_usetex()
            assert "\x1b" not in text.get_text()


def test_a_figure_within_a_figure_is_drawn_on_as_well() -> None:
    ax = Figure(figsize=(12, 4)).subfigures(1, 2, squeeze=False)[0, 0].add_subplot()
    assert plot_rooms(SCHEDULE, PROBLEM, ax=ax) is ax
    assert chart_bytes(ax, "svg").startswith(b"<?xml")


# -- rooms ----------------------------------------------------------------------------------------------------------


def test_a_session_is_a_bar_in_the_row_of_its_room_and_the_colour_of_its_body() -> None:
    ax = plot_rooms(SCHEDULE, PROBLEM)
    rows = sorted((round(one.get_y()), one.get_x(), mpl.colors.to_hex(one.get_facecolor())) for one in bars(ax))
    assert [(row, colour) for row, _, colour in rows] == [(0, PALETTE[0]), (0, PALETTE[0]), (1, PALETTE[1])]
    assert {"XXVI", "IX", "Opening", "Closing", "Side event", "CSTD", "Side events"} <= said(ax)
    assert {"Thu 16 Dec", "Fri 17 Dec", "hour, Europe/Zurich time", "A small week: rooms"} <= said(ax)


def test_bars_of_sessions_that_share_a_room_stand_beside_each_other() -> None:
    clash = SCHEDULE.rebooked(Booking("side", "XXVI", SCHEDULE["side"].start, SCHEDULE["side"].end, "Side event"))
    heights = sorted(round(one.get_height(), 2) for one in bars(plot_rooms(clash, PROBLEM)))
    assert heights == [0.43, 0.43, 0.86]


def test_without_the_problem_all_bars_have_one_colour_and_only_rooms_in_use_have_a_row() -> None:
    ax = plot_rooms(SCHEDULE)
    assert len({one.get_facecolor() for one in bars(ax)}) == 1
    assert ax.get_legend() is None
    assert "small: rooms" in said(ax)


def test_a_schedule_in_another_zone_than_its_window_is_drawn_by_its_own_clock() -> None:
    far = Schedule("small", "Asia/Tokyo", SCHEDULE.bookings)
    for ax in (plot_rooms(far, PROBLEM), plot_interpreters(PROBLEM, far)):
        assert {"hour, Asia/Tokyo time", "18"} <= said(ax)
    assert "18:00-21:00, XXVI Opening" in said(plot_agenda(PROBLEM, far, "egypt"))


def test_a_font_that_is_not_installed_is_done_without() -> None:
    with mpl.rc_context({"font.family": ["No Such Font", "DejaVu Sans"]}):
        assert Fonts().width("Working Group", 8) == FONTS.width("Working Group", 8)


def test_only_the_days_that_are_asked_for_are_drawn() -> None:
    ax = plot_rooms(SCHEDULE, PROBLEM, days=["2010-12-17"])
    assert len(bars(ax)) == 1
    assert "Thu 16 Dec" not in said(ax)
    with pytest.raises(InputError, match="'christmas' is not a date"):
        plot_rooms(SCHEDULE, PROBLEM, days=["christmas"])


def test_a_long_time_is_drawn_as_hours_a_day() -> None:
    days = [f"2011-01-{day:02}" for day in range(1, 29)]
    problem = Problem("long", Window("UTC", days), Venue([Room("I"), Room("II")]), [Session("a", "A", 60)])
    schedule = Schedule("long", "UTC", [Booking("a", "II", "2011-01-03T10:00+00:00", "2011-01-03T11:30+00:00")])
    ax = plot_rooms(schedule, problem)
    (mesh,) = ax.collections
    values = mesh.get_array()
    assert values is not None
    assert (values.shape, values.sum(), values[1][2]) == ((2, 28), 1.5, 1.5)
    assert "long: hours a day that rooms are used" in said(ax)


def test_a_schedule_without_sessions_is_drawn() -> None:
    assert bars(plot_rooms(Schedule("none", "UTC"))) == []


def test_more_bodies_than_colours_share_a_grey_of_which_the_legend_speaks_once() -> None:
    sessions = [Session(f"s{n}", "", 15 * (n + 1), body=f"Body {n}") for n in range(12)]
    problem = Problem("many", Window("UTC", ["2010-12-17"]), Venue([Room("I")]), sessions)
    moments = [f"2010-12-17T{10 + n // 4:02}:{n % 4 * 15:02}+00:00" for n in range(13)]
    bookings = [Booking(f"s{n}", "I", moments[n], moments[n + 1]) for n in range(12)]
    legend = plot_rooms(Schedule("many", "UTC", bookings), problem).get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [*(f"Body {n}" for n in range(4, 12)), "others"]


# -- the time axis --------------------------------------------------------------------------------------------------


def one_booking(start: str, end: str, zone: str = "Europe/Zurich") -> Schedule:
    return Schedule("p", zone, [Booking("a", "I", start, end)])


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2010-12-17T10:00+01:00", "2010-12-17T12:30+01:00", 600, 780),
        ("2010-12-17T22:00+01:00", "2010-12-18T01:00+01:00", 1320, 1500),  # an evening goes on after midnight
        ("2010-12-17T22:00+01:00", "2010-12-19T10:00+01:00", 0, 1440),  # days on end do not
        ("2010-10-31T02:30+02:00", "2010-10-31T02:30+01:00", 120, 240),  # the hour that comes twice
    ],
)
def test_days_go_from_the_first_hour_to_the_last(start: str, end: str, first: int, last: int) -> None:
    axis = days_of(one_booking(start, end), None)
    assert (axis.first, axis.last) == (first, last)


@given(st.integers(0, 60 * 24), st.integers(1, 60 * 60))
@settings(max_examples=50, deadline=None)
def test_what_is_drawn_of_a_booking_is_as_long_as_the_booking(begin: int, minutes: int) -> None:
    window = Window("UTC", ["2010-12-15"])
    booking = Booking("a", "I", window.wall(begin), window.wall(begin + minutes))
    axis = days_of(Schedule("p", "UTC", [booking]), None)
    assert sum(last - first for _, first, last in axis.pieces(booking.start, booking.end)) == minutes
    spans = list(axis.spans(booking.start, booking.end))
    assert sum(right - left for left, right in spans) * 60 == pytest.approx(minutes)
    assert all(right <= axis.width + 1e-9 for _, right in spans)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)).map(lambda one: (one[0], sum(one))), max_size=9))
@settings(deadline=None)
def test_no_two_bars_in_a_lane_overlap(stays: list[tuple[int, int]]) -> None:
    lanes = lanes_of(stays)
    for one, (lane, count) in zip(stays, lanes, strict=True):
        assert 0 <= lane < count
        for other, (other_lane, other_count) in zip(stays, lanes, strict=True):
            if one is not other and one[0] < other[1] and other[0] < one[1]:
                assert count == other_count
                assert lane != other_lane


# -- the others -----------------------------------------------------------------------------------------------------


def test_an_agenda_has_what_somebody_must_be_at_and_dashed_what_they_are_invited_to() -> None:
    ax = plot_agenda(PROBLEM, SCHEDULE, "egypt")
    styles = sorted(
        (one.get_linestyle() != "solid" and one.get_linestyle() != "-", one.get_width()) for one in bars(ax)
    )
    assert [dashed for dashed, _ in styles] == [False, False, True]
    assert {"10:00-13:00, XXVI Opening", "15:00-16:00, XXVI Closing"} <= said(ax)
    assert "A small week: Egypt" in said(ax)
    assert "invited, not required" in said(ax)


def test_an_agenda_of_a_person_has_only_what_is_theirs() -> None:
    assert len(bars(plot_agenda(PROBLEM, SCHEDULE, "chair"))) == 1
    assert "invited, not required" not in said(plot_agenda(PROBLEM, SCHEDULE, "chair"))


def test_an_agenda_shows_when_somebody_is_away() -> None:
    from unsched import Delegation

    there = [Period(["2010-12-16"], "10:00", "13:00")]
    problem = looked_at(delegations=[Delegation("egypt", available=there), Delegation("brazil")])
    ground = [
        one
        for one in plot_agenda(problem, SCHEDULE, "egypt").patches
        if mpl.colors.to_hex(one.get_facecolor()) == "#ffffff"
    ]
    assert len(ground) == 1


def test_nobody_has_an_agenda_who_is_not_there() -> None:
    with pytest.raises(UnknownIdError, match="there is no delegation or person 'egpyt'"):
        plot_agenda(PROBLEM, SCHEDULE, "egpyt")


def heights(ax: Axes, colour: str) -> Iterator[float]:
    for one in ax.collections:
        if mpl.colors.to_hex(one.get_facecolor()[0]) == colour:  # type: ignore[arg-type]
            box = one.get_paths()[0].get_extents()
            yield round(box.height, 3)


def test_interpreters_who_are_asked_for_and_not_there_are_red() -> None:
    ax = plot_interpreters(PROBLEM, SCHEDULE)
    assert len(list(heights(ax, SHORT))) == 1
    assert {"French at most 2 of 1", "asked for, and not there", "teams available"} <= said(ax)
    enough = plot_interpreters(looked_at(teams=[Team("a", "French"), Team("b", "French")]), SCHEDULE)
    assert list(heights(enough, SHORT)) == []
    assert "French at most 2 of 2" in said(enough)


def test_a_team_that_comes_later_is_a_step() -> None:
    late = [Period(["2010-12-16"], "12:00", "18:00")]
    ax = plot_interpreters(looked_at(teams=[Team("a", "French"), Team("b", "French", available=late)]), SCHEDULE)
    assert len(list(heights(ax, SHORT))) == 1
    levels = {round(float(line.get_ydata()[0]), 3) for line in ax.lines if len(line.get_xdata()) == 2}  # type: ignore[arg-type,index]
    assert len(levels) >= 2


def test_by_team_each_has_the_sessions_that_it_works_at() -> None:
    problem = looked_at(teams=[Team("a", "French"), Team("b", "French")])
    ax = plot_interpreters(problem, SCHEDULE, by="team")
    assert {"a (French)", "b (French)"} <= said(ax)
    assert len(list(heights(ax, PALETTE[0]))) >= 2
    assert list(heights(ax, SHORT)) == []


def test_without_teams_only_what_is_asked_for_is_drawn() -> None:
    ax = plot_interpreters(looked_at(teams=[]), SCHEDULE)
    assert "French at most 2" in said(ax)
    assert "teams available" not in said(ax)
    silent = Problem("small", PROBLEM.window, Venue([Room("I")]), [Session("a", "A", 60)])
    assert "Nothing is interpreted." in said(plot_interpreters(silent, Schedule("small", "UTC")))


def test_costs_are_shares_of_what_is_paid_in_their_tier() -> None:
    ax = plot_costs(PROBLEM, SCHEDULE)
    assert [round(one.get_width(), 3) for one in ax.patches if isinstance(one, Rectangle)] == [1.0, 1.0, 1.0]
    assert {"tier 1: cost 1", "invited-can-attend", "tier 2: cost 3", "prefer-room"} <= said(ax)


def test_what_is_broken_comes_first_and_in_red() -> None:
    clash = SCHEDULE.rebooked(Booking("side", "XXVI", SCHEDULE["side"].start, SCHEDULE["side"].end))
    ax = plot_costs(PROBLEM, clash)
    assert "constraints that are broken" in said(ax)
    assert mpl.colors.to_hex(ax.patches[0].get_facecolor()) == SHORT


def test_a_schedule_that_pays_nothing_says_so() -> None:
    assert "Every rule is kept." in said(plot_costs(looked_at(rules=[]), SCHEDULE))


def test_the_curve_of_a_solve_ends_where_the_solve_did() -> None:
    result = Result(Status.FEASIBLE, None, (TierResult(1, 60, 60, proven=True),), (), 4.0)
    ax = plot_progress(EVENTS, result)
    cost, bound = ax.lines[:2]
    assert list(map(float, cost.get_xdata())) == [0.5, 1.5, 4.0]  # type: ignore[arg-type]
    assert list(map(float, cost.get_ydata())) == [90, 60, 60]  # type: ignore[arg-type]
    assert list(map(float, bound.get_ydata())) == [10, 30, 60]  # type: ignore[arg-type]
    assert "tier 1: cost 60, bound 60 (optimal)" in said(ax)
    assert "tier 1: cost 60, bound 30 (gap 50.0%)" in said(plot_progress(EVENTS))
    assert "tier 2: cost 7, bound 7 (optimal)" in said(plot_progress(EVENTS, tier=2))


@pytest.mark.parametrize(("events", "tier", "message"), [([], None, "no event is of a tier"), (EVENTS, 9, "of tier 9")])
def test_a_curve_of_nothing_is_refused(events: list[Progress], tier: int | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        plot_progress(events, tier=tier)


# -- text and files -------------------------------------------------------------------------------------------------


@given(st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), max_size=40).map(" ".join))
@settings(max_examples=30, deadline=None)
def test_what_is_fitted_is_no_wider_than_its_place(text: str) -> None:
    fonts = FONTS
    for line in fonts.fit(text, 60, 3, 8).split("\n"):
        assert fonts.width(line, 8) <= 60
    assert fonts.fit(text, 60, 3, 8).count("\n") < 3


FONTS = Fonts()


def test_a_text_that_fits_is_left_as_it_is_and_one_that_does_not_says_so() -> None:
    assert FONTS.fit("Working Group", 500, 1, 8) == "Working Group"
    assert FONTS.fit("Working Group", 60, 2, 8) == "Working\nGroup"
    assert FONTS.fit("Working Group", 60, 1, 8).endswith("\N{HORIZONTAL ELLIPSIS}")
    assert FONTS.fit("Working Group", 3, 1, 8) == ""
    assert FONTS.fit("Working Group", 500, 0, 8) == ""


def test_a_title_of_which_too_little_can_be_drawn_is_replaced_by_the_id() -> None:
    assert FONTS.label("Réunion", "a") == "Réunion"
    assert FONTS.label("会議 of all", "a") == "\N{WHITE SQUARE}\N{WHITE SQUARE} of all"
    assert FONTS.label("会議", "a") == "a"
    assert FONTS.label("", "a") == "a"


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_has_no_date_and_is_the_same_each_time(form: str, tmp_path: Path) -> None:
    files = [save_chart(plot_costs(PROBLEM, SCHEDULE), tmp_path / f"{name}.{form}") for name in "ab"]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert str(date.today().year).encode() not in files[0].read_bytes()  # noqa: DTZ011  the year that it would have


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'chart.exe' does not end with a format of charts"):
        save_chart(plot_costs(PROBLEM, SCHEDULE), tmp_path / "chart.exe")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="'exe' is no format of charts"):
        chart_bytes(plot_costs(PROBLEM, SCHEDULE), "exe")
