"""Rows as pandas DataFrames: the one place that makes them, so that types do not depend on what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from unsched.report.extras import need

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Column", "Kind", "make_frame"]

Kind = Literal["text", "count", "maybe count", "number", "truth", "time", "list"]
"""What a column holds: whole numbers that are always known, or not always; date-times; lists of texts ..."""

_TYPES: dict[Kind, str] = {
    "text": "string",
    "count": "int64",
    "maybe count": "Int64",
    "number": "float64",
    "truth": "bool",
    "list": "object",
}


@frozen
class Column:
    """A column of a table.

    Args:
        name: its name.
        kind: what it holds.
        meaning: what that means, in a few words, with units.
    """

    name: str
    kind: Kind
    meaning: str = ""


def make_frame(columns: Sequence[Column], rows: Iterable[Sequence[object]], zone: str = "UTC") -> pd.DataFrame:
    """Return rows as a DataFrame whose types are those of the columns, also where there is no row.

    Texts are `string`, whole numbers `int64`, or `Int64` where some may be unknown; date-times are
    `datetime64[us, zone]`. What is not known is `None` in a row, and `NA` or `NaT` in the frame.

    Args:
        columns: the columns, in order.
        rows: a value for each column; date-times have an offset.
        zone: IANA name of the time zone of all date-times.

    Raises:
        InputError: pandas is not installed.

    >>> make_frame([Column("room", "text"), Column("sessions", "count")], [["XXVI", 2]]).dtypes.to_dict()["sessions"]
    dtype('int64')
    """
    pandas = need("pandas", "DataFrames", "frames")
    table = [tuple(row) for row in rows]
    data = {
        one.name: _series(pandas, one.kind, [row[place] for row in table], zone) for place, one in enumerate(columns)
    }
    frame: pd.DataFrame = pandas.DataFrame(data, columns=[one.name for one in columns])
    return frame


def _series(pandas: Any, kind: Kind, values: list[Any], zone: str) -> Any:  # noqa: ANN401  of pandas
    if kind != "time":
        return pandas.Series(values, dtype=_TYPES[kind])
    # By way of UTC: of an hour that comes twice, a wall clock alone cannot tell which. In microseconds, any year fits.
    instants = [_instant(value) for value in values]
    index = pandas.DatetimeIndex(pandas.array(instants, dtype="datetime64[us]")).tz_localize("UTC").tz_convert(zone)
    return pandas.Series(index)


def _instant(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC).replace(tzinfo=None)
