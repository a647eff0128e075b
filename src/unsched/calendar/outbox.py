"""Sending messages once each, whatever fails on the way.

The outbox is a JSON file with all that is still to be sent, and what has become of the rest. While mails go out, a
journal beside it takes a line before and after each, which is safely on the disk before anything else happens; so
whoever is killed repeats at most the one mail that was in flight, under the same Message-ID.
"""

from __future__ import annotations

import os
import smtplib
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from email.message import EmailMessage
from pathlib import Path
from typing import Final, Protocol

from attrs import evolve, frozen

from unsched.calendar.mail import check_language, mail
from unsched.calendar.message import Message
from unsched.calendar.outbox_file import Box, Outcome, journal_of, load_box, note, save_box, settle
from unsched.calendar.text import one_line
from unsched.domain.people import Contact
from unsched.exchange.lock import alone

__all__ = ["Delivery", "Outcome", "Server", "send"]

MAX_REASON: Final = 300


class Server(Protocol):
    """Whatever sends mails as `smtplib.SMTP` does."""

    def send_message(self, msg: EmailMessage) -> Mapping[str, tuple[int, bytes]]:
        """Send one mail; returns the receivers that were refused."""
        ...


@frozen
class Delivery:
    """What a run of `send` did.

    Args:
        outcomes: of each message that this run tried, or would try.
        unaddressed: ids of those who have no mail address.
        stopped: why the run ended before its end; "" where it did not.
    """

    outcomes: tuple[Outcome, ...]
    unaddressed: tuple[str, ...] = ()
    stopped: str = ""

    def of(self, state: str) -> tuple[Outcome, ...]:
        """Return the outcomes of one state."""
        return tuple(outcome for outcome in self.outcomes if outcome.state == state)


def send(
    messages: Iterable[Message],
    server: Server | None,
    record: str | os.PathLike[str],
    *,
    language: str = "en",
    sender: Contact | None = None,
    dry_run: bool = False,
    taken: int = 0,
) -> Delivery:
    """Send messages, and those that earlier runs could not send; each once.

    What a server refuses for good (5xx) is not tried again; what fails for now (4xx) is tried by the next run. Where
    the server is gone, or does not take the sender, the run ends, and the rest waits. A newer message for the same
    invitee and event takes the place of one that was not sent, and then says all that the invitee does not know; a
    cancellation of an invitation that has never gone out is needless, and not sent.

    Send what has been published (`write_release`), not what is yet to be: what is published after a crash may be
    something else.

    Args:
        messages: those of a release; all that was sent before is left out.
        server: sends; not used with `dry_run`.
        record: the outbox, a JSON file, made if it is not there.
        language: as in `mail`.
        sender: as in `mail`.
        dry_run: whether only to return who would be told what: nothing is sent or written.
        taken: the revision whose messages these are, the last of them, if all up to it are there; kept in the outbox.

    Raises:
        InputError: the outbox cannot be read, or another run is sending from it, or a language or an address is none.
        OSError: the outbox cannot be written.
    """
    check_language(language)
    path = Path(record)
    idle = dry_run or server is None
    with nullcontext() if idle else alone(path, "sending"):
        box = load_box(path)
        box = evolve(box, taken=max(box.taken, taken))
        outcomes = box.outcomes
        threads: dict[tuple[str, str, str], list[str]] = {}
        for outcome in outcomes.values():
            threads.setdefault(outcome.thread, []).append(outcome.key)
        unaddressed = []
        for message in messages:
            if message.mail is None:
                unaddressed.append(message.to)
            elif message.key not in outcomes:
                _put(outcomes, threads, message, message.mail)
        due = [outcome for outcome in outcomes.values() if outcome.open]
        # All that can be wrong with a mail is found before the first one is sent.
        built = {one.key: mail(one.message, language=language, sender=sender) for one in due if one.message is not None}
        if idle or server is None:
            return Delivery(tuple(due), tuple(dict.fromkeys(unaddressed)))
        save_box(path, box)
        tried, stopped = _send_all(server, box, due, built, path)
        save_box(path, box)
    return Delivery(tuple(tried), tuple(dict.fromkeys(unaddressed)), stopped)


