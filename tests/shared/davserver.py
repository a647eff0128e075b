"""Radicale, a CalDAV server, on loopback: what it is asked is noted, and it can be made to fail."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from attrs import define, field

USER, PASSWORD = "office", "s3cret-Pässword!"
READS = frozenset({"GET", "PROPFIND", "REPORT", "OPTIONS", "HEAD"})


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@define
class Radicale:
    """A server at work.

    Args:
        url: the folder of its user.
        asked: method, path and conditions of each request that got past the password, in order.
        before: called with each of them; what it returns is answered in place of the server.
    """

    url: str
    port: int
    asked: list[tuple[str, str, str]] = field(factory=list)
    before: Callable[[str, str], tuple[str, list[tuple[str, str]], bytes] | None] | None = None

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path, _ in self.asked if method not in READS]

    def forget(self) -> None:
        self.asked.clear()

    def ask(self, method: str, path: str, data: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Ask as somebody else, who uses no library of ours."""
        basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        given = {"Authorization": f"Basic {basic}", "Content-Type": "text/calendar", **headers}
        connection.request(method, path, data, given)
        answer = connection.getresponse()
        try:
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    """Run Radicale in a thread, with one user."""
    from radicale import config
    from radicale.app import Application

    folder.mkdir(parents=True, exist_ok=True)
    users = folder / "users"
    users.write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    settings = config.load()
    options = {
        "storage": {"filesystem_folder": str(folder / "collections")},
        "auth": {"type": "htpasswd", "htpasswd_filename": str(users), "htpasswd_encryption": "plain", "delay": "0"},
        "logging": {"level": "critical"},
    }
    settings.update(options, "the test", privileged=True)
    application = Application(settings)
    here = Radicale("", 0)

    def serve(environ: dict[str, Any], start: Any) -> Any:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].encode("latin-1").decode()
        if "HTTP_AUTHORIZATION" in environ:
            condition = environ.get("HTTP_IF_MATCH") or environ.get("HTTP_IF_NONE_MATCH") or ""
            here.asked.append((method, path, condition))
            other = here.before(method, path) if here.before else None
            if other is not None:
                # What is not read would have the connection broken off.
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                status, headers, body = other
                start(status, [*headers, ("Content-Length", str(len(body)))])
                return [body]
        return application(environ, start)

    with serving(serve) as port:
        here.port, here.url = port, f"http://127.0.0.1:{port}/{USER}/"
        yield here


@contextmanager
def serving(application: Any) -> Iterator[int]:
    """Serve a WSGI application on a port of loopback."""
    with make_server("127.0.0.1", 0, application, WSGIServer, _Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
