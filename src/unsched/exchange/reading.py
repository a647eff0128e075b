"""From plain data to facts and rules, finding all that is wrong on the way.

cattrs chooses a hook by the type of a field; the hooks here are strict (nothing is turned into a number or a text
that was none), and go on after a fault, so that one reading finds them all. A rule is read by its attrs fields, and
nothing here knows any rule by name.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

from attrs import NOTHING, Attribute, fields, frozen, has, resolve_types
from cattrs import Converter
from cattrs.errors import AttributeValidationNote, BaseValidationError, CattrsError, IterableValidationNote

from unsched.domain.fact import to_ids
from unsched.domain.problem import Problem
from unsched.domain.schedule import Schedule
from unsched.domain.select import Select
from unsched.domain.time import Window
from unsched.errors import Fault, InputError, nearest
from unsched.exchange.forms import FORMS, make_window
from unsched.exchange.leaves import LEAVES
from unsched.exchange.plain import place, shown
from unsched.rules.base import Breach, Rule
from unsched.rules.registry import kinds
