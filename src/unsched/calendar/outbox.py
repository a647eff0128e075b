"""Sending messages once each, whatever fails on the way.

The outbox is a JSON file with all that is still to be sent, and what has become of the rest. While mails go out, a
journal beside it takes a line for each, which is safely on the disk before the next mail goes; so whoever is killed
repeats at most the one mail that was in flight, under the same Message-ID.
"""

from __future__ import annotations

import json
import os
import smtplib
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final, Protocol

from attrs import evolve, frozen

from unsched.calendar.mail import check_language, mail
from unsched.calendar.message import Message
from unsched.calendar.message_file import dump_message, read_json, read_message
from unsched.calendar.text import one_line
from unsched.domain.people import Contact
from unsched.errors import Fault, InputError
from unsched.exchange.atomic import write_atomically

__all__ = ["Delivery", "Outcome", "Server", "send"]

_SCHEMA: Final = "unsched/outbox/1"
_STATES: Final = ("waiting", "sent", "failed", "refused", "superseded")
MAX_REASON: Final = 300


class Server(Protocol):
    """Whatever sends mails as `smtplib.SMTP` does."""

    def send_message(self, msg: EmailMessage) -> Mapping[str, tuple[int, bytes]]:
        """Send one mail; returns the receivers that were refused."""
        ...


@frozen
class Outcome:
    """What has become of one message.

    Args:
        key: the message's key.
        to: id of who is told.
        uid: the event.
        rank: its sequence and its stamp, by which newer ones are told.
        state: "waiting", "sent", "failed" (will be tried again), "refused" (for good) or "superseded" (by a newer one).
        reason: what the server said.
        message: the message itself, while it is still to be sent.
    """

    key: str
    to: str
    uid: str
    rank: tuple[int, float]
    state: str = "waiting"
    reason: str = ""
    message: Message | None = None

    @property
    def open(self) -> bool:
        """Whether it is still to be sent."""
        return self.state in {"waiting", "failed"} and self.message is not None


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
) -> Delivery:
    """Send messages, and those that earlier runs could not send; each once.

    What a server refuses for good (5xx) is not tried again, unless it comes with another address; what fails for now
    (4xx) is tried by the next run. Where the server is gone, or does not take the sender, the run ends, and the rest
    waits. A newer message for the same invitee and event takes the place of one that was not sent, and then says all
    that the invitee does not know. Two runs must not share an outbox at the same time.

    Args:
        messages: those of a release; all that was sent before is left out.
        server: sends; not used with `dry_run`.
        record: the outbox, a JSON file, made if it is not there.
        language: as in `mail`.
        sender: as in `mail`.
        dry_run: whether only to return who would be told what: nothing is sent or written.

    Raises:
        InputError: the outbox cannot be read, or a language or an address is none.
        OSError: the outbox cannot be written.
    """
    check_language(language)
    path = Path(record)
    box = _load(path)
    unaddressed = []
    for message in messages:
        if message.mail is None:
            unaddressed.append(message.to)
        else:
            _put(box, message)
    due = [outcome for outcome in box.values() if outcome.open]
    # All that can be wrong with a mail is found before the first one is sent.
    built = {one.key: mail(one.message, language=language, sender=sender) for one in due if one.message is not None}
    if dry_run or server is None:
        return Delivery(tuple(due), tuple(unaddressed))
    _save(path, box)
    tried, stopped = [], ""
    with _journal(path).open("ab") as journal:
        for outcome in due:
            state, reason, stopped = _send(server, built[outcome.key])
            if not stopped:
                line = json.dumps({"key": outcome.key, "state": state, "reason": reason})
                journal.write(f"{line}\n".encode())
                journal.flush()
                os.fsync(journal.fileno())
                box[outcome.key] = _settle(outcome, state, reason)
                tried.append(box[outcome.key])
            else:
                break
    _save(path, box)
    return Delivery(tuple(tried), tuple(unaddressed), stopped)


def _send(server: Server, message: EmailMessage) -> tuple[str, str, str]:
    """Return the state, the server's reason, and why no other mail need be tried, "" if there is no such reason."""
    try:
        refused = server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
    except smtplib.SMTPSenderRefused as error:
        return "waiting", "", f"the sender was refused: {_said(error.smtp_code, error.smtp_error)}"
    except smtplib.SMTPServerDisconnected as error:
        return "waiting", "", f"the server is gone: {_said(0, str(error))}"
    except smtplib.SMTPNotSupportedError as error:
        return "refused", _said(0, str(error)), ""
    except smtplib.SMTPResponseException as error:
        return _class_of(error.smtp_code), _said(error.smtp_code, error.smtp_error), ""
    except OSError as error:
        return "waiting", "", f"the server cannot be reached: {_said(0, str(error))}"
    for code, text in refused.values():
        return _class_of(code), _said(code, text), ""
    return "sent", "", ""


