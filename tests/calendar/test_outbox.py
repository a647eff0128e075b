from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message as Parsed
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from attrs import evolve

from unsched import Contact, InputError
from unsched.calendar.mail import mail, message_id, write_mails
from unsched.calendar.message import Message
from unsched.calendar.message_file import load_messages, save_messages
from unsched.calendar.outbox import send
from unsched.domain.publication import Told

STAMP = datetime(2010, 12, 6, 12, tzinfo=UTC)
START = datetime(2010, 12, 17, 9, tzinfo=UTC)


def message(to: str = "CH", sequence: int = 0, **more: Any) -> Message:
    facts: dict[str, Any] = {
        "method": "REQUEST",
        "reason": "new",
        "to": to,
        "name": to,
        "mail": f"{to.lower()}@example.org",
        "session": "wg",
        "segment": None,
        "uid": "wg@unsched",
        "sequence": sequence,
        "stamp": STAMP + timedelta(hours=sequence),
        "organizer": Contact("Secretariat", "office@example.org"),
        "title": "Working Group",
        "location": "Room XXVI",
        "start": START,
        "end": START + timedelta(hours=3),
        "before": None,
        "calendar": b"BEGIN:VCALENDAR\r\nDTSTART;TZID=Europe/Zurich:20101217T100000\r\nEND:VCALENDAR\r\n",
    }
    return Message(**{**facts, **more})


