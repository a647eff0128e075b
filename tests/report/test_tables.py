from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from looks import booked, looked_at

from unsched import (
    Diff,
    Explanation,
    InputError,
    Progress,
    Result,
    Schedule,
    Session,
    Status,
    alternatives,
    diff,
    roster,
    solve,
)
from unsched.domain.roster import Roster
from unsched.report.columns import OF_A_PROBLEM, TABLES
from unsched.report.frames import Column, make_frame
from unsched.report.tables import breaches_frame, costs_frame, progress_frame, standings_frame
from unsched.solver.answers import Alternatives
from unsched.solver.result import TierResult

PROBLEM = looked_at()
SCHEDULE = booked(PROBLEM)
BREACHES = SCHEDULE.breaches(PROBLEM)


TYPES = {
    "text": "string",
    "count": "int64",
    "maybe count": "Int64",
    "number": "float64",
    "truth": "bool",
    "time": "datetime64[us, Europe/Zurich]",
    "list": "object",
}


def types(frame: pd.DataFrame) -> dict[str, str]:
    return {name: str(kind) for name, kind in frame.dtypes.items()}


def empty_and_full() -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    tier = TierResult(1, 10, 8, proven=False)
    result = Result(Status.FEASIBLE, None, (tier,), (), 1.0)
    found = alternatives(PROBLEM, SCHEDULE, "closing", 2)
    return {
        "bookings": (Schedule("small", "Europe/Zurich").to_frame(), SCHEDULE.to_frame()),
        "breaches": (breaches_frame([]), breaches_frame(BREACHES)),
        "costs": (costs_frame([]), costs_frame(BREACHES)),
        "tiers": (Result(Status.UNKNOWN, None, (), (), 0.0).to_frame(), result.to_frame()),
        "progress": (progress_frame([]), progress_frame([Progress(None, 0, 0, 0.5, 1), Progress(1, 9, 3, 1.0, 2)])),
        "changes": (
            Diff("Europe/Zurich", ()).to_frame(),
            diff(SCHEDULE, Schedule("small", "Europe/Zurich", SCHEDULE.bookings[:2]), PROBLEM).to_frame(),
        ),
        "alternatives": (
            Alternatives("closing", (), 0).to_frame(),
            found.to_frame().drop(columns=["tier 1", "tier 2", "tier 3"]),
        ),
        "assignments": (Roster((), (), (), "", "Europe/Zurich").to_frame(), roster(PROBLEM, SCHEDULE).to_frame()),
        "conflicts": (Explanation("p", Status.UNKNOWN).to_frame(), infeasible().to_frame()),
    }


def infeasible() -> Explanation:
    from unsched import explain

    sessions = [Session("a", "A", 60, start="2010-12-16T10:00", room="IX"), Session("b", "B", 60, room="IX")]
    sessions[1] = Session("b", "B", 60, start="2010-12-16T10:00", room="IX")
    return explain(looked_at_with(sessions), ways=0)


def looked_at_with(sessions: list[Session]) -> Any:
    from attrs import evolve

    return evolve(PROBLEM, sessions=sessions, rules=())


FRAMES = empty_and_full()


@pytest.mark.parametrize("table", FRAMES)
def test_a_table_has_the_columns_and_types_that_are_documented_also_where_it_is_empty(table: str) -> None:
    empty, full = FRAMES[table]
    assert list(full.columns) == [one.name for one in TABLES[table]]
    assert len(empty) == 0
    assert len(full) > 0
    if table == "alternatives":  # of nothing, not even the zone is known
        empty["start"], empty["end"] = full["start"].head(0), full["end"].head(0)
    assert types(empty) == types(full)


@pytest.mark.parametrize("table", OF_A_PROBLEM)
def test_a_problem_has_a_table_of_each_kind_of_fact(table: str) -> None:
    frame = PROBLEM.to_frame(table)
    facts = PROBLEM.all_rules if table == "rules" else getattr(PROBLEM, table)
    assert list(frame.columns) == [one.name for one in TABLES[table]]
    assert len(frame) == len(facts)
    assert types(frame) == {one.name: TYPES[one.kind] for one in TABLES[table]}


def test_the_tables_of_a_problem_and_its_schedule_can_be_joined() -> None:
    joined = SCHEDULE.to_frame().merge(PROBLEM.to_frame()[["session", "body"]], on="session")
    assert joined.groupby("body")["minutes"].sum().to_dict() == {"CSTD": 240, "Side events": 90}


def test_times_are_in_the_zone_of_the_schedule_and_exact_in_any_year() -> None:
    frame = SCHEDULE.to_frame()
    assert str(frame["start"].dtype) == "datetime64[us, Europe/Zurich]"
    assert str(frame["start"][0]) == "2010-12-16 10:00:00+01:00"
    far = make_frame([Column("at", "time")], [[datetime(9000, 1, 1, tzinfo=UTC)], [None]], "Europe/Zurich")
    assert str(far["at"][0]) == "9000-01-01 01:00:00+01:00"
    assert far["at"].isna().tolist() == [False, True]


def test_a_fixed_start_is_read_by_the_clock_of_the_window() -> None:
    frame = looked_at_with([Session("a", "A", 60, start="2010-12-16T10:00")]).to_frame()
    assert str(frame["start"][0]) == "2010-12-16 10:00:00+01:00"


def test_what_a_schedule_pays_is_summed_by_tier_and_rule_the_dearest_first() -> None:
    frame = costs_frame(BREACHES)
    first = frame[["tier", "rule", "cost"]].head(2).to_numpy().tolist()
    assert first == [[1, "invited-can-attend", 1], [2, "prefer-room", 3]]
    assert frame["cost"].sum() == sum(one.cost for one in BREACHES)
    assert frame.groupby("tier")["share"].sum().tolist() == [1.0, 1.0, 1.0]


def test_a_broken_constraint_comes_first_and_has_no_tier() -> None:
    both = SCHEDULE.rebooked(SCHEDULE["side"].__class__("side", "XXVI", SCHEDULE["side"].start, SCHEDULE["side"].end))
    first = costs_frame(both.breaches(PROBLEM)).iloc[0]
    assert pd.isna(first["tier"])
    assert (first["rule"], first["share"]) == ("one-session-per-room", 0.0)


def test_where_no_tier_is_improved_yet_an_event_has_no_cost() -> None:
    frame = progress_frame([Progress(None, 0, 0, 0.5, 1)])
    assert frame[["tier", "cost", "bound"]].isna().all(axis=None)
    assert frame["gap"].tolist() == [1.0]


def test_the_events_of_a_solve_are_a_table() -> None:
    events: list[Progress] = []
    result = solve(PROBLEM, workers=1, on_progress=events.append)
    frame = progress_frame(events)
    assert len(frame) == len(events) > 0
    assert frame["seconds"].is_monotonic_increasing
    assert result.to_frame()["proven"].all()


def test_a_table_that_a_problem_does_not_have_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="a problem has no table 'session'") as caught:
        PROBLEM.to_frame("session")
    assert caught.value.faults[0].remedy == "'sessions'."


def test_where_invitees_stand_is_a_table() -> None:
    from unsched.domain.attendance import Standing

    start = datetime(2010, 12, 16, 9, tzinfo=UTC)
    one = Standing("u", "a", None, "A", start, start + timedelta(hours=1), "egypt", "Egypt", "CHAIR", "waiting")
    frame = standings_frame([one], "Europe/Zurich")
    assert types(frame) == types(standings_frame([], "Europe/Zurich"))
    assert frame["segment"].isna().all()
