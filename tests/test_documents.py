"""What documents say without running it: that links lead somewhere, and that the references leave nothing out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import unsched
from unsched.cli import main
from unsched.exchange.reading import table_fields

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TABLES = (
    unsched.Problem,
    unsched.Window,
    unsched.Block,
    unsched.Period,
    unsched.Venue,
    unsched.Room,
    unsched.Seats,
    unsched.Walk,
    unsched.Group,
    unsched.Delegation,
    unsched.Person,
    unsched.Contact,
    unsched.Session,
    unsched.Segment,
    unsched.Select,
    unsched.Team,
    unsched.Equipment,
    unsched.SelectRooms,
    unsched.Assumption,
    unsched.Schedule,
    unsched.Booking,
)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(page: Path) -> Iterator[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        place, _, anchor = link.partition("#")
        target = page.parent / place if place else page
        if "://" not in link and (not target.exists() or (anchor and anchor not in anchors(target))):
            yield link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    assert list(dead_links(page)) == []


def test_the_index_has_every_page() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = {page.relative_to(ROOT / "docs").as_posix() for page in ROOT.glob("docs/*/*.md")}
    assert pages == {page for page in pages if f"({page})" in index}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_the_reference_of_files_has_every_key(table: type) -> None:
    text = (ROOT / "docs" / "reference" / "problem-file.md").read_text(encoding="utf-8")
    assert [key for key in table_fields(table) if f"`{key}`" not in text] == []


@pytest.mark.parametrize("command", ["demo", "plan", "check", "show", "rules", "schema"])
def test_the_reference_of_the_command_line_has_every_option(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    text = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    assert f"`unsched {command}" in text
    assert sorted(option for option in options if f"`{option}" not in text) == []


def test_the_makefile_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert re.findall(r"^([a-z]+):.*## .+\.$", text, re.MULTILINE) == phony.split()
