"""Problem and schedule files: TOML and JSON in, JSON out."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from unsched.domain.actual import Actuals
from unsched.domain.attendance import Attendance
from unsched.domain.changes import Changes
from unsched.domain.price import Prices
from unsched.domain.problem import Problem
from unsched.domain.publication import Publication
from unsched.domain.schedule import Schedule
from unsched.domain.state import SearchState
from unsched.errors import Fault, InputError
from unsched.exchange.atomic import write_atomically
from unsched.exchange.convert import dump, load
from unsched.exchange.plain import Repeating, check_plain

__all__ = [
    "MAX_BYTES",
    "load_actuals",
    "load_attendance",
    "load_changes",
    "load_prices",
    "load_problem",
    "load_publication",
    "load_schedule",
    "load_state",
    "parse_json",
    "save",
]

MAX_BYTES = 20_000_000
MAX_PUBLICATION = 200_000_000
"""Most bytes of a publication: it names everybody who is invited to anything, up to 2,000,000 values in all."""
MAX_DOTS = 32
_DIGITS = 20
_TOO_MUCH = 1 << 64
# Comments, and texts of TOML's four kinds; those that never end reach to where they would be refused.
_TEXT = re.compile(
    r'#[^\n]*+|"""(?:[^"\\]++|\\[\s\S]|"(?!""))*+(?:""")?'
    r"|'{3}(?:[^']++|'(?!''))*+(?:'{3})?"
    r'|"(?:[^"\\\n]++|\\.)*+"?'
    r"|'[^'\n]*+'?"
)
_DOTTED = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{MAX_DOTS}}}")
_MARKS = ((b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
T = TypeVar("T", Problem, Schedule, SearchState, Publication, Attendance, Changes, Prices, Actuals)


def load_problem(path: str | os.PathLike[str]) -> Problem:
    """Read a problem from a file in TOML (`.toml`) or JSON (`.json`), from a workbook, or from a folder of CSV files.

    Raises:
        InputError: with everything that is wrong, by path inside the file or by cell; a file of over 20 MB is not read.
    """
    from unsched.exchange.sheets.suffixes import is_sheets

    if is_sheets(path):
        from unsched.exchange.sheets.store import load_sheets

        return load_sheets(path)
    return _load(Path(path), Problem)


def load_schedule(path: str | os.PathLike[str]) -> Schedule:
    """Read a schedule from a file in JSON (`.json`) or TOML (`.toml`).

    Raises:
        InputError: with everything that is wrong, by path inside the file; a file of over 20 MB is not read.
    """
    return _load(Path(path), Schedule)


def load_state(path: str | os.PathLike[str]) -> SearchState:
    """Read how far a search has come, from a file in JSON (`.json`) or TOML (`.toml`).

    Raises:
        InputError: with everything that is wrong, by path inside the file; a file of over 20 MB is not read.
    """
    return _load(Path(path), SearchState)


def load_publication(path: str | os.PathLike[str]) -> Publication:
    """Read what has been published, from a file in JSON (`.json`) or TOML (`.toml`).

    Raises:
        InputError: with everything that is wrong, by path inside the file; a file of over 200 MB is not read.
    """
    return _load(Path(path), Publication)


def load_attendance(path: str | os.PathLike[str]) -> Attendance:
    """Read what invitees have answered, from a file in JSON (`.json`) or TOML (`.toml`).

    Raises:
        InputError: with everything that is wrong, by path inside the file; a file of over 20 MB is not read.
    """
    return _load(Path(path), Attendance)


def load_changes(path: str | os.PathLike[str]) -> Changes:
    """Read changes of a problem, from a file in TOML (`.toml`) or JSON (`.json`).

    Raises:
        InputError: with everything that is wrong, by path inside the file; a file of over 20 MB is not read.
    """
    return _load(Path(path), Changes)


def load_prices(path: str | os.PathLike[str]) -> Prices:
    """Read a price list from a file in TOML (`.toml`) or JSON (`.json`).

    Raises:
        InputError: with everything that is wrong, by path inside the file; a file of over 20 MB is not read.
    """
    return _load(Path(path), Prices)


def load_actuals(path: str | os.PathLike[str]) -> Actuals:
    """Read how meetings went, from a file in TOML (`.toml`), JSON (`.json`) or CSV (`.csv`), or from a workbook.

    Raises:
        InputError: with everything that is wrong, by path inside the file or by cell; a file of over 20 MB is not read.
    """
    from unsched.exchange.sheets.suffixes import is_sheets

    if is_sheets(path):
        from unsched.exchange.sheets.actual import load_actual_sheet

        return load_actual_sheet(path)
    return _load(Path(path), Actuals)


def save(
    thing: Problem | Schedule | SearchState | Publication | Attendance | Changes | Prices | Actuals,
    path: str | os.PathLike[str],
) -> Path:
    """Write a problem, a schedule or whatever else has a file of its own to a JSON file: whole, or not at all.

    The same thing gives the same bytes.

    Args:
        thing: what to write.
        path: the file, which ends in `.json`.

    Returns:
        the file's path.

    Raises:
        InputError: the name ends in something else, or a text in it is none that a file can hold, or it would be larger
            than what is read again.
        OSError: the file cannot be written; what was there before is as it was.
    """
    path = Path(path)
    if path.suffix.lower() != ".json":
        _refuse(path, f"only JSON is written, and {path.suffix!r} is something else", "a name that ends in '.json'.")
    data = dump(thing)
    faults = tuple(check_plain(data))
    if faults:
        schedule = thing.schedule if isinstance(thing, SearchState) else thing
        source = schedule.id if isinstance(schedule, Problem) else schedule.problem
        raise InputError(faults, source or f"the {type(thing).__name__.lower()}")
    raw = f"{json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2)}\n".encode()
    if len(raw) > (most := _most(type(thing))):
        _refuse(path, f"the file would have over {most:,} bytes, and could not be read again", "fewer of everything.")
    return write_atomically(path, raw)


def _most(kind: type) -> int:
    return MAX_PUBLICATION if kind is Publication else MAX_BYTES


def _load(path: Path, kind: type[T]) -> T:
    parsers = {".toml": _parse_toml, ".json": parse_json}
    parse = parsers.get(path.suffix.lower())
    if parse is None:
        ends = "'.toml', '.json' or '.xlsx'" if kind is Problem else "'.toml' or '.json'"
        _refuse(path, f"a file that ends in {path.suffix!r} is not read", f"a file that ends in {ends}.")
    text = _text(path, _most(kind))
    try:
        data = parse(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        _refuse(path, f"this is not JSON: {error.msg} ({place})", "a comma, a quote or a bracket too few or too many.")
    except tomllib.TOMLDecodeError as error:
        _refuse(path, f"this is not TOML: {error}", "a quote or a bracket too few, or a text without quotes.")
    except ValueError as error:  # Python's own limit on the digits of a number
        _refuse(path, f"a number cannot be read: {error}", "a smaller number.")
    except RecursionError:
        _refuse(path, "it is nested too deep", "fewer brackets.")
    return load(data, kind, path.name)


def _refuse(path: Path, message: str, remedy: str) -> NoReturn:
    raise InputError([Fault("", message, remedy)], path.name) from None


def _text(path: Path, most: int) -> str:
    try:
        if path.exists() and not path.is_file():
            _refuse(path, "this is no ordinary file", "the name of a file.")
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except InputError:
        raise
    except FileNotFoundError:
        _refuse(path, "there is no such file", "another name or folder.")
    except (OSError, ValueError) as error:
        _refuse(path, f"the file cannot be read: {getattr(error, 'strerror', None) or error}", "another file.")
    if len(raw) > most:
        _refuse(path, f"the file has over {most:,} bytes", "a smaller file.")
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            _refuse(path, f"the file starts with a byte order mark of {encoding}", "save it as UTF-8 without one.")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        _refuse(path, f"byte {error.start} (line {line}) is not UTF-8", "save it as UTF-8.")


def _parse_toml(text: str) -> object:
    # The time of a parser grows with the square of the number of dots in a key.
    bare = _TEXT.sub(lambda found: "x" + "\n" * found[0].count("\n"), text)
    dotted = _DOTTED.search(bare)
    if dotted is not None:
        line = bare.count("\n", 0, dotted.start()) + 1
        raise InputError([Fault("", f"line {line} has a key of {MAX_DOTS} dots or more", "fewer dots.")])
    return tomllib.loads(text)


def parse_json(text: str) -> object:
    """Return what a text in JSON says; a key that comes twice is noted (`Repeating`), for `check_plain` to refuse.

    Raises:
        ValueError: it is not JSON.
        RecursionError: it is nested too deep.
    """
    return json.loads(text, object_pairs_hook=_table, parse_int=_whole)


def _whole(digits: str) -> int:
    # What is too long to be meant is kept too large to pass, without the work of reading it.
    return int(digits) if len(digits) <= _DIGITS else _TOO_MUCH


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) == len(pairs):
        return table
    seen: dict[str, int] = {}
    for key, _ in pairs:
        seen[key] = seen.get(key, 0) + 1
    return Repeating(pairs, [key for key, times in seen.items() if times > 1])