def _send_all(
    server: Server, box: Box, due: Iterable[Outcome], built: Mapping[str, EmailMessage], path: Path
) -> tuple[list[Outcome], str]:
    """Send mails until the server is gone; return what has become of those that were tried, and why it ended."""
    tried: list[Outcome] = []
    with journal_of(path).open("ab") as journal:
        for outcome in due:
            note(journal, evolve(outcome, tried=True))
            state, reason, sure, stopped = _send(server, built[outcome.key])
            # Whoever has got it before may have it still, whatever the server says now.
            box.outcomes[outcome.key] = settle(outcome, state, reason, tried=outcome.tried or not sure)
            note(journal, box.outcomes[outcome.key])
            if stopped:
                return tried, stopped
            tried.append(evolve(box.outcomes[outcome.key], message=outcome.message))
    return tried, ""


def _send(server: Server, message: EmailMessage) -> tuple[str, str, bool, str]:
    """Return the state, the server's reason, whether that is sure, and why no other mail need be tried, if so."""
    try:
        refused = server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
    except smtplib.SMTPSenderRefused as error:
        return "waiting", "", True, f"the sender was refused: {_said(error.smtp_code, error.smtp_error)}"
    except smtplib.SMTPServerDisconnected as error:
        return "waiting", "", False, f"the server is gone: {_said(0, str(error))}"
    except smtplib.SMTPNotSupportedError as error:
        return "refused", _said(0, str(error)), True, ""
    except smtplib.SMTPResponseException as error:
        return _class_of(error.smtp_code), _said(error.smtp_code, error.smtp_error), True, ""
    except OSError as error:
        return "waiting", "", False, f"the server cannot be reached: {_said(0, str(error))}"
    for code, text in refused.values():
        return _class_of(code), _said(code, text), True, ""
    return "sent", "", True, ""


def _class_of(code: int) -> str:
    return "refused" if 500 <= code < 600 else "failed"


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code or ''} {one_line(words)}".strip()[:MAX_REASON]


def _put(
    box: dict[str, Outcome], threads: dict[tuple[str, str, str], list[str]], message: Message, address: str
) -> None:
    """Put a message into the outbox, in the place of older ones that have not gone out."""
    rank = (message.sequence, message.stamp.timestamp())
    outcome = Outcome(message.key, message.to, address, message.uid, message.method, rank, message=message)
    thread = threads.setdefault(outcome.thread, [])
    others = [box[key] for key in thread]
    if message.method == "CANCEL" and others and not _may_have(others):
        outcome = evolve(outcome, state="needless", message=None)
    for other in others:
        if other.rank > rank and other.state != "superseded":
            outcome = evolve(outcome, state="superseded", message=None)
        elif other.open:
            if outcome.message is not None and other.message is not None and not other.tried:
                outcome = evolve(outcome, message=_take_over(other.message, outcome.message))
            box[other.key] = evolve(other, state="superseded", message=None)
    box[outcome.key] = outcome
    thread.append(outcome.key)


def _may_have(others: Iterable[Outcome]) -> bool:
    """Whether the invitee may have the event in the calendar, by what has gone out."""
    gone = [one for one in others if one.gone]
    last = max(gone, key=lambda one: one.rank, default=None)
    # A cancellation of which nobody knows whether it went may not have.
    taken_back = last is not None and (last.method, last.state) == ("CANCEL", "sent")
    return not taken_back and any(one.method == "REQUEST" for one in gone)


def _take_over(older: Message, newer: Message) -> Message:
    """Return a message for somebody who never had the older one."""
    if newer.method == older.method == "REQUEST":
        reason = older.reason if older.before is None else newer.reason
        return evolve(newer, reason=reason, before=older.before)
    return newer
