"""A host of `unsched serve`, in this process or beside another, which holds each message against its schema."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from referencing import Registry, Resource

from unsched import Problem, Schedule
from unsched.domain.changes import Changes
from unsched.embed import serve
from unsched.embed.schema import message_schema, request_schema
from unsched.embed.wire import CODES
from unsched.exchange.schema import json_schema

__all__ = ["REQUEST_SHAPE", "ask", "call", "hold", "talk"]

_FILES: Registry[Any] = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in map(json_schema, (Problem, Schedule, Changes))
)


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema in which nothing else may stand: a host passes over more, and we mean to write none."""
    found: dict[str, Any] = deepcopy(schema)
    for shape in found["$defs"].values():
        if shape.get("type") == "object":
            shape.setdefault("additionalProperties", False)
    return found


REQUEST_SHAPE = Draft202012Validator(request_schema(), registry=_FILES)
_MESSAGE_SHAPE = Draft202012Validator(_closed(message_schema()), registry=_FILES)


def call(id: object, request: str, **params: object) -> bytes:
    """Return a request as a line."""
    return json.dumps({"unsched": 1, "id": id, "request": request, "params": params}).encode() + b"\n"


def hold(line: bytes | str) -> dict[str, Any]:
    """Return the message of a line, which has to be one as its schema says."""
    found: dict[str, Any] = json.loads(line)
    _MESSAGE_SHAPE.validate(found)
    assert found["type"] != "error" or found["error"]["code"] in CODES
    return found


def talk(lines: bytes | Iterable[bytes], **limits: int) -> list[dict[str, Any]]:
    """Return every message that some lines are answered with."""
    sink = io.BytesIO()
    serve(io.BytesIO(lines if isinstance(lines, bytes) else b"".join(lines)), sink, **limits)
    raw = sink.getvalue()
    assert raw.isascii()
    assert raw.endswith(b"\n") or not raw
    return [hold(line) for line in raw.splitlines()]


def ask(request: str, **params: object) -> dict[str, Any]:
    """Return what a request is answered with, which has to be a result; the request is as its schema says."""
    line = call("ask", request, **params)
    REQUEST_SHAPE.validate(json.loads(line))
    answer = talk(line)[-1]
    assert answer["type"] == "result", answer
    assert (answer["id"], answer["request"], answer["cancelled"]) == ("ask", request, False)
    found: dict[str, Any] = answer["result"]
    return found
