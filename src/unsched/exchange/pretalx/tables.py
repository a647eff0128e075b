"""pretalx's answers as tables: lists, pages of them, one file of several, a folder of files, or its public schedule."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from unsched.domain.fact import shown
from unsched.errors import Fault, InputError
from unsched.exchange.programme.document import Source, bytes_of, parse_json
from unsched.exchange.programme.values import line

__all__ = ["NAMES", "Tables", "load_tables", "word"]

NAMES = ("event", "submissions", "speakers", "rooms", "slots", "tracks", "submission-types", "tags")
"""What is read of pretalx: the names of its resources, as in the addresses of its API."""

_ALIKE = {"talks": "submissions", "submission_types": "submission-types", "submissiontypes": "submission-types"}
_MOST = 50_000


@frozen
class Tables:
    """What pretalx said, by resource.

    Args:
        source: what it is called.
        event: the event itself.
        rows: the rows of each resource, each with its place in the document.
    """

    source: str
    event: Mapping[str, Any]
    rows: Mapping[str, tuple[tuple[str, Mapping[str, Any]], ...]] = field(factory=dict)

    def of(self, name: str) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """Return the rows of a resource; none where it was not given."""
        return self.rows.get(name, ())


def load_tables(source: Source) -> Tables:
    """Read what pretalx said.

    Args:
        source: a file of everything, with a key for each resource, or the content of one; or a folder with a file for
            each, such as `submissions.json`. Each is a list, an answer of the API (`results`), or a list of such
            answers, one a page.

    Raises:
        InputError: it cannot be read, or is something else.
    """
    if not isinstance(source, bytes) and Path(source).is_dir():
        return _folder(source)
    data, name = bytes_of(source)
    content = parse_json(data, name)
    if not isinstance(content, dict):
        raise InputError([Fault("", "this is no table", "one with the keys 'submissions', 'speakers', 'rooms'.")], name)
    return _tables(name, content)


def _folder(folder: str | os.PathLike[str]) -> Tables:
    content: dict[str, Any] = {}
    faults: list[Fault] = []
    for name in (*NAMES, *_ALIKE):
        path = Path(folder, f"{name}.json")
        if path.is_file():
            try:
                data, source = bytes_of(path)
                content[name] = parse_json(data, source)
            except InputError as error:
                faults += [Fault(path.name, fault.message, fault.remedy) for fault in error.faults]
    if faults:
        raise InputError(faults, Path(folder).name)
    return _tables(Path(folder).name, content)


def _tables(source: str, content: Mapping[str, Any]) -> Tables:
    faults: list[Fault] = []
    rows: dict[str, tuple[tuple[str, Mapping[str, Any]], ...]] = {}
    for key, value in content.items():
        name = _ALIKE.get(key, key)
        if name in NAMES and name != "event":
            rows[name] = (*rows.get(name, ()), *_rows(key, value, faults))
    if not rows.get("submissions") and not faults:
        remedy = "the answer of /api/events/EVENT/submissions/ under the key 'submissions'."
        faults.append(Fault("submissions", "there is no submission", remedy))
    if faults:
        raise InputError(faults[:100], source)
    event = content.get("event")
    # The public schedule says a little of the event beside its talks.
    known = dict(event) if isinstance(event, dict) else {}
    for own, other in (("date_from", "event_start"), ("date_to", "event_end"), ("timezone", "timezone")):
        if content.get(other) and not known.get(own):
            known[own] = content[other]
    return Tables(source, known, rows)


def _rows(name: str, value: object, faults: list[Fault]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    pages = value if isinstance(value, list) and value and all(_is_page(one) for one in value) else [value]
    found: list[tuple[str, Mapping[str, Any]]] = []
    for number, page in enumerate(pages):
        path = f"{name}[{number}].results" if len(pages) > 1 else f"{name}.results" if _is_page(page) else name
        several = page["results"] if _is_page(page) else page
        if not isinstance(several, list):
            faults.append(Fault(path, f"{shown(several)} is no list", "an answer of the API."))
            continue
        for index, row in enumerate(several):
            if isinstance(row, dict):
                found.append((f"{path}[{index}]", row))
            elif row is not None:
                message = f"{shown(row)} is only a reference"
                faults.append(Fault(f"{path}[{index}]", message, f"the answer of the API for {name}."))
        if _is_page(page) and page.get("next") and number == len(pages) - 1:
            message = f"there are more pages ({shown(page['next'])})"
            faults.append(Fault(path, message, "all pages, in a list."))
    if len(found) > _MOST:
        faults.append(Fault(name, f"there are over {_MOST} rows", "a part of them."))
    return found


def _is_page(value: object) -> bool:
    return isinstance(value, dict) and "results" in value


def word(value: object, locale: str = "") -> str:
    """Return a text, of several languages the one that is wanted, or else English, or else the first.

    >>> word({"de": "Raum", "en": "Room"}), word({"de": "Raum", "en": "Room"}, "de"), word("R101")
    ('Room', 'Raum', 'R101')
    """
    if isinstance(value, dict):
        texts = {key: line(text) for key, text in value.items() if line(text)}
        value = texts.get(locale) or texts.get("en") or next(iter(texts.values()), "")
    return line(value)
