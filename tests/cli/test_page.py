from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unsched.cli import main
from unsched.commands import paging


@pytest.fixture
def planned(plan: Callable[..., int], problem: str, out: Path) -> tuple[str, str]:
    """A problem file and a schedule file."""
    assert plan(problem, out) == 0
    return problem, str(out / "schedule.json")


def test_plan_puts_a_page_beside_the_calendars_that_links_to_them(
    plan: Callable[..., int],
    problem: str,
    out: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert plan(problem, out) == 0
    page = (out / "timetable.html").read_text(encoding="utf-8")
    assert 'href="./programme.ics"' in page
    assert "\n  timetable.html\n" in capsys.readouterr().out
    assert (
        main(["page", problem, str(out / "schedule.json"), "--calendars", str(out), "--out", str(out / "p.html")]) == 0
    )
    assert (out / "p.html").read_text(encoding="utf-8") == page
    capsys.readouterr()
    monkeypatch.chdir(out)
    assert main(["page", problem, "schedule.json", "--calendars", "."]) == 0
    assert capsys.readouterr().out == page


def test_where_jinja2_is_missing_plan_says_nothing_and_writes_no_page(
    plan: Callable[..., int],
    problem: str,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(paging, "find_spec", lambda name: None)
    assert plan(problem, out) == 0
    printed = capsys.readouterr()
    assert "timetable.html" not in printed.out + printed.err
    assert not (out / "timetable.html").exists()
    assert (out / "schedule.json").exists()


def test_a_schedule_of_a_year_gets_its_page_only_when_it_is_asked_for(
    plan: Callable[..., int], problem: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "_MOST_BESIDE", 1)
    assert plan(problem, out) == 0
    assert not (out / "timetable.html").exists()
    page = out / "asked.html"
    assert main(["page", problem, str(out / "schedule.json"), "--out", str(page)]) == 0
    assert page.exists()


def test_a_page_is_written_in_the_language_and_with_the_links_that_are_asked_for(
    planned: tuple[str, str], out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "web" / "page.html"
    page.parent.mkdir()
    options = ["--language", "fr", "--calendars", str(out), "--now", "2010-12-17T10:00+01:00", "--colour", "kind"]
    assert main(["page", *planned, "--out", str(page), *options]) == 0
    assert capsys.readouterr().out.endswith(f"Written: {page}\n")
    text = page.read_text(encoding="utf-8")
    assert '<html lang="fr">' in text
    assert 'href="../out/programme.ics"' in text
    assert '"now":1292576400' in text
    first = page.read_bytes()
    assert main(["page", *planned, "--out", str(page), *options]) == 0
    assert page.read_bytes() == first


def test_an_address_of_calendars_stays_as_it_is(planned: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["page", *planned, "--calendars", "https://example.org/week"]) == 0
    assert 'href="https://example.org/week/programme.ics"' in capsys.readouterr().out


def test_a_schedule_without_a_stamp_takes_the_one_that_is_given(
    planned: tuple[str, str], write: Callable[[str, object], str], capsys: pytest.CaptureFixture[str]
) -> None:
    data: dict[str, Any] = json.loads(Path(planned[1]).read_text(encoding="utf-8"))
    del data["stamp"]
    bare = write("bare.json", data)
    capsys.readouterr()
    assert main(["page", planned[0], bare, "--stamp", "2010-12-06T12:00:00+00:00"]) == 0
    assert "DTSTAMP:20101206T120000Z" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--language", "de"], "the page does not speak 'de'"),
        (["--calendars", "nowhere"], "there is no programme.ics in 'nowhere'"),
        (["--calendars", "ftp://example.org"], "is not the address of a folder"),
        (["--now", "soon"], "'soon' is not a date and time with an offset"),
        (["--now", "2010-12-17T10:00"], "is not a date and time with an offset"),
        (["--colour", "mood"], "'mood' is nothing to colour by"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    planned: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], complaint: str
) -> None:
    page = tmp_path / "page.html"
    assert main(["page", *planned, "--out", str(page), *options]) == 2
    assert complaint in capsys.readouterr().err
    assert not page.exists()


def test_a_terminal_gets_no_page(planned: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out, err = Terminal(), io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    assert main(["page", *planned]) == 2
    assert out.getvalue() == ""
    assert "--out timetable.html" in err.getvalue()


def test_a_page_does_not_replace_what_it_is_made_of(
    planned: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = [Path(file).read_bytes() for file in planned]
    for file in planned:
        assert main(["page", *planned, "--out", file]) == 2
        assert "would replace" in capsys.readouterr().err
    assert [Path(file).read_bytes() for file in planned] == before
