from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from unsched import load_problem, load_publication
from unsched.cli import main

FIRST, LATER = "2010-12-06T12:00:00+00:00", "2010-12-07T12:00:00+00:00"
NOON = ("2010-12-17T10:00:00+01:00", "2010-12-17T13:00:00+01:00")
SECRET = "hunter2"  # noqa: S105  a test's


@pytest.fixture
def facts(week: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """The data of a problem: Brazil and Egypt at the opening, Brazil at the closing, and a guest without an address."""
    data = week(
        organizer={"name": "Office", "mail": "office@example.org"},
        delegations=[
            {"id": "brazil", "name": "Brazil", "mail": "br@example.org"},
            {"id": "egypt", "name": "Egypt", "mail": "eg@example.org"},
            {"id": "guest"},
        ],
        rules=[],
    )
    data["sessions"][0]["invited"] = ["brazil", "egypt"]
    data["sessions"][1]["invited"] = ["brazil", "guest"]
    return data


@pytest.fixture
def case(facts: dict[str, Any], write: Callable[[str, object], str]) -> str:
    return write("problem.json", facts)


def booked(opening: tuple[str, str] = NOON, *more: str, revision: int = 0) -> dict[str, Any]:
    bookings = [{"session": "a", "room": "I", "start": opening[0], "end": opening[1]}]
    if "b" in more:
        bookings.append(
            {"session": "b", "room": "I", "start": "2010-12-17T15:00+01:00", "end": "2010-12-17T16:00+01:00"}
        )
    return {
        "schema": "unsched/schedule/1",
        "problem": "week",
        "zone": "Europe/Zurich",
        "revision": revision,
        "bookings": bookings,
    }


class Post:
    """A mail server that asks for a password, and remembers its mails."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.refuse: dict[str, str] = {}

    def login(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == SECRET.encode(), handled=data.password == SECRET.encode())

    async def handle_RCPT(  # noqa: N802  aiosmtpd's own name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  likewise
        self.mails.append(message_from_bytes(envelope.content))
        return "250 OK"

    @property
    def told(self) -> list[tuple[str, str]]:
        return [(str(one["To"]), str(one["Subject"])) for one in self.mails]


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    post = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port, auth_require_tls=False, authenticator=post.login)
    controller.start()
    for name, value in {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "TLS": "none",
        "USER": "ann",
        "PASSWORD": SECRET,
    }.items():
        monkeypatch.setenv(f"UNSCHED_SMTP_{name}", value)
    yield post
    controller.stop()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run a command; returns its exit code and all that it printed."""

    def run(*arguments: object) -> tuple[int, str]:
        code = main([str(one) for one in arguments])
        printed = capsys.readouterr()
        assert SECRET not in printed.out + printed.err
        return code, printed.out + printed.err

    return run


Run = Callable[..., tuple[int, str]]
Write = Callable[[str, object], str]


def test_a_schedule_is_published_and_sent_and_told_anew_only_where_it_changes(
    case: str, write: Write, run: Run, post: Post, out: Path
) -> None:
    place = ("--out", out)
    first = write("one.json", booked(NOON, "b"))
    code, text = run("publish", case, first, *place, "--stamp", FIRST)
    assert code == 0
    assert text == (
        "week: this is revision 1, of 2010-12-06 12:00 UTC: 4 messages, in Europe/Zurich time\n"
        "  Brazil <br@example.org>\n"
        "    invited    Opening [a]: Fri 17 Dec 10:00-13:00, I\n"
        "    invited    Closing [b]: Fri 17 Dec 15:00-16:00, I\n"
        "  Egypt <eg@example.org>\n"
        "    invited    Opening [a]: Fri 17 Dec 10:00-13:00, I\n"
        "  guest (no address)\n"
        "    invited    Closing [b]: Fri 17 Dec 15:00-16:00, I\n"
        f"Written to {out / 'messages' / '000001'}; nothing has been sent.\n"
    )
    assert post.mails == []
    code, text = run("send", *place, "--dry-run")
    assert (code, post.mails) == (0, [])
    assert text.startswith(
        "Would be sent (3), in Europe/Zurich time:\n  Brazil <br@example.org>\n    invited    Opening"
    )
    assert text.endswith("Without an address, to be handed their files: guest\n")
    post.refuse = {"eg@example.org": "451 later"}
    code, text = run("send", *place)
    assert code == 1
    assert "Sent (2)" in text
    assert "Not sent, and tried again next time (1)" in text
    assert "eg@example.org: 451 later" in text
    post.refuse = {}
    assert run("send", *place)[0] == 0
    assert run("send", *place) == (0, "There is nothing to send.\n")
    subjects = [subject for _, subject in post.told]
    assert len(subjects) == 3
    # The opening moves to the afternoon, and the closing is called off.
    second = write("two.json", booked(("2010-12-17T15:00:00+01:00", "2010-12-17T18:00:00+01:00")))
    code, text = run("publish", case, second, *place, "--stamp", LATER)
    assert "moved      Opening [a]: Fri 17 Dec 10:00-13:00 -> Fri 17 Dec 15:00-18:00\n" in text
    assert "cancelled  Closing [b]: was Fri 17 Dec 15:00-16:00, I\n" in text
    assert b"SUMMARY:Cancelled: Closing" in (out / "programme.ics").read_bytes()
    assert (out / "messages" / "000002" / "brazil" / "b.cancel.ics").is_file()
    assert run("publish", case, second, *place, "--stamp", LATER)[1].startswith("week: nothing is new since revision 2")
    assert run("send", *place, "--language", "fr")[0] == 0
    assert [(to, subject.partition("\u00a0")[0]) for to, subject in decoded(post)[3:]] == [
        ("Brazil <br@example.org>", "Déplacée"),
        ("Egypt <eg@example.org>", "Déplacée"),
        ("Brazil <br@example.org>", "Annulée"),
    ]


@pytest.mark.parametrize("stamp", ["2010-12-06T12:00:35+00:00", "2010-12-06T12:00:35.5+00:00", None])
def test_a_publication_is_made_at_any_second(stamp: str | None, case: str, write: Write, run: Run, out: Path) -> None:
    place = ("--out", out, *(() if stamp is None else ("--stamp", stamp)))
    first = write("one.json", booked(NOON, "b"))
    code, text = run("publish", case, first, *place)
    assert (code, "4 messages" in text) == (0, True)
    assert run("publish", case, first, *place)[1].startswith("week: nothing is new since revision 1")
    if stamp is not None:
        assert b"DTSTAMP:20101206T120035Z" in (out / "messages" / "000001" / "brazil" / "a.request.ics").read_bytes()


@pytest.mark.parametrize("name", ["publication.json", "schedule.json", "publication.attendance.json"])
def test_a_problem_is_written_over_nothing_else(name: str, case: str, write: Write, run: Run, out: Path) -> None:
    first = write("one.json", booked(NOON, "b"))
    assert run("publish", case, first, "--out", out, "--stamp", FIRST)[0] == 0
    target = out / name
    if not target.exists():
        target.write_text(Path(first).read_text(encoding="utf-8"), encoding="utf-8")
    before = target.read_bytes()
    state = out / "publication.json"
    code, text = run("replies", "--state", state, "--problem", case, "--to", target)
    assert (code, "another file" in text) == (2, True)
    assert target.read_bytes() == before


def test_a_published_schedule_is_not_planned_over(case: str, write: Write, run: Run, out: Path) -> None:
    first = write("one.json", booked(NOON, "b"))
    assert run("publish", case, first, "--out", out, "--stamp", FIRST)[0] == 0
    kept = out / "schedule.json"
    kept.write_text(Path(first).read_text(encoding="utf-8"), encoding="utf-8")
    before = kept.read_bytes()
    for command in (["plan", case, "--out", out], ["demo", "--out", out]):
        code, text = run(*command)
        assert (code, "has been published" in text) == (2, True)
    assert kept.read_bytes() == before


def decoded(post: Post) -> list[tuple[str, str]]:
    from email.header import decode_header, make_header

    return [(to, str(make_header(decode_header(subject)))) for to, subject in post.told]


def test_a_dry_run_of_publish_writes_nothing(case: str, write: Write, run: Run, out: Path) -> None:
    code, text = run("publish", case, write("one.json", booked()), "--out", out, "--stamp", FIRST, "--dry-run")
    assert (code, text.splitlines()[0]) == (
        0,
        "week: this would be revision 1, of 2010-12-06 12:00 UTC: 2 messages, in Europe/Zurich time",
    )
    assert not out.exists()


def test_a_schedule_made_from_an_older_publication_is_refused(case: str, write: Write, run: Run, out: Path) -> None:
    place = ("--out", out, "--state", out / "state.json", "--no-calendars")
    assert run("publish", case, write("one.json", booked(revision=2)), *place, "--stamp", FIRST)[0] == 0
    code, text = run("publish", case, write("two.json", booked(revision=1)), *place, "--stamp", LATER)
    assert code == 2
    assert "schedule.revision: the schedule is revision 1, and revision 2 has been published" in text
    assert load_publication(out / "state.json").revision == 1
    assert sorted(path.name for path in out.iterdir()) == ["messages", "state.json", "state.json.lock"]


@pytest.mark.usefixtures("post")
def test_json_says_the_same_to_programs(case: str, write: Write, run: Run, out: Path) -> None:
    place = ("--out", out, "--json")
    code, text = run("publish", case, write("one.json", booked(NOON, "b")), *place, "--stamp", FIRST)
    data = json.loads(text)
    assert (code, data["revision"], data["unchanged"]) == (0, 1, 0)
    assert [(one["to"], one["method"], one["session"]) for one in data["messages"]] == [
        ("brazil", "REQUEST", "a"),
        ("egypt", "REQUEST", "a"),
        ("brazil", "REQUEST", "b"),
        ("guest", "REQUEST", "b"),
    ]
    assert str(out / "messages" / "000001" / "egypt" / "a.request.ics") in data["files"]
    data = json.loads(run("send", *place)[1])
    assert [(one["to"], one["state"]) for one in data["outcomes"]] == [
        ("brazil", "sent"),
        ("egypt", "sent"),
        ("brazil", "sent"),
    ]
    assert (data["unaddressed"], data["stopped"], data["dry_run"]) == (["guest"], "", False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"HOST": ""}, "UNSCHED_SMTP_HOST: no mail server is named"),
        ({"PORT": "many"}, "UNSCHED_SMTP_PORT: 'many' is no port"),
        ({"PORT": "1"}, "UNSCHED_SMTP_HOST: no mail server can be talked to at 127.0.0.1:1"),
        ({"TLS": "yes"}, "UNSCHED_SMTP_TLS: 'yes' is none of"),
        ({"TLS": "starttls"}, "no mail server can be talked to at 127.0.0.1"),
        ({"PASSWORD": ""}, "UNSCHED_SMTP_PASSWORD: there is no password of 'ann'"),
        ({"PASSWORD": "wrong"}, "does not take this user and password (535)"),
        ({"HOST": "mail.example.org"}, "UNSCHED_SMTP_TLS: the password would go to 'mail.example.org' in the clear"),
        ({"FROM": "nobody"}, "UNSCHED_SMTP_FROM: 'nobody' is no sender"),
    ],
)
def test_without_a_server_that_takes_us_nothing_is_lost(
    case: str,
    write: Write,
    run: Run,
    post: Post,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, str],
    message: str,
) -> None:
    run("publish", case, write("one.json", booked()), "--out", out, "--stamp", FIRST)
    with monkeypatch.context() as patch:
        for name, value in change.items():
            patch.setenv(f"UNSCHED_SMTP_{name}", value)
        code, text = run("send", "--out", out)
        assert code == 2
        assert message in text
    monkeypatch.setenv("UNSCHED_SMTP_FROM", "Conference Services <services@example.org>")
    assert run("send", "--out", out)[0] == 0
    assert [str(one["From"]) for one in post.mails] == ["Conference Services <services@example.org>"] * 2
    assert [str(one["Reply-To"]) for one in post.mails] == ["Office <office@example.org>"] * 2


