"""From plain data to facts and rules, finding all that is wrong on the way.

cattrs chooses a hook by the type of a field. The hooks here are strict, and go on after a fault, so that one reading
finds them all: what could be read in spite of its faults travels with them (`_FaultyError.value`), and the objects
around it are still made and checked. A rule is read by its attrs fields; nothing here knows any rule by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin

from attrs import NOTHING, Attribute, fields, frozen, has, resolve_types
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    IterableValidationNote,
    StructureHandlerNotFoundError,
)

from unsched.domain.change import Amendment
from unsched.domain.changes import CHANGES
from unsched.domain.choose_rooms import SelectRooms
from unsched.domain.fact import to_ids
from unsched.domain.select import Select
from unsched.domain.window import Window
from unsched.errors import Fault, InputError, nearest
from unsched.exchange.forms import WINDOW_FORMS, Recurring, Span, window_form
from unsched.exchange.leaves import LEAVES
from unsched.exchange.plain import MAX_SHOWN, place, shown
from unsched.exchange.severity import split_severity, with_severity
from unsched.exchange.version import KEY, TAGS, check_tag
from unsched.rules.base import Breach, Rule
from unsched.rules.registry import kinds

if TYPE_CHECKING:
    from unsched.domain.timetable import Timetable
    from unsched.solver.board import Board

__all__ = [
    "SELECTORS",
    "is_change",
    "is_choice",
    "is_list",
    "is_rule",
    "is_union",
    "may_be_single",
    "read",
    "table_fields",
]

T = TypeVar("T")
Hook = Callable[[Any, Any], Any]
SELECTORS: Mapping[type, str] = MappingProxyType({Select: "session", SelectRooms: "room"})
"""The classes that select, each with what it selects."""

_EXAMPLES = {Select: "{tags = ['plenary']}", SelectRooms: "{features = ['webcast']}"}
_UNREAD: Any = object()
_HEAD = re.compile(r"[^.\[]*")
_FAILURES = (ValueError, TypeError, LookupError, AttributeError, BaseValidationError, StructureHandlerNotFoundError)


class _FaultyError(InputError):
    """Faults, and what could be read in spite of them, or `_UNREAD`."""

    def __init__(self, faults: Iterable[Fault], value: object = _UNREAD) -> None:
        super().__init__(faults)
        self.value = value


@frozen(eq=False)
class _Illegible(Rule):
    """Stands where a rule could not be read, so that the rest of the problem is still checked."""

    kind: str  # type: ignore[misc]

    def post(self, board: Board) -> None:
        raise NotImplementedError

    def check(self, timetable: Timetable) -> Iterator[Breach]:
        raise NotImplementedError

    def say(self) -> str:
        raise NotImplementedError


def read(data: object, kind: type[T]) -> T:
    """Make an object of plain data.

    Raises:
        InputError: with everything that is wrong, by path from the data.
    """
    try:
        return _converter().structure(data, kind)
    except InputError as error:
        raise InputError(error.faults) from None  # without the half-read value


def _faults_of(error: Exception) -> list[Fault]:
    if isinstance(error, InputError):
        return list(error.faults)
    if isinstance(error, StructureHandlerNotFoundError):
        raise error  # the author of a rule has to mend that, not the user
    if isinstance(error, BaseValidationError):
        return [
            fault.under(step) if step else fault
            for inner in error.exceptions
            for step in [_step(inner)]
            for fault in _faults_of(inner)
        ]
    text = str(error.args[0]) if error.args else ""  # validators of attrs put more behind the text
    return [Fault("", text or str(error) or type(error).__name__)]


def _step(error: Exception) -> str | None:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return place(note.name)
        if isinstance(note, IterableValidationNote):
            return place(note.index) if isinstance(note.index, str) else f"[{note.index}]"
    return None


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind, hook in LEAVES.items():
        converter.register_structure_hook(kind, _leaf_hook(hook))
    converter.register_structure_hook_factory(is_choice, _choice_hook)
    converter.register_structure_hook_factory(is_list, _list_hook)
    converter.register_structure_hook_factory(is_union, _union_hook)
    converter.register_structure_hook_factory(has, _table)
    converter.register_structure_hook_factory(lambda kind: kind in TAGS, _document_hook)
    converter.register_structure_hook_func(is_rule, _rule)
    converter.register_structure_hook_func(lambda kind: kind is Amendment, _change)
    converter.register_structure_hook_func(SELECTORS.__contains__, _select)
    converter.register_structure_hook_func(lambda kind: kind is Window, _window)
    return converter


def _leaf_hook(read_leaf: Callable[[object], Any]) -> Hook:
    # A subclass, such as an enumeration of texts, is made of what its base reads.
    return lambda data, kind: read_leaf(data) if kind in LEAVES else kind(read_leaf(data))


# -- tables ---------------------------------------------------------------------------------------------------------


@cache
def table_fields(kind: type) -> Mapping[str, Attribute[Any]]:
    """Return the fields of an attrs class that a file may give, by key, their types resolved.

    Raises:
        TypeError: a type is not there at run time.
    """
    try:
        resolve_types(kind)
    except NameError as error:
        raise TypeError(f"the types of {kind.__qualname__} must be imported at run time: {error}") from error
    return {attribute.alias or attribute.name: attribute for attribute in fields(kind) if attribute.init}


def may_be_single(attribute: Attribute[Any]) -> bool:
    """Whether a list of ids may be written as one text, as its converter has it."""
    converter: Any = attribute.converter
    return converter is to_ids


@cache
def _table(kind: type) -> Hook:
    known = table_fields(kind)
    hooks = {key: _converter().get_structure_hook(attribute.type or Any) for key, attribute in known.items()}
    single = {key for key, attribute in known.items() if may_be_single(attribute)}

    def hook(data: object, _: object) -> object:
        if not isinstance(data, Mapping):
            raise InputError([Fault("", f"{shown(data)} is not a table", f"a table with {_listed(known)}.")])
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for key, given in data.items():
            if key not in known:
                faults.append(Fault(place(key), f"the key {shown(key)} is not known", _near(key, known)))
                continue
            value = [given] if key in single and isinstance(given, str) else given
            try:
                values[key] = hooks[key](value, known[key].type)
            except _FAILURES as error:
                faults += [fault.under(key) for fault in _faults_of(error)]
                values[key] = getattr(error, "value", _UNREAD)
        for key, attribute in known.items():
            if key not in values and attribute.default is NOTHING:
                faults.append(Fault(key, "it is missing", f"add {key!r}."))
                values[key] = _UNREAD
        made, more = _make(kind, values)
        if faults or more:
            raise _FaultyError([*faults, *more], made)
        return made

    return hook


def _document_hook(kind: type) -> Hook:
    hook = _table(kind)

    def document(data: object, _: object) -> object:
        if isinstance(data, Mapping) and KEY in data:
            wrong = tuple(check_tag(data[KEY], kind))
            if wrong:
                raise InputError(wrong)
            data = {key: value for key, value in data.items() if key != KEY}
        return hook(data, kind)

    return document


def _make(kind: type, values: dict[str, Any]) -> tuple[object, list[Fault]]:
    """Make an object; with some values unread, only to hear what else is wrong with the others."""
    unread = [key for key, value in values.items() if value is _UNREAD]
    try:
        made = kind(**values)
    except (ValueError, TypeError) as error:  # the second from validators of other people's rules
        if not unread:
            return _UNREAD, _faults_of(error)
        others = table_fields(kind).keys() - unread
        return _UNREAD, [fault for fault in _faults_of(error) if _HEAD.findall(fault.path)[0] in others]
    return (_UNREAD if unread else made), []


def _near(given: object, known: Iterable[object]) -> str:
    near = None
    if isinstance(given, str) and len(given) <= MAX_SHOWN:
        near = nearest(given, [one for one in known if isinstance(one, str)])
    return near or f"one of {_listed(known)}."


def _listed(names: Iterable[object]) -> str:
    return ", ".join(map(repr, names))


# -- rules, selectors, windows --------------------------------------------------------------------------------------


def is_rule(kind: object) -> bool:
    """Whether a type is that of rules."""
    return isinstance(kind, type) and issubclass(kind, Rule)


def is_change(kind: object) -> bool:
    """Whether a type is that of changes."""
    return isinstance(kind, type) and issubclass(kind, Amendment)


def _rule(data: object, _: object) -> object:
    if not isinstance(data, Mapping):
        message = f"{shown(data)} is not a table"
        raise _FaultyError([Fault("", message, "a table with 'kind' and what the rule needs.")], _Illegible(""))
    kind, known = data.get("kind"), kinds()
    if not isinstance(kind, str) or kind not in known:
        message = f"there is no kind of rule {shown(kind)}" if "kind" in data else "it is missing"
        raise _FaultyError([Fault("kind", message, _near(kind, known))], _Illegible(str(kind)))
    try:
        own, severity, price = split_severity({key: data[key] for key in data if key != "kind"}, known[kind])
        rule = _table(known[kind])(own, known[kind])
    except InputError as error:
        made = getattr(error, "value", _UNREAD)
        raise _FaultyError(error.faults, _Illegible(kind) if made is _UNREAD else made) from None
    try:
        return with_severity(rule, severity, price)
    except InputError as error:
        places = ("severity" if fault.path == "rule" else fault.path for fault in error.faults)
        told = (Fault(at, one.message, one.remedy) for at, one in zip(places, error.faults, strict=True))
        raise _FaultyError(told, rule) from None


def _change(data: object, _: object) -> object:
    if not isinstance(data, Mapping):
        raise InputError([Fault("", f"{shown(data)} is not a table", "a table with 'kind' and what the change needs.")])
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in CHANGES:
        message = f"there is no kind of change {shown(kind)}" if "kind" in data else "it is missing"
        raise InputError([Fault("kind", message, _near(kind, CHANGES))])
    return _table(CHANGES[kind])({key: data[key] for key in data if key != "kind"}, CHANGES[kind])


def _select(data: object, kind: Any) -> object:  # noqa: ANN401  whichever class selects
    noun = SELECTORS[kind]
    if isinstance(data, Mapping):
        return _table(kind)(data, kind)
    if not isinstance(data, str | list | tuple):
        message = f"{shown(data)} selects no {noun}s"
        raise InputError([Fault("", message, f"an id, a list of ids, or a table such as {_EXAMPLES[kind]}.")])
    if not data:
        message = f"{'an empty text' if data == '' else 'an empty list'} selects no {noun}"
        raise InputError([Fault("", message, f"{{}} for every {noun}.")])
    ids = [data] if isinstance(data, str) else data
    try:
        return kind(ids=_converter().structure(ids, tuple[str, ...]))
    except InputError as error:
        faults = [Fault(fault.path.removeprefix("ids"), fault.message, fault.remedy) for fault in error.faults]
        raise InputError(faults) from None


def _window(data: object, _: object) -> object:
    if not isinstance(data, Mapping):
        return _table(Window)(data, Window)
    form: type = window_form(data)
    given = [key for key in WINDOW_FORMS if key in data]
    if any(WINDOW_FORMS[key] is not form for key in given):
        message = f"{_listed(given)} are given together"
        raise InputError([Fault("", message, "only 'days', or 'first' and 'last', or 'rrule'.")])
    faults: list[Fault] = []
    try:
        made = _table(form)(data, form)
    except _FaultyError as error:
        faults += error.faults
        made = error.value
    if isinstance(made, Span | Recurring):
        try:
            made = made.window()
        except InputError as error:
            faults += error.faults
            made = _UNREAD
    if faults:
        raise _FaultyError(faults, made)
    return made


# -- lists, choices, unions -----------------------------------------------------------------------------------------


def is_list(kind: object) -> bool:
    """Whether a type is that of lists of any length: `tuple[X, ...]` or `list[X]`."""
    origin, args = get_origin(kind), get_args(kind)
    return origin is list or (origin is tuple and len(args) == 2 and args[1] is ...)


def _list_hook(kind: Any, converter: Converter) -> Hook:  # noqa: ANN401  a type with arguments is no `type`
    of = get_args(kind)[0]
    item_hook, make = converter.get_structure_hook(of), get_origin(kind)

    def hook(data: object, _: object) -> object:
        if of is date and isinstance(data, str | date):
            data = [data]
        if not isinstance(data, list | tuple):
            raise InputError([Fault("", f"{shown(data)} is not a list", "put it in brackets: [...].")])
        values, faults = [], []
        for index, item in enumerate(data):
            try:
                values.append(item_hook(item, of))
            except _FAILURES as error:
                faults += [fault.under(f"[{index}]") for fault in _faults_of(error)]
                values.append(getattr(error, "value", _UNREAD))
        if faults:
            raise _FaultyError(faults, _UNREAD if any(value is _UNREAD for value in values) else make(values))
        return make(values)

    return hook


def is_choice(kind: Any) -> bool:  # noqa: ANN401  a type with arguments is no `type`
    """Whether a type is a choice of values, such as `Literal["a", "b"]`."""
    return get_origin(kind) is Literal


def _choice_hook(kind: Any) -> Hook:  # noqa: ANN401  a type with arguments is no `type`
    choices = get_args(kind)

    def hook(data: object, _: object) -> object:
        for choice in choices:
            if type(data) is type(choice) and data == choice:
                return choice
        raise InputError([Fault("", f"{shown(data)} is no choice here", _near(data, choices))])

    return hook


def is_union(kind: object) -> bool:
    """Whether a type is a union, such as `X | None`."""
    return get_origin(kind) in (Union, UnionType)


def _union_hook(kind: Any, converter: Converter) -> Hook:  # noqa: ANN401  a type with arguments is no `type`
    optional = NoneType in get_args(kind)
    members = [(one, converter.get_structure_hook(one)) for one in get_args(kind) if one is not NoneType]

    def hook(data: object, _: object) -> object:
        if data is None and optional:
            return None
        faults: list[Fault] = []
        for one, member_hook in members:
            try:
                return member_hook(data, one)
            except _FAILURES as error:
                if len(members) == 1:
                    raise
                faults += _faults_of(error)
        deeper = [fault for fault in faults if fault.path]
        if deeper:
            raise InputError(deeper)
        raise InputError([Fault("", "; ".join(fault.message for fault in faults), faults[0].remedy)])

    return hook
