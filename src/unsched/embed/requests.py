"""What can be asked for: every kind of request, by what it is called in messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Literal, get_args

from attrs import frozen

from unsched.domain.problem import Problem
from unsched.domain.schedule import Schedule
from unsched.embed import results
from unsched.embed.asking import Alternatives, Explain, Why, WhyNot
from unsched.embed.making import Apply, Busy, Calendars, Check, Diff, Publish
from unsched.embed.request import Desk, Request
from unsched.embed.searching import Repair, Solve, WhatIf
from unsched.embed.wire import PROTOCOL
from unsched.errors import Fault, InputError
from unsched.exchange.plain import check_plain
from unsched.exchange.reading import read, table_fields
from unsched.exchange.version import KEY, TAGS

__all__ = ["REQUESTS", "read_request"]


@frozen
class Hello(Request):
    """Ask who is there, and what it can do; a host asks this first."""

    kind: ClassVar[str] = "hello"
    result: ClassVar[type] = results.Hello
    quick: ClassVar[bool] = True

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Say which release this is, and what it speaks."""
        from importlib.metadata import version

        from unsched.rules.registry import kinds

        return {
            "version": version("unsched"),
            "protocols": [PROTOCOL],
            "requests": sorted(REQUESTS),
            "files": sorted(TAGS.values()),
            "rules": list(kinds()),
            "limits": dict(desk.limits),
        }


@frozen
class CallOff(Request):
    """Call a request off; what it has found so far is its answer.

    Args:
        of: the id of the request.
    """

    kind: ClassVar[str] = "cancel"
    result: ClassVar[type] = results.Cancelled
    quick: ClassVar[bool] = True

    of: str | int

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Say whether there was such a request."""
        return {"found": desk.call_off(self.of)}


@frozen
class AskSchema(Request):
    """Ask for a JSON Schema (draft 2020-12), with the rules of all packages that are installed.

    Args:
        of: what it describes: files of a kind, requests, or the messages that answer them.
    """

    kind: ClassVar[str] = "schema"
    result: ClassVar[type] = results.Schema

    of: Literal["problem", "schedule", "changes", "request", "message"] = "problem"

    def answer(self, desk: Desk) -> dict[str, Any]:
        """Return the schema."""
        from unsched.domain.changes import Changes
        from unsched.embed.schema import message_schema, request_schema
        from unsched.exchange.schema import json_schema

        if self.of == "request":
            return {"schema": request_schema()}
        if self.of == "message":
            return {"schema": message_schema()}
        return {"schema": json_schema({"problem": Problem, "schedule": Schedule, "changes": Changes}[self.of])}


REQUESTS: Mapping[str, type[Request]] = MappingProxyType(
    {
        one.kind: one
        for one in (
            Alternatives,
            Apply,
            AskSchema,
            Busy,
            Calendars,
            CallOff,
            Check,
            Diff,
            Explain,
            Hello,
            Publish,
            Repair,
            Solve,
            WhatIf,
            Why,
            WhyNot,
        )
    }
)
"""The classes of requests."""


def read_request(kind: str, params: Mapping[str, Any]) -> Request:
    """Return the request that parameters describe.

    Raises:
        InputError: with everything that is wrong with them.
    """
    request = REQUESTS[kind]
    faults: list[Fault] = []
    try:
        unusable = tuple(check_plain(params))
        if unusable:
            raise InputError(unusable)  # noqa: TRY301  as `read` does
        faults += _untagged(request, params)
        made = read(params, request)
    except InputError as error:
        faults += error.faults
    else:
        if not faults:
            return made
    raise InputError(faults, f"the request {kind!r}")


def _untagged(request: type[Request], params: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the documents that do not say what they are, as a file has to."""
    for key, attribute in table_fields(request).items():
        tags = [TAGS[one] for one in (attribute.type, *get_args(attribute.type)) if one in TAGS]
        if tags and isinstance(params.get(key), Mapping) and KEY not in params[key]:
            yield Fault(f"{key}.{KEY}", "it is missing", f"{tags[0]!r}.")
