"""How a file says how firmly a rule holds: `severity`, in the rule's own table.

`must`, `should` (with `weight` and `tier`) and `off` make of a rule what `Demand`, `Soften` and `Off` make of it in
Python; what a rule is by itself goes without saying.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import fields_dict

from unsched.domain.fact import shown
from unsched.errors import Fault, InputError, nearest
from unsched.rules.base import Preference, Rule
from unsched.rules.severity import Demand, Off, Soften

__all__ = ["KEY", "PRICE", "SEVERITIES", "severity_of", "split_severity", "with_severity"]

KEY = "severity"
SEVERITIES = ("must", "should", "off")
PRICE = ("weight", "tier")


def split_severity(table: Mapping[str, Any], rule: type[Rule]) -> tuple[dict[str, Any], str | None, dict[str, Any]]:
    """Return a rule's table without its severity, the severity, and the price that goes with "should".

    Raises:
        InputError: there is no such severity.
    """
    own = dict(table)
    severity = own.pop(KEY, None)
    if severity is not None and severity not in SEVERITIES:
        remedy = nearest(severity, SEVERITIES) if isinstance(severity, str) else None
        message = f"{shown(severity)} is none of {', '.join(map(repr, SEVERITIES))}"
        raise InputError([Fault(KEY, message, remedy or "'should'.")])
    price = {}
    if severity == "should" and not issubclass(rule, Preference):
        price = {key: own.pop(key) for key in PRICE if key in own}
    return own, severity, price


def with_severity(rule: Rule, severity: str | None, price: Mapping[str, Any]) -> Rule:
    """Return a rule as firm as a file says."""
    if severity == "off":
        return Off(rule)
    if severity == "should" and not isinstance(rule, Preference):
        return Soften(rule, **price)
    if severity == "must" and isinstance(rule, Preference):
        return Demand(rule)
    return rule


def severity_of(rule: Rule) -> tuple[Rule, dict[str, Any]] | None:
    """Return the rule inside and what its table says besides, or `None` where a rule has to be written as it is."""
    if isinstance(rule, Off) and not _wraps(rule.rule):
        return rule.rule, {KEY: "off"}
    if isinstance(rule, Demand) and rule.most == 0 and not _wraps(rule.rule):
        return rule.rule, {KEY: "must"}
    if isinstance(rule, Soften) and not _wraps(rule.rule):
        known = fields_dict(Soften)
        price = {key: getattr(rule, key) for key in PRICE if getattr(rule, key) != known[key].default}
        return rule.rule, {KEY: "should", **price}
    return None


def _wraps(rule: Rule) -> bool:
    return isinstance(rule, Off | Demand | Soften)
