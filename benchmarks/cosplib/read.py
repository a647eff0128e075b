"""Reading conference workbooks: values of cells only, within limits, and every fault with its cell."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from benchmarks.cosplib.facts import WEIGHTS, Conference, Sitting, Submission, Zones, pair
from unsched.errors import Fault, InputError, nearest

__all__ = ["read"]

_MOST_BYTES, _MOST_UNPACKED = 2**24, 2**28
_MOST_ROWS, _MOST_COLUMNS, _MOST = 5_000, 2_000, 10**7
_MOST_SLOTS = 288
_SHEETS = {
    "parameters": "parameters",
    "submissions": "submissions",
    "tracks": "tracks",
    "sessions": "sessions",
    "rooms": "rooms",
    "track_sitting": "tracks_sessions|penalty",
    "track_room": "tracks_rooms|penalty",
    "similar": "similar tracks",
    "sitting_room": "sessions_rooms|penalty",
}
_ABOUT = 7
"""How many columns of the submissions sheet come before the penalties."""
_HOURS = {
    "Suitable scheduling times": "suitable",
    "Less suitable scheduling times": "passable",
    "Unsuitable scheduling times": "unsuitable",
}

Grid = list[tuple[object, ...]]
T = TypeVar("T")


def read(path: Path) -> Conference:
    """Read a workbook.

    Raises:
        InputError: it is not one of a conference; with the sheet and the cell.
    """
    return _Reader(path).conference()


def _letters(column: int) -> str:
    found = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        found = chr(ord("A") + rest) + found
        column -= 1
    return found


class _Reader:
    """One workbook; faults are gathered, and raised together."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []

    def conference(self) -> Conference:
        sheets = self._sheets()
        weights, zones = self._parameters(sheets["parameters"])
        rooms = tuple(self._named("rooms", sheets["rooms"], lambda row, cells: None))
        tracks = self._named("tracks", sheets["tracks"], lambda row, cells: _people(cells[1:2]))
        sittings = self._named("sessions", sheets["sessions"], self._sitting)
        submissions = self._named("submissions", sheets["submissions"], self._submission)
        for number, one in enumerate(submissions.values(), 2):
            if one.track not in tracks:
                remedy = nearest(one.track, tracks) or "a track of the tracks sheet."
                self._fault("submissions", number, 1, f"there is no track {one.track!r}", remedy)
        self._stop()
        by_sitting, by_room = self._wishes(sheets["submissions"], submissions, tuple(sittings), rooms)
        tables = {
            "track_sitting": self._table("track_sitting", sheets, tracks, sittings),
            "track_room": self._table("track_room", sheets, tracks, rooms),
            "sitting_room": self._table("sitting_room", sheets, sittings, rooms),
        }
        similar: dict[tuple[str, str], int] = {}
        for (track, other), penalty in self._table("similar", sheets, tracks, tracks).items():
            if track != other:
                similar[pair(track, other)] = max(penalty, similar.get(pair(track, other), 0))
        self._stop()
        return Conference(
            self.path.name.partition(".")[0],
            weights,
            zones,
            submissions,
            {name: chairs for name, chairs in tracks.items() if any(s.track == name for s in submissions.values())},
            sittings,
            rooms,
            similar=similar,
            submission_sitting=by_sitting,
            submission_room=by_room,
            **tables,
        )

    # -- sheets -----------------------------------------------------------------------------------------------------

    def _sheets(self) -> dict[str, Grid]:
        import openpyxl

        try:
            with self.path.open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
        except OSError as error:
            raise self._refused(f"it cannot be read: {error.strerror or error}") from None
        if len(content) > _MOST_BYTES:
            raise self._refused(f"it is larger than {_MOST_BYTES} bytes")
        try:
            with zipfile.ZipFile(BytesIO(content)) as packed:
                unpacked = sum(entry.file_size for entry in packed.infolist())
            if unpacked <= _MOST_UNPACKED:
                book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
                titles = set(book.sheetnames)
                return {
                    field: self._grid(title, book[title].iter_rows(values_only=True) if title in titles else None)
                    for field, title in _SHEETS.items()
                }
        except InputError:
            raise
        except Exception as error:  # noqa: BLE001  a broken workbook breaks its reader in many ways
            raise self._refused(f"it is not a workbook ({type(error).__name__})") from None
        raise self._refused(f"it unpacks to more than {_MOST_UNPACKED} bytes")

    def _grid(self, title: str, rows: Iterable[tuple[object, ...]] | None) -> Grid:
        if rows is None:
            raise self._refused(f"it has no sheet {title!r}")
        grid: Grid = []
        for row in rows:
            if len(grid) >= _MOST_ROWS or len(row) > _MOST_COLUMNS:
                raise self._refused(f"sheet {title!r} is larger than {_MOST_ROWS} rows x {_MOST_COLUMNS} columns")
            grid.append(tuple(cell.strip() if isinstance(cell, str) else cell for cell in row))
        return grid

    def _named(self, title: str, grid: Grid, make: Callable[[int, Sequence[object]], T]) -> dict[str, T]:
        """Return what a sheet lists, by the name in its first column."""
        found: dict[str, T] = {}
        for number, row in enumerate(grid[1:], 2):
            name = "" if not row or row[0] is None else str(row[0])
            if not name:
                if any(cell is not None for cell in row[:2]):
                    self._fault(title, number, 0, "the name is missing", "a name, or an empty row.")
                continue
            if name in found:
                self._fault(title, number, 0, f"{name!r} is there twice", "another name.")
            found[name] = make(number, [*row, *[None] * _ABOUT])
        if not found:
            self._fault(title, 2, 0, "nothing is listed", "a row for each.")
        return found

    def _table(
        self, field: str, sheets: Mapping[str, Grid], rows: Iterable[str], columns: Iterable[str]
    ) -> dict[tuple[str, str], int]:
        """Return the penalties of a sheet that has one for each row and column."""
        grid, title = sheets[field], _SHEETS[field]
        known_rows, known = set(rows), set(columns)
        heads = grid[0] if grid else ()
        found = {}
        for number, row in enumerate(grid[1:], 2):
            for at, cell in enumerate(row[1:], 1):
                if cell in (None, ""):
                    continue
                one = "" if row[0] is None else str(row[0])
                other = str(heads[at]) if at < len(heads) and heads[at] is not None else ""
                for name, names, place in ((one, known_rows, (number, 0)), (other, known, (1, at))):
                    if name not in names:
                        remedy = nearest(name, sorted(names)) or "a name from the sheet that lists them."
                        self._fault(title, *place, f"nothing is called {name!r}", remedy)
                penalty = self._number(title, number, at, cell, "the penalty")
                if penalty:
                    found[one, other] = penalty
        return found

    def _wishes(
        self, grid: Grid, submissions: Iterable[str], sittings: Sequence[str], rooms: Sequence[str]
    ) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
        """Return the penalties of submissions by session, then by room, whose columns come in this order."""
        heads = [*grid[0], *[None] * (_ABOUT + len(sittings) + len(rooms))]
        found: list[dict[tuple[str, str], int]] = []
        first = _ABOUT
        known = set(submissions)
        for names in (sittings, rooms):
            by: dict[tuple[str, str], int] = {}
            last = first + len(names)
            for at in range(first, last):
                if heads[at] is None or str(heads[at]) not in names:
                    remedy = "the sessions, then the rooms, each once."
                    self._fault("submissions", 1, at, f"{heads[at]!r} is not one of {len(names)} names", remedy)
                    continue
                for number, row in enumerate(grid[1:], 2):
                    if at < len(row) and row[at] not in (None, "") and str(row[0]) in known:
                        penalty = self._number("submissions", number, at, row[at], "the penalty")
                        if penalty:
                            by[str(row[0]), str(heads[at])] = penalty
            found.append(by)
            first = last
        return found[0], found[1]

    # -- rows -------------------------------------------------------------------------------------------------------

    def _sitting(self, row: int, cells: Sequence[object]) -> Sitting:
        slots = self._number("sessions", row, 1, cells[1], "the number of time slots", least=1, most=_MOST_SLOTS)
        start, end = (self._clock("sessions", row, at, cells[at]) for at in (3, 4))
        return Sitting(str(cells[0]), slots, start, end)

    def _submission(self, row: int, cells: Sequence[object]) -> Submission:
        return Submission(
            str(cells[0]),
            str(cells[1]),
            self._number("submissions", row, 2, cells[2], "the number of time slots", least=1, most=_MOST_SLOTS),
            self._number("submissions", row, 3, cells[3], "the order"),
            self._offset("submissions", row, 4, cells[4]),
            _people(cells[5:6]),
            _people(cells[6:7]),
        )

    def _parameters(self, grid: Grid) -> tuple[dict[str, int], Zones]:
        weights = {}
        clock: dict[str, int] = {"offset": 0}
        section = "suitable"
        for number, row in enumerate(grid, 1):
            cells = [*row, *[None] * 5]
            label, name = (str(cells[at] or "").removesuffix(":") for at in (0, 3))
            section = _HOURS.get(label, section)
            if name in WEIGHTS:
                weights[name] = self._number("parameters", number, 4, cells[4], "the weight")
            if label == "Local time zone":
                clock["offset"] = self._offset("parameters", number, 1, cells[1])
            elif label in ("From", "To"):
                clock[f"{section} {label}"] = self._clock("parameters", number, 1, cells[1])
            elif label == "Penalty":
                clock[f"{section} {label}"] = self._number("parameters", number, 1, cells[1], "the penalty")
        for name in WEIGHTS:
            if name not in weights:
                self._fault("parameters", 1, 3, f"there is no weight {name!r}", f"a row with '{name}:' and a number.")
        zones = Zones(
            clock["offset"],
            (clock.get("suitable From", 0), clock.get("suitable To", 24 * 60)),
            (clock.get("passable From", 0), clock.get("passable To", 24 * 60)),
            clock.get("passable Penalty", 0),
            clock.get("unsuitable Penalty", 0),
        )
        return weights, zones

    # -- cells ------------------------------------------------------------------------------------------------------

    def _number(
        self, title: str, row: int, column: int, cell: object, what: str, *, least: int = 0, most: int = _MOST
    ) -> int:
        text = "0" if cell is None or cell == "" else str(cell)
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not least <= value <= most or value != int(value):
            self._fault(title, row, column, f"{text!r} is not {what}", f"a whole number from {least} to {most}.")
            return least
        return int(value)

    def _clock(self, title: str, row: int, column: int, cell: object) -> int:
        if isinstance(cell, datetime | time):
            return cell.hour * 60 + cell.minute
        found = re.fullmatch(r"(\d{1,2}):(\d\d)(:\d\d(\.0+)?)?", str(cell or ""), re.ASCII)
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            self._fault(title, row, column, f"{cell!r} is not a time of day", "such as 09:30:00.")
            return 0
        return int(found[1]) * 60 + int(found[2])

    def _offset(self, title: str, row: int, column: int, cell: object) -> int:
        found = re.fullmatch(r"(?:GMT|UTC)(?:([+-])(\d{1,2})(?::(\d\d))?)?", str(cell or "GMT+0"), re.ASCII)
        if found is None or int(found[2] or 0) > 14 or int(found[3] or 0) > 59:
            self._fault(title, row, column, f"{cell!r} is not a time zone", "such as GMT+2.")
            return 0
        minutes = int(found[2] or 0) * 60 + int(found[3] or 0)
        return -minutes if found[1] == "-" else minutes

    # -- faults -----------------------------------------------------------------------------------------------------

    def _fault(self, title: str, row: int, column: int, message: str, remedy: str) -> None:
        fault = Fault(f"{title}!{_letters(column)}{row}", message, remedy)
        if fault not in self.faults:
            self.faults.append(fault)

    def _stop(self) -> None:
        if self.faults:
            raise InputError(self.faults, self.path.name)

    def _refused(self, message: str) -> InputError:
        return InputError([Fault("", message, "a workbook as CoSPLib reads it (.xlsx).")], self.path.name)


def _people(cells: Iterable[object]) -> frozenset[str]:
    return frozenset(_names(cells))


def _names(cells: Iterable[object]) -> Iterator[str]:
    for cell in cells:
        yield from (name.strip() for name in str(cell or "").split(",") if name.strip())
