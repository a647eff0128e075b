"""CalDAV, against a real Radicale on loopback (tests/shared/davserver.py)."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from typing import Any

import icalendar
import pytest
from attrs import evolve
from davserver import PASSWORD, USER, Radicale, radicale, serving

from unsched import Booking, InputError, Problem, Schedule, calendars
from unsched.calendar.dav.credentials import Credentials, find_credentials
from unsched.calendar.dav.remote import DavError, Remote, check_url
from unsched.calendar.dav.resource import fingerprint, resources
from unsched.calendar.dav.state import load_state
from unsched.calendar.dav.sync import select_feeds, sync
from unsched.calendar.event import uid
from unsched.exchange.lock import alone

pytest.importorskip("caldav", reason="the extra caldav is not installed")

ME = Credentials(USER, PASSWORD)
CONSULTATION = uid("cstd-2010", "consultation")
DRAFTING = uid("cstd-2010", "drafting")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Radicale]:
    with radicale(tmp_path / "server") as here:
        yield here


@pytest.fixture
def remote(server: Radicale) -> Iterator[Remote]:
    with Remote(server.url, ME, timeout=20) as remote:
        yield remote


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state.json"


@pytest.fixture
def feeds(problem: Problem, schedule: Schedule) -> dict[str, bytes]:
    return rooms(problem, schedule)


@pytest.fixture
def later(problem: Problem, schedule: Schedule) -> dict[str, bytes]:
    """The feeds once the drafting group has moved and the coordination has been called off."""
    stamp = datetime(2010, 12, 8, tzinfo=UTC)
    bookings = [
        Booking("drafting", "XII", "2010-12-17T16:00+01:00", "2010-12-17T17:00+01:00"),
        *(one for one in schedule.bookings if one.session == "consultation"),
    ]
    moved = evolve(schedule, revision=4, stamp=stamp, bookings=bookings)
    return rooms(problem, moved)


def rooms(problem: Problem, schedule: Schedule) -> dict[str, bytes]:
    return select_feeds(calendars(problem, schedule), ["rooms"])


def path(feed: str, uid: str) -> str:
    return f"/{USER}/{feed}/{uid}.ics"


def said(report: Any) -> list[tuple[str, str, str]]:
    return [(step.action, step.outcome, step.uid or step.feed) for step in report.steps]


def change(server: Radicale, place: str, old: bytes, new: bytes) -> bytes:
    """Change something on the server, as somebody else does."""
    status, data = server.ask("GET", place)
    assert (status, old in data) == (200, True)
    assert server.ask("PUT", place, data.replace(old, new))[0] in {200, 201, 204}
    return server.ask("GET", place)[1]


# -- what is put there ------------------------------------------------------------------------------------------------


def test_calendars_are_made_and_each_event_is_a_resource(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes]
) -> None:
    report = sync(remote, feeds, state)
    assert not report.conflicts
    assert not report.failures
    assert [step.feed for step in report.steps if step.action == "make"] == [
        "rooms/IX.ics",
        "rooms/XII.ics",
        "rooms/XXVI.ics",
    ]
    status, data = server.ask("GET", path("rooms-XXVI", CONSULTATION))
    assert status == 200
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert event["UID"] == CONSULTATION
    assert event.decoded("DTSTART") == datetime(2010, 12, 17, 9, tzinfo=UTC)
    assert event["SEQUENCE"] == 3
    assert event["ORGANIZER"].params["SCHEDULE-AGENT"] == "CLIENT"
    assert b"METHOD" not in data
    body = b'<propfind xmlns="DAV:" xmlns:a="http://apple.com/ns/ical/"><prop><displayname/><a:calendar-color/></prop></propfind>'
    _, shown = server.ask("PROPFIND", f"/{USER}/rooms-XXVI/", body, Depth="0")
    assert b"Room XXVI - Inter-sessional panel" in shown
    assert b"#" in shown.partition(b"calendar-color")[2]


def test_a_second_run_reads_each_calendar_once_and_writes_nothing(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes]
) -> None:
    sync(remote, feeds, state)
    before = state.read_bytes()
    server.forget()
    report = sync(remote, feeds, state)
    assert (said(report), report.unchanged) == ([], 3)
    assert [method for method, _, _ in server.asked] == ["PROPFIND"] * 3
    assert state.read_bytes() == before
    assert str(report).endswith("Nothing to do.")


def test_only_differences_are_written_each_against_the_etag_that_it_had(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes], later: dict[str, bytes]
) -> None:
    sync(remote, feeds, state)
    kept = load_state(state, remote.url).calendars["rooms/XII.ics"]
    server.forget()
    report = sync(remote, later, state)
    coordination = uid("cstd-2010", "coordination")
    # The revision is the SEQUENCE of every event of a feed, so that the consultation is written anew as well.
    assert sorted(said(report)) == sorted(
        [
            ("change", "done", DRAFTING),
            ("remove", "done", coordination),
            ("change", "done", CONSULTATION),
        ]
    )
    guards = {place: condition for method, place, condition in server.asked if method in {"PUT", "DELETE"}}
    assert guards[path("rooms-XII", DRAFTING)] == kept[DRAFTING].etag
    assert guards[path("rooms-XII", coordination)] == kept[coordination].etag
    assert server.ask("GET", path("rooms-XII", coordination))[0] == 404
    assert b"160000" in server.ask("GET", path("rooms-XII", DRAFTING))[1]


def test_a_dry_run_says_the_same_steps_and_writes_nothing(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes]
) -> None:
    planned = sync(remote, feeds, state, dry_run=True)
    assert server.writes == []
    assert not state.exists()
    done = sync(remote, feeds, state)
    assert [(s.action, s.feed, s.uid) for s in planned.steps] == [(s.action, s.feed, s.uid) for s in done.steps]
    assert {step.outcome for step in planned.steps} == {"planned"}


def test_a_cancelled_event_that_its_feed_still_has_is_kept_as_cancelled(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes]
) -> None:
    sync(remote, feeds, state)
    name = "rooms/XXVI.ics"
    cancelled = feeds[name].replace(b"STATUS:CONFIRMED", b"STATUS:CANCELLED").replace(b"SEQUENCE:3", b"SEQUENCE:4")
    assert said(sync(remote, {**feeds, name: cancelled}, state)) == [("change", "done", CONSULTATION)]
    assert b"STATUS:CANCELLED" in server.ask("GET", path("rooms-XXVI", CONSULTATION))[1]


def test_a_room_that_is_no_more_has_its_calendar_emptied_and_other_kinds_are_left_alone(
    server: Radicale, remote: Remote, state: Path, problem: Problem, schedule: Schedule
) -> None:
    every = select_feeds(calendars(problem, schedule), ["rooms", "delegations"])
    sync(remote, every, state)
    without = {feed: data for feed, data in every.items() if feed.startswith("rooms") and feed != "rooms/XXVI.ics"}
    assert said(sync(remote, without, state)) == [("remove", "done", CONSULTATION)]
    assert server.ask("GET", path("delegations-CH", CONSULTATION))[0] == 200


def test_another_stamp_alone_is_no_difference(
    server: Radicale, remote: Remote, state: Path, problem: Problem, schedule: Schedule
) -> None:
    sync(remote, rooms(problem, schedule), state)
    server.forget()
    again = rooms(problem, evolve(schedule, stamp=datetime(2010, 12, 9, tzinfo=UTC)))
    assert (said(sync(remote, again, state)), server.writes) == ([], [])


# -- what somebody else has done --------------------------------------------------------------------------------------


def test_a_foreign_change_is_a_conflict_whether_or_not_there_is_news(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes], later: dict[str, bytes]
) -> None:
    sync(remote, feeds, state)
    place = path("rooms-XII", DRAFTING)
    theirs = change(server, place, b"Drafting group", b"Drafting party")
    for wanted in (feeds, later):
        report = sync(remote, wanted, state)
        assert [step.uid for step in report.conflicts] == [DRAFTING]
        assert "somebody else" in str(report)
        assert server.ask("GET", place)[1] == theirs


def test_our_word_counts_where_we_say_so_and_only_there(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes]
) -> None:
    sync(remote, feeds, state)
    place, other = path("rooms-XII", DRAFTING), path("rooms-XXVI", CONSULTATION)
    change(server, place, b"Drafting group", b"Drafting party")
    theirs = change(server, other, b"Open", b"Closed")
    report = sync(remote, feeds, state, ours=[DRAFTING])
    assert said(report) == [("change", "done", DRAFTING), ("change", "conflict", CONSULTATION)]
    assert b"Drafting group" in server.ask("GET", place)[1]
    assert server.ask("GET", other)[1] == theirs
    assert said(sync(remote, feeds, state, ours=["all"])) == [("change", "done", CONSULTATION)]
    assert said(sync(remote, feeds, state)) == []


def test_what_our_word_is_to_count_for_has_to_be_known(remote: Remote, state: Path, feeds: dict[str, bytes]) -> None:
    with pytest.raises(InputError, match=r"'rooms/XXVI\.ics'"):
        sync(remote, feeds, state, ours=["rooms/XXVII.ics", DRAFTING])


def test_a_change_that_comes_while_we_are_at_work_is_not_overwritten(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes], later: dict[str, bytes]
) -> None:
    sync(remote, feeds, state)
    place = path("rooms-XII", DRAFTING)
    theirs: list[bytes] = []

    def meanwhile(method: str, where: str) -> None:
        if method == "PUT" and where == place and not theirs:
            theirs.append(b"")
            theirs[0] = change(server, place, b"Drafting group", b"Drafting party")

    # In a thread of the server's own, a request cannot wait for another: the change is made before it goes out.
    put = remote.put

    def slow(where: str, data: bytes, etag: str | None) -> str | None:
        meanwhile("PUT", where)
        return put(where, data, etag)

    remote.put = slow  # type: ignore[method-assign,assignment]
    report = sync(remote, later, state, ours=["all"])
    assert [step.uid for step in report.conflicts] == [DRAFTING]
    assert server.ask("GET", place)[1] == theirs[0]


def test_what_somebody_has_removed_comes_back_only_if_we_say_so(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes]
) -> None:
    sync(remote, feeds, state)
    server.ask("DELETE", path("rooms-XII", DRAFTING))
    server.ask("DELETE", f"/{USER}/rooms-XXVI/")
    report = sync(remote, feeds, state)
    assert said(report) == [("add", "conflict", DRAFTING), ("make", "conflict", "rooms/XXVI.ics")]
    back = sync(remote, feeds, state, ours=["rooms/XXVI.ics", DRAFTING])
    assert said(back) == [
        ("add", "done", DRAFTING),
        ("make", "done", "rooms/XXVI.ics"),
        ("add", "done", CONSULTATION),
    ]


def test_what_is_not_ours_is_never_touched(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes]
) -> None:
    sync(remote, feeds, state)
    mine = next(iter(resources(feeds["rooms/XII.ics"]).values())).data.replace(b"UID:", b"UID:somebody-")
    assert server.ask("PUT", f"/{USER}/rooms-XII/private.ics", mine)[0] == 201
    empty = {feed: data for feed, data in feeds.items() if feed == "rooms/IX.ics"}
    report = sync(remote, empty, state)
    assert {step.action for step in report.steps} == {"remove"}
    assert server.ask("GET", f"/{USER}/rooms-XII/private.ics")[0] == 200


def test_an_alarm_that_somebody_has_set_is_a_foreign_change(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes], later: dict[str, bytes]
) -> None:
    sync(remote, feeds, state)
    place = path("rooms-XII", DRAFTING)
    alarm = b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT"
    change(server, place, b"END:VEVENT", alarm)
    assert [step.uid for step in sync(remote, later, state).conflicts] == [DRAFTING]


def test_a_uid_that_the_server_has_elsewhere_in_the_calendar_is_a_conflict(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes]
) -> None:
    sync(remote, {"rooms/IX.ics": feeds["rooms/IX.ics"], "rooms/XII.ics": feeds["rooms/IX.ics"]}, state)
    data = resources(feeds["rooms/XII.ics"])[DRAFTING].data
    assert server.ask("PUT", f"/{USER}/rooms-XII/other-name.ics", data)[0] == 201
    report = sync(remote, feeds, state)
    assert DRAFTING in [step.uid for step in report.conflicts]


# -- failures ---------------------------------------------------------------------------------------------------------


def test_a_run_goes_on_where_a_failing_server_ended_it(
    server: Radicale, remote: Remote, state: Path, problem: Problem, schedule: Schedule
) -> None:
    feeds = select_feeds(calendars(problem, schedule), ["delegations"])
    puts: list[str] = []

    def fail(method: str, where: str) -> tuple[str, list[tuple[str, str]], bytes] | None:
        puts.extend([where] if method == "PUT" else [])
        return ("500 Out of order", [], b"") if method == "PUT" and len(puts) > 2 else None

    server.before = fail
    first = sync(remote, feeds, state)
    assert len(first.failures) >= 1
    assert "500" in first.failures[0].reason
    done = {(step.feed, step.uid) for step in first.steps if step.action == "add" and step.outcome == "done"}
    assert len(done) == 2
    server.before = None
    second = sync(remote, feeds, state)
    added = {(step.feed, step.uid) for step in second.steps if step.action == "add"}
    assert not second.failures
    assert not added & done
    assert said(sync(remote, feeds, state)) == []


class _KilledError(BaseException):
    """What ends a process, whatever it is doing."""


@pytest.mark.parametrize("number", range(1, 9))
def test_a_run_that_is_killed_anywhere_is_finished_by_the_next(
    number: int, server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes], later: dict[str, bytes]
) -> None:
    sync(remote, feeds, state)
    ask = remote.ask
    count = 0

    def killed(method: str, *rest: Any, **more: Any) -> Any:
        nonlocal count
        answer = ask(method, *rest, **more)
        count += 1
        if count == number:
            # The server has done it, and we do not live to note it down.
            raise _KilledError
        return answer

    remote.ask = killed  # type: ignore[method-assign]
    if number <= 6:
        with pytest.raises(_KilledError):
            sync(remote, later, state)
    else:
        sync(remote, later, state)
    remote.ask = ask  # type: ignore[method-assign]
    report = sync(remote, later, state)
    assert not report.conflicts
    assert said(sync(remote, later, state)) == []
    assert b"160000" in server.ask("GET", path("rooms-XII", DRAFTING))[1]
    assert server.ask("GET", path("rooms-XII", uid("cstd-2010", "coordination")))[0] == 404


def test_after_a_crash_a_newer_revision_still_knows_the_older_one_for_ours(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes], later: dict[str, bytes]
) -> None:
    sync(remote, {"rooms/XII.ics": feeds["rooms/XII.ics"]}, state)
    put, remembered = remote.put, state.read_bytes()

    def killed(where: str, data: bytes, etag: str | None) -> str | None:
        put(where, data, etag)
        raise _KilledError

    remote.put = killed  # type: ignore[method-assign,assignment]
    with pytest.raises(_KilledError):
        sync(remote, {"rooms/XII.ics": later["rooms/XII.ics"]}, state)
    assert state.read_bytes() != remembered  # what was about to be sent
    remote.put = put  # type: ignore[method-assign]
    newest = later["rooms/XII.ics"].replace(b"SEQUENCE:4", b"SEQUENCE:5").replace(b"160000", b"161500")
    report = sync(remote, {"rooms/XII.ics": newest}, state)
    assert not report.conflicts
    assert b"161500" in server.ask("GET", path("rooms-XII", DRAFTING))[1]


def test_without_the_state_what_is_there_as_it_is_meant_is_taken_for_ours(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes], later: dict[str, bytes]
) -> None:
    sync(remote, feeds, state)
    state.unlink()
    server.forget()
    report = sync(remote, feeds, state)
    assert {step.action for step in report.steps} == {"adopt"}
    assert server.writes == []
    state.unlink()
    # Of another content nobody can know whose it is.
    assert {step.uid for step in sync(remote, later, state).conflicts} == {CONSULTATION, DRAFTING}


def test_a_server_that_gives_no_etag_with_an_answer_is_asked_for_it(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes]
) -> None:
    put = remote.put

    def silent(where: str, data: bytes, etag: str | None) -> str | None:
        put(where, data, etag)
        return None

    remote.put = silent  # type: ignore[method-assign,assignment]
    sync(remote, feeds, state)
    remote.put = put  # type: ignore[method-assign]
    server.forget()
    assert (said(sync(remote, feeds, state)), server.writes) == ([], [])


def test_two_runs_at_once_are_refused(remote: Remote, state: Path, feeds: dict[str, bytes]) -> None:
    with alone(state, "at work"), pytest.raises(InputError, match="somebody else"):
        sync(remote, feeds, state)


@pytest.mark.parametrize(
    "data",
    [
        {"schema": "other"},
        {"schema": "unsched/caldav/1", "url": "https://example.org/", "calendars": {}},
        {"schema": "unsched/caldav/1", "calendars": 3},
        {
            "schema": "unsched/caldav/1",
            "calendars": {"a.ics": {"1": {"name": "../x.ics", "etag": None, "digest": "", "title": "", "draft": []}}},
        },
        {
            "schema": "unsched/caldav/1",
            "calendars": {"a.ics": {"1": {"name": "x.ics", "etag": "a\r\nb", "digest": "", "title": "", "draft": []}}},
        },
    ],
)
def test_a_state_that_is_none_is_refused(data: dict[str, object], remote: Remote, state: Path) -> None:
    state.write_text(json.dumps({"url": remote.url, **data}), encoding="utf-8")
    with pytest.raises(InputError):
        sync(remote, {}, state)


# -- a server that cannot be trusted ----------------------------------------------------------------------------------


def secrets_of(credentials: Credentials) -> list[str]:
    import base64

    raw = f"{credentials.user}:{credentials.password}".encode()
    return [credentials.password, base64.b64encode(raw).decode(), credentials.password.encode().decode("latin-1")]


@pytest.mark.parametrize("password", [PASSWORD, "wrong-but-secret"])
def test_a_password_is_in_no_log_and_in_no_exception(
    password: str,
    server: Radicale,
    state: Path,
    feeds: dict[str, bytes],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("caldav", "urllib3", "requests", "niquests"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    who = Credentials(USER, password)
    text = repr(who)
    with Remote(server.url, who, timeout=20) as remote:
        if password == PASSWORD:
            sync(remote, feeds, state)
        else:
            with pytest.raises(DavError, match="name and password") as raised:
                sync(remote, feeds, state)
            import traceback

            text += "".join(traceback.format_exception(raised.value)) + repr(raised.value)
            assert raised.value.__cause__ is None
            assert raised.value.__suppress_context__
        text += repr(remote) + str(vars(remote))
    text += caplog.text + "".join(capfd.readouterr())
    if state.exists():
        text += state.read_text()
    for secret in secrets_of(who):
        assert secret not in text


def test_the_library_writes_no_conversation_to_files_whatever_the_environment_says(
    server: Radicale, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caldav.lib import error

    monkeypatch.setattr(error, "debug_dump_communication", True)
    with Remote(server.url, ME):
        assert error.debug_dump_communication is False


def test_no_redirect_is_followed_so_that_no_password_goes_with_it(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes]
) -> None:
    visited: list[str] = []

    def elsewhere(environ: dict[str, Any], start: Any) -> list[bytes]:
        visited.append(environ.get("HTTP_AUTHORIZATION", "nobody"))
        start("200 OK", [])
        return [b""]

    with serving(elsewhere) as port:
        for status in ("301 Moved", "302 Found", "307 Temporary", "308 Permanent"):
            place = f"http://127.0.0.1:{port}/"
            server.before = lambda *_, status=status, place=place: (status, [("Location", place)], b"")
            with pytest.raises(DavError, match="sends us elsewhere"):
                sync(remote, feeds, state)
    assert visited == []


def test_no_proxy_of_the_environment_is_sent_a_password_in_the_clear(
    server: Radicale, state: Path, feeds: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    visited: list[str] = []

    def proxy(environ: dict[str, Any], start: Any) -> list[bytes]:
        visited.append(environ["PATH_INFO"])
        start("502 Bad Gateway", [])
        return [b""]

    with serving(proxy) as port:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        with Remote(server.url, ME) as remote:
            assert not sync(remote, feeds, state).failures
    assert visited == []


def test_an_answer_is_read_up_to_a_size_and_no_further(server: Radicale, state: Path, feeds: dict[str, bytes]) -> None:
    server.before = lambda *_: ("207 Multi-Status", [("Content-Type", "text/xml")], b"<x/>" + b" " * 300_000)
    with Remote(server.url, ME, most=100_000) as remote, pytest.raises(DavError, match="over 100,000 bytes"):
        sync(remote, feeds, state)


def test_an_answer_that_is_packed_is_refused(
    remote: Remote, server: Radicale, feeds: dict[str, bytes], state: Path
) -> None:
    import gzip

    bomb = gzip.compress(b"\0" * 10_000_000)
    server.before = lambda *_: ("207 Multi-Status", [("Content-Encoding", "gzip")], bomb)
    with pytest.raises(DavError, match="packs its answer"):
        sync(remote, feeds, state)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no xml at all",
        b"<html><body>Welcome</body></html>",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        b'<multistatus xmlns="DAV:"><response><href>http://[</href></response></multistatus>',
        b'<multistatus xmlns="DAV:"><response><href>https://elsewhere.example/x/</href></response></multistatus>',
    ],
)
def test_an_answer_that_is_none_is_an_error_of_the_server(
    body: bytes, server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes]
) -> None:
    server.before = lambda *_: ("207 Multi-Status", [("Content-Type", "text/xml")], body)
    with pytest.raises(DavError, match="PROPFIND"):
        sync(remote, feeds, state)


def test_a_server_that_is_silent_or_not_there_is_given_up(state: Path, feeds: dict[str, bytes]) -> None:
    with socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        begun = time.monotonic()
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/office/"
        with Remote(url, ME, timeout=1) as remote, pytest.raises(DavError, match="cannot be"):
            sync(remote, feeds, state)
        assert time.monotonic() - begun < 30
    with Remote(url, ME, timeout=1) as remote, pytest.raises(DavError, match="cannot be"):
        sync(remote, feeds, state)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://ann:secret@dav.example.org/", "password in it"),
        ("http://dav.example.org/", "in the clear"),
        ("ftp://dav.example.org/", "not the address"),
        ("https://dav.example.org/?a=b", "folder"),
        ("https://dav.example.org:99999/", "not the address"),
        ("https://dav.example.org/a b", "not the address"),
        (7, "not the address"),
    ],
)
def test_an_address_that_no_password_should_be_sent_to_is_refused(url: object, why: str) -> None:
    (fault,) = check_url(url)
    assert why in fault.message
    assert "secret" not in str(fault)


def test_http_is_for_this_machine_or_for_who_asks_for_it() -> None:
    for url in ("http://localhost:5232/a/", "http://127.0.0.1/a/", "http://[::1]/a/", "https://dav.example.org/"):
        assert not list(check_url(url))
    assert not list(check_url("http://dav.example.org/", allow_http=True))


def test_credentials_come_from_the_environment_or_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_credentials("h", {}) is None
    assert find_credentials("h", {"UNSCHED_CALDAV_USER": "u", "UNSCHED_CALDAV_PASSWORD": "p"}) == Credentials("u", "p")
    keyring = pytest.importorskip("keyring")
    asked: list[tuple[str, str]] = []

    def get(service: str, user: str) -> str | None:
        asked.append((service, user))
        return "k" if user == "u" else None

    monkeypatch.setattr(keyring, "get_password", get)
    assert find_credentials("h", {"UNSCHED_CALDAV_USER": "u"}) == Credentials("u", "k")
    assert asked == [("unsched:h", "u")]
    with pytest.raises(InputError, match="keyring set unsched:h v"):
        find_credentials("h", {"UNSCHED_CALDAV_USER": "v"})

    def locked(*_: str) -> str | None:
        raise keyring.errors.KeyringLocked("the password is s3cret")

    monkeypatch.setattr(keyring, "get_password", locked)
    with pytest.raises(InputError) as raised:
        find_credentials("h", {"UNSCHED_CALDAV_USER": "u"})
    assert "s3cret" not in str(raised.value)


def test_a_user_is_led_to_the_folder_of_his_calendars(server: Radicale, state: Path, feeds: dict[str, bytes]) -> None:
    with Remote(server.url.removesuffix(f"{USER}/"), ME) as remote:
        remote.go_home()
        assert remote.url == server.url
        assert not sync(remote, feeds, state).failures


def test_a_folder_that_is_not_there_is_said_to_be_that(
    server: Radicale, remote: Remote, state: Path, feeds: dict[str, bytes]
) -> None:
    server.before = lambda method, _: ("409 Conflict", [], b"") if method == "MKCALENDAR" else None
    with pytest.raises(DavError, match="folder in which it should be is not there"):
        sync(remote, feeds, state)


# -- resources --------------------------------------------------------------------------------------------------------


def test_a_fingerprint_is_the_same_however_a_server_writes_it_down(
    server: Radicale, remote: Remote, feeds: dict[str, bytes], state: Path
) -> None:
    sync(remote, feeds, state)
    for feed in ("rooms/XII.ics", "rooms/XXVI.ics"):
        for one in resources(feeds[feed]).values():
            folder = feed.removesuffix(".ics").replace("/", "-")
            _, data = server.ask("GET", path(folder, one.uid))
            assert data != one.data  # Radicale writes them in its own way
            assert fingerprint(data) == fingerprint(one.data) is not None


def test_hostile_texts_come_back_as_they_were_sent(
    server: Radicale, remote: Remote, problem: Problem, schedule: Schedule, state: Path
) -> None:
    text = 'Ouverture, 1; a \\, "q" BEGIN:VEVENT\nUID:evil ' + "é" * 300 + " C:\\New"
    first, *others = problem.sessions
    changed = evolve(problem, sessions=[evolve(first, title=text, description=text), *others])
    feeds = rooms(changed, schedule)
    assert not sync(remote, feeds, state).failures
    assert said(sync(remote, feeds, state)) == []
    _, data = server.ask("GET", path("rooms-XXVI", CONSULTATION))
    assert fingerprint(data) == fingerprint(resources(feeds["rooms/XXVI.ics"])[CONSULTATION].data)
    # Without the state they are compared with what the server has made of them.
    state.unlink()
    assert {step.action for step in sync(remote, feeds, state).steps} == {"adopt"}


def test_a_series_is_one_resource_with_its_exceptions() -> None:
    zone = b"BEGIN:VTIMEZONE\r\nTZID:Europe/Zurich\r\nBEGIN:STANDARD\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    event = b"BEGIN:VEVENT\r\nUID:1@a\r\nSUMMARY:S\r\nDTSTART;TZID=Europe/Zurich:20101217T100000\r\nEND:VEVENT\r\n"
    other = b"BEGIN:VEVENT\r\nUID:1@a\r\nRECURRENCE-ID:20101218T090000Z\r\nSUMMARY:T\r\nEND:VEVENT\r\n"
    third = b"BEGIN:VEVENT\r\nUID:a/b \xc3\xa9\r\nSUMMARY:U\r\nEND:VEVENT\r\n"
    found = resources(b"BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\n" + zone + event + other + third + b"END:VCALENDAR\r\n")
    assert [one.data.count(b"BEGIN:VEVENT") for one in found.values()] == [2, 1]
    assert [b"VTIMEZONE" in one.data for one in found.values()] == [True, False]
    first, second = found.values()
    assert (first.title, first.name) == ("S", "1@a.ics")
    assert second.name.isascii()
    assert "/" not in second.name


# -- Radicale as it is run --------------------------------------------------------------------------------------------


def test_the_program_itself_takes_and_keeps_our_calendars(
    tmp_path: Path, state: Path, feeds: dict[str, bytes], later: dict[str, bytes]
) -> None:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    users = tmp_path / "users"
    users.write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    config = tmp_path / "config"
    config.write_text(
        f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = htpasswd\nhtpasswd_filename = {users}\n"
        f"htpasswd_encryption = plain\n[storage]\nfilesystem_folder = {tmp_path / 'kept'}\n",
        encoding="utf-8",
    )
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "radicale", "--config", str(config)], stderr=subprocess.DEVNULL
    ) as process:
        try:
            for _ in range(200):
                with socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            with Remote(f"http://127.0.0.1:{port}/{USER}/", ME, timeout=20) as remote:
                assert not sync(remote, feeds, state).failures
                assert not sync(remote, later, state).failures
                assert said(sync(remote, later, state)) == []
                found = remote.events(f"/{USER}/rooms-XII/", "20101217T000000Z", "20101218T000000Z")
        finally:
            process.terminate()
    (data,) = found.values()
    assert b"160000" in data
