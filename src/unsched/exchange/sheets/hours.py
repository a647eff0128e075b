"""Periods and open blocks in a cell, written as people read them: `2010-12-17 10:00-13:00; 2010-12-16`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from unsched.exchange.plain import shown
from unsched.exchange.sheets.cells import DATES, Cell, CellError, Form, read_date, read_time

__all__ = ["BLOCKS", "PERIODS"]

_HOURS = re.compile(r"(?P<start>\d{1,2}[:h.]\d{2})\s*(?:-|\u2013|to)\s*(?P<end>\d{1,2}[:h.]\d{2})", re.ASCII)
_KIND = re.compile(r"\((?P<kind>[^()]*)\)\s*$")
_EVERY = ("every day", "always", "daily")
_NEVER = "never"
_REMEDY = "one such as 2010-12-17 10:00-13:00; several are parted by semicolons."


def _read_periods(value: Cell) -> list[dict[str, Any]]:
    if not isinstance(value, str):
        if not isinstance(value, date):
            raise CellError(f"{shown(value)} is no period", _REMEDY)
        return [{"days": [read_date(value)]}]
    if value.strip().casefold() == _NEVER:
        return []
    return [_period(part.strip()) for part in re.split(r"[;\n]", value) if part.strip()]


def _period(text: str) -> dict[str, Any]:
    hours = _HOURS.search(text)
    days = (text[: hours.start()] if hours else text).strip().strip(",")
    if hours and text[hours.end() :].strip():
        raise CellError(f"{shown(text)} goes on after its hours", _REMEDY)
    found: dict[str, Any] = {}
    if days and days.casefold() not in _EVERY:
        try:
            found["days"] = DATES.read(days)
        except CellError as error:
            raise CellError(f"{shown(text)} is no period: {error.message}", _REMEDY) from None
    if hours:
        start, end = read_time(hours["start"]), read_time(hours["end"])
        if start != "00:00":
            found["start"] = start
        if end not in ("00:00", "24:00"):
            found["end"] = end
    elif not days:
        raise CellError(f"{shown(text)} is no period", _REMEDY)
    return found


def _write_periods(periods: Iterable[Mapping[str, Any]]) -> str:
    return "; ".join(map(_write_period, periods)) or _NEVER


def _write_period(period: Mapping[str, Any]) -> str:
    days = ", ".join(period["days"]) if "days" in period else "every day"
    if "start" not in period and "end" not in period:
        return days
    return f"{days} {period.get('start', '00:00')}-{period.get('end', '24:00')}"


def _read_blocks(value: Cell) -> list[dict[str, Any]]:
    if not isinstance(value, str):
        raise CellError(f"{shown(value)} is no open block", "hours such as 10:00-13:00; 15:00-18:00.")
    found = []
    for part in re.split(r"[;\n]", value):
        text = part.strip()
        if not text:
            continue
        kind = _KIND.search(text)
        period = _period(text[: kind.start()].strip() if kind else text)
        if not _HOURS.search(text):
            raise CellError(f"{shown(text)} says no hours", "hours such as 10:00-13:00.")
        block = {"start": period.get("start", "00:00"), "end": period.get("end", "24:00")}
        if kind and kind["kind"].strip() != "regular":
            block["kind"] = kind["kind"].strip()
        if "days" in period:
            block["days"] = period["days"]
        found.append(block)
    return found


def _write_blocks(blocks: Iterable[Mapping[str, Any]]) -> str:
    return "; ".join(map(_write_block, blocks))


def _write_block(block: Mapping[str, Any]) -> str:
    days = f"{', '.join(block['days'])} " if "days" in block else ""
    kind = f" ({block['kind']})" if "kind" in block else ""
    return f"{days}{block['start']}-{block['end']}{kind}"


PERIODS = Form(
    "periods",
    "days, hours or both: 2010-12-17 10:00-13:00; 2010-12-16; every day 09:00-18:00; or never",
    _read_periods,
    _write_periods,
)
BLOCKS = Form(
    "open hours",
    "hours with semicolons between, a kind in brackets: 10:00-13:00; 15:00-18:00; 13:15-14:45 (lunch)",
    _read_blocks,
    _write_blocks,
)
