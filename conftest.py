"""Documents are tests: every example in Markdown is run, in the order in which a reader meets it.

Each document has a folder of its own, with a copy of `examples/`, in which its examples run:

- a `python` block is executed, in one namespace for the whole document;
- a `text` block must be what the `python` block before it printed;
- a `toml` block must be TOML, and is written to a file if a comment `<!-- file: NAME -->` stands above it;
- a `console` block is a dialogue: commands after "$ unsched" are run, and must print what is shown (exit codes of 2 and
  more, that is errors, only where the error is shown).

Three dots stand for any text, as in doctests, and a time such as "0.04 s" for any time.

Tests by hypothesis are not counted in the coverage: what chance reaches is reached in one run and not in the next, and
to trace it would double the time that it takes.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, is_hypothesis_test, settings
from sybil import Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser, SkipParser

from unsched.cli import main

if TYPE_CHECKING:
    from collections.abc import Generator

    from sybil import Example

# How long it takes to draw and to try is the machine's affair, and nothing that a test may fail by.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

_SECONDS = re.compile(r"\b\d+\.\d+ s\b")
_NAMED = re.compile(r"<!-- file: ([\w.-]+) -->\s*\Z")
_run_python = PythonEvaluator()


def _python(example: Example) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        _run_python(example)
    example.namespace["_printed"] = printed.getvalue()


def _text(example: Example) -> str | None:
    return _difference(example.parsed, example.namespace["_printed"])


def _toml(example: Example) -> None:
    tomllib.loads(example.parsed)
    named = _NAMED.search(example.document.text[: example.start])
    if named:
        Path(named[1]).write_text(example.parsed, encoding="utf-8")


def _console(example: Example) -> str | None:
    for dialogue in re.split(r"^\$ ", example.parsed, flags=re.MULTILINE)[1:]:
        command, _, wanted = dialogue.partition("\n")
        program, *arguments = shlex.split(command)
        if program != "unsched":
            return f"only unsched is run here, not {program!r}"
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = main(arguments)
        found = _difference(wanted, printed.getvalue())
        if found or (code > 1 and not wanted.startswith(("unsched: ", "{"))):
            return f"$ {command}\n{found or printed.getvalue()}"
    return None


def _difference(wanted: str, got: str) -> str | None:
    flags = doctest.ELLIPSIS
    wanted, got = (f"{_SECONDS.sub('0.00 s', text).rstrip()}\n" for text in (wanted, got))
    checker = doctest.OutputChecker()
    if checker.check_output(wanted, got, flags):
        return None
    return checker.output_difference(doctest.Example("", wanted), got, flags)


def _enter(namespace: dict[str, Any]) -> None:
    folder = tempfile.TemporaryDirectory()
    namespace.update(__name__="document", _folder=folder, _home=Path.cwd(), _printed="")
    shutil.copytree(Path(__file__).with_name("examples"), Path(folder.name, "examples"))
    os.chdir(folder.name)


def _leave(namespace: dict[str, Any]) -> None:
    os.chdir(namespace["_home"])
    namespace["_folder"].cleanup()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Count as covered only what tests reach on purpose.

    Not pytest-cov's `no_cover`, which leaves one of the two measurements that a worker of xdist begins under way.
    """
    stopped: list[Coverage] = []
    if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
        while (measurement := Coverage.current()) is not None:
            measurement.stop()
            stopped.append(measurement)
    try:
        return (yield)
    finally:
        for measurement in reversed(stopped):
            measurement.start()


pytest_collect_file = Sybil(
    parsers=[
        CodeBlockParser("python", _python),
        CodeBlockParser("text", _text),
        CodeBlockParser("toml", _toml),
        CodeBlockParser("console", _console),
        SkipParser(),
    ],
    pattern="*.md",
    setup=_enter,
    teardown=_leave,
).pytest()
