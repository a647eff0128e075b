"""The mail server that the environment names; its password stands in no text that is made here."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Final

from attrs import field, frozen

from unsched.domain.people import Contact
from unsched.errors import Fault, InputError

__all__ = ["MailServer", "connect", "mail_server"]

HOST: Final = "UNSCHED_SMTP_HOST"
PORT: Final = "UNSCHED_SMTP_PORT"
TLS: Final = "UNSCHED_SMTP_TLS"
USER: Final = "UNSCHED_SMTP_USER"
PASSWORD: Final = "UNSCHED_SMTP_PASSWORD"  # noqa: S105  the name of a variable
FROM: Final = "UNSCHED_SMTP_FROM"

_PORTS: Final = {"starttls": 587, "implicit": 465, "none": 25}
_SECONDS: Final = 60


@frozen
class MailServer:
    """A mail server, and who we are to it.

    Args:
        host: its name or address.
        port: its port.
        tls: "starttls", "implicit" (TLS from the first byte) or "none".
        user: the user's name; `None` is nobody in particular.
        password: the password; it is in no text that is made of this.
        sender: in whose name mails are sent; `None` is the organizer's.

    >>> print(MailServer("mail.example.org", 587, user="ann", password="secret"))
    MailServer(host='mail.example.org', port=587, tls='starttls', user='ann', sender=None)
    """

    host: str
    port: int
    tls: str = "starttls"
    user: str | None = None
    password: str = field(default="", repr=False)
    sender: Contact | None = None


def mail_server(environment: Mapping[str, str] | None = None) -> MailServer:
    """Return the mail server that the environment names.

    UNSCHED_SMTP_HOST is its name; UNSCHED_SMTP_TLS is "starttls" (by default), "implicit" or "none"; UNSCHED_SMTP_PORT
    is 587, 465 or 25 accordingly, unless it says otherwise. UNSCHED_SMTP_USER and UNSCHED_SMTP_PASSWORD say who we
    are, and UNSCHED_SMTP_FROM in whose name mails are sent, such as "Conference Services <office@example.org>".

    Args:
        environment: the variables; by default those of this process.

    Raises:
        InputError: there is no server, or a variable is wrong; with all that are. A password is never sent in the
            clear, except to this very machine.
    """
    found = os.environ if environment is None else environment
    faults = []
    host, tls, user = found.get(HOST, "").strip(), found.get(TLS, "").strip() or "starttls", found.get(USER) or None
    if not host:
        faults.append(Fault(HOST, "no mail server is named", f"{HOST}=mail.example.org."))
    if tls not in _PORTS:
        faults.append(Fault(TLS, f"{tls!r} is none of 'starttls', 'implicit', 'none'", "starttls."))
    digits = found.get(PORT, "").strip() or str(_PORTS.get(tls, 0))
    port = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len("65535") else 0
    if tls in _PORTS and not 1 <= port <= 65535:
        faults.append(Fault(PORT, f"{digits!r} is no port", "587."))
    password = found.get(PASSWORD, "")
    if user and not password:
        faults.append(Fault(PASSWORD, f"there is no password of {user!r}", f"{PASSWORD} in the environment."))
    if user and tls == "none" and not _is_here(host):
        faults.append(Fault(TLS, f"the password would go to {host!r} in the clear", "starttls."))
    sender = None
    if text := found.get(FROM, "").strip():
        name, address = parseaddr(text)
        try:
            sender = Contact(name or address, address)
        except InputError:
            faults.append(Fault(FROM, f"{text!r} is no sender", "one such as 'Office <office@example.org>'."))
    if faults:
        raise InputError(faults, "the environment")
    return MailServer(host, port, tls, user, password, sender)


@contextmanager
def connect(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Talk to a mail server: over TLS with a certificate that is checked, unless it says otherwise, and logged in.

    Raises:
        InputError: nobody answers there, or not to us. Nothing has been sent then.
    """
    place = f"{server.host}:{server.port}"
    context = ssl.create_default_context()
    mail: smtplib.SMTP | None = None
    try:
        if server.tls == "implicit":
            mail = smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=context)
        else:
            mail = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
        if server.tls == "starttls":
            mail.starttls(context=context)
        if server.user:
            mail.login(server.user, server.password)
    except smtplib.SMTPAuthenticationError as error:
        _close(mail)
        # What a server says to a wrong password may have it in it.
        message = f"the server at {place} does not take this user and password ({error.smtp_code})"
        raise InputError([Fault(USER, message, "others; nothing has been sent.")], "the environment") from None
    except (smtplib.SMTPException, OSError) as error:
        _close(mail)
        said = getattr(error, "strerror", None) or type(error).__name__
        message = f"no mail server can be talked to at {place}: {said}"
        remedy = f"another {HOST}, {PORT} or {TLS}, or later: nothing has been sent, and nothing is lost."
        raise InputError([Fault(HOST, message, remedy)], "the environment") from None
    try:
        yield mail
    finally:
        with suppress(smtplib.SMTPException, OSError):
            mail.quit()
        _close(mail)


def _close(mail: smtplib.SMTP | None) -> None:
    if mail is not None:
        mail.close()


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
