"""JSON Schema (draft 2020-12) of problem, schedule and change files, for editors and for other tools.

It is made of the attrs classes: their types, defaults and docstrings. It says the shape; what only a whole problem
can tell (an unknown room, a start outside the window) is found when a file is loaded.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import partial
from types import MappingProxyType, NoneType
from typing import Any, get_args

from attrs import NOTHING, Attribute, has

from unsched.domain.assumption import ASSUMABLE, Assumption
from unsched.domain.change import Amendment
from unsched.domain.changes import CHANGES
from unsched.domain.segment import ACCESS
from unsched.domain.session import Session
from unsched.domain.window import Window
from unsched.exchange.forms import WINDOW_FORMS
from unsched.exchange.reading import SELECTORS, is_choice, is_list, is_rule, is_union, may_be_single, table_fields
from unsched.exchange.severity import KEY as SEVERITY
from unsched.exchange.severity import PRICE, SEVERITIES
from unsched.exchange.version import KEY, TAGS
from unsched.exchange.writing import write
from unsched.rules.base import Preference, Rule
from unsched.rules.registry import kinds

__all__ = ["Shapes", "about", "json_schema", "schema_text"]

Shape = dict[str, Any]
_SIMPLE: Mapping[object, Shape] = MappingProxyType(
    {
        str: {"type": "string"},
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        float: {"type": "number"},
        NoneType: {"type": "null"},
        date: {"type": "string", "format": "date"},
        datetime: {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}"},
        time: {"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9](:00)?|24:00)$"},
    }
)
_CHOICES: Mapping[tuple[type, str], tuple[str, ...]] = MappingProxyType(
    {(Session, "access"): ACCESS, (Session, "within"): ("block", "day"), (Assumption, "of"): ASSUMABLE}
)
_OWN_RULES = "unsched.rules."
_PRICE: Shape = {"type": "integer", "description": "with the severity 'should', as that of a preference."}


def json_schema(kind: type, rules: Mapping[str, type[Rule]] | None = None) -> dict[str, Any]:
    """Return the JSON Schema of the files of problems, of schedules or of changes.

    Args:
        kind: `Problem`, `Schedule` or `Changes`.
        rules: the rule classes that a problem may have, by kind; left out, all that are known here, those of other
            packages included.

    >>> from unsched import Schedule
    >>> json_schema(Schedule)["required"]
    ['schema', 'problem', 'zone']
    """
    shapes = Shapes(kinds() if rules is None else rules)
    top = shapes.table(kind)
    tag = TAGS[kind]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{tag.replace('/', ':')}",
        "title": f"unsched {kind.__name__.lower()}",
        **top,
        "required": [KEY, *top["required"]],
        "$defs": {name: shapes.found[name] for name in sorted(shapes.found)},
    }


def schema_text(kind: type) -> str:
    """Return the JSON Schema of `schema/`, with unsched's own rules, as text: always the same bytes."""
    own = {name: rule for name, rule in kinds().items() if rule.__module__.startswith(_OWN_RULES)}
    return json.dumps(json_schema(kind, own), ensure_ascii=False, indent=2) + "\n"


