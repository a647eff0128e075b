from __future__ import annotations

import io
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unsched.cli import main


@pytest.mark.parametrize("command", ["demo", "plan", "check", "show", "rules", "schema"])
def test_the_help_of_each_command_has_an_example_and_the_exit_codes(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0
    text = capsys.readouterr().out
    assert f"example:\n  unsched {command}" in text
    assert "exit codes:\n  0    good" in text


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    for command in ("demo", "plan", "check", "show", "rules", "schema"):
        assert f"\n    {command} " in text


@pytest.mark.parametrize("arguments", [[], ["bogus"], ["plan"], ["schema", "bogus"]])
def test_a_wrong_call_is_bad_input(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "usage: unsched" in capsys.readouterr().err


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("unsched 0.")


def test_the_module_is_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["unsched", "rules", "nothing-like-it"])
    with pytest.raises(SystemExit) as stop:
        runpy.run_module("unsched", run_name="__main__")
    assert stop.value.code == 2


def test_help_rules_and_show_load_neither_solver_nor_calendar(problem: str) -> None:
    program = (
        "import sys; from unsched.cli import main\n"
        f"for arguments in (['--help'], ['--version'], ['rules'], ['show', {problem!r}]): assert main(arguments) == 0\n"
        "sys.exit(sum(name in sys.modules for name in ('ortools', 'icalendar', 'pandas')))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0


def test_a_reader_that_stops_reading_is_no_failure() -> None:
    command = [
        sys.executable,
        "-c",
        "from unsched.cli import main; import sys; sys.stdin.read(); sys.exit(main(['rules']))",
    ]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    process.stdin.close()
    error = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), error) == (0, b"")


def broken_pipe() -> io.TextIOWrapper:
    reader, writer = os.pipe()
    os.close(reader)
    return os.fdopen(writer, "w", encoding="utf-8")


def test_what_was_written_stays_written_when_nobody_reads_the_report(
    plan: Callable[..., int], problem: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with broken_pipe() as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert plan(problem, out) == 0
    assert (out / "schedule.json").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_report_that_finds_no_space_is_a_failure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["rules"]) == 2
    assert capsys.readouterr().err == "unsched: [Errno 28] No space left on device\n"


def test_a_closed_stdout_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["rules"]) == 0


def test_what_an_encoding_cannot_hold_is_replaced(
    write: Callable[[str, object], str],
    week: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = write("week.json", week(title="Réunion 会議"))
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert main(["show", file]) == 0
    assert raw.getvalue().startswith(b"R?union ?? [week]")


@pytest.mark.skipif(not hasattr(signal, "SIGINT") or os.name == "nt", reason="signals as on POSIX")
def test_control_c_before_there_is_anything_exits_with_130_and_no_traceback() -> None:
    program = (
        "import os, signal, sys, unsched.cli as cli, unsched.exchange.files as files\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # who runs the tests may ignore it
        "files.load_problem = lambda path: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.exit(cli.main(['plan', 'week.json']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stderr.splitlines()) == (130, [b"unsched: interrupted"])
