from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from unsched import (
    load_schedule,
)
from unsched.cli import main


def stamped(problem: str, out: Path, *more: str) -> datetime | None:
    assert main(["plan", problem, "--out", str(out), "--no-calendars", "--effort", "10", *more]) == 0
    return load_schedule(out / "schedule.json").stamp


def test_the_stamp_is_kept_in_utc_and_whole_seconds(problem: str, out: Path) -> None:
    assert stamped(problem, out, "--stamp", "2010-12-06T13:00:00.5+01:00") == datetime(2010, 12, 6, 12, tzinfo=UTC)


def test_source_date_epoch_stands_in_for_the_clock(problem: str, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1291636800")
    assert stamped(problem, out) == datetime(2010, 12, 6, 12, tzinfo=UTC)


def test_without_either_the_stamp_is_now(problem: str, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = datetime.now(UTC).replace(microsecond=0)
    stamp = stamped(problem, out)
    assert stamp is not None
    assert before <= stamp <= datetime.now(UTC)


@pytest.mark.parametrize("stamp", ["yesterday", "2010-12-06T12:00", "0001-01-01T00:00+01:00"])
def test_a_stamp_that_is_no_instant_is_bad_input(
    stamp: str, problem: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", problem, "--out", str(out), "--stamp", stamp]) == 2
    assert "$.stamp: " in capsys.readouterr().err


@pytest.mark.parametrize("epoch", ["soon", "9" * 40])
def test_a_source_date_epoch_that_is_no_instant_is_bad_input(
    epoch: str, problem: str, out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert main(["plan", problem, "--out", str(out)]) == 2
    assert "$.SOURCE_DATE_EPOCH: " in capsys.readouterr().err
