"""Writes what follows from the code: references of rules and of clauses, JSON Schemas, the founding case as a file.

`python docs/generate.py` writes all of it; with `--check` nothing is written, and the exit code is 1 where a file is
not what it would be. Needs tomli-w.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli_w
from attrs import fields

from unsched.calendar.checks.clause import CLAUSES
from unsched.calendar.lint import PROFILES
from unsched.domain.changes import Changes
from unsched.domain.choose_rooms import SelectRooms
from unsched.domain.price import Prices
from unsched.domain.problem import Problem
from unsched.domain.schedule import Schedule
from unsched.domain.select import Select
from unsched.embed.requests import REQUESTS
from unsched.embed.schema import message_schema, message_text, request_schema, request_text
from unsched.embed.wire import MAX_LINE
from unsched.exchange.convert import dump
from unsched.exchange.output import output_schema_text
from unsched.exchange.schema import schema_text
from unsched.exchange.sheets.notes import meaning
from unsched.exchange.sheets.table import SHEETS, Layout
from unsched.palais import cstd_2010
from unsched.report.columns import TABLES
from unsched.report.kinds import Description, describe
from unsched.rules.registry import kinds

ROOT = Path(__file__).resolve().parent.parent
_WIDTH = 100
_LIST = re.compile(r"(?m)^(.+ = )\[\n((?:    \".*\",\n)+)\]$")

_RULES_HEAD = """\
<!-- Written by docs/generate.py: change the docstrings of the rules instead. -->

# Rules

A **constraint** must hold. A **preference** pays when it does not: its weight times the amount by which it falls
short, in its tier. Tiers are satisfied in order, 1 first; weights compare only inside a tier. A **standard** rule holds
in every problem without being named; `off = ["room-open"]` in the problem switches it off, and a rule of the same kind
among the problem's own takes its place.

Where a rule takes a `Select`, a file gives an id, a list of ids, or a table such as
`{{ kinds = ["plenary"], bodies = ["CSTD"] }}` with some of {keys};
the table `{{}}` is every session. Where it takes a `SelectRooms`, a file gives ids of rooms in the same way, or a table
such as `{{ features = ["webcast"] }}` with some of {room_keys}.