@pytest.mark.usefixtures("post")
def test_sending_needs_what_was_published(case: str, write: Write, run: Run, out: Path) -> None:
    code, text = run("send", "--out", out)
    assert (code, "there is no such file" in text) == (2, True)
    run("publish", case, write("one.json", booked()), "--out", out, "--stamp", FIRST)
    code, text = run("send", "--out", out.with_name("elsewhere"), "--state", out / "publication.json")
    assert code == 2
    assert "the messages of revision 1 are not in" in text


def reply(out: Path, who: str, status: str, session: str = "a", *, at: str = "20101208T090000Z", **more: str) -> str:
    entry = next(one for one in load_publication(out / "publication.json").entries if one.session == session)
    lines = ["BEGIN:VCALENDAR", "METHOD:REPLY", "BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{at}", "SEQUENCE:0"]
    lines += [f"ATTENDEE;PARTSTAT={status}:mailto:{who}@example.org", *(f"{k}:{v}" for k, v in more.items())]
    file = out / f"{who}-{status}-{session}.ics"
    file.write_text("\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""]), encoding="utf-8")
    return str(file)


def test_answers_are_kept_and_make_a_problem_that_can_be_planned_anew(
    case: str, write: Write, run: Run, out: Path, tmp_path: Path
) -> None:
    run("publish", case, write("one.json", booked(NOON, "b")), "--out", out, "--stamp", FIRST)
    state = out / "publication.json"
    no, yes = reply(out, "br", "DECLINED", COMMENT="In New York"), reply(out, "eg", "ACCEPTED")
    code, text = run("replies", no, yes, "--state", state, "--problem", case, "--to", tmp_path / "next.json")
    assert code == 0
    assert text == (
        "Opening [a], 2010-12-17 10:00\n"
        "  accepted   Egypt\n"
        "  declined   Brazil (In New York)\n"
        "Closing [b], 2010-12-17 15:00\n"
        "  waiting    Brazil, guest\n"
    )
    # It is known from now on, without the files.
    assert run("replies", "--state", state)[1] == text
    anew = load_problem(tmp_path / "next.json")
    brazil = anew.delegation("brazil")
    assert anew.present(brazil) is not None
    assert anew.window.minute("2010-12-17T11:00") not in [
        minute for part in anew.present(brazil) or () for minute in range(part.start, part.end)
    ]
    late = reply(out, "br", "ACCEPTED", at="20101209T090000Z")
    data = json.loads(run("replies", late, no, "--state", state, "--json")[1])
    assert [(one["party"], one["answer"]) for one in data["attendance"]][:2] == [
        ("brazil", "accepted"),
        ("egypt", "accepted"),
    ]


def test_what_cannot_be_read_keeps_nobody_elses_answer_from_counting(
    case: str, write: Write, run: Run, out: Path
) -> None:
    run("publish", case, write("one.json", booked()), "--out", out, "--stamp", FIRST)
    state = out / "publication.json"
    stranger, yes = reply(out, "xx", "ACCEPTED"), reply(out, "eg", "ACCEPTED")
    code, text = run("replies", stranger, yes, "--state", state)
    assert code == 1
    assert "  accepted   Egypt\n" in text
    assert f"Left out:\n  {stranger}, line 7, VEVENT: 'mailto:xx@example.org' is not invited to 'a'" in text
    code, text = run("replies", out / "none.ics", "--state", state)
    assert (code, f"{out / 'none.ics'}: there is no such file" in text) == (2, True)


def test_what_answers_mean_goes_to_another_file_than_the_problem(case: str, write: Write, run: Run, out: Path) -> None:
    run("publish", case, write("one.json", booked()), "--out", out, "--stamp", FIRST)
    state = out / "publication.json"
    code, text = run("replies", "--state", state, "--problem", case, "--to", case)
    assert (code, "would replace" in text) == (2, True)
    code, text = run("replies", "--state", state, "--problem", case)
    assert (code, "--problem and --to go together" in text) == (2, True)
