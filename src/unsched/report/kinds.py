"""Kinds of rule as people read about them, taken from their classes and docstrings, so that nothing is said twice."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping

from attrs import NOTHING, Attribute, Factory, fields, frozen, has

from unsched.domain.choose_rooms import SelectRooms
from unsched.domain.select import EVERY, Select
from unsched.report.printable import clean, columns, pad
from unsched.rules.base import Preference, Rule

__all__ = ["Description", "Parameter", "describe", "description_text", "kind_list"]

_SECTION = re.compile(r"(Args|Returns|Raises|Yields|Attributes):")
_ENTRY = re.compile(r"(\w+): (.*)")
_MODULES = re.compile(r"\b(?:\w+\.)+(?=\w)")
_EXAMPLE = "Example: "
_WIDTH = 100

_SELECTOR_NOTE = (
    "A Select says which sessions: in a file, an id, a list of ids, or a table such as "
    '{ kinds = ["plenary"], bodies = ["CSTD"] } with some of %s; {} is every session.'
)

_ROOMS_NOTE = (
    "A SelectRooms says which rooms: in a file, an id, a list of ids, or a table such as "
    '{ features = ["webcast"] } with some of %s.'
)


@frozen
class Parameter:
    """A field of a rule, as a file or a call gives it.

    Args:
        name: its name.
        type: its type, as in Python.
        default: its default as Python writes it, or `None` where it has to be given.
        text: what it means.
    """

    name: str
    type: str
    default: str | None
    text: str

    @property
    def note(self) -> str:
        """What it is when left out."""
        return "required" if self.default is None else f"default {self.default}"


@frozen
class Description:
    """What there is to know about a kind of rule.

    Args:
        kind: its tag in files.
        name: name of its class.
        sort: "constraint" or "preference".
        standard: whether it holds in every problem that does not switch it off.
        unit: what one unit of its breaches is.
        sentence: the first sentence of its docstring.
        body: the other paragraphs, but for its sections and example.
        parameters: its fields, those of its own first.
        example: the sentence after "Example:", or nothing.
    """

    kind: str
    name: str
    sort: str
    standard: bool
    unit: str
    sentence: str
    body: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    example: str

    @property
    def label(self) -> str:
        """Constraint or preference, and whether it is a standard rule."""
        return f"standard {self.sort}" if self.standard else self.sort


def describe(rule: type[Rule]) -> Description:
    """Return the description of a rule class.

    >>> from unsched.rules.parallel import AtMostTogether
    >>> found = describe(AtMostTogether)
    >>> found.sentence
    'At most n of the selected sessions run at once.'
    >>> found.parameters[0]
    Parameter(name='most', type='int', default=None, text='the cap.')
    """
    sentence, *body = _paragraphs(rule) or [""]
    examples = [paragraph.removeprefix(_EXAMPLE) for paragraph in body if paragraph.startswith(_EXAMPLE)]
    return Description(
        rule.kind,
        rule.__name__,
        "preference" if issubclass(rule, Preference) else "constraint",
        rule.standard,
        rule.unit,
        sentence,
        tuple(paragraph for paragraph in body if not paragraph.startswith(_EXAMPLE)),
        tuple(_parameters(rule)),
        " ".join(examples),
    )


def _blocks(rule: type) -> Iterator[str]:
    yield from re.split(r"\n\s*\n", inspect.cleandoc(rule.__doc__ or ""))


def _paragraphs(rule: type) -> list[str]:
    found = (block for block in _blocks(rule) if not _SECTION.match(block) and not block.startswith(">>>"))
    return [" ".join(block.split()) for block in found if block]


def _parameters(rule: type[Rule]) -> Iterator[Parameter]:
    classes = rule.__mro__
    if not has(rule):
        return
    texts: dict[str, str] = {}
    for base in reversed(classes):
        texts.update(_argument_texts(base))
    # What is inherited, such as weight and tier, is less particular.
    for attribute in sorted(fields(rule), key=lambda attribute: attribute.inherited):
        if attribute.init:
            name = attribute.alias or attribute.name
            type_ = _type(classes, attribute.name)
            yield Parameter(name, type_, _default(attribute), texts.get(name, ""))


def _argument_texts(base: type) -> Mapping[str, str]:
    texts: dict[str, str] = {}
    for block in _blocks(base):
        if block.startswith("Args:"):
            name = ""
            for line in textwrap.dedent(block.partition("\n")[2]).splitlines():
                entry = _ENTRY.fullmatch(line)
                if entry:
                    name = entry[1]
                    texts[name] = entry[2].strip()
                elif name:
                    texts[name] = f"{texts[name]} {line.strip()}"
    return texts


def _type(classes: Iterable[type], name: str) -> str:
    # Not the attribute's type, which is a text until somebody resolves it, and another one after.
    owner = next(base for base in classes if name in inspect.get_annotations(base))
    kind = inspect.get_annotations(owner)[name]
    return kind if isinstance(kind, str) else _MODULES.sub("", inspect.formatannotation(kind))


def _default(attribute: Attribute[object]) -> str | None:
    default = attribute.default
    if default is NOTHING:
        return None
    if isinstance(default, Factory):  # type: ignore[arg-type]  # a class, although typed as a function
        return "worked out"
    return "every session" if default == EVERY else repr(default)


def kind_list(kinds: Mapping[str, type[Rule]]) -> str:
    """Return all kinds of rule, each with what it is, what its breaches are counted by, and its sentence."""
    found = [describe(rule) for rule in kinds.values()]
    width = max((columns(clean(one.kind)) for one in found), default=0)
    lines = []
    for one in found:
        lines.append(f"{pad(clean(one.kind), width)}  {one.label}, counted by: {clean(one.unit)}")
        lines += map(clean, _wrap(one.sentence, "    "))
    return "\n".join(lines)


def description_text(one: Description) -> str:
    """Return all that there is to know about a kind of rule, for a terminal."""
    price = ", each at the price of the weight" if one.sort == "preference" else ""
    lines = [
        f"{one.kind}: {one.label} (class {one.name})",
        "",
        *_wrap(one.sentence),
        *(line for paragraph in one.body for line in ("", *_wrap(paragraph))),
        "",
        *_wrap(f"Breaches are counted by: {one.unit}{price}."),
    ]
    if one.standard:
        lines += _wrap(f"It holds in every problem; off = [{one.kind!r}] switches it off.")
    if one.parameters:
        lines += ["", "Parameters:"]
        for parameter in one.parameters:
            lines.append(f"  {parameter.name} ({parameter.type}, {parameter.note})")
            lines += _wrap(parameter.text, "      ")
    if any(re.search(r"\bSelect\b", parameter.type) for parameter in one.parameters):
        keys = ", ".join(attribute.name for attribute in fields(Select))
        lines += ["", *_wrap(_SELECTOR_NOTE % keys)]
    if any("SelectRooms" in parameter.type for parameter in one.parameters):
        keys = ", ".join(attribute.name for attribute in fields(SelectRooms))
        lines += ["", *_wrap(_ROOMS_NOTE % keys)]
    if one.example:
        lines += ["", *_wrap(f"Example: {one.example}")]
    return "\n".join(map(clean, lines))


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
