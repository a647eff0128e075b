"""From sheets to a problem: cells to plain data, that to facts and rules, and what is wrong back to its cell."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from unsched.domain.problem import Problem
from unsched.errors import InputError, nearest
from unsched.exchange.convert import load
from unsched.exchange.plain import shown
from unsched.exchange.sheets.cells import TEXT
from unsched.exchange.sheets.names import unknown_names
from unsched.exchange.sheets.places import Ledger, put
from unsched.exchange.sheets.raw import Broken, RawSheet
from unsched.exchange.sheets.rows import OWN_NOTES, Row, Rows
from unsched.exchange.sheets.rules import CONFLICTS
from unsched.exchange.sheets.table import BY_NAME, SHEETS, Layout, normal
from unsched.exchange.version import KEY, TAGS

__all__ = ["read_sheets"]

_IGNORED = ("read me", "lists")
_HEADINGS = ("what", "value", "key")
_NEVER = "never"


def read_sheets(sheets: Iterable[RawSheet], source: str) -> Problem:
    """Return the problem that sheets describe.

    Args:
        sheets: the sheets that were found, in any order; those that are not known are left alone, unless their names
            look like mistakes.
        source: what to call them all in messages.

    Raises:
        InputError: with everything that is wrong, each fault with its cell.
    """
    ledger = Ledger()
    reader = _Reader(ledger)
    data = reader.data_of(sheets)
    if len(data) == 1 and not reader.rows:  # nothing but the tag: what is missing is all of it
        ledger.fault(((0, 0, 0), ""), "there is no sheet that is read here", "those of 'unsched template'.")
        raise InputError(ledger.sorted(), source)
    try:
        problem = load(data, Problem, source)
    except InputError as error:
        ledger.take(error.faults)
        # A problem looks names up once all its facts are right; people who fill in sheets want to hear it all at once.
        ledger.take(unknown_names(ledger, reader.rows.values(), data))
        raise InputError(ledger.sorted(), source) from None
    if ledger.faulty:
        raise InputError(ledger.sorted(), source)
    return problem


class _Reader:
    """Makes the data of a problem file of sheets."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.data: dict[str, Any] = {KEY: TAGS[Problem]}
        self.rows: dict[str, Rows] = {}

    def data_of(self, sheets: Iterable[RawSheet]) -> dict[str, Any]:
        """Return what all sheets say, as in a problem file; what cannot be read is left out."""
        found = self._known(sheets)
        self.rows = rows = {
            layout.name: Rows(self.ledger, layout, found[layout.name])
            for layout in SHEETS
            if layout.name in found and not layout.upright
        }
        for name, some in rows.items():
            path = BY_NAME[name].path
            if path in ("rules", "segments", "conflicts", ""):
                continue
            tables = [some.table(row, f"{path}[{index}]") for index, row in enumerate(some.rows)]
            if tables:
                put(self.data, path, tables)
        if "Window" in found:
            self._upright(BY_NAME["Window"], found["Window"])
        self._rules(rows.get("Rules"), rows.get("Conflicts"))
        if "Segments" in rows:
            self._segments(rows["Segments"])
        if "More" in rows:
            self._more(rows["More"])
        self._complete_published()
        return self.data

    def _known(self, sheets: Iterable[RawSheet]) -> dict[str, RawSheet]:
        known = {normal(layout.name): layout for layout in SHEETS}
        found: dict[str, RawSheet] = {}
        for sheet in sheets:
            name = normal(sheet.title)
            layout = known.get(name)
            at = (len(SHEETS), 0, 0), sheet.name
            if layout is None:
                near = nearest(name, known) if name not in _IGNORED else None
                if near is not None:
                    meant = known[near[1:-2]].name
                    message = f"{shown(sheet.title)} is no sheet that is read here"
                    self.ledger.fault(at, message, f"{meant!r}, or a name that is less like it.")
            elif layout.name in found:
                self.ledger.fault(at, f"the sheet {layout.name!r} comes twice", "leave one of them out.")
            else:
                found[layout.name] = sheet
        return found

    def _upright(self, layout: Layout, sheet: RawSheet) -> None:
        order = SHEETS.index(layout)
        seen: set[str] = set()
        for number, cells in sheet.rows:
            name = cells[0]
            at = (order, number, 0), sheet.place(number)
            text = "" if name is None or isinstance(name, Broken) else str(name)
            column = layout.by_heading.get(normal(text))
            if column is None:
                if text.startswith(OWN_NOTES) or (number == sheet.rows[0][0] and normal(text) in _HEADINGS):
                    continue
                near = nearest(normal(text), layout.by_heading)
                message = f"{shown(text)} is no value of {layout.name}"
                self.ledger.fault(at, message, near or "a name that begins with #, for notes of your own.")
                continue
            at = (order, number, 1), sheet.place(number, 1, column.heading)
            if column.key in seen:
                self.ledger.fault(at, f"{column.heading!r} comes twice", "leave one of them out.")
                continue
            seen.add(column.key)
            self.ledger.places[column.key] = at
            if len(cells) > 1 and cells[1] is not None:
                value = self.ledger.cell(column.form, cells[1], at)
                if value is not None:
                    put(self.data, column.key, value)

    def _rules(self, rows: Rows | None, conflicts: Rows | None) -> None:
        rules = [] if rows is None else [rows.rule(row, f"rules[{index}]") for index, row in enumerate(rows.rows)]
        if conflicts is not None:
            self._conflicts(conflicts, rules)
        if rules:
            self.data["rules"] = rules

    def _conflicts(self, rows: Rows, rules: list[dict[str, Any]]) -> None:
        """Add conflicts to the rule that waits for them, or else to one of their own; those for ever are rules."""
        tables: list[tuple[Row, dict[str, Any]]] = []
        for row in rows.rows:
            table = rows.table(row)
            weight = table.get("weight")
            if isinstance(weight, str) and weight.casefold() == _NEVER:
                del table["weight"]
                rows.remember(row, f"rules[{len(rules)}]")
                rules.append({"kind": "not-together", **table})
            else:
                tables.append((row, table))
        if not tables:
            return
        waiting = (n for n, rule in enumerate(rules) if rule.get("kind") == CONFLICTS and "conflicts" not in rule)
        index = next(waiting, len(rules))
        if index == len(rules):
            rules.append({"kind": CONFLICTS})
            self.ledger.places[f"rules[{index}]"] = rows.head
        rules[index]["conflicts"] = [table for _, table in tables]
        for place, (row, _) in enumerate(tables):
            rows.remember(row, f"rules[{index}].conflicts[{place}]")

    def _segments(self, rows: Rows) -> None:
        sessions = self.data.get("sessions", [])
        by_id = {one["id"]: index for index, one in enumerate(sessions) if isinstance(one.get("id"), str)}
        for row in rows.rows:
            table = rows.table(row)
            name = table.pop("session", None)
            if name not in by_id:
                message = "it is missing" if name is None else f"there is no session {shown(name)}"
                self.ledger.fault(rows.at(row, "session"), message, self.ledger.near(name, by_id))
                continue
            parts = sessions[by_id[name]].setdefault("segments", [])
            rows.remember(row, f"sessions[{by_id[name]}].segments[{len(parts)}]")
            parts.append(table)

    def _more(self, rows: Rows) -> None:
        """Add what has no sheet; a value that is too long for a cell goes on in the next row of the same key."""
        texts: dict[str, list[str]] = {}
        first: dict[str, Row] = {}
        for row in rows.rows:
            key, value = row.cells.get("key"), row.cells.get("value")
            if not isinstance(key, str) or value is None:
                self.ledger.fault(rows.at(row), "a key and a value belong together", "both of them, or neither.")
                continue
            first.setdefault(key, row)
            text = self.ledger.cell(TEXT, value, rows.at(row, "value"))
            texts.setdefault(key, []).append("" if text is None else text)
        for key, parts in texts.items():
            at = rows.at(first[key], "value")
            self.ledger.places.setdefault(key, at)
            try:
                value = json.loads("".join(parts))
            except (ValueError, RecursionError) as error:
                self.ledger.fault(at, f"this is not JSON: {error}", "a value in JSON.")
                continue
            try:
                put(self.data, key, value)
            except KeyError:
                self.ledger.fault(at, f"{shown(key)} is said elsewhere as well", "leave one of them out.")

    def _complete_published(self) -> None:
        """Say of what problem, and in which zone, the bookings of the sheet are, where nothing does."""
        published, window = self.data.get("published"), self.data.get("window")
        if not isinstance(published, dict):
            return
        zone = window.get("zone") if isinstance(window, dict) else None
        published.setdefault("problem", self.data.get("id"))
        published.setdefault("zone", zone)
        bookings = published.get("bookings")
        for booking in bookings if isinstance(bookings, list) else ():
            for key in ("start", "end"):
                if isinstance(booking, dict) and isinstance(booking.get(key), str):
                    booking[key] = _with_offset(booking[key], zone)


def _with_offset(moment: str, zone: object) -> str:
    try:
        found = datetime.fromisoformat(moment)
        return found.replace(tzinfo=ZoneInfo(str(zone))).isoformat() if found.tzinfo is None else moment
    except (ValueError, LookupError, OSError):
        return moment