def _class_of(code: int) -> str:
    return "refused" if 500 <= code < 600 else "failed"


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code or ''} {one_line(words)}".strip()[:MAX_REASON]


def _settle(outcome: Outcome, state: str, reason: str) -> Outcome:
    return evolve(outcome, state=state, reason=reason, message=outcome.message if state != "sent" else None)


def _rank(message: Message) -> tuple[int, float]:
    return message.sequence, message.stamp.timestamp()


def _put(box: dict[str, Outcome], message: Message) -> None:
    """Put a message into the outbox, unless it has been there or a newer one has."""
    known = box.get(message.key)
    if known is not None:
        moved = known.state == "refused" and known.message is not None and known.message.mail != message.mail
        if moved:
            box[message.key] = evolve(known, state="waiting", reason="", message=message)
        return
    rank = _rank(message)
    outcome = Outcome(message.key, message.to, message.uid, rank, message=message)
    for other in [one for one in box.values() if (one.to, one.uid) == (message.to, message.uid)]:
        if other.rank > rank and other.state != "superseded":
            outcome = evolve(outcome, state="superseded", message=None)
        elif other.open and outcome.message is not None and other.message is not None:
            outcome = evolve(outcome, message=_take_over(other.message, outcome.message))
            box[other.key] = evolve(other, state="superseded", message=None)
    box[message.key] = outcome


def _take_over(older: Message, newer: Message) -> Message:
    """Return a message for somebody who never had the older one."""
    if newer.method == older.method == "REQUEST":
        reason = older.reason if older.before is None else newer.reason
        return evolve(newer, reason=reason, before=older.before)
    return newer


# -- the files ------------------------------------------------------------------------------------------------------


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}.journal")


def _save(path: Path, box: Mapping[str, Outcome]) -> None:
    rows = [
        {
            "key": one.key,
            "to": one.to,
            "uid": one.uid,
            "rank": list(one.rank),
            "state": one.state,
            "reason": one.reason,
            "message": None if one.message is None else dump_message(one.message),
        }
        for one in box.values()
    ]
    write_atomically(path, f"{json.dumps({'schema': _SCHEMA, 'outbox': rows}, indent=1)}\n".encode())
    # The file has all that the journal had; a journal that is left behind says nothing new.
    _journal(path).unlink(missing_ok=True)


def _load(path: Path) -> dict[str, Outcome]:
    if not path.exists():
        return {}
    data = read_json(path)
    if not isinstance(data, dict) or data.get("schema") != _SCHEMA or not isinstance(data.get("outbox"), list):
        raise InputError([Fault("schema", "this is no outbox", f"a file whose schema is {_SCHEMA!r}.")], path.name)
    box: dict[str, Outcome] = {}
    faults: list[Fault] = []
    for index, row in enumerate(data["outbox"]):
        try:
            outcome = _outcome(row)
            box[outcome.key] = outcome
        except InputError as error:
            faults += [fault.under(f"outbox[{index}].message") for fault in error.faults]
        except (KeyError, TypeError, ValueError):
            faults.append(Fault(f"outbox[{index}]", "this is no outcome", "the file as it was written."))
    if faults:
        raise InputError(faults[:1000], path.name)
    _replay(_journal(path), box)
    return box


def _outcome(row: Mapping[str, Any]) -> Outcome:
    texts = [row[name] for name in ("key", "to", "uid", "state", "reason")]
    sequence, stamp = row["rank"]
    if not all(isinstance(text, str) for text in texts) or row["state"] not in _STATES:
        raise ValueError
    message = None if row["message"] is None else read_message(row["message"])
    key, to, uid, state, reason = texts
    return Outcome(key, to, uid, (int(sequence), float(stamp)), state, reason, message)


def _replay(journal: Path, box: dict[str, Outcome]) -> None:
    """Apply what a run that was killed had written down; its last line may be cut off."""
    if not journal.exists():
        return
    for line in journal.read_bytes().split(b"\n")[:-1]:
        try:
            row = json.loads(line)
            key, state, reason = row["key"], row["state"], row["reason"]
        except (ValueError, KeyError, TypeError):
            continue
        if key in box and state in _STATES:
            box[key] = _settle(box[key], state, str(reason))
