"""Problems, results and answers as HTML, for notebooks: tables and lists, nothing that runs, nothing that is fetched.

Colours are those of the notebook, light or dark; every text is escaped, so that content stays content.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from unsched.report.html import LEFT, markup_of, table
from unsched.report.text import clock, day_name, problem_facts

if TYPE_CHECKING:
    from datetime import datetime

    from unsched.domain.difference import Diff
    from unsched.domain.problem import Problem
    from unsched.domain.roster import Roster
    from unsched.domain.schedule import Booking
    from unsched.solver.answers import Alternatives
    from unsched.solver.explanation import Contradiction, Explanation, WayOut
    from unsched.solver.repair import Repair
    from unsched.solver.result import Result, TierResult
    from unsched.solver.what_if import WhatIf

__all__ = [
    "alternatives_html",
    "contradiction_html",
    "diff_html",
    "explanation_html",
    "problem_html",
    "repair_html",
    "result_html",
    "roster_html",
    "sentence_html",
    "text_html",
    "way_html",
    "what_if_html",
]

_MANY = 50
"""Rows of a table of a problem's; the rest is counted, and `to_frame` has it."""


# -- pieces -----------------------------------------------------------------------------------------------------------


def _grid(caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of texts that are markup already."""
    top = "".join(f'<th scope="col" {LEFT}>{heading}</th>' for heading in headings)
    body = "\n".join("<tr>" + "".join(f'<td dir="auto" {LEFT}>{cell}</td>' for cell in row) + "</tr>" for row in rows)
    return f"<table>\n<caption>{caption}</caption>\n<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _list(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f'<li dir="auto">{markup_of(text)}</li>' for text in texts) + "</ul>"


def _folded(summary: str, inside: str) -> str:
    return f"<details><summary>{markup_of(summary)}</summary>{inside}</details>"


def _paragraph(text: str) -> str:
    return f"<p>{markup_of(text)}</p>"


def _box(*parts: str) -> str:
    return '<div class="unsched">\n' + "\n".join(part for part in parts if part) + "\n</div>"


def _when(start: datetime, end: datetime) -> str:
    times = "&ndash;".join(f'<time datetime="{one.isoformat()}">{clock(one)}</time>' for one in (start, end))
    return f"{day_name(start.date())} {times}"


def _place(booking: Booking | None) -> str:
    return "&mdash;" if booking is None else f"{_when(booking.start, booking.end)}, {markup_of(booking.room)}"


def _names(names: Sequence[str], most: int = 6) -> str:
    more = [f"and {len(names) - most} more"] if len(names) > most else []
    return markup_of(", ".join([*names[:most], *more]))


def text_html(text: str) -> str:
    """Return a text as it would stand in a terminal."""
    lines = "\n".join(markup_of(line) for line in text.split("\n"))
    return f'<pre class="unsched">{lines}</pre>'


def sentence_html(sentence: str, price: str) -> str:
    """Return a rule as a sentence, and what it costs or that it must hold."""
    return f'<p class="unsched">{markup_of(sentence)} <em>({markup_of(price)})</em></p>'


# -- facts ------------------------------------------------------------------------------------------------------------


def problem_html(problem: Problem) -> str:
    """Return what a problem is about: its facts counted, its sessions as a table, its rules and what it assumes."""
    rows = []
    for one in problem.sessions[:_MANY]:
        fixed = "" if one.start is None else f"{one.start:%Y-%m-%d %H:%M}"
        asked = [*one.required, *one.invited]
        length = f"{one.length} min" + ("" if one.shortest is None else f", at least {one.shortest}")
        cells = (one.id, one.title, one.body or "", length, fixed, one.room or "")
        rows.append([*map(markup_of, cells), _names(asked, 4)])
    more = len(problem.sessions) - _MANY
    rules = [rule.say() for rule in problem.all_rules]
    assumed = [str(one) for one in problem.assumptions]
    heading = f"{problem.title} [{problem.id}]" if problem.title else problem.id
    headings = ("Session", "Title", "Body", "Length", "Fixed start", "Fixed room", "Asked for")
    return _box(
        f"<p><strong>{markup_of(heading)}</strong></p>",
        _list(problem_facts(problem)),
        _grid("Sessions", headings, rows),
        _paragraph(f"and {more} more: to_frame() has all of them") if more > 0 else "",
        _folded(f"{len(rules)} rules", _list(rules)),
        _folded(f"{len(assumed)} assumptions", _list(assumed)) if assumed else "",
    )


def roster_html(roster: Roster) -> str:
    """Return which team works where, and why that is enough."""
    rows = [
        [markup_of(one.team), markup_of(one.language), _when(one.start, one.end), markup_of(one.session)]
        for one in sorted(roster.assignments, key=lambda one: roster.teams.index(one.team))
    ]
    without = [f"Without a team: {session} ({language})" for session, language in roster.without]
    headings = ("Team", "Language", "When", "Session")
    return _box(_grid("Interpreters", headings, rows), _paragraph(roster.why), _list(without) if without else "")


# -- what a solve comes to --------------------------------------------------------------------------------------------


def _tiers(caption: str, tiers: Iterable[tuple[str, TierResult]]) -> str:
    rows = [
        [markup_of(name), str(one.cost), str(one.bound), "optimal" if one.proven else f"gap {one.gap:.1%}"]
        for name, one in tiers
    ]
    return _grid(markup_of(caption), ("Tier", "Cost", "Bound", "Proof"), rows) if rows else ""


def _head(result: Result) -> str:
    count = "no schedule" if result.schedule is None else f"{len(result.schedule)} sessions scheduled"
    took = ", interrupted" if result.interrupted else ""
    return f"<p><strong>{result.status.value}</strong>: {count}{took}</p>"


def result_html(result: Result) -> str:
    """Return what was found, how good it is, and the timetable; no seconds, so that it is the same each time."""
    conflict = [str(guard) for guard in result.conflict]
    return _box(
        _head(result),
        _tiers("How good it is", ((str(one.tier), one) for one in result.tiers)),
        _paragraph(f"Interpreters: {result.roster.why}") if result.roster is not None else "",
        _paragraph("These cannot all hold:") + _list(conflict) if conflict else "",
        "" if result.schedule is None else table(result.schedule),
    )


def repair_html(repair: Repair) -> str:
    """Return what a repair changes, for whom, and how little that is; then the timetable."""
    meanings = repair.meanings
    lost = [
        f"{words}: {', '.join(names)}"
        for words, names in (("Dropped or put on standby", repair.dropped), ("Taken up", repair.taken_up))
        if names
    ]
    conflict = [str(guard) for guard in repair.conflict]
    return _box(
        _head(repair),
        _tiers("How little changes", ((meanings[one.tier], one) for one in repair.tiers if one.tier in meanings)),
        _list(lost) if lost else "",
        _paragraph("Since these cannot all hold:") + _list(conflict) if conflict else "",
        "" if repair.diff is None else diff_html(repair.diff),
        "" if repair.schedule is None else _folded("The timetable", table(repair.schedule)),
    )


def what_if_html(found: WhatIf) -> str:
    """Return what changes would cost by tier, and what they would come to."""
    rows = [
        [str(tier), str(found.before[tier]), str(found.after[tier])] for tier in found.before if tier in found.after
    ]
    costs = _grid("What wishes would cost", ("Tier", "Now", "Then"), rows) if rows else ""
    return _box(costs, repair_html(found.repair))


def diff_html(diff: Diff) -> str:
    """Return what differs, session by session, and who has to be told."""
    if not diff.changes and not diff.told:
        return _box(_paragraph("Nothing has changed."))
    rows = []
    for one in diff.changes:
        booking = one.after or one.before
        title = "" if booking is None else booking.title
        access = "" if one.access is None else markup_of(f" (was for {one.access[0]}, is for {one.access[1]})")
        names = [notice.name for notice in diff.told if one.session in notice.sessions]
        cells = [markup_of(f"{title} [{one.session}]"), markup_of(one.what) + access]
        rows.append([*cells, _place(one.before), _place(one.after), _names(names)])
    told = f"{len(diff.told)} to tell"
    headings = ("Session", "What changes", "Was", "Is", "To tell")
    return _box(_grid(f"{len(diff.changes)} sessions change, {told}", headings, rows))


# -- why --------------------------------------------------------------------------------------------------------------


def contradiction_html(found: Contradiction) -> str:
    """Return rules and facts that cannot all hold."""
    return _box(_paragraph("These cannot all hold:"), _contradiction(found))


def _contradiction(found: Contradiction) -> str:
    why = _paragraph(found.why) if found.why else ""
    return why + _list(found.sentences) + "".join(map(_paragraph, found.doubts))


def explanation_html(found: Explanation) -> str:
    """Return why there is no schedule, and the ways out; no seconds, so that it is the same each time."""
    parts = []
    for number, one in enumerate(found.contradictions, 1):
        parts += [f"<p><strong>Conflict {number}</strong>: these cannot all hold:</p>", _contradiction(one)]
    parts += [_folded(f"Way out {number}, {_first(way)}", _way(way)) for number, way in enumerate(found.ways, 1)]
    return _box(_paragraph(found.heading), *parts, "" if found.schedule is None else table(found.schedule))


def way_html(found: WayOut) -> str:
    """Return what to relax, and the schedule that this makes possible."""
    return _box(_paragraph(f"Way out, {_first(found)}"), _way(found))


def _first(way: WayOut) -> str:
    return str(way).partition("\n")[0]


def _way(way: WayOut) -> str:
    return _list(line.removeprefix("- ") for line in str(way).splitlines()[1:]) + table(way.schedule)


def alternatives_html(found: Alternatives) -> str:
    """Return the best other places of a session, and who pays."""
    tiers = sorted({tier for one in found for tier in one.change})
    rows = []
    for one in found:
        costs = [f"{one.change.get(tier, 0):+}" for tier in tiers]
        details = [*map(str, one.consequences), *(f"moves {move}" for move in one.moves)]
        rows.append([_place(one.place), *costs, _list(details) if details else ""])
    if not rows:
        return _box(_paragraph(str(found)))
    caption = markup_of(str(found).splitlines()[0])
    return _box(_grid(caption, ("Place", *(f"Tier {tier}" for tier in tiers), "What comes of it"), rows))