Every rule can have a `severity` of `"must"`, `"should"` (with `weight` and `tier`) or `"off"`:
see [problem files](problem-file.md#rules).

In Python, each kind is a class of `unsched.rules`. `unsched rules` lists the kinds that are installed, those of other
packages included, and `unsched rules KIND` prints all about one.

| kind | what it is | counted by |
|---|---|---|
"""

_CLAUSES_HEAD = """\
<!-- Written by docs/generate.py: change unsched.calendar.checks.clause instead. -->

# What calendar files are held to

`unsched.calendar.lint.check(data, kind)` refuses a file that breaks any of these, and `lint` returns all that it finds,
each with its line, its component, the section that asks for it and the name of the clause (`Finding.code`). All that is
written goes through it in the tests; `unsched sync` holds the files of a folder against it before anything is sent.

The kinds are {kinds}. A message of kind `update` or `cancellation` can be held against what was told `before` it.

Where the section is "client", no RFC asks for it: programs of others were measured to need it
([calendars](calendars.md#who-reads-it)).

```python
from unsched.calendar.lint import lint

for finding in lint(b"BEGIN:VCALENDAR\\r\\nVERSION:2.0\\r\\nEND:VCALENDAR\\r\\n", "caldav"):
    print(finding.code, "-", finding)
```

```text
prodid - line 1, VCALENDAR: there is no PRODID (RFC 5545, 3.7.3)
  Maybe PRODID:...
not-empty - line 1, VCALENDAR: there is no component in it (RFC 5545, 3.6)
  Maybe a VEVENT.
```

| clause | section | what it asks for | kinds |
|---|---|---|---|
"""

_TABLES_HEAD = """\
<!-- Written by docs/generate.py: change unsched.report.columns instead. -->

# Tables

Each of these is a pandas DataFrame ([how](../how-to/look-at-a-schedule.md#tables)); pandas is the extra `frames`, and
comes with OR-Tools as well. Types do not depend on what is in a table, so an empty one has them too:

| here | in pandas |
|---|---|
| text | `string` |
| whole number | `int64` |
| whole number, or unknown | `Int64` |
| number | `float64` |
| true or false | `bool` |
| date-time | `datetime64[us, ZONE]`, in the zone of the schedule or the window |
| list | `object`: a list of texts |

What is not known is `NA`, or `NaT` for a date-time.
"""

_KINDS = {
    "text": "text",
    "count": "whole number",
    "maybe count": "whole number, or unknown",
    "number": "number",
    "truth": "true or false",
    "time": "date-time",
    "list": "list",
}

_FRAMES = {
    "bookings": "`schedule.to_frame()`",
    "breaches": "`breaches_frame(schedule.breaches(problem))` of `unsched.report.tables`",
    "costs": "`costs_frame(schedule.breaches(problem))` of `unsched.report.tables`",
    "tiers": "`result.to_frame()`",
    "progress": "`progress_frame(events)` of `unsched.report.tables`; events are what `on_progress` was called with",
    "changes": "`diff(before, after, problem).to_frame()`",
    "alternatives": '`alternatives(problem, schedule, session).to_frame()`; and "tier 1" and so on: what it costs more',
    "assignments": "`roster(problem, schedule).to_frame()`",
    "conflicts": "`explain(problem).to_frame()`",
    "standings": "`standings_frame(attendance.standings(publication), zone)` of `unsched.report.tables`",
}

_MESSAGES_HEAD = """\
<!-- Written by docs/generate.py: change the docstrings in unsched.embed instead. -->

# Messages

What a host and `unsched serve` say to each other: JSON, a line each, UTF-8 from the host and ASCII to it. [How to
embed](../how-to/embed.md) shows them at work; `schema/request.schema.json` and `schema/message.schema.json` are their
JSON Schemas, which lead to those of files by `$ref` to their `$id`, such as `urn:unsched:problem:1`.

A request:

```json
{{"unsched": 1, "id": "plan-1", "request": "solve", "params": {{"problem": {{...}}, "effort": 30}}}}
```

`unsched` is the version of the protocol. `id` is the host's: a text of 1 to 200 characters or a whole number below
2^53, another for each request that has not been answered. Each request has exactly one answer, a `result` or an
`error`; before it, there may be `progress`:

```json
{{"unsched": 1, "type": "progress", "id": "plan-1", "progress": {{"tier": 1, "cost": 12, "bound": 9, ...}}}}
{{"unsched": 1, "type": "result", "id": "plan-1", "request": "solve", "cancelled": false, "result": {{...}}}}
{{"unsched": 1, "type": "error", "id": "plan-1", "error": {{"code": "bad-input", "message": "...", "faults": [...]}}}}
```

`cancelled` says that the request was called off, and that this is what there was by then.

## Errors

| code | what has happened |
|---|---|
| `malformed` | the line is too long, not UTF-8, not JSON, nested too deep, or no request; `id` may be null |
| `version` | another version of the protocol |
| `duplicate-id` | a request of this id has not been answered; `id` is null, since the other is still to be answered |
| `busy` | more requests have not been answered than may be |
| `bad-input` | the parameters are wrong: everything that is, each by its path from `params` |
| `cancelled` | it was called off before it began |
| `bug` | a bug in unsched or in a rule; its trace is on standard error |

An error is over with its request, and ends nothing else. Limits: a line of {line:,} bytes, 2,000,000 values nested at
most 40 deep, `--at-once` requests at a time, and 100 that have not been answered. Larger things go in process.

## What may change without a new version

- Requests: new kinds, new parameters that may be left out, and more than before where a parameter is read.
- Messages: new fields anywhere, new values of `source` and `what` and new codes of errors, new rules, and other words
  of sentences (`text`, `message`, `why`, `counts`, `place`). A host passes over fields that it does not know, takes
  an error that it does not know as `bug`, and decides nothing by sentences.
- Documents (`problem`, `schedule` ...) have versions of their own, in their `schema`.

All else (a field that goes, or means something else; a parameter that has to be given) comes with a higher `unsched`.
`hello` says under `protocols` which versions a process speaks; a request in one of them is answered in it.

## Requests

Parameters without a default have to be given. Problems, schedules and other documents are those of files, with their
`schema`. Times are ISO 8601 texts; `stamp` and `now` are never read off a clock.

"""

_SHEETS_HEAD = """\
<!-- Written by docs/generate.py: change unsched.exchange.sheets.table instead. -->

# Sheets and columns

A problem can be a workbook (`.xlsx`, `.xlsm`), or a folder with a CSV file for each sheet. `unsched template >
plan.xlsx` writes one to fill in, and [plan from a workbook](../how-to/plan-from-a-workbook.md) shows how it goes. The
same table makes the template, reads it, and wrote this page.

- Sheets are known by their names and columns by their headings, in any order; case, hyphens and underscores do not
  matter. The [keys of problem files](problem-file.md) will do as headings. Sheets and columns that are not needed can
  be left out.
- A heading that begins with `#` is yours, and so is a sheet of any other name, unless it looks like a mistake.
- An empty cell is what it is to leave a key out of a problem file: the default, or not known.
- In workbooks, values are read and never formulas: of a formula, the value that was there when the workbook was
  saved. Links are not followed, and macros are ignored.
- CSV files are in UTF-8, with commas, semicolons or tabs. Where a text begins with `=`, `+`, `-`, `@`, a tab or a
  carriage return, it is written with an apostrophe before it, so that no spreadsheet takes it for a formula; reading
  takes that apostrophe off again.
- What has no column of its own stands under `more`, as a table in JSON; `unsched convert` writes that column where it
  is needed.
- Up to 20,000 rows and 200 columns a sheet, 20 MB a file, 100 MB unpacked.

How cells are written:

| what | a cell |
|---|---|
"""

_RULE_NOTES = """\
Each row is a rule, and its `kind` says what the other cells mean: the [reference of rules](rules.md) has the
parameters of each kind. Those without a column stand under `settings`, as in `greatest = 300; of = each`. Where a
rule takes sessions, give their ids, or say how they are chosen: `tags: plenary; bodies: CSTD` are the sessions that
match both, and `all` is every session; likewise with rooms.
"""

_CONFLICT_NOTES = """\
The rows are the conflicts of a [`declared-conflicts`](rules.md#declared-conflicts) rule. For another tier, or another
way to count, give the sheet Rules a row of that kind. A weight of `never` makes of its row a
[`not-together`](rules.md#not-together) rule, which must hold.
"""

_CASE_HEAD = """\
# The founding case: 15-17 December 2010 at the Palais des Nations, with the open consultation of the CSTD Working
# Group on 17 December in Room XXVI. Written by docs/generate.py from unsched.palais.cstd_2010(), where each figure has
# its source; everything that is not known stands under [[assumptions]], with its reason.
#
#     unsched show examples/cstd-2010.toml
#     unsched plan examples/cstd-2010.toml --out out

"""


def render() -> dict[Path, str]:
    """Return the text of every generated file, by its path from the root of the project."""
    return {
        Path("docs/reference/calendar-clauses.md"): _clauses(),
        Path("docs/reference/messages.md"): _messages(),
        Path("docs/reference/rules.md"): _rules(),
        Path("docs/reference/sheets.md"): _sheets(),
        Path("examples/cstd-2010.toml"): _case(),
        Path("docs/reference/tables.md"): _tables_page(),
        Path("schema/changes.schema.json"): schema_text(Changes),
        Path("schema/output.schema.json"): output_schema_text(),
        Path("schema/message.schema.json"): message_text(),
        Path("schema/prices.schema.json"): schema_text(Prices),
        Path("schema/problem.schema.json"): schema_text(Problem),
        Path("schema/request.schema.json"): request_text(),
        Path("schema/schedule.schema.json"): schema_text(Schedule),
    }


def stale() -> list[Path]:
    """Return the generated files that are missing or are not what they would be."""
    return [path for path, text in render().items() if not _is(ROOT / path, text)]


def main(argv: Sequence[str] | None = None) -> int:
    """Write the files, or check them; return the exit code."""
    parser = argparse.ArgumentParser(description="Write what follows from the code.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 where a file is stale")
    arguments = parser.parse_args(argv)
    paths = stale()
    for path in paths:
        sys.stdout.write(f"{path} {'is stale' if arguments.check else 'written'}\n")
    if arguments.check:
        return 1 if paths else 0
    texts = render()
    for path in paths:
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(texts[path].encode())
    return 0


def _is(file: Path, text: str) -> bool:
    return file.is_file() and file.read_bytes() == text.encode()


def _rules() -> str:
    own = [describe(rule) for rule in kinds().values() if rule.__module__.startswith("unsched.")]
    keys, room_keys = (", ".join(f"`{one.name}`" for one in fields(kind)) for kind in (Select, SelectRooms))
    head = _RULES_HEAD.format(keys=keys, room_keys=room_keys)
    in_the_case = _in_the_case()
    rows = [f"| [`{one.kind}`](#{one.kind}) | {one.label} | {one.unit} |\n" for one in own]
    parts = [head + "".join(rows)]
    for sort, title in (("constraint", "Constraints"), ("preference", "Preferences")):
        parts.append(f"## {title}\n")
        parts += ["\n".join(_rule(one, in_the_case)) for one in own if one.sort == sort]
    return "\n".join(parts)


def _clauses() -> str:
    rows = [
        f"| `{one.code}` | {one.section} | {one.text} | {', '.join(one.kinds) or 'every kind'} |\n" for one in CLAUSES
    ]
    return _CLAUSES_HEAD.format(kinds=", ".join(f"`{kind}`" for kind in PROFILES)) + "".join(rows)


def _tables_page() -> str:
    parts = [_TABLES_HEAD]
    for name, columns in TABLES.items():
        frame = _FRAMES.get(name, f'`problem.to_frame("{name}")`')
        rows = [f"| `{one.name}` | {_KINDS[one.kind]} | {one.meaning} |" for one in columns]
        parts.append(
            "\n".join([f"## {name}\n", f"{frame}.\n", "| column | type | meaning |", "|---|---|---|", *rows, ""])
        )
    return "\n".join(parts)


def _messages() -> str:
    shape, answers = request_schema()["$defs"], message_schema()["$defs"]
    lines = [_MESSAGES_HEAD.format(line=MAX_LINE)]
    for kind, request in sorted(REQUESTS.items()):
        asked = shape[f"request-{kind}"]
        params = asked["properties"]["params"]
        lines.append(f"### {kind}\n\n{asked['description']}\n\n")
        if params["properties"]:
            rows = [
                f"| `{name}` | {'' if name in params['required'] else _default(one)} | {_cell(one['description'])} |\n"
                for name, one in params["properties"].items()
            ]
            lines += ["| parameter | when left out | meaning |\n|---|---|---|\n", *rows, "\n"]
        lines += _fields("Its result", answers, request.result.__name__)
    lines.append("## Parts of results\n\n")
    for name in _parts(answers):
        lines += _fields(f"`{name}`", answers, name)
    return "".join(lines).rstrip() + "\n"


def _parts(answers: Mapping[str, Any]) -> list[str]:
    """Return the names of the shapes that are no result by themselves."""
    own = {request.result.__name__ for request in REQUESTS.values()}
    names = (name.removeprefix("result-") for name in answers if name.startswith("result-"))
    return [name for name in names if name not in own]


def _fields(title: str, answers: Mapping[str, Any], name: str) -> Iterator[str]:
    shape = answers[f"result-{name}"]
    words = shape["description"].rstrip(".")
    yield f"{title}: {words[0].lower()}{words[1:]}.\n\n| field | type | meaning |\n|---|---|---|\n"
    for key, one in shape["properties"].items():
        yield f"| `{key}` | {_type(one)} | {_cell(one['description'])} |\n"
    yield "\n"


def _type(shape: Mapping[str, Any]) -> str:
    """Return the type of a shape in a few words."""
    if "$ref" in shape:
        place: str = shape["$ref"]
        return place.split(":")[2] if ":" in place else place.rpartition("/")[2].removeprefix("result-")
    if "anyOf" in shape:
        return " or ".join(_type(one) for one in shape["anyOf"])
    if "enum" in shape:
        return ", ".join(f"`{one}`" for one in shape["enum"])
    kinds = shape.get("type", "anything")
    if kinds == "array":
        return f"list of {_type(shape['items'])}"
    if kinds == "object" and "additionalProperties" in shape:
        return f"table of {_type(shape['additionalProperties'])}"
    return " or ".join(kinds if isinstance(kinds, list) else [kinds])


def _default(shape: Mapping[str, Any]) -> str:
    return f"`{json.dumps(shape['default'])}`" if "default" in shape else "none"


def _sheets() -> str:
    forms = {one.form.name: one.form for sheet in SHEETS for one in sheet.columns}
    rows = [f"| {name} | {_bare(form.about)} |\n" for name, form in sorted(forms.items())]
    notes = {"Rules": _RULE_NOTES, "Conflicts": _CONFLICT_NOTES}
    parts = [_SHEETS_HEAD + "".join(rows)]
    for sheet in SHEETS:
        parts.append(f"## {sheet.name}\n\n{sheet.about} In CSV: `{sheet.file}`.\n")
        if sheet.name in notes:
            parts.append(notes[sheet.name])
        if sheet.upright:
            parts.append("Each row has the name of a value and, beside it, the value.\n")
        parts.append("".join(_columns(sheet)))
    return "\n".join(parts)


def _columns(sheet: Layout) -> Iterator[str]:
    yield f"| {'value' if sheet.upright else 'column'} | cells | what it is |\n|---|---|---|\n"
    for one in sheet.columns:
        required = ", required" if one.required else ""
        yield f"| `{one.heading}` | {one.form.name}{required} | {_bare(meaning(sheet, one))} |\n"


def _bare(text: str) -> str:
    return _cell(text).rstrip(".")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _rule(one: Description, in_the_case: Mapping[str, str]) -> Iterator[str]:
    yield f"### {one.kind}\n"
    yield f"{one.sentence}\n"
    yield from (f"{paragraph}\n" for paragraph in one.body)
    price = f" Each {one.unit} costs the weight." if one.sort == "preference" else ""
    standard = " It is a standard rule." if one.standard else ""
    yield f"Class `unsched.rules.{one.name}`; breaches are counted by {one.unit}.{price}{standard}\n"
    if one.parameters:
        yield "| parameter | type | when left out | meaning |"
        yield "|---|---|---|---|"
        for parameter in one.parameters:
            type_ = parameter.type.replace("|", "\\|")
            default = {None: "required", "every session": "every session"}.get(
                parameter.default, f"`{parameter.default}`"
            )
            yield f"| `{parameter.name}` | `{type_}` | {default} | {parameter.text} |"
        yield ""
    if one.example:
        yield f"Example: {one.example}\n"
    if one.kind in in_the_case:
        yield in_the_case[one.kind]


def _in_the_case() -> Mapping[str, str]:
    """Return, for each kind of rule that the founding case has, its first rule of that kind."""
    problem = cstd_2010()
    found: dict[str, str] = {}
    for rule, data in zip(problem.rules, dump(problem)["rules"], strict=True):
        text = f"In the [founding case](../../examples/cstd-2010.toml): {rule.say()}\n"
        found.setdefault(rule.kind, f"{text}\n```toml\n{_tables('rules', [data])}```\n")
    return found


def _case() -> str:
    """Return the founding case in TOML, its rules last, each of them in the order of its fields."""
    data = dump(cstd_2010())
    rules = data.pop("rules")
    return f"{_CASE_HEAD}{_LIST.sub(_on_one_line, tomli_w.dumps(data))}\n{_tables('rules', rules)}"


def _tables(name: str, tables: Iterable[Mapping[str, object]]) -> str:
    """Return tables of an array in TOML, with what is inside them on one line (tomli-w would part it off)."""
    texts = ("".join(f"{key} = {_inline(value)}\n" for key, value in table.items()) for table in tables)
    return "\n".join(f"[[{name}]]\n{text}" for text in texts)


def _inline(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_inline(item)}" for key, item in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value, ensure_ascii=False)  # texts, whole numbers and truth values are the same in TOML


def _on_one_line(found: re.Match[str]) -> str:
    items = ", ".join(line.strip().removesuffix(",") for line in found[2].splitlines())
    line = f"{found[1]}[{items}]"
    return line if len(line) <= _WIDTH else found[0]


if __name__ == "__main__":
    sys.exit(main())
