"""A CalDAV server, as far as it is needed here; the only module that speaks to the `caldav` library.

What comes from a server is as hostile as any file. Answers are read up to a size and within a time; no redirect is
followed, since credentials would go with it; nothing that is raised says more than the method, the path and the status.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Self
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.sax.saxutils import escape

from attrs import frozen

from unsched.calendar.dav.credentials import Credentials
from unsched.domain.fact import shown
from unsched.errors import Fault, InputError, UnschedError

__all__ = ["MAX_ANSWER", "ConflictError", "DavError", "Member", "NotThereError", "Remote", "check_url", "host_of"]

MAX_ANSWER: Final = 20_000_000
"""Most bytes of one answer that are read."""

MAX_SECONDS: Final = 120.0
"""Most seconds that one answer may take, however steadily it drips."""

_DAV, _CAL = "DAV:", "urn:ietf:params:xml:ns:caldav"
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PLAIN: Final = re.compile(r"[!-~]+")
_ELSEWHERE: Final = "the server sends us elsewhere; give that address, if it is one of yours"
_MISSING: Final = "CalDAV needs the library caldav, which is not installed"


class DavError(UnschedError, OSError):
    """A server could not be reached, or did not do what it was asked to."""


class ConflictError(DavError):
    """What is on the server is not what we took it for (RFC 9110, section 15.5.13), or it keeps that UID elsewhere."""


class NotThereError(DavError):
    """There is nothing at that address."""


def check_url(url: object, *, allow_http: bool = False) -> Iterator[Fault]:
    """Yield a fault unless a value is the address of a folder on a server, to which a password can be sent."""
    remedy = "one such as 'https://dav.example.org/calendars/office/'."
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.username is not None or parts.password is not None:
        # Not shown: it may be the password.
        yield Fault("url", "the address has a user's name or password in it", "the environment or the keyring for it.")
    elif not isinstance(url, str) or parts.scheme not in {"http", "https"} or not host or not _PLAIN.fullmatch(url):
        yield Fault("url", f"{shown(url)} is not the address of a server", remedy)
    elif parts.query or parts.fragment:
        yield Fault("url", f"{shown(url)} is not the address of a folder", remedy)
    elif parts.scheme == "http" and not allow_http and not _is_loopback(host):
        message = f"{shown(url)} would send calendars and the password in the clear"
        yield Fault("url", message, "https, or to allow http where the network itself is safe.")


def host_of(url: str) -> str:
    """Return the name of the server of an address that `check_url` has passed.

    >>> host_of("https://DAV.example.org:8443/office/")
    'dav.example.org'
    """
    return urlsplit(url).hostname or ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@frozen
class Member:
    """Something in a folder: its path, and what tells this state of it from any other."""

    path: str
    etag: str | None


class Remote:
    """A server, and the folder on it in which calendars are.

    Args:
        url: the address of the folder.
        credentials: who we are; `None` is nobody.
        timeout: seconds that the server may be silent.
        most: bytes that an answer may have.
        allow_http: whether a password may be sent without encryption, elsewhere than to this very machine.

    Raises:
        InputError: the address is none, or `caldav` is not installed.
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials | None = None,
        *,
        timeout: int = 30,
        most: int = MAX_ANSWER,
        allow_http: bool = False,
    ) -> None:
        faults = tuple(check_url(url, allow_http=allow_http))
        if faults:
            raise InputError(faults, "the address")
        self.url = url if url.endswith("/") else f"{url}/"
        self.requests = 0
        self._client = self._connect(credentials, timeout, most)

    def _connect(self, credentials: Credentials | None, timeout: int, most: int) -> Any:  # noqa: ANN401  of caldav
        try:
            import caldav
            from caldav.lib import error
        except ImportError:
            fault = Fault("", _MISSING, "pip install 'unsched[caldav]'.")
            raise InputError([fault], "this installation") from None
        # With PYTHON_CALDAV_COMMDUMP set, it would write all that is said, passwords included, to files.
        error.debug_dump_communication = False
        client = caldav.DAVClient(
            self.url,
            username=credentials.user if credentials else None,
            password=credentials.password if credentials else None,
            timeout=timeout,
            # Otherwise it would ask the domain name system for another server to send the password to.
            enable_rfc6764=False,
            rate_limit_handle=False,
            headers={"Accept-Encoding": "identity"},
        )
        client.session.max_redirects = 0
        if urlsplit(self.url).scheme == "http":
            # A proxy that the environment names would be sent the password in the clear.
            client.session.trust_env = False
        # Without an `auth` of its own, a session would look for one in ~/.netrc.
        client.session.auth = _nothing
        client.session.request = self._bounded(client.session.request, most)
        return client

    def _bounded(self, request: Callable[..., Any], most: int) -> Callable[..., Any]:
        def bounded(method: str, url: str, **options: Any) -> Any:  # noqa: ANN401  as of the library
            self.requests += 1
            options |= {"stream": True, "allow_redirects": False}
            answer = request(method, url, **options)
            with contextlib.closing(answer):
                if answer.status_code in _REDIRECTS:
                    raise DavError(f"{self._said(method, url)}: {_ELSEWHERE}")
                if answer.headers.get("Content-Encoding", "identity").lower() not in {"", "identity"}:
                    raise DavError(f"{self._said(method, url)}: the server packs its answer, unasked")
                until = time.monotonic() + MAX_SECONDS
                pieces, size = [], 0
                for piece in answer.iter_content(65_536):
                    pieces.append(piece)
                    size += len(piece)
                    if size > most:
                        raise DavError(f"{self._said(method, url)}: the answer has over {most:,} bytes")
                    if time.monotonic() > until:
                        raise DavError(f"{self._said(method, url)}: the answer takes over {MAX_SECONDS:.0f} seconds")
            answer._content = b"".join(pieces)  # noqa: SLF001  as if it had been read at once, which the library does
            answer._content_consumed = True  # noqa: SLF001
            return answer

        return bounded

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    # -- addresses --------------------------------------------------------------------------------------------------

    @property
    def home(self) -> str:
        """The path of the folder on the server, without escapes; it ends in "/"."""
        return unquote(urlsplit(self.url).path) or "/"

    def address(self, path: str) -> str:
        """Return the address of a path on the server; never one on another server."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{quote(path, safe='/@:!$&*+,;=~')}"

    def _said(self, method: str, url: str) -> str:
        return f"{method} {unquote(urlsplit(url).path)}"

    # -- asking -----------------------------------------------------------------------------------------------------

    def ask(self, method: str, path: str, body: bytes | str = "", headers: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401  an answer of the library
        """Send a request and return the answer.

        Raises:
            ConflictError: a condition in the headers does not hold.
            NotThereError: there is nothing at that path.
            DavError: anything else has gone wrong.
        """
        said = f"{method} {path}"
        try:
            answer = self._client.request(self.address(path), method, body, dict(headers or {}))
        except DavError:
            raise
        except Exception as error:  # noqa: BLE001  the library raises what it likes, with addresses and bodies in it
            raise self._failure(said, error) from None
        status = int(answer.status)
        if status in {404, 410}:
            raise NotThereError(f"{said}: there is nothing there")
        if status == 412 or (status in {403, 409} and "no-uid-conflict" in str(answer.raw)):
            raise ConflictError(f"{said}: it has been changed by somebody else")
        if status == 409 and method == "MKCALENDAR":
            raise DavError(f"{said}: the folder in which it should be is not there (RFC 4791, section 5.3.1)")
        if status >= 300:
            raise DavError(f"{said}: the server says {status}")
        return answer

    def _failure(self, said: str, error: Exception) -> DavError:
        preconditions = getattr(error, "preconditions", None) or []
        if any("no-uid-conflict" in str(one) for one in preconditions):
            return ConflictError(f"{said}: the server has an event of that UID elsewhere")
        status = getattr(error, "status", None)
        kind = type(error).__name__
        if kind == "AuthorizationError":
            why = "refuses us" if status == 403 else "does not know us by this name and password"
            return DavError(f"{said}: the server {why}")
        if kind == "TooManyRedirects":  # some releases of the libraries look where it would lead
            return DavError(f"{said}: {_ELSEWHERE}")
        if kind == "RateLimitError":
            return DavError(f"{said}: the server asks us to wait; try again later")
        return DavError(f"{said}: the server cannot be understood or reached ({kind})")

    def _properties(self, path: str, depth: int, names: tuple[tuple[str, str], ...]) -> dict[str, dict[str, Any]]:
        wanted = "".join(f'<p:{name} xmlns:p="{space}"/>' for space, name in names)
        body = (
            f'<?xml version="1.0" encoding="utf-8"?><d:propfind xmlns:d="DAV:"><d:prop>{wanted}</d:prop></d:propfind>'
        )
        return self._multistatus("PROPFIND", path, body, {"Depth": str(depth)})

    def _multistatus(self, method: str, path: str, body: str, headers: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        """Return elements by path on this server and by name; what is on another server is left out."""
        answer = self.ask(method, path, body, headers)
        if answer.tree is None or answer.tree.tag != f"{{{_DAV}}}multistatus":
            raise DavError(f"{method} {path}: the server does not answer as a CalDAV server does")
        here = urlsplit(self.url)
        found: dict[str, dict[str, Any]] = {}
        for response in answer.tree.iterchildren(f"{{{_DAV}}}response"):
            href = (response.findtext(f"{{{_DAV}}}href") or "").strip()
            try:
                parts = urlsplit(urljoin(self.address(path), href))
            except ValueError:
                continue
            if (parts.scheme, parts.netloc) != (here.scheme, here.netloc):
                continue
            gone = response.findtext(f"{{{_DAV}}}status")
            if gone is not None and " 200 " not in f"{gone} ":
                # Some servers say only in here that there is nothing (RFC 4918, section 9.1).
                if " 404 " in f"{gone} " and unquote(parts.path).rstrip("/") == path.rstrip("/"):
                    raise NotThereError(f"{method} {path}: there is nothing there")
                continue
            values = found.setdefault(unquote(parts.path), {})
            for stat in response.iterchildren(f"{{{_DAV}}}propstat"):
                if " 200 " not in f"{stat.findtext(f'{{{_DAV}}}status') or ''} ":
                    continue
                for prop in stat.iterchildren(f"{{{_DAV}}}prop"):
                    values.update({str(one.tag): one for one in prop.iterchildren("{*}*")})
        return found

    # -- calendars --------------------------------------------------------------------------------------------------

    def go_home(self) -> None:
        """Move to the folder in which this user's calendars are (RFC 4791, section 6.2.1).

        Raises:
            DavError: the server names none.
        """
        path = self._href(self.home, (_DAV, "current-user-principal"))
        home = self._href(path, (_CAL, "calendar-home-set"))
        self.url = self.address(home if home.endswith("/") else f"{home}/")

    def _href(self, path: str, name: tuple[str, str]) -> str:
        for values in self._properties(path, 0, (name,)).values():
            element = values.get(f"{{{name[0]}}}{name[1]}")
            text = None if element is None else element.findtext(f"{{{_DAV}}}href")
            if text:
                parts, here = urlsplit(urljoin(self.address(path), text.strip())), urlsplit(self.url)
                if (parts.scheme, parts.netloc) != (here.scheme, here.netloc):
                    raise DavError(f"PROPFIND {path}: the server names a folder on another server; give that address")
                return unquote(parts.path)
        raise DavError(f"PROPFIND {path}: the server does not say what the {name[1]} is")

    def members(self, calendar: str) -> dict[str, Member]:
        """Return what is in a calendar, by path.

        Raises:
            NotThereError: there is no such calendar.
            DavError: it is no calendar, or cannot be read.
        """
        names = ((_DAV, "getetag"), (_DAV, "resourcetype"))
        found = self._properties(calendar, 1, names)
        own = found.get(calendar) or found.get(calendar.rstrip("/")) or {}
        kind = own.get(f"{{{_DAV}}}resourcetype")
        if kind is None or kind.find(f"{{{_CAL}}}calendar") is None:
            raise DavError(f"PROPFIND {calendar}: there is something else than a calendar there")
        members = {}
        for path, values in found.items():
            if not path.startswith(calendar) or path == calendar or path.endswith("/"):
                continue
            etag = values.get(f"{{{_DAV}}}getetag")
            members[path] = Member(path, None if etag is None else (etag.text or "").strip() or None)
        return members

    def make_calendar(self, path: str, name: str, colour: str | None = None) -> None:
        """Make a calendar for events (RFC 4791, section 5.3.1)."""
        paint = f'<a:calendar-color xmlns:a="http://apple.com/ns/ical/">{escape(colour or "")}</a:calendar-color>'
        body = (
            '<?xml version="1.0" encoding="utf-8"?>'
            f'<c:mkcalendar xmlns:d="{_DAV}" xmlns:c="{_CAL}"><d:set><d:prop>'
            f"<d:displayname>{escape(name)}</d:displayname>{paint if colour else ''}"
            '<c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set>'
            "</d:prop></d:set></c:mkcalendar>"
        )
        self.ask("MKCALENDAR", path, body)

    def get(self, path: str) -> tuple[bytes, str | None]:
        """Return what is at a path, and its ETag."""
        answer = self.ask("GET", path, headers={"Accept": "text/calendar"})
        body = answer._raw_body or answer.raw  # noqa: SLF001  `raw` alone has lost its carriage returns
        return (body.encode() if isinstance(body, str) else bytes(body)), _strong(answer.headers.get("ETag"))

    def etag(self, path: str) -> str | None:
        """Return the ETag of what is at a path, as the server lists it."""
        for values in self._properties(path, 0, ((_DAV, "getetag"),)).values():
            found = values.get(f"{{{_DAV}}}getetag")
            if found is not None and found.text:
                return str(found.text).strip()
        return None

    def put(self, path: str, data: bytes, etag: str | None) -> str | None:
        """Write to a path, and return the new ETag if the server says one.

        Args:
            path: where.
            data: what.
            etag: of what is to be replaced; `None` where there must be nothing (RFC 9110, section 13.1).

        Raises:
            ConflictError: something else is there.
        """
        guard = {"If-None-Match": "*"} if etag is None else {"If-Match": etag}
        answer = self.ask("PUT", path, data, {**guard, "Content-Type": "text/calendar; charset=utf-8"})
        return _strong(answer.headers.get("ETag"))

    def remove(self, path: str, etag: str) -> None:
        """Remove what is at a path, if it is still that.

        Raises:
            ConflictError: something else is there.
        """
        self.ask("DELETE", path, headers={"If-Match": etag})

    def events(self, calendar: str, start: str, end: str) -> dict[str, bytes]:
        """Return the resources with events between two instants (RFC 4791, section 7.8), by path.

        Args:
            calendar: path of the calendar.
            start: the first instant, such as "20101217T000000Z".
            end: the first instant after it.
        """
        body = (
            '<?xml version="1.0" encoding="utf-8"?>'
            f'<c:calendar-query xmlns:d="{_DAV}" xmlns:c="{_CAL}"><d:prop><c:calendar-data/></d:prop><c:filter>'
            f'<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range start="{start}" end="{end}"/>'
            "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
        )
        found = self._multistatus("REPORT", calendar, body, {"Depth": "1"})
        texts = {path: values.get(f"{{{_CAL}}}calendar-data") for path, values in found.items()}
        return {path: (one.text or "").encode() for path, one in sorted(texts.items()) if one is not None}


def _nothing(request: Any) -> Any:  # noqa: ANN401  as the library has it
    return request


def _strong(etag: str | None) -> str | None:
    # A weak one cannot guard a change (RFC 9110, section 13.1.1); what lists the calendar may have a strong one.
    return None if not etag or etag.startswith("W/") else etag
