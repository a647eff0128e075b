"""JSON Schema (draft 2020-12) of what commands print with `--json`: one shape a command, with a number of its own."""

from __future__ import annotations

import json
from typing import Any, Final

__all__ = ["OUTPUTS", "output_schema", "output_schema_text"]

Shape = dict[str, Any]


def _maybe(shape: Shape) -> Shape:
    return {"anyOf": [shape, {"type": "null"}]}


def _list(of: Shape) -> Shape:
    return {"type": "array", "items": of}


def _object(**properties: Shape) -> Shape:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _ref(name: str) -> Shape:
    return {"$ref": f"#/$defs/{name}"}


_TEXT: Final[Shape] = {"type": "string"}
_TEXTS: Final = _list(_TEXT)
_WHOLE: Final[Shape] = {"type": "integer"}
_NUMBER: Final[Shape] = {"type": "number"}
_TRUTH: Final[Shape] = {"type": "boolean"}
_MOMENT: Final[Shape] = {"type": "string", "format": "date-time"}
_COSTS: Final[Shape] = {"type": "object", "additionalProperties": _WHOLE, "description": "by tier."}
_STATUS: Final[Shape] = {"enum": ["optimal", "feasible", "infeasible", "unknown"]}
_SCHEDULE: Final[Shape] = {
    "type": "object",
    "description": "a schedule, as in a file: see schedule.schema.json.",
    "properties": {"schema": {"const": "unsched/schedule/1"}},
    "required": ["schema"],
}
_ANYTHING: Final[Shape] = {}
_ROWS: Final[Shape] = {
    "type": "array",
    "description": "times in minutes, factors from 0 to 1.",
    "items": {"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}},
}

_PARTS: Final[dict[str, Shape]] = {
    "Alternative": _object(
        place=_ref("Place"),
        costs=_COSTS,
        change=_COSTS,
        consequences=_list(_ref("Consequence")),
        moves=_list(_ref("Move")),
    ),
    "Breach": _object(
        rule=_TEXT,
        hard=_TRUTH,
        tier=_maybe(_WHOLE),
        sessions=_TEXTS,
        whom=_TEXTS,
        amount=_WHOLE,
        cost=_WHOLE,
        text=_TEXT,
    ),
    "Conflict": _object(why=_TEXT, members=_list(_ref("Guard")), minimal=_TRUTH, confirmed=_TRUTH),
    "Consequence": _object(rule=_TEXT, tier=_WHOLE, whom=_TEXTS, cost=_WHOLE, text=_TEXT),
    "Diff": _object(
        changes=_list(
            _object(
                session=_TEXT,
                what=_TEXT,
                before=_maybe(_ref("Place")),
                after=_maybe(_ref("Place")),
                access=_maybe(_TEXTS),
            )
        ),
        told=_list(_object(who=_TEXT, name=_TEXT, person=_TRUTH, sessions=_TEXTS)),
    ),
    "Fault": _object(path=_TEXT, message=_TEXT, remedy=_maybe(_TEXT)),
    "Forbids": _object(rule=_TEXT, sessions=_TEXTS, text=_TEXT),
    "Guard": _object(rule=_TEXT, about=_TEXT, text=_TEXT),
    "Move": _object(session=_TEXT, what=_TEXT, before=_maybe(_ref("Place")), after=_maybe(_ref("Place"))),
    "Note": _object(place=_TEXT, message=_TEXT),
    "Place": _object(room=_TEXT, start=_MOMENT, end=_MOMENT),
    "Reason": _object(text=_TEXT, places=_WHOLE, rule=_TEXT),
    "Rule": _object(
        kind=_TEXT,
        name=_TEXT,
        sort={"enum": ["constraint", "preference"]},
        standard=_TRUTH,
        unit=_TEXT,
        sentence=_TEXT,
        body=_TEXTS,
        parameters=_list(_object(name=_TEXT, type=_TEXT, default=_maybe(_TEXT), text=_TEXT)),
        example=_TEXT,
    ),
    "Tier": _object(tier=_WHOLE, cost=_WHOLE, bound=_WHOLE, proven=_TRUTH),
}
"""What several commands print."""

OUTPUTS: Final[dict[str, Shape]] = {
    "error": _object(
        error=_object(exit_code=_WHOLE, source=_maybe(_TEXT), message=_TEXT, faults=_list(_ref("Fault"))),
    ),
    "alternatives": _object(
        session=_TEXT, looked_at=_WHOLE, complete=_TRUTH, cut=_TEXTS, alternatives=_list(_ref("Alternative"))
    ),
    "chart": _object(chart=_TEXT, files=_TEXTS),
    "check": _object(problem=_TEXT, holds=_TRUTH, costs=_COSTS, breaches=_list(_ref("Breach"))),
    "diff": _PARTS["Diff"],
    "explain": _object(
        problem=_TEXT,
        status=_STATUS,
        complete=_TRUTH,
        cut=_TEXTS,
        conflicts=_list(_ref("Conflict")),
        further=_list(_ref("Conflict")),
        ways=_list(
            _object(
                price=_WHOLE,
                proven=_TRUTH,
                relaxed=_list(_ref("Guard")),
                broken=_list(_ref("Forbids")),
                schedule=_SCHEDULE,
            )
        ),
        schedule=_maybe(_SCHEDULE),
        seconds=_NUMBER,
        interrupted=_TRUTH,
        files=_TEXTS,
    ),
    "export": _object(file=_TEXT, bytes=_WHOLE, notes=_list(_ref("Note"))),
    "files": _object(files=_TEXTS),
    "import": _object(
        problem=_TEXT,
        schedule=_TEXT,
        id=_TEXT,
        zone=_TEXT,
        sessions=_WHOLE,
        scheduled=_WHOLE,
        rooms=_WHOLE,
        persons=_WHOLE,
        notes=_list(_ref("Note")),
    ),
    "plan": _object(
        status=_STATUS,
        interrupted=_TRUTH,
        seconds=_NUMBER,
        tiers=_list(_ref("Tier")),
        conflict=_TEXTS,
        prices=_list(_ref("Breach")),
        schedule=_maybe(_SCHEDULE),
        standby=_TEXTS,
        files=_TEXTS,
        left_out=_TEXTS,
    ),
    "publish": _object(
        problem=_TEXT,
        revision=_WHOLE,
        stamp=_MOMENT,
        dry_run=_TRUTH,
        messages=_list({"type": "object"}),
        unchanged=_WHOLE,
        files=_TEXTS,
    ),
    "repair": _object(
        status=_STATUS,
        interrupted=_TRUTH,
        seconds=_NUMBER,
        tiers=_list(_object(tier=_WHOLE, counts=_TEXT, cost=_WHOLE, bound=_WHOLE, proven=_TRUTH)),
        conflict=_TEXTS,
        dropped=_TEXTS,
        impossible=_TRUTH,
        taken_up=_TEXTS,
        diff=_maybe(_ref("Diff")),
        schedule=_maybe(_SCHEDULE),
        files=_TEXTS,
    ),
    "replies": _object(
        attendance=_list({"type": "object"}),
        again=_list(_object(uid=_TEXT, party=_TEXT)),
        stale=_TEXTS,
        findings=_TEXTS,
    ),
    "rules": _object(rules=_list(_ref("Rule"))),
    "send": _object(dry_run=_TRUTH, outcomes=_list({"type": "object"}), unaddressed=_TEXTS, stopped=_ANYTHING),
    "sync": _object(
        url=_TEXT,
        unchanged=_WHOLE,
        steps=_list(_object(action=_TEXT, feed=_TEXT, outcome=_TEXT, uid=_TEXT, title=_TEXT, reason=_TEXT)),
    ),
    "utilization": _object(
        problem=_TEXT,
        actual=_TRUTH,
        benchmark=_NUMBER,
        all=_ROWS,
        rooms=_ROWS,
        booths=_ROWS,
        languages=_ROWS,
        bodies=_ROWS,
        days=_ROWS,
        unknown_booths=_TEXTS,
        unreported=_TEXTS,
    ),
    "why": _object(
        session=_TEXT,
        place=_maybe(_ref("Place")),
        others=_WHOLE,
        excluded=_list(_ref("Reason")),
        taken=_list(_ref("Reason")),
        dearer=_WHOLE,
        free=_WHOLE,
        pays=_list(_object(rule=_TEXT, cost=_WHOLE, text=_TEXT)),
        next=_maybe(_ref("Alternative")),
    ),
    "why-not": _object(
        session=_TEXT,
        place=_TEXT,
        possible=_TRUTH,
        settled=_TRUTH,
        fewest=_TRUTH,
        cut=_TEXTS,
        forbids=_list(_ref("Forbids")),
        answer=_maybe(_ref("Alternative")),
        conflict=_maybe(_ref("Conflict")),
    ),
}
"""What is printed, by its name in the key "schema": `unsched/NAME/1`."""


def output_schema() -> dict[str, Any]:
    """Return the JSON Schema of all that commands print with `--json`, but for problems and schedules.

    >>> sorted(output_schema()["$defs"]["check"]["properties"])
    ['breaches', 'costs', 'holds', 'problem', 'schema']
    """
    tagged = {name: _tagged(name, shape) for name, shape in OUTPUTS.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:unsched:output:1",
        "title": "what unsched prints with --json",
        "oneOf": [_ref(name) for name in sorted(tagged)],
        "$defs": dict(sorted({**tagged, **_PARTS}.items())),
    }


def _tagged(name: str, shape: Shape) -> Shape:
    properties = {"schema": {"const": f"unsched/{name}/1"}, **shape["properties"]}
    return {**shape, "properties": properties, "required": ["schema", *shape["required"]]}


def output_schema_text() -> str:
    """Return the JSON Schema of `schema/` as text: always the same bytes."""
    return json.dumps(output_schema(), ensure_ascii=False, indent=2) + "\n"
