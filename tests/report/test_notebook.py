from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from attrs import evolve
from looks import HOSTILE, booked, looked_at

from unsched import (
    Conflict,
    Period,
    Problem,
    RoomLost,
    Session,
    alternatives,
    diff,
    explain,
    repair,
    roster,
    solve,
    what_if,
    why,
    why_not,
)
from unsched.rules import PreferRoom

PROBLEM = looked_at()
SCHEDULE = booked(PROBLEM)
ALLOWED = {
    "caption", "details", "div", "em", "li", "p", "pre", "strong", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "time", "tr", "ul",
}  # fmt: skip


class Reader(HTMLParser):
    """Collects tags, attributes and text, and fails where a tag is not closed in turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def everything(problem: Problem) -> dict[str, Any]:
    """Return all that a notebook can show of a problem."""
    schedule = booked(problem)
    flood = RoomLost("XXVI", [Period(["2010-12-17"])])
    clash = [evolve(one, start="2010-12-16T10:00", room="IX", required=()) for one in problem.sessions]
    impossible = explain(evolve(problem, sessions=clash, rules=()), ways=2)
    mended = repair(problem, schedule, flood)
    assert mended.diff is not None
    return {
        "schedule": schedule,
        "problem": problem,
        "result": solve(problem, workers=1),
        "no result": solve(evolve(problem, sessions=clash, rules=()), workers=1),
        "explanation": impossible,
        "contradiction": impossible.contradictions[0],
        "way out": impossible.ways[0],
        "rule": problem.all_rules[0],
        "preference": PreferRoom(HOSTILE[2], "IX", weight=3),
        "declared conflict": Conflict(HOSTILE[2], HOSTILE[4]),
        "repair": mended,
        "diff": mended.diff,
        "no diff": diff(schedule, schedule),
        "what if": what_if(problem, schedule, flood),
        "alternatives": alternatives(problem, schedule, "closing", 2),
        "why": why(problem, schedule, "closing"),
        "why not": why_not(problem, schedule, "closing", room="IX"),
        "roster": roster(problem, schedule),
    }


SHOWN = everything(PROBLEM)


@pytest.mark.parametrize("name", SHOWN)
def test_it_shows_itself_as_whole_html_that_neither_runs_nor_fetches_anything(name: str) -> None:
    read = Reader(SHOWN[name]._repr_html_())
    assert read.tags <= ALLOWED
    assert read.names <= {"class", "scope", "colspan", "datetime", "dir", "title", "style"}
    assert read.text.strip()


def test_hostile_titles_stay_text_in_all_of_them() -> None:
    for titles in (HOSTILE[:3], HOSTILE[2:]):
        for name, thing in everything(looked_at(titles=titles, title=HOSTILE[2])).items():
            html = thing._repr_html_()
            assert Reader(html).tags <= ALLOWED, name
            assert "\x1b" not in html
            assert "\u202e" not in html


def test_a_result_says_how_good_it_is_and_no_seconds() -> None:
    text = Reader(SHOWN["result"]._repr_html_()).text
    assert text.split()[0] == "optimal:"
    assert "Opening" in text
    assert " s)" not in text
    assert " in 0." not in text


def test_a_problem_shows_its_sessions_rules_and_assumptions() -> None:
    text = Reader(SHOWN["problem"]._repr_html_()).text
    for words in (
        "A small week [small]",
        "2 rooms",
        "closing",
        "Closing",
        "The bells ring.",
        "3 sessions of 5 h 30 min",
    ):
        assert words in text


def test_a_large_problem_shows_its_first_sessions_and_counts_the_others() -> None:
    sessions = [Session(f"s{number}", f"Session {number}", 15) for number in range(60)]
    html = evolve(PROBLEM, sessions=sessions, rules=())._repr_html_()
    assert "Session 49" in html
    assert "Session 50" not in html
    assert "and 10 more" in html


def test_conflicts_ways_out_and_who_is_told_are_there() -> None:
    text = Reader(SHOWN["explanation"]._repr_html_()).text
    assert "these cannot all hold:" in text
    assert "Way out 1, price" in text
    assert "These cannot all hold:" in Reader(SHOWN["no result"]._repr_html_()).text
    told = Reader(SHOWN["diff"]._repr_html_()).text
    assert "Egypt, Brazil" in told
    assert "Nothing has changed." in Reader(SHOWN["no diff"]._repr_html_()).text
    assert "people to tell" in Reader(SHOWN["repair"]._repr_html_()).text


def test_a_rule_says_itself_and_its_price() -> None:
    read = Reader(SHOWN["preference"]._repr_html_())
    assert "(tier 1, 3 for each session)" in read.text
    assert "(must hold)" in Reader(SHOWN["rule"]._repr_html_()).text
    assert "(weight 1)" in Reader(SHOWN["declared conflict"]._repr_html_()).text
