from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from unsched import Assumption, Booking, Schedule
from unsched.report.html import table

ALLOWED = {
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "time", "details", "summary", "ul", "li",
}  # fmt: skip


class Reader(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)


def schedule(title: str = "Working Group", session: str = "wg", room: str = "XXVI", why: str = "so") -> Schedule:
    start, end = "2010-12-17T10:00+01:00", "2010-12-17T13:00+01:00"
    booking = Booking(session, room, start, end, title)
    return Schedule("cstd", "Europe/Zurich", [booking], revision=1, assumptions=[Assumption(why)])


def test_a_schedule_is_one_table_with_caption_headings_and_machine_readable_times() -> None:
    read = Reader(table(schedule()))
    assert read.open == []
    assert [tag for tag, _ in read.tags].count("table") == 1
    assert read.texts["caption"] == ["cstd, revision 1, Europe/Zurich time"]
    assert [attributes["scope"] for tag, attributes in read.tags if tag == "th"] == ["col", "col", "col", "rowgroup"]
    times = [attributes["datetime"] for tag, attributes in read.tags if tag == "time"]
    assert times == ["2010-12-17T10:00:00+01:00", "2010-12-17T13:00:00+01:00"]
    assert "Working Group" in read.texts["td"]
    assert read.texts["li"] == ["so"]


def test_a_session_without_a_title_is_called_by_its_id() -> None:
    assert "wg" in Reader(table(schedule(title=""))).texts["td"]


def test_a_schedule_that_assumes_nothing_has_no_foot() -> None:
    assert "tfoot" not in table(Schedule("cstd", "UTC"))


def test_a_notebook_shows_the_table() -> None:
    assert schedule()._repr_html_() == table(schedule())


hostile = st.one_of(
    st.text(min_size=1, max_size=40),
    st.sampled_from(
        ["</td><script>alert(1)</script>", '" onmouseover="x', "<img src=//x>", "&lt;b&gt;", "\x1b[2J\x00"]
    ),
)


@given(hostile, hostile)
def test_no_title_or_reason_becomes_markup_and_nothing_is_fetched(title: str, why: str) -> None:
    read = Reader(table(schedule(title, why=why)))
    assert {tag for tag, _ in read.tags} <= ALLOWED
    names = {name for _, attributes in read.tags for name in attributes}
    assert names <= {"class", "scope", "colspan", "datetime", "dir", "title"}


def test_a_hostile_title_and_id_are_read_back_as_text() -> None:
    name = '"><b onclick="x">&amp;'
    read = Reader(table(schedule(name, session=name, room=name)))
    assert read.texts["td"].count(name) == 2
    assert name in [attributes.get("title") for tag, attributes in read.tags if tag == "td"]
