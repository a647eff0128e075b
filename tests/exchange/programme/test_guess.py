from __future__ import annotations

import json
from pathlib import Path

import pytest
from programmes import day, document, event

from unsched import InputError
from unsched.exchange.frab import read_frab
from unsched.exchange.programme.guess import guess, read_programme

DATA = json.dumps(document(day(1, "2024-02-03", {"A": [event(1, "2024-02-03T10:00:00+01:00")]}))).encode()


@pytest.mark.parametrize(
    ("data", "tool"),
    [
        (DATA, "frab"),
        (b" <schedule/>", "frab"),
        (b'{"talks": []}', "pretalx"),
        (b'{"submissions": {"results": []}}', "pretalx"),
        (b'{"results": [], "_type": "HTTPAPIResult"}', "indico"),
    ],
)
def test_the_content_says_the_tool(data: bytes, tool: str) -> None:
    assert guess(data) == tool


def test_a_folder_is_of_pretalx(tmp_path: Path) -> None:
    assert guess(tmp_path) == "pretalx"


def test_a_document_is_read_by_the_tool_that_is_named() -> None:
    assert read_programme(DATA) == read_programme(DATA, "frab") == read_frab(DATA)
    with pytest.raises(InputError, match="this is no export of Indico"):
        read_programme(DATA, "indico")
    with pytest.raises(InputError, match="'sched' is no tool that is known"):
        read_programme(DATA, "sched")


def test_the_events_of_days_without_hours_are_of_their_dates() -> None:
    events = [event(n, f"2024-02-{n:02}T10:00:00+01:00") for n in range(1, 5)]
    found = read_frab(json.dumps(document(day(1, "2024-02-01", {"A": events}))).encode())
    assert [str(block) for block in found.problem.window.blocks] == ["10:00-10:30"]
    assert [str(hours) for hours in found.problem.rooms[0].hours or ()] == [
        "2024-02-01, 2024-02-02, 2024-02-03, 2024-02-04 10:00-10:30"
    ]
