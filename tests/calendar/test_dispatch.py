from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from attrs import evolve

from unsched import InputError, Problem, Schedule, publish, send_published, write_release
from unsched.calendar.dispatch import outbox_of

FIRST = datetime(2010, 12, 6, 12, tzinfo=UTC)


class Post:
    """Remembers to whom mails went."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def send_message(self, msg: EmailMessage) -> dict[str, tuple[int, bytes]]:
        self.told.append(str(msg["To"]))
        return {}


@pytest.fixture
def case(problem: Problem) -> Problem:
    """Two have an address."""
    mails = {"CH": "ch@example.org", "IR": "ir@example.org"}
    return evolve(problem, delegations=[evolve(one, mail=mails.get(one.id)) for one in problem.delegations])


def test_each_revision_is_sent_once_and_its_folder_may_go_then(
    case: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    state, post = tmp_path / "state.json", Post()
    first = publish(case, schedule, None, stamp=FIRST)
    write_release(first, tmp_path, state)
    due = send_published(state, tmp_path, None, dry_run=True)
    assert {one.to for one in due.outcomes} == {"CH", "IR"}
    assert due.unaddressed == ("riehl", "EG")
    assert not outbox_of(state).exists()
    send_published(state, tmp_path, post)
    assert len(post.told) == 2
    shutil.rmtree(tmp_path / "messages" / "000001")
    fewer = evolve(schedule, bookings=[one for one in schedule if one.session != "drafting"])
    write_release(publish(case, fewer, first.publication, stamp=FIRST + timedelta(days=1)), tmp_path, state)
    done = send_published(state, tmp_path, post)
    assert [(one.to, one.method, one.state) for one in done.outcomes] == [("IR", "CANCEL", "sent")]
    assert len(post.told) == 3


def test_a_folder_that_is_gone_before_it_was_sent_is_missed(case: Problem, schedule: Schedule, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    write_release(publish(case, schedule, None, stamp=FIRST), tmp_path, state)
    shutil.rmtree(tmp_path / "messages")
    with pytest.raises(InputError, match="the messages of revision 1 are not in"):
        send_published(state, tmp_path, Post())


def test_a_publication_from_before_what_has_been_sent_is_refused(
    case: Problem, schedule: Schedule, tmp_path: Path
) -> None:
    state, box, post = tmp_path / "state.json", tmp_path / "box.json", Post()
    first = publish(case, schedule, None, stamp=FIRST)
    write_release(first, tmp_path, state)
    before = state.read_bytes()
    moved = evolve(schedule, bookings=[evolve(one, room="IX") for one in schedule])
    write_release(publish(case, moved, first.publication, stamp=FIRST + timedelta(days=1)), tmp_path, state)
    send_published(state, tmp_path, post, box)
    # Neither had gone out when the rooms changed: each is told once, of what is so.
    assert len(post.told) == 2
    state.write_bytes(before)
    with pytest.raises(InputError, match="the outbox has sent revision 2, and the publication is revision 1"):
        send_published(state, tmp_path, post, box)


def test_what_a_crash_left_is_not_sent(case: Problem, schedule: Schedule, tmp_path: Path) -> None:
    state, post = tmp_path / "state.json", Post()
    first = publish(case, schedule, None, stamp=FIRST)
    write_release(first, tmp_path, state)
    before = state.read_bytes()
    moved = evolve(schedule, bookings=[evolve(one, room="IX") for one in schedule])
    write_release(publish(case, moved, first.publication, stamp=FIRST + timedelta(days=1)), tmp_path, state)
    state.write_bytes(before)  # as if it had ended right before the state was written
    send_published(state, tmp_path, post)
    assert len(post.told) == 2
    # At another time, with something else to tell.
    fewer = evolve(schedule, bookings=[one for one in schedule if one.session == "consultation"])
    write_release(publish(case, fewer, first.publication, stamp=FIRST + timedelta(days=2)), tmp_path, state)
    done = send_published(state, tmp_path, post)
    assert [(one.to, one.method) for one in done.outcomes] == [("IR", "CANCEL")]
