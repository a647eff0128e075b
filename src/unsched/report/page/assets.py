"""What is put into the page as it is: styles and scripts, whose hashes the policy names, and data as JSON."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from typing import Final

__all__ = ["ASSETS", "as_json", "policy", "read_asset", "script", "style"]

ASSETS: Final = files(__package__) / "files"

_STYLES: Final = ("base.css", "table.css", "dialog.css", "wall.css", "print.css")
_SCRIPTS: Final = ("data.js", "time.js", "filter.js", "grid.js", "session.js", "now.js", "print.js", "main.js")

# Besides what could end a script element: what some reader of JavaScript takes for the end of a line, what reorders
# the text around it, and halves of surrogate pairs, which no file can hold.
_RISKY: Final = re.compile("[<>&\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def read_asset(name: str) -> str:
    """Return the text of a file that comes with the package."""
    return (ASSETS / name).read_text(encoding="utf-8")


def style(palette: str) -> str:
    """Return the style sheet."""
    return "\n".join([*map(read_asset, _STYLES), palette])


def script() -> str:
    """Return the program: its files in one scope of their own."""
    return "\n".join(['(() => {\n"use strict";', *map(read_asset, _SCRIPTS), "})();"])


def as_json(value: object) -> str:
    r"""Return a value as JSON that can stand in a script element: nothing in it ends the element.

    >>> as_json({"title": "</script><img onerror=alert(1)>"})
    '{"title":"\\u003c/script\\u003e\\u003cimg onerror=alert(1)\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _RISKY.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """Return the Content-Security-Policy under which nothing is fetched and nothing runs but what is given here.

    Args:
        scripts: the text of each script element that runs.
        styles: the text of each style element.
    """
    sources = [" ".join(f"'sha256-{_digest(text)}'" for text in texts) for texts in (scripts, styles)]
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {sources[0]}",
            f"style-src {sources[1]}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
