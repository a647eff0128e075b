"""From facts and rules to plain data: what a file says, and nothing that goes without saying.

Fields at their default are left out; a rule says its kind first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache, partial
from typing import Any

from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from unsched.domain.change import Amendment
from unsched.domain.time import Block
from unsched.exchange.reading import SELECTORS, is_change, is_rule, table_fields
from unsched.exchange.severity import severity_of
from unsched.rules.base import Rule

__all__ = ["write"]


def write(thing: object) -> Any:  # noqa: ANN401  whatever a file holds
    """Return a fact as a table of plain data, its keys in the order of the fields; and other values likewise."""
    return _converter().unstructure(thing)


@cache
def _converter() -> Converter:
    converter = Converter(omit_if_default=True, use_alias=True, unstruct_collection_overrides={tuple: list})
    # What is more than a text or a number, such as an enumeration of texts, is written as no more than that.
    converter.register_unstructure_hook(str, str.__str__)
    converter.register_unstructure_hook(int, int.__int__)
    converter.register_unstructure_hook(bool, bool)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_unstructure_hook(time, _time)
    end = override(unstruct_hook=lambda end: "24:00" if end == time(0) else _time(end))
    block = make_dict_unstructure_fn(Block, converter, _cattrs_omit_if_default=True, end=end)
    converter.register_unstructure_hook(Block, block)
    converter.register_unstructure_hook_func(is_rule, _rule)
    converter.register_unstructure_hook_func(is_change, _change)
    for selector in SELECTORS:
        table: Callable[[Any], dict[str, Any]] = make_dict_unstructure_fn(
            selector, converter, _cattrs_omit_if_default=True
        )
        converter.register_unstructure_hook(selector, partial(_select, table))
    return converter


def _time(clock: time) -> str:
    whole = clock.tzinfo is None and not clock.second and not clock.microsecond
    return clock.isoformat("minutes" if whole else "auto")


def _rule(rule: Rule) -> dict[str, Any]:
    turned = severity_of(rule)
    if turned is not None:
        return {**_rule(turned[0]), **turned[1]}
    return {"kind": rule.kind, **_rule_writer(type(rule))(rule)}


@cache
def _rule_writer(kind: type[Rule]) -> Callable[[Rule], dict[str, Any]]:
    table_fields(kind)  # resolves the types
    return make_dict_unstructure_fn(kind, _converter(), _cattrs_omit_if_default=True, _cattrs_use_alias=True)


def _change(change: Amendment) -> dict[str, Any]:
    table_fields(type(change))  # resolves the types
    own = make_dict_unstructure_fn(type(change), _converter(), _cattrs_omit_if_default=True, _cattrs_use_alias=True)
    return {"kind": change.kind, **own(change)}


def _select(table: Callable[[Any], dict[str, Any]], selector: Any) -> object:  # noqa: ANN401  whichever class selects
    if set(selector.given) == {"ids"}:
        return selector.ids[0] if len(selector.ids) == 1 else list(selector.ids)
    return table(selector)
