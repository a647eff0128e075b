"""Whatever a document says, it is read, or refused as bad input; and what is read can be written."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mutants import mutants
from programmes import day, document, event, json_errors, xml_errors

from unsched import InputError
from unsched.exchange.frab import read_frab, rewrite, write_frab_json, write_frab_xml
from unsched.exchange.indico import read_indico, write_indico_csv, write_indico_json
from unsched.exchange.pretalx import read_pretalx, write_pretalx
from unsched.exchange.programme.facts import Imported

PRETALX = json.loads((Path(__file__).resolve().parents[3] / "examples" / "pretalx.json").read_text(encoding="utf-8"))
FRAB = document(
    day(
        1,
        "2024-02-03",
        {
            "Janson": [event(1, "2024-02-03T10:00:00+01:00", code="ABCDEF"), event(2, "2024-02-03T10:30:00+01:00")],
            "Foyer": [
                event(3, "2024-02-03T12:00:00+01:00", persons=[{"name": "Ann", "code": "ANN", "biography": "x"}])
            ],
        },
    ),
    rooms=[{"name": "Janson", "guid": "00000000-0000-5000-8000-000000000099", "capacity": 1415}],
    tracks=[{"name": "Main", "color": "#ff0000"}],
)
READ = read_frab(json.dumps(FRAB).encode())
NEWER = json.loads(write_frab_json(READ.problem, READ.schedule, version=2).data)


def _at(clock: str) -> dict[str, str]:
    return {"date": "2011-06-23", "time": f"{clock}:00", "tz": "Europe/Zurich"}


def _entry(kind: str, number: int, start: str, end: str, **more: Any) -> dict[str, Any]:
    ids = {"id": f"{kind[0].lower()}{number}", "sessionSlotId": number, "contributionId": number}
    return {
        "entryType": kind,
        "title": kind,
        "startDate": _at(start),
        "endDate": _at(end),
        "duration": 30,
        **ids,
        **more,
    }


INDICO = {
    "results": {
        "1": {
            "20110623": {
                "s1": {
                    **_entry("Session", 5, "09:00", "10:00", room="R1"),
                    "conveners": [{"name": "Ann", "email": "ann@example.org"}],
                    "entries": {
                        "c2": _entry("Contribution", 7, "09:00", "09:30", presenters=[{"name": "Bo", "emailHash": "x"}])
                    },
                },
                "b3": _entry("Break", 8, "10:00", "10:30"),
                "c4": _entry("Contribution", 9, "10:30", "11:00", room="R2"),
            }
        }
    }
}
QUIET = settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def encoded(data: Any) -> bytes:
    return json.dumps(data).encode("utf-8", "surrogatepass")


def check(found: Imported) -> None:
    wrong = [breach for breach in found.schedule.breaches(found.problem) if breach.hard]
    assert all(breach.rule.kind == "every-session-placed" for breach in wrong), wrong


@pytest.mark.parametrize("original", [FRAB, NEWER], ids=["json", "json-2"])
@QUIET
@given(data=st.data())
def test_a_schedule_document_with_junk_in_it(original: Any, data: st.DataObject) -> None:
    text = encoded(data.draw(mutants(original)))
    with contextlib.suppress(InputError):
        found = read_frab(text)
        check(found)
        written = write_frab_xml(found.problem, found.schedule, text).data
        assert xml_errors(written) == []
        read_frab(written)
        assert json_errors(write_frab_json(found.problem, found.schedule, text).data) == []
        assert json_errors(write_frab_json(found.problem, found.schedule, text, version=2).data, 2) == []
        read_frab(rewrite(text, found.schedule, found.problem).data)


@QUIET
@given(data=mutants(PRETALX))
def test_answers_of_pretalx_with_junk_in_them(data: Any) -> None:
    text = encoded(data)
    with contextlib.suppress(InputError):
        found = read_pretalx(text)
        check(found)
        write_pretalx(found.problem, found.schedule, text)


@QUIET
@given(data=mutants(INDICO))
def test_an_export_of_indico_with_junk_in_it(data: Any) -> None:
    text = encoded(data)
    with contextlib.suppress(InputError):
        found = read_indico(text)
        check(found)
        write_indico_csv(found.problem, found.schedule)
        read_indico(write_indico_json(found.problem, found.schedule, text).data)
