"""Where the values of a problem stand: which path of the data is in which cell, and what is wrong there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeAlias

from unsched.errors import Fault, nearest
from unsched.exchange.convert import MAX_FAULTS
from unsched.exchange.sheets.cells import CellError, Form
from unsched.exchange.sheets.raw import Broken, CellFault, Found
from unsched.exchange.sheets.table import SHEETS, Layout

__all__ = ["Ledger", "Place", "put"]

Place: TypeAlias = tuple[tuple[int, int, int], str]
"""Where a cell is: the numbers of its sheet, its row and its column, by which faults are sorted; and how it is said."""
MAX_NEAR = 100
MAX_KNOWN = 5_000
_LAST_STEP = re.compile(r"(\.[^.\[\]]+|\[[^\[\]]*\])$")


class Ledger:
    """Which path of the data stands in which cell, and the faults that were found.

    Args:
        layouts: the sheets that are read, in the order in which faults are told.
    """

    def __init__(self, layouts: Sequence[Layout] = SHEETS) -> None:
        self.layouts = tuple(layouts)
        self._faults: dict[tuple[tuple[int, int, int], str, str], CellFault] = {}
        self._bad: set[str] = set()
        self.places: dict[str, Place] = {}

    @property
    def faulty(self) -> bool:
        """Whether anything is wrong."""
        return bool(self._faults)

    def fault(self, at: Place, message: str, remedy: str | None) -> None:
        """Keep a fault that was found in a cell."""
        self._bad.add(at[1])
        self._faults.setdefault((*at, message), CellFault(at[1], message, remedy))

    def near(self, name: object, known: Collection[str]) -> str | None:
        """Return the known name that is most like another, for the first faults: looking for it takes a while."""
        if len(self._faults) >= MAX_NEAR or len(known) > MAX_KNOWN or not isinstance(name, str):
            return None
        return nearest(name, known)

    def take(self, faults: Iterable[Fault]) -> None:
        """Keep faults of the data, where the cell itself has none."""
        for fault in faults:
            at = self._place(fault.path)
            if at[1] not in self._bad:
                remedy = self._what_to_add(fault.path, at) if fault.remedy in _what(fault.path) else fault.remedy
                self._faults.setdefault((*at, fault.message), CellFault(at[1], fault.message, remedy))

    def _place(self, path: str) -> Place:
        step, shorter = path, ""
        while step and step != shorter:
            if step in self.places:
                return self.places[step]
            shorter, step = step, _LAST_STEP.sub("", step)
        for index, layout in enumerate(self.layouts):
            if layout.path and (path + ".").startswith((f"{layout.path}.", f"{layout.path}[")):
                return (index, 0, 0), layout.name
        if path == "venue":
            return (0, 0, 0), "Rooms"
        if path in ("id", "title", "off") or path.startswith(("window", "organizer")):
            return (len(self.layouts), 0, 0), "Window"
        return (len(self.layouts), 0, 0), path

    def _what_to_add(self, path: str, at: Place) -> str:
        sheet, row, _ = at[0]
        layout = self.layouts[min(sheet, len(self.layouts) - 1)]
        for column in layout.columns if row else ():
            if path == column.key or path.endswith(f".{column.key}"):
                return f"a value {'for' if layout.upright else 'under'} {column.heading!r}."
        return f"the sheet {at[1]!r}, filled in."

    def sorted(self) -> list[Fault]:
        """Return all faults, sheet by sheet and row by row."""
        every: list[Fault] = [self._faults[key] for key in sorted(self._faults)]
        rest = len(every) - MAX_FAULTS
        if rest > 0:
            every = [*every[:MAX_FAULTS], CellFault("", f"and {rest} more faults", "mend these first.")]
        return every

    def cell(self, form: Form, value: Found, at: Place) -> Any:  # noqa: ANN401  whatever the form makes of it
        """Return what a cell says, or `None` where it cannot be read."""
        try:
            if isinstance(value, Broken):
                raise CellError(value.message, value.remedy)  # noqa: TRY301  as a form does
            return form.read(value)
        except CellError as error:
            self.fault(at, error.message, error.remedy)
            return None


def _what(path: str) -> tuple[str, ...]:
    """Return what a problem file would be told to add; a sheet has other words for it."""
    return (f"add {path.rpartition('.')[2]!r}.",)


def put(data: dict[str, Any], path: str, value: Any, *, dots: bool = True) -> None:  # noqa: ANN401  any data
    """Put a value at a path, where dots lead into tables; tables are joined.

    Raises:
        KeyError: there is something else already.
    """
    *steps, last = path.split(".") if dots else [path]
    for step in steps:
        data = data.setdefault(step, {})
        if not isinstance(data, dict):
            raise KeyError(path)
    there = data.get(last)
    if isinstance(there, dict) and isinstance(value, dict):
        for key, inner in value.items():
            put(there, key, inner, dots=False)
    elif last in data:
        raise KeyError(path)
    else:
        data[last] = value
