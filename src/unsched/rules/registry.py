"""Every kind of rule that there is here: unsched's own, those of installed packages, and those registered by hand.

There is no list to keep. Unsched's own rules are the concrete classes of the modules of `unsched.rules`; a package
adds its rules by an entry point of the group `unsched.rules` that names a rule class, or a module of them.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType, ModuleType
from typing import TypeGuard, TypeVar

import unsched.rules
from unsched.domain.fact import shown
from unsched.errors import Fault, InputError
from unsched.rules.base import Rule

__all__ = ["ENTRY_POINT_GROUP", "kinds", "register", "standard_rules"]

ENTRY_POINT_GROUP = "unsched.rules"
RuleClass = TypeVar("RuleClass", bound=type[Rule])
_by_hand: dict[str, type[Rule]] = {}


def register(rule: RuleClass) -> RuleClass:
    """Add a rule class for this process, as a decorator; a package uses an entry point instead.

    Raises:
        TypeError: it is no finished rule class (the decorator stands above `@frozen`).
        ValueError: another class has the same kind.
    """
    if not _is_rule(rule):
        raise TypeError(f"{rule!r} is no rule class with a kind, @frozen and all of post, check and say")
    known = kinds().get(rule.kind)
    if known is not None and (known.__module__, known.__qualname__) != (rule.__module__, rule.__qualname__):
        raise ValueError(f"rule kind {rule.kind!r} is {known.__module__}.{known.__qualname__} already")
    _by_hand[rule.kind] = rule
    return rule


def kinds() -> Mapping[str, type[Rule]]:
    """Return every rule class by its kind, sorted by kind.

    >>> kinds()["room-open"].__name__
    'RoomOpen'
    """
    found = {**_installed(), **_by_hand}
    return MappingProxyType({kind: found[kind] for kind in sorted(found)})


@cache
def standard_rules() -> tuple[Rule, ...]:
    """Return unsched's own rules that hold in every problem, sorted by kind."""
    return tuple(rule() for _, rule in sorted(_own().items()) if rule.standard)


@cache
def _own() -> dict[str, type[Rule]]:
    names = sorted(info.name for info in pkgutil.iter_modules(unsched.rules.__path__))
    modules = [importlib.import_module(f"unsched.rules.{name}") for name in names]
    return {rule.kind: rule for module in modules for rule in _rules_of(module)}


@cache
def _installed() -> dict[str, type[Rule]]:
    found = dict(_own())
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda entry: entry.name):
        try:
            target = entry.load()
        except Exception as error:
            raise _unusable(entry, f"cannot be loaded: {type(error).__name__}: {error}") from error
        for rule in _rules_of(target) if isinstance(target, ModuleType) else (target,):
            if not _is_rule(rule):
                raise _unusable(entry, f"is no rule class: {shown(rule)}")
            if rule.kind in found and found[rule.kind] is not rule:
                raise _unusable(entry, f"has a rule of kind {rule.kind!r}, which is taken")
            found[rule.kind] = rule
    return found


def _unusable(entry: EntryPoint, why: str) -> InputError:
    package = "some package" if entry.dist is None else f"package {entry.dist.name!r}"
    message = f"{entry.name!r} ({entry.value}) of {package} {why}"
    source = f"the entry points {ENTRY_POINT_GROUP!r}"
    return InputError([Fault("", message, "mend or uninstall that package.")], source)


def _rules_of(module: ModuleType) -> Iterator[type[Rule]]:
    for value in vars(module).values():
        if _is_rule(value) and value.__module__ == module.__name__:
            yield value


def _is_rule(value: object) -> TypeGuard[type[Rule]]:
    """Whether this is a rule class that can be used: itself made by attrs, with a kind, and nothing abstract."""
    if not (isinstance(value, type) and issubclass(value, Rule)) or inspect.isabstract(value):
        return False
    return "__attrs_attrs__" in vars(value) and isinstance(vars(value).get("kind"), str)