class Post:
    """A mail server's memory, and what it refuses."""

    def __init__(self) -> None:
        self.mails: list[Parsed] = []
        self.refuse: dict[str, str] = {}
        self.die_at: int | None = None
        self.port = 0

    async def handle_RCPT(  # noqa: N802  aiosmtpd's own name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  likewise
        if self.die_at == len(self.mails):
            server.transport.abort()
            return "451 gone"
        self.mails.append(message_from_bytes(envelope.content))
        return "250 OK"

    @property
    def told(self) -> list[str]:
        return [str(one["To"]) for one in self.mails]


@pytest.fixture
def post() -> Iterator[Post]:
    post = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        post.port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    yield post
    controller.stop()


def run(post: Post, messages: list[Message], box: Path) -> Any:
    with smtplib.SMTP("127.0.0.1", post.port) as server:
        return send(messages, server, box)


def test_all_goes_out_and_the_second_run_sends_nothing(post: Post, tmp_path: Path) -> None:
    box = tmp_path / "outbox.json"
    assert len(run(post, [message("CH"), message("EG")], box).of("sent")) == 2
    assert run(post, [message("CH"), message("EG")], box).outcomes == ()
    assert post.told == ["CH <ch@example.org>", "EG <eg@example.org>"]


def test_what_fails_for_now_is_retried_alone_and_what_is_refused_for_good_is_not(post: Post, tmp_path: Path) -> None:
    box = tmp_path / "outbox.json"
    post.refuse = {"eg@example.org": "451 later", "lt@example.org": "550 nobody"}
    messages = [message("CH"), message("EG"), message("LT")]
    done = run(post, messages, box)
    assert [(one.to, one.state, one.reason) for one in done.outcomes] == [
        ("CH", "sent", ""),
        ("EG", "failed", "451 later"),
        ("LT", "refused", "550 nobody"),
    ]
    post.refuse = {}
    assert [one.to for one in run(post, [], box).of("sent")] == ["EG"]
    run(post, [evolve(messages[2], mail="other@example.org")], box)
    assert post.told == ["CH <ch@example.org>", "EG <eg@example.org>", "LT <other@example.org>"]


def test_a_server_that_dies_leaves_the_rest_waiting(post: Post, tmp_path: Path) -> None:
    box = tmp_path / "outbox.json"
    post.die_at = 1
    done = run(post, [message("CH"), message("EG"), message("LT")], box)
    assert done.stopped
    assert [one.to for one in done.of("sent")] == ["CH"]
    post.die_at = None
    assert [one.to for one in run(post, [], box).of("sent")] == ["EG", "LT"]
    assert len(post.told) == 3


class Killed(BaseException):
    """As if the process had ended there."""


@pytest.mark.parametrize("after", [False, True], ids=["before it has gone", "after it has gone"])
@pytest.mark.parametrize("at", range(3))
def test_whoever_is_killed_repeats_at_most_the_mail_in_flight(tmp_path: Path, at: int, *, after: bool) -> None:
    gone: list[str] = []

    class Fake:
        left = at

        def send_message(self, msg: Any) -> dict[str, Any]:
            if self.left == 0 and not after:
                raise Killed
            gone.append(str(msg["Message-ID"]))
            if self.left == 0:
                raise Killed
            self.left -= 1
            return {}

    messages = [message("CH"), message("EG"), message("LT")]
    box = tmp_path / "outbox.json"
    with pytest.raises(Killed):
        send(messages, Fake(), box)
    calm = Fake()
    calm.left = 99
    send(messages, calm, box)
    ids = [message_id(one) for one in messages]
    assert list(dict.fromkeys(gone)) == ids
    assert len(gone) == 3 + after
    send(messages, calm, box)
    assert len(gone) == 3 + after


def test_a_newer_message_takes_the_place_of_one_that_was_not_sent(post: Post, tmp_path: Path) -> None:
    box = tmp_path / "outbox.json"
    post.refuse = {"ch@example.org": "451 later"}
    run(post, [message()], box)
    post.refuse = {}
    moved = message(
        sequence=1, reason="changed", before=Told("Working Group", "Room I", START, START + timedelta(hours=3))
    )
    run(post, [moved], box)
    run(post, [message()], box)
    assert [str(one["Subject"]) for one in post.mails] == ["Invitation: Working Group, Friday 17 December 2010, 10:00"]


def test_a_dry_run_sends_and_writes_nothing_and_says_who_would_be_told(tmp_path: Path) -> None:
    box = tmp_path / "outbox.json"
    done = send([message(), message("EG", mail=None)], None, box, dry_run=True)
    assert ([one.to for one in done.outcomes], done.unaddressed) == (["CH"], ("EG",))
    assert not box.exists()


def test_messages_come_back_from_their_file_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    told = Told("A", "B", START, START + timedelta(hours=1))
    messages = (message(before=told, reason="changed"), message("EG", mail=None, segment="1", title="\ud800 é"))
    path = save_messages(messages, tmp_path / "messages.json")
    assert load_messages(path) == messages
    path.write_text(path.read_text(encoding="utf-8").replace('"REQUEST"', "3"), encoding="utf-8")
    with pytest.raises(InputError, match=r"messages\[0\]\.method"):
        load_messages(path)


@pytest.mark.parametrize("title", ["A\r\nBcc: x@example.org", "<b>&</b>", "\u202eabc", "x" * 5000, "🎉", "\ud800"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_hostile_title_stays_a_title(title: str, language: str) -> None:
    raw = mail(message(title=title), language=language).as_bytes()
    parsed = message_from_bytes(raw)
    assert parsed["Bcc"] is None
    assert max(map(len, raw.split(b"\r\n"))) < 998
    pages = [part.get_payload(decode=True) for part in parsed.walk() if part.get_content_type() == "text/html"]
    assert b"<b>&" not in pages[0]
    kinds = [part.get_content_type() for part in parsed.walk()]
    nested = ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"]
    assert kinds == [*nested, "application/ics"]
    calendars = [part for part in parsed.walk() if part.get_content_type() in {"text/calendar", "application/ics"}]
    assert [part.get_payload(decode=True) for part in calendars] == [message().calendar] * 2
    assert calendars[0].get_param("method") == "REQUEST"


SCRIPT = """
import sys
from unsched.calendar.mail import mail
from unsched.calendar.message_file import load_messages
for one in load_messages(sys.argv[1]):
    sys.stdout.buffer.write(mail(one, language="fr").as_bytes())
"""


def test_a_mail_is_the_same_whatever_the_hash_seed_and_the_machines_zone(tmp_path: Path) -> None:
    path = save_messages([message(), message("EG")], tmp_path / "messages.json")
    found = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    assert found[0] == found[1] != b""


def test_mails_are_files_of_safe_names_and_those_without_address_have_none(tmp_path: Path) -> None:
    (path,) = write_mails([message("../x", mail="x@example.org"), message("EG", mail=None)], tmp_path)
    assert path.parent == tmp_path
    assert path.read_bytes().startswith(b"Subject: Invitation")


def cancelled(sequence: int = 1, **more: Any) -> Message:
    return message(sequence=sequence, method="CANCEL", reason="cancelled", **more)


def test_an_invitation_that_never_went_out_is_not_cancelled(post: Post, tmp_path: Path) -> None:
    box = tmp_path / "outbox.json"
    post.refuse = {"ch@example.org": "451 later", "lt@example.org": "550 nobody"}
    run(post, [message("CH"), message("LT"), message("EG")], box)
    post.refuse = {}
    done = run(post, [cancelled(to="CH"), cancelled(to="LT"), cancelled(to="EG")], box)
    assert [(one.to, one.method, one.state) for one in done.outcomes] == [("EG", "CANCEL", "sent")]
    assert post.told == ["EG <eg@example.org>"] * 2


def test_what_is_cancelled_is_invited_again_and_cancelled_again(post: Post, tmp_path: Path) -> None:
    box = tmp_path / "outbox.json"
    run(post, [message()], box)
    run(post, [cancelled()], box)
    post.refuse = {"ch@example.org": "451 later"}
    run(post, [message(sequence=2)], box)
    post.refuse = {}
    assert run(post, [cancelled(3)], box).outcomes == ()
    assert [one.method for one in run(post, [message(sequence=4)], box).of("sent")] == ["REQUEST"]
    assert [one.method for one in run(post, [cancelled(5)], box).of("sent")] == ["CANCEL"]


def test_a_cancellation_without_any_record_of_the_invitation_is_sent(post: Post, tmp_path: Path) -> None:
    assert [one.method for one in run(post, [cancelled()], tmp_path / "outbox.json").of("sent")] == ["CANCEL"]


def test_what_may_have_gone_out_when_the_server_died_is_cancelled(post: Post, tmp_path: Path) -> None:
    box = tmp_path / "outbox.json"
    post.die_at = 0
    assert run(post, [message()], box).stopped
    post.die_at = None
    done = run(post, [cancelled()], box)
    assert [(one.method, one.state) for one in done.outcomes] == [("CANCEL", "sent")]


def test_one_mailbox_may_stand_for_two_and_one_invitee_may_change_it(post: Post, tmp_path: Path) -> None:
    box = tmp_path / "outbox.json"
    shared = [message("CH", mail="both@example.org"), message("LI", mail="both@example.org")]
    run(post, shared, box)
    moved = [cancelled(to="CH", mail="both@example.org"), message("CH", 1, mail="new@example.org")]
    assert len(run(post, moved, box).of("sent")) == 2
    assert [one.rpartition("<")[2] for one in post.told] == ["both@example.org>"] * 3 + ["new@example.org>"]


def test_the_same_message_made_at_another_time_is_not_sent_again(post: Post, tmp_path: Path) -> None:
    def made(at: str) -> Message:
        calendar = message().calendar.replace(b"DTSTART", f"DTSTAMP:{at}\r\nDTSTART".encode())
        return message(calendar=calendar, stamp=datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))

    box = tmp_path / "outbox.json"
    first, again = made("20101206T120000Z"), made("20101206T130000Z")
    assert first.key == again.key
    assert first.key != evolve(first, calendar=first.calendar.replace(b"T100000", b"T110000")).key
    assert len(run(post, [first], box).of("sent")) == 1
    assert run(post, [again], box).outcomes == ()


def test_two_runs_do_not_send_from_one_outbox_at_once(tmp_path: Path) -> None:
    box = tmp_path / "outbox.json"

    class Slow:
        def send_message(self, msg: Any) -> dict[str, Any]:
            with pytest.raises(InputError, match="somebody else is sending"):
                send([message("EG")], self, box)
            return {}

    assert len(send([message()], Slow(), box).of("sent")) == 1
    assert len(send([message()], Slow(), box, dry_run=True).outcomes) == 0


def test_an_outbox_that_is_none_is_refused_by_its_first_fault(tmp_path: Path) -> None:
    box = tmp_path / "outbox.json"
    send([message()], None, box, dry_run=True)
    for text, said in (
        ("{}", "this is no outbox"),
        ('{"schema": "unsched/outbox/1", "taken": true, "outbox": []}', "taken"),
        ('{"schema": "unsched/outbox/1", "taken": 0, "outbox": [{"key": 1}]}', r"outbox\[0\]"),
    ):
        box.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=said):
            send([], None, box)
