from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

STAMP = "2010-12-06T12:00:00+00:00"


@pytest.fixture(scope="session")
def week() -> Callable[..., dict[str, Any]]:
    """Return the data of a problem of two rooms and three sessions, and more."""

    def week(**more: object) -> dict[str, Any]:
        return {
            "schema": "unsched/problem/1",
            "id": "week",
            "window": {"zone": "Europe/Zurich", "days": ["2010-12-16", "2010-12-17"], "step": 60},
            "venue": {"rooms": [{"id": "VII", "seats": {"table": 9}}, {"id": "XXVI", "seats": {"table": 9}}]},
            "delegations": [
                {"id": "ch", "name": "Switzerland", "mail": "ch@example.org"},
                {"id": "br", "name": "Brazil", "mail": "br@example.org"},
            ],
            "sessions": [
                {"id": "a", "title": "Opening \u2028 \U0001f600", "minutes": 180, "required": ["ch", "br"]},
                {"id": "b", "title": "Drafting", "minutes": 180, "required": ["br"]},
                {"id": "c", "title": "Side event", "minutes": 60, "optional": True, "invited": ["ch"]},
            ],
            "rules": [
                {"kind": "before", "first": "a", "then": "b"},
                {"kind": "prefer-room", "sessions": "a", "rooms": "XXVI"},
                {"kind": "end-early", "of": "each", "tier": 2},
            ],
            "organizer": {"name": "Secretariat", "mail": "office@example.org"},
            **more,
        }

    return week


@pytest.fixture(scope="session")
def impossible(week: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A problem without a schedule."""
    pins = [{"kind": "pin", "sessions": name, "start": "2010-12-17T10:00"} for name in ("a", "b")]
    return week(rules=[{"kind": "before", "first": "a", "then": "b"}, *pins])


@pytest.fixture(scope="session")
def large() -> dict[str, Any]:
    """A problem that is not proven in any time that a test has."""
    sessions = [
        {"id": f"s{n}", "title": f"Session {n}", "minutes": 60 * (1 + n % 2), "tags": [f"t{n % 7}"], "required": who}
        for n in range(90)
        for who in [[f"d{n % 11}", f"d{(n * 7 + 3) % 11}"] if n % 11 != (n * 7 + 3) % 11 else [f"d{n % 11}"]]
    ]
    return {
        "schema": "unsched/problem/1",
        "id": "large",
        "window": {"zone": "Europe/Zurich", "first": "2010-12-13", "last": "2010-12-17", "step": 60},
        "venue": {"rooms": [{"id": f"R{n}", "seats": {"table": 9}} for n in range(6)]},
        "delegations": [{"id": f"d{n}", "size": 2} for n in range(11)],
        "sessions": sessions,
        "rules": [
            {"kind": "end-early", "of": "each"},
            {"kind": "prefer-room", "sessions": {"tags": ["t1"]}, "rooms": "R1"},
        ],
    }
