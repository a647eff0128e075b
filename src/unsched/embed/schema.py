"""JSON Schema (draft 2020-12) of requests and of the messages that answer them.

Requests are described by their classes, and nothing else may be in them. Messages are described by `results`; more may
come to be in them without a new version, which hosts pass over. Documents in them are described by the schemas of
files, to which `$ref` leads by their `$id`.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any, Final, get_args, get_origin, get_type_hints, is_typeddict

from unsched.domain.change import Amendment
from unsched.domain.changes import Changes
from unsched.domain.problem import Problem
from unsched.domain.schedule import Schedule
from unsched.embed import results
from unsched.embed.requests import REQUESTS
from unsched.embed.wire import PROTOCOL
from unsched.exchange.schema import Shapes, about
from unsched.exchange.version import KEY, TAGS

__all__ = ["message_schema", "message_text", "request_schema", "request_text"]

Shape = dict[str, Any]
_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_ID: Shape = {
    "anyOf": [
        {"type": "string", "minLength": 1, "maxLength": 200},
        {"type": "integer", "exclusiveMinimum": -(2**53), "exclusiveMaximum": 2**53},
    ],
    "description": "what the host calls the request; another for each that has not been answered.",
}
_VERSION: Shape = {"const": PROTOCOL, "description": "the version of the protocol."}
_ELSEWHERE: Final = MappingProxyType({one: f"urn:{TAGS[one].replace('/', ':')}" for one in (Problem, Schedule)})


def request_schema() -> Shape:
    """Return the schema of a request.

    >>> request_schema()["$id"]
    'urn:unsched:request:1'
    """
    shapes = _Shapes({})
    kinds = [shapes.request(kind) for kind in sorted(REQUESTS)]
    return _whole("request", "What a host asks for, on a line.", kinds, shapes)


def message_schema() -> Shape:
    """Return the schema of a message that answers a request, or tells how far it has come.

    >>> message_schema()["$id"]
    'urn:unsched:message:1'
    """
    shapes = _Shapes({})
    kinds = [shapes.result(kind) for kind in sorted(REQUESTS)]
    kinds.append(shapes.message("progress", "Each search may send some before it is answered.", results.Progress))
    kinds.append(shapes.message("error", "What is wrong with a request, or with a line.", results.Error))
    return _whole("message", "What a host is answered, on a line.", kinds, shapes)


def request_text() -> str:
    """Return the schema of a request as text: always the same bytes."""
    return _text(request_schema())


def message_text() -> str:
    """Return the schema of a message as text: always the same bytes."""
    return _text(message_schema())


def _text(schema: Shape) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _whole(noun: str, description: str, kinds: list[Shape], shapes: Shapes) -> Shape:
    return {
        "$schema": _DRAFT,
        "$id": f"urn:unsched:{noun}:{PROTOCOL}",
        "title": f"unsched {noun}",
        "description": description,
        "oneOf": kinds,
        "$defs": {name: shapes.found[name] for name in sorted(shapes.found)},
    }


class _Shapes(Shapes):
    """The shapes of files, and those of messages beside them."""

    def of(self, kind: Any) -> Shape:  # noqa: ANN401  a type with arguments is no `type`
        if kind in _ELSEWHERE:
            return {"$ref": _ELSEWHERE[kind]}
        if kind is Amendment:
            return {"$ref": f"urn:{TAGS[Changes].replace('/', ':')}#/$defs/Change"}
        if kind in TAGS:
            return self._named(kind.__name__, lambda: self._document(kind))
        if is_typeddict(kind):
            return self._named(f"result-{kind.__name__}", lambda: self._typed(kind))
        if get_origin(kind) is dict:
            value = get_args(kind)[1]
            return {"type": "object", **({} if value is Any else {"additionalProperties": self.of(value)})}
        return super().of(kind)

    def request(self, kind: str) -> Shape:
        """Return the shape of a kind of request."""
        params = self.table(REQUESTS[kind])
        described = about(REQUESTS[kind])[""]
        params.pop("description", None)
        shape = {
            "type": "object",
            **described,
            "properties": {"unsched": _VERSION, "id": _ID, "request": {"const": kind}, "params": params},
            "required": ["unsched", "id", "request", *(["params"] if params["required"] else [])],
            "additionalProperties": False,
        }
        return self._named(f"request-{kind}", lambda: shape)

    def result(self, kind: str) -> Shape:
        """Return the shape of the answer to a kind of request."""
        off: Shape = {"type": "boolean", "description": "whether it was called off: this is what there was by then."}
        shape = self._wrapped("result", f"The answer to '{kind}'.", {**_ID, "description": "of the request."})
        shape["properties"] |= {"request": {"const": kind}, "cancelled": off, "result": self.of(REQUESTS[kind].result)}
        shape["required"] = list(shape["properties"])
        return self._named(f"answer-{kind}", lambda: shape)

    def message(self, kind: str, description: str, of: type) -> Shape:
        """Return the shape of another kind of message."""
        id: Shape = {"anyOf": [*_ID["anyOf"], {"type": "null"}]} if kind == "error" else _ID
        which = "of the request; null where the line was none that has one." if kind == "error" else "of the request."
        shape = self._wrapped(kind, description, {**id, "description": which})
        shape["properties"][kind] = self.of(of)
        shape["required"] = list(shape["properties"])
        return self._named(f"message-{kind}", lambda: shape)

    def _wrapped(self, kind: str, description: str, id: Shape) -> Shape:
        properties: Shape = {"unsched": _VERSION, "type": {"const": kind}, "id": id}
        return {"type": "object", "description": description, "properties": properties}

    def _document(self, kind: type) -> Shape:
        plain = Shapes({})  # what is inside a document needs no tag of its own
        shape = plain.table(kind)
        self.found |= plain.found
        return {**shape, "required": [KEY, *shape["required"]]}

    def _typed(self, kind: Any) -> Shape:  # noqa: ANN401  a TypedDict is no `type`
        described = about(kind)
        properties = {key: {**self.of(one), **described.get(key, {})} for key, one in get_type_hints(kind).items()}
        return {"type": "object", **described[""], "properties": properties, "required": list(properties)}
