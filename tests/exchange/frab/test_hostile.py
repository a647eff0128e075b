from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from programmes import day, document, encoded, event, xml

from unsched import InputError
from unsched.exchange.frab import read_frab, write_frab_json, write_frab_xml
from unsched.exchange.programme import document as reading


def refused(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read_frab(data)
    return str(caught.value)


def test_entities_are_never_expanded_since_no_document_type_is_read() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><schedule>&l9;</schedule>'
    assert "it declares a document type, which is not read" in refused(text.encode())


def test_no_file_is_read_through_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    text = f'<!DOCTYPE x [<!ENTITY f SYSTEM "file://{secret}">]><schedule><version>&f;</version></schedule>'
    assert "secret" not in refused(text.encode()).replace(str(secret), "")


def test_a_document_that_is_nested_deep_is_refused() -> None:
    assert "nested more than 40 deep" in refused(b"<schedule>" + b"<day>" * 100_000)
    assert "nested too deep" in refused(b'{"schedule":' + b"[" * 200_000)


def test_what_unpacks_to_too_much_is_refused_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 100_000)
    assert "it has over 100,000 bytes" in refused(gzip.compress(b"<schedule>" + b" " * 50_000_000))


@pytest.mark.parametrize("size", [12, 60])
def test_a_packed_file_that_is_cut_off_or_broken_is_refused(size: int) -> None:
    packed = gzip.compress(xml(document(day(1, "2024-02-03", {"A": [event(1, "2024-02-03T10:00:00+01:00")]}))))
    assert "it is cut off" in refused(packed[:size])
    assert "it cannot be unpacked" in refused(packed[:10] + b"\xff" * size)


def test_all_faults_come_at_once_each_with_its_place() -> None:
    rooms = {
        "A": [
            event(1, "2024-02-03T10:00:00+01:00", "half an hour"),
            event(2, "yesterday at noon, or so"),
            event(3, "2024-02-03T10:00:30+01:00"),
            event(4, "0001-01-01T00:00:00+01:00"),
        ]
    }
    said = refused(encoded(document(day(1, "2024-02-03", rooms))))
    at = "$.schedule.conference.days[0].rooms['A']"
    assert said.splitlines()[1:] == [
        f"  {at}[0].duration: 'half an hour' is not a length such as '00:45'",
        f"  {at}[1].date: 'yesterday at noon, or so' is not a date and time such as '2024-02-03T10:00:00+01:00'",
        f"  {at}[2].date: '2024-02-03T10:00:30+01:00' is not in whole minutes",
        f"  {at}[3].date: '0001-01-01T00:00:00+01:00' is outside the years 1973 to 2199",
    ]


def test_a_fault_in_xml_names_the_line() -> None:
    data = xml(document(day(1, "2024-02-03", {"A": [event(1, "2024-02-03T10:00:00+01:00", "soon")]})))
    line = data.decode().split("\n").index('<event id="1" guid="00000000-0000-5000-8000-000000000001">') + 1
    assert f"$.schedule.day[0].room[0].event[0] (line {line}).duration: 'soon' is not a length" in refused(data)


def test_of_very_many_faults_the_first_are_told_and_the_rest_counted() -> None:
    several = [event(n, "2024-02-03T10:00:00+01:00", "soon") for n in range(1, 300)]
    said = refused(encoded(document(day(1, "2024-02-03", {"A": several}))))
    assert "101 faults" in said
    assert "and 199 faults more" in said


def test_a_key_that_comes_twice_is_refused_since_the_first_would_be_lost() -> None:
    text = b'{"schedule": {"conference": {"days": [{"rooms": {"A": [], "A": []}}]}}}'
    assert "the key 'A' comes twice in one table" in refused(text)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<html></html>",
        b"<schedule></schedule>",
        b"{}",
        b'{"schedule": []}',
        b'{"schedule": {"conference": {"days": [null, 5, {"rooms": 7}, {"rooms": {"A": 3, "B": [null, 4]}}]}}}',
        b'{"schedule": {"conference": {"days": [{"date": 7, "rooms": {"A": [{"id": [], "links": {}}]}}]}}}',
        b"\xff\xfe\x00\x00",
        b"<schedule>\x00</schedule>",
        b"{" + b"9" * 10_000 + b"}",
    ],
)
def test_nonsense_is_an_input_error_and_nothing_else(data: bytes) -> None:
    assert refused(data)


def test_hostile_names_stay_names_and_come_out_valid(tmp_path: Path) -> None:
    nasty = "../../etc/passwd\x00\x1b[31m<script>&\"'\ud800" + "x" * 500
    talk = event(
        1,
        "2024-02-03T10:00:00+01:00",
        title=nasty,
        track=nasty,
        type=nasty,
        slug=nasty,
        url="javascript:alert(1)",
        logo="file:///etc/passwd",
        abstract=f"=1+1 {nasty}",
        language=nasty,
        persons=[{"name": nasty, "id": 5}, {"name": nasty}],
        links=[{"url": "https://example.org/<>", "title": nasty, "type": nasty}],
    )
    data = encoded(document(day(1, "2024-02-03", {nasty: [talk]}), acronym=nasty, title=nasty))
    found = read_frab(data)
    from programmes import json_errors, xml_errors

    written = write_frab_xml(found.problem, found.schedule, data).data
    assert xml_errors(written) == []
    assert b"javascript" not in written
    assert read_frab(written).schedule.bookings[0].start == found.schedule.bookings[0].start
    for version in (1, 2):
        again = write_frab_json(found.problem, found.schedule, data, version=1 if version == 1 else 2).data
        assert json_errors(again, version) == []
        assert json.loads(again)["schedule"]["conference"]["title"].startswith("../../etc/passwd")
    assert list(tmp_path.iterdir()) == []