class Shapes:
    """The shapes of all types that are met on the way; `found` holds those that have a name."""

    def __init__(self, rules: Mapping[str, type[Rule]]) -> None:
        self.found: dict[str, Shape] = {}
        self.rules = rules

    def of(self, kind: Any) -> Shape:  # noqa: ANN401  a type with arguments is no `type`
        """Return the shape of a type."""
        if kind in _SIMPLE:
            return dict(_SIMPLE[kind])
        if is_list(kind):
            return self._list(get_args(kind)[0])
        if is_union(kind):
            return self._union([self.of(member) for member in get_args(kind)])
        if is_choice(kind):
            return {"enum": list(get_args(kind))}
        if is_rule(kind):
            return self._named("Rule", self._rule)
        if kind is Amendment:
            return self._named("Change", self._change)
        if kind is Window:
            return self._named("Window", self._window)
        if kind in SELECTORS:
            return self._named(kind.__name__, partial(self._select, kind))
        if has(kind):
            prefix = "" if kind.__module__.startswith("unsched.") else f"{kind.__module__}."
            return self._named(prefix + kind.__qualname__, lambda: self.table(kind))
        return {}

    def table(self, kind: type) -> Shape:
        """Return the shape of an attrs class."""
        described = about(kind)
        known = table_fields(kind)
        properties = {key: {**self._field(kind, key, one), **described.get(key, {})} for key, one in known.items()}
        if kind in TAGS:
            properties = {KEY: {"const": TAGS[kind], "description": "what this is."}, **properties}
        return {
            "type": "object",
            **described[""],
            "properties": properties,
            "required": [key for key, one in known.items() if one.default is NOTHING],
            "additionalProperties": False,
        }

    def _named(self, name: str, make: Callable[[], Shape]) -> Shape:
        if name not in self.found:
            self.found[name] = {}
            self.found[name] = make()
        return {"$ref": f"#/$defs/{name}"}

    def _field(self, kind: type, key: str, attribute: Attribute[Any]) -> Shape:
        shape = self.of(attribute.type)
        if (kind, key) in _CHOICES:
            shape = {"enum": [*_CHOICES[kind, key], *([None] if attribute.default is None else [])]}
        if may_be_single(attribute):
            shape = {"anyOf": [{"type": "string"}, shape]}
        if attribute.default is not NOTHING and attribute.default is not None:
            shape["default"] = write(attribute.default)
        return shape

    def _list(self, of: object) -> Shape:
        shape: Shape = {"type": "array", "items": self.of(of)}
        return {"anyOf": [self.of(of), shape]} if of is date else shape

    def _union(self, shapes: list[Shape]) -> Shape:
        null = _SIMPLE[NoneType]
        if len(shapes) == 2 and shapes[1] == null and isinstance(shapes[0].get("type"), str):
            return {**shapes[0], "type": [shapes[0]["type"], "null"]}
        return {
            "anyOf": [one for shape in shapes for one in (shape["anyOf"] if shape.keys() == {"anyOf"} else [shape])]
        }

    def _window(self) -> Shape:
        forms = {form.__name__: form for form in WINDOW_FORMS.values()}
        return {"anyOf": [self.table(form) for form in forms.values()]}

    def _select(self, kind: type) -> Shape:
        noun = SELECTORS[kind]
        ids: Shape = {"type": "array", "items": {"type": "string"}, "minItems": 1, "description": f"ids of {noun}s"}
        return {"anyOf": [{"type": "string", "description": f"id of a {noun}"}, ids, self.table(kind)]}

    def _rule(self) -> Shape:
        return {"oneOf": [self._named(f"rule-{kind}", partial(self._rule_of, kind)) for kind in self.rules]}

    def _change(self) -> Shape:
        return {"oneOf": [self._named(f"change-{kind}", partial(self._change_of, kind)) for kind in CHANGES]}

    def _change_of(self, kind: str) -> Shape:
        shape = self.table(CHANGES[kind])
        shape["properties"] = {"kind": {"const": kind}, **shape["properties"]}
        shape["required"] = ["kind", *shape["required"]]
        return shape

    def _rule_of(self, kind: str) -> Shape:
        shape = self.table(self.rules[kind])
        severity = {"enum": list(SEVERITIES), "description": "how firmly it holds; left out, as the rule is by itself."}
        shape["properties"] = {"kind": {"const": kind}, **shape["properties"], SEVERITY: severity}
        if not issubclass(self.rules[kind], Preference):
            shape["properties"] |= dict.fromkeys(PRICE, _PRICE)
            shape["if"] = {"not": {"properties": {SEVERITY: {"const": "should"}}, "required": [SEVERITY]}}
            shape["then"] = {"properties": dict.fromkeys(PRICE, False)}
        shape["required"] = ["kind", *shape["required"]]
        return shape


def about(kind: type) -> dict[str, Shape]:
    """Return the descriptions that a class's docstring gives: its own under "", its fields' under their names."""
    found: dict[str, Shape] = {"": {}}
    for base in reversed(kind.__mro__):
        text = inspect.cleandoc(base.__doc__ or "")
        arguments = re.search(r"^Args:\n((?: +.*\n?|\n)+)", text, re.MULTILINE)
        if arguments:
            for name, about in re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", arguments[1], re.MULTILINE):
                found[name] = {"description": " ".join(about.split())}
    if kind.__doc__:
        found[""] = {"description": inspect.cleandoc(kind.__doc__).partition("\n")[0]}
    return found
