from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest
from attrs import evolve, field, frozen
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from pages import HOSTILE, meeting

from unsched import Booking, InputError, Problem, Schedule, Session, publish
from unsched.calendar.feeds import calendars
from unsched.report.page import COLOUR_BY, LANGUAGES, timetable_page
from unsched.report.page.assets import ASSETS, as_json, read_asset
from unsched.report.page.colours import PALETTE, colour_by_of
from unsched.report.page.paper import SIZES, print_size
from unsched.report.page.words import WORDS, day_in, days_in
from unsched.report.printable import clean

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@frozen(eq=False)
class Node:
    """An element: its name, its attributes, and what is in it."""

    name: str
    attributes: dict[str, str | None]
    children: list[Node | str] = field(factory=list)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, name: str, **attributes: str) -> list[Node]:
        """Return all elements of a name below this one that have these attributes; `klass` is one class of several."""
        return list(self._all(name, attributes))

    def _all(self, name: str, wanted: dict[str, str]) -> Iterator[Node]:
        for child in self.children:
            if isinstance(child, Node):
                if child.name == name and all(child._has(key, value) for key, value in wanted.items()):
                    yield child
                yield from child._all(name, wanted)

    def _has(self, key: str, value: str) -> bool:
        if key == "klass":
            return value in (self.attributes.get("class") or "").split()
        return self.attributes.get(key) == value

    def one(self, name: str, **attributes: str) -> Node:
        (found,) = self.all(name, **attributes)
        return found


class Parser(HTMLParser):
    """Reads a page as a browser would, and minds that each element that is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute of {tag} comes twice: {attrs}"
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(page: str) -> Node:
    parser = Parser()
    parser.feed(page)
    parser.close()
    (root,) = parser.open
    return root


def data_of(page: Node, name: str = "data") -> Any:
    return json.loads(page.one("script", id=name).text)


@pytest.fixture(scope="module")
def page() -> Node:
    return parse(timetable_page(*meeting(HOSTILE), calendars="calendars"))


# -- what is in it, without a program


def test_each_day_is_a_table_with_a_name_and_headings_and_each_session_a_row_with_its_time_at_the_head(
    page: Node,
) -> None:
    headings = [one.text for one in page.all("h2") if one.attributes.get("id", "").startswith("d-")]  # type: ignore[union-attr]
    assert headings[0] == "Thursday 28 October 2010"
    tables = page.all("table")
    assert len(tables) == len(headings) == 4
    for table, day in zip(tables, page.all("section", klass="day"), strict=True):
        name = table.attributes["aria-labelledby"]
        assert name is not None
        assert day.one("h2").attributes["id"] == name
        assert [one.text for one in table.all("th", scope="col")][:3] == ["Time", "Session", "Room"]
        for row in table.all("tr", klass="s"):
            assert len(row.all("th", scope="row")) == 1
            assert len(row.all("td")) == 3
    # What looks like a table on the screen and is laid out otherwise stays one for those who hear it.
    roles = {one.name: one.attributes.get("role") for one in (*page.all("table"), *page.all("tr"), *page.all("td"))}
    assert roles == {"table": "table", "tr": "row", "td": "cell"}


def test_rows_stand_in_order_and_say_when_what_and_where(page: Node) -> None:
    rows = page.all("tr", klass="s")
    said = [(r.one("th").text, r.one("a", klass="title").text, r.one("td", klass="where").text) for r in rows]
    assert said[:4] == [
        ("09:00–10:00", "Opening of the Assemblée", "Room I"),
        ("10:00–11:30", "Access for all", "Room I"),
        ("10:30–11:30", "Drafting group", "II"),
        ("14:00–16:00", "Consultation", "Café / bar"),
    ]
    assert len(rows) == 5 + len(HOSTILE)


def test_a_time_that_comes_twice_says_which_it_is(page: Node) -> None:
    night = page.all("tr", klass="s")[-1]
    assert night.one("th").text == "02:30+0200–03:30"
    assert [one.attributes["datetime"] for one in night.all("time")] == [
        "2010-10-31T02:30:00+02:00",
        "2010-10-31T03:30:00+01:00",
    ]


def test_details_of_a_session_are_there_to_be_opened(page: Node) -> None:
    told = page.all("tr", klass="s")[0].one("details")
    facts = {one.one("dt").text: one.one("dd").text for one in told.one("dl").all("div")}
    assert facts == {
        "Chair": "Zoë Müller, Chair",
        "Invited": "Member States",
        "Interpretation": "English, French",
        "Provided": "webcast",
    }
    paragraphs = [one.text for one in told.all("p")]
    assert paragraphs == ["First line, with a link: https://example.org/?a=1&b=2", "Second line."]


def test_the_page_has_landmarks_a_skip_link_and_the_language(page: Node) -> None:
    html = page.one("html")
    assert html.attributes["lang"] == "en"
    for name in ("header", "main", "footer"):
        assert len(html.all(name)) == 1
    assert html.one("form").attributes["role"] == "search"
    assert html.one("a", klass="skip").attributes["href"] == "#" + (html.one("main").attributes["id"] or "")
    for control in (*html.all("select"), *(one for one in html.all("input") if one.attributes.get("type") != "radio")):
        assert any(control in label.all(control.name) for label in html.all("label")), control.attributes


def test_whoever_is_at_something_can_be_chosen_by_name(page: Node) -> None:
    options = {one.attributes["id"]: [o.text for o in one.all("option")] for one in page.all("select")}
    assert options["delegation"] == ["All delegations", "Åland Islands", "Brazil", "Egypt", "Kenya"]
    assert options["group"] == ["All groups", "Member States"]
    assert options["person"] == ["All people", "Zoë Müller, Chair"]
    assert options["room"] == ["All rooms", "Room I", "II", "Café / bar"]
    assert options["track"] == ["All bodies", "Access", "Plenary"]


# -- what is closed


def test_a_closed_session_is_announced_and_a_closed_part_tells_nothing_of_itself() -> None:
    problem, schedule = meeting()
    text = timetable_page(problem, schedule)
    rows = parse(text).all("tr", klass="s")
    assert rows[2].one("a", klass="title").text == "Drafting group"
    assert rows[2].one("span", klass="access").text == "Members only"
    assert [one.text for one in rows[3].one("ol").all("li")] == [
        "14:00–14:30 Statements",
        "14:30–15:15 Closed part",
        "15:15–16:00 Report back",
    ]
    assert "SECRET" not in text
    assert "Fiji" not in text


def test_the_page_tells_of_each_session_what_the_calendar_of_everything_tells() -> None:
    problem, schedule = meeting(HOSTILE)
    programme = calendars(problem, schedule)["programme.ics"].decode()
    events = data_of(parse(timetable_page(problem, schedule)), "events")
    assert len(events["events"]) == len(schedule)
    assert all(event in programme for event in events["events"])


def test_no_mail_address_of_a_participant_is_in_it() -> None:
    found = set(re.findall(r"[\w.-]+@example\.org", timetable_page(*meeting())))
    assert found == {"office@example.org"}


def test_who_is_there_for_a_part_alone_has_that_part_in_the_data_and_who_is_at_a_closed_one_is_not_in_it(
    page: Node,
) -> None:
    data = data_of(page)
    names = [one["id"] for one in data["parties"]]
    consultation = next(one for one in data["sessions"] if one["id"] == "consultation")
    assert [names[n] for n in consultation["who"]] == ["egypt", "members", "kenya"]
    ((start, end, who),) = consultation["pieces"]
    assert [names[n] for n in who] == ["kenya"]
    assert end - start == 45 * 60


# -- entries for calendars


def test_each_session_comes_with_a_whole_calendar_entry(page: Node) -> None:
    schedule = meeting(HOSTILE)[1]
    events = data_of(page, "events")
    for booking, text in zip(schedule.bookings, events["events"], strict=True):
        calendar: Any = Calendar.from_ical(events["opening"] + text + events["closing"])
        (event,) = calendar.walk("VEVENT")
        assert (event["DTSTART"].dt.timestamp(), event["DTEND"].dt.timestamp()) == (
            booking.start.timestamp(),
            booking.end.timestamp(),
        )
        assert event["DTSTAMP"].dt == datetime(2010, 10, 20, 8, tzinfo=UTC)


def test_without_a_stamp_there_are_no_entries_and_with_one_there_are() -> None:
    problem, schedule = meeting()
    bare = evolve(schedule, stamp=None)
    page = parse(timetable_page(problem, bare))
    assert data_of(page, "events") is None
    assert page.all("button", klass="save") == []
    stamped = timetable_page(problem, bare, stamp=datetime(2010, 10, 20, 8, tzinfo=UTC))
    assert stamped == timetable_page(problem, schedule)


def test_entries_of_what_is_published_have_the_numbers_of_its_invitations() -> None:
    problem, schedule = meeting()
    stamp = datetime(2010, 10, 21, 8, tzinfo=UTC)
    first = publish(problem, schedule, None, stamp=stamp)
    moved = evolve(schedule, bookings=[evolve(schedule.bookings[0], room="II"), *schedule.bookings[1:]])
    second = publish(problem, moved, first.publication, stamp=stamp.replace(hour=9)).publication
    page = parse(timetable_page(problem, moved, publication=second))
    events = data_of(page, "events")["events"]
    assert ["SEQUENCE:1" in event for event in events] == [True, False, False, False, False]
    programme = calendars(problem, moved, publication=second)["programme.ics"].decode()
    assert all(event in programme for event in events)
    assert "has been published as something else" in refused(
        lambda: timetable_page(problem, schedule, publication=second)
    )


@pytest.mark.parametrize("place", [".", "my calendars", "https://example.org/feeds"])
def test_links_lead_to_the_calendars_that_are_written(place: str) -> None:
    problem, schedule = meeting()
    page = parse(timetable_page(problem, schedule, calendars=place))
    (link,) = page.all("a", klass="feed")
    base = (link.attributes["href"] or "").removesuffix("programme.ics")
    assert unquote(base) == f"{place}/"
    data = data_of(page)
    assert data["calendars"] == base
    feeds = [one["feed"] for one in (*data["rooms"], *data["parties"], *data["tracks"])]
    written = calendars(problem, schedule)
    assert len(feeds) == 11
    assert all(unquote(feed) in written for feed in feeds)


# -- content is data


def test_hostile_titles_are_text_and_change_nothing_else() -> None:
    tame = parse(timetable_page(*meeting(("Title",) * len(HOSTILE))))
    wild = parse(timetable_page(*meeting(HOSTILE)))

    def outline(node: Node) -> list[tuple[str, list[str]]]:
        return [(one.name, sorted(one.attributes)) for one in everything(node)]

    assert outline(wild) == outline(tame)
    titles = [one.text for one in wild.all("a", klass="title")][4 : 4 + len(HOSTILE)]
    assert titles == [clean(title) for title in HOSTILE]
    assert data_of(wild)["sessions"][0]["id"] == "opening"


def everything(node: Node) -> Iterator[Node]:
    for child in node.children:
        if isinstance(child, Node):
            yield child
            yield from everything(child)


def test_nothing_in_the_page_reorders_what_is_around_it() -> None:
    text = timetable_page(*meeting(HOSTILE))
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029") & set(text)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40), st.text(max_size=60))
@example("]]>", "</details></td></tr><tr>")
@example("\ud800", "\x00\x1b[2J")
def test_any_text_anywhere_is_only_text(name: str, text: str) -> None:
    problem, schedule = meeting()
    first = problem.sessions[0]
    try:
        odd = evolve(first, title=name, description=text, kind=name or None, body=text or None, features=name or "x")
        person = evolve(problem.persons[0], name=name or None)
        hall = evolve(
            problem.venue, rooms=[evolve(problem.rooms[0], name=text, features=odd.features), *problem.rooms[1:]]
        )
        other = evolve(problem, sessions=[odd, *problem.sessions[1:]], persons=[person], venue=hall, title=name or None)
    except InputError:
        return  # facts refuse some texts already
    page = timetable_page(other, schedule)
    page.encode()
    root = parse(page)
    assert [one.name for one in everything(root)].count("script") == 4
    assert len(root.all("tr", klass="s")) == len(schedule)
    assert root.all("a", klass="title")[0].text == (clean(name).strip() or "opening")
    assert not [one for one in everything(root) if any(key.startswith("on") for key in one.attributes)]


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_data_come_back_as_they_were_and_end_no_element(value: object) -> None:
    text = as_json(value)
    assert json.loads(text) == value
    assert not set("<>&\u2028\u2029") & set(text)
    text.encode()


# -- nothing from elsewhere


def test_the_policy_allows_what_is_in_the_page_and_nothing_else(page: Node) -> None:
    (policy,) = [one.attributes["content"] for one in page.all("meta", **{"http-equiv": "Content-Security-Policy"})]
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    def hashes(nodes: list[Node]) -> str:
        digests = (b64encode(sha256(node.text.encode()).digest()).decode() for node in nodes)
        return " ".join(f"'sha256-{digest}'" for digest in digests)

    running = [one for one in page.all("script") if one.attributes.get("type") != "application/json"]
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == hashes(running)
    assert rules["style-src"] == hashes(page.all("style"))
    assert "connect-src" not in rules
    assert not [one for one in everything(page) if "style" in one.attributes]


def test_nothing_is_fetched(page: Node) -> None:
    fetching = {"img", "iframe", "object", "embed", "audio", "video", "source", "base"}
    assert not [one for one in everything(page) if one.name in fetching or "src" in one.attributes]
    (icon,) = page.all("link")
    assert icon.attributes["href"] == "data:,"
    style = page.one("style").text
    assert "@import" not in style
    assert all(address.startswith(('"data:', "data:")) for address in re.findall(r"url\(([^)]*)", style))


def test_the_program_writes_no_markup_and_makes_no_code_from_text() -> None:
    program = parse(timetable_page(*meeting())).all("script")[-1].text
    for danger in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "fetch("):
        assert danger not in program


# -- the same each time


def test_the_same_schedule_gives_the_same_bytes_whatever_the_hash_seed_and_the_zone() -> None:
    code = (
        "import sys, hashlib; sys.path.insert(0, 'tests/shared'); from pages import *\n"
        "from unsched.report.page import timetable_page\n"
        "print(hashlib.sha256(timetable_page(*meeting(HOSTILE), language='fr').encode()).hexdigest())"
    )
    here = sha256(timetable_page(*meeting(HOSTILE), language="fr").encode()).hexdigest()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert run.stdout.strip() == here


# -- words


def test_every_language_has_the_same_words_with_the_same_places_for_names() -> None:
    places = {
        language: {key: sorted(re.findall(r"\{(\w+)\}", text)) for key, text in words.items()}
        for language, words in WORDS.items()
    }
    assert set(places) == set(LANGUAGES) == {"en", "fr"}
    assert places["fr"] == places["en"]
    same = {key for key, text in WORDS["en"].items() if WORDS["fr"][key] == text}
    assert same == {"agenda", "on"}


def test_every_word_is_used_and_none_is_missing() -> None:
    scripts = [one.name for one in ASSETS.iterdir() if one.name.endswith(".js")]
    sources = "\n".join(map(read_asset, ["page.html", *scripts]))
    used = set(re.findall(r"\bwords\.(\w+)", sources)) | set(re.findall(r'\bsay\("(\w+)"', sources))
    used |= {f"{key}_{number}" for key in re.findall(r'\bcount\("(\w+)"', sources) for number in ("one", "other")}
    # Keys that are put together; and the name of a building is written in Python.
    used |= {f"{key}_{by}" for key in ("track", "all_tracks") for by in COLOUR_BY}
    assert used | {"access_members", "access_governments", "building"} == set(WORDS["en"])


def test_french_keeps_signs_beside_their_words_and_has_its_own_apostrophe() -> None:
    for key, text in WORDS["fr"].items():
        for sign in re.finditer("[:;!?»]", text):
            assert text[sign.start() - 1] in "\u00a0\u202f", (key, text)
        assert "'" not in text, (key, text)


def test_a_french_page_is_french() -> None:
    page = parse(timetable_page(*meeting(), language="fr"))
    assert page.one("html").attributes["lang"] == "fr"
    assert page.all("section", klass="day")[0].one("h2").text == "jeudi 28 octobre 2010"
    assert page.one("span", klass="dates").text == "28–31 octobre 2010"
    assert page.one("span", klass="access").text == "Membres uniquement"
    text = page.one("body").text
    for key in ("skip", "search", "all_days", "session"):
        assert WORDS["fr"][key] in text
    ours = [one.text for one in page.all("th", scope="col")][:4]
    assert ours == ["Heure", "Séance", "Salle", "Mes choix"]


def test_days_are_written_as_each_language_writes_them() -> None:
    assert day_in("fr", date(2011, 1, 1)) == "samedi 1er janvier 2011"
    assert days_in("en", date(2010, 12, 31), date(2011, 1, 1)) == "31 December 2010 – 1 January 2011"
    assert days_in("fr", date(2010, 12, 17), date(2010, 12, 17)) == "vendredi 17 décembre 2010"


# -- looks


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def themes() -> Iterator[dict[str, str]]:
    """Yield the colours by name, in light and in dark."""
    light, dark = re.findall(r":root \{(.*?)\}", read_asset("base.css"), re.DOTALL)[:2]
    for block in (light, dark):
        yield dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def test_text_has_contrast_enough_on_whatever_it_stands() -> None:
    for theme, at in zip(themes(), (0, 3), strict=True):
        for paper in ("paper", "desk"):
            for ink in ("ink", "soft", "accent", "live"):
                assert contrast(theme[ink], theme[paper]) >= 4.5, (ink, paper)
        assert contrast(theme["accent"], theme["accent-paper"]) >= 4.5
        assert contrast(theme["soft"], theme["line-soft"]) >= 4.5
        for colours in PALETTE:
            tint, edge, ink = colours[at : at + 3]
            for letters in (ink, theme["ink"], theme["soft"], theme["live"]):
                assert contrast(letters, tint) >= 4.5, (letters, tint)
            assert contrast(edge, theme["paper"]) >= 3, edge


def test_every_track_has_a_class_of_its_own_as_long_as_there_are_colours(page: Node) -> None:
    style = page.one("style").text
    for number in range(len(PALETTE)):
        assert style.count(f".t{number}{{--tint:") == 2
    first, second = page.all("tr", klass="s")[:2]
    assert (first.attributes["class"], second.attributes["class"]) == ("s t1", "s t0")
    assert first.one("span", klass="track").text == "Plenary"


def test_sessions_are_coloured_by_what_tells_them_apart() -> None:
    def some(*facts: tuple[str | None, str | None, str]) -> list[Session]:
        return [Session(f"s{n}", "S", body=body, kind=kind, tags=tag) for n, (body, kind, tag) in enumerate(facts)]

    assert colour_by_of(some(("A", "x", "1"), ("B", "x", "1"))) == "body"
    assert colour_by_of(some(("A", "x", "1"), ("A", "y", "1"))) == "kind"
    assert colour_by_of(some(("A", "x", "1"), ("A", "x", "2"))) == "tag"
    many = [(f"body {n}", "x" if n % 2 else "y", "1") for n in range(len(PALETTE) + 1)]
    assert colour_by_of(some(*many)) == "kind"
    assert colour_by_of(some((None, None, "1"))) == "tag"
    assert colour_by_of([]) == "body"


@pytest.mark.parametrize(
    ("by", "first", "every"), [("body", "Plenary", "All bodies"), ("kind", "plenary", "All kinds")]
)
def test_the_user_says_what_colours_mean(by: str, first: str, every: str) -> None:
    page = parse(timetable_page(*meeting(), colour_by=by))
    assert page.all("span", klass="track")[0].text == first
    assert page.one("select", id="track").all("option")[0].text == every


# -- paper


def test_the_style_sheet_prints_in_the_sizes_that_are_reckoned_with() -> None:
    found = re.findall(r"\.p(\d) \{ --print: ([\d.]+)pt; --columns: (\d); \}", read_asset("print.css"))
    assert [(float(points), int(columns)) for _, points, columns in found] == list(SIZES)
    assert [int(number) for number, *_ in found] == list(range(len(SIZES)))


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(1, 80)), max_size=120), st.integers(1, 200))
def test_more_to_print_is_never_printed_larger(texts: list[tuple[int, int]], letters: int) -> None:
    assert print_size(texts) <= print_size([*texts, (letters, 10)])


# -- what is refused


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        call()
    return str(caught.value)


def test_a_language_or_a_colour_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    problem, schedule = meeting()
    assert "does not speak 'de'" in refused(lambda: timetable_page(problem, schedule, language="de"))
    assert "'body', 'kind', 'tag'" in refused(lambda: timetable_page(problem, schedule, colour_by="mood"))


@pytest.mark.parametrize(
    "place", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://me@example.org/", "file:///etc"]
)
def test_a_place_of_calendars_that_is_no_folder_is_refused(place: str) -> None:
    assert "is not the address of a folder" in refused(
        lambda: timetable_page(*meeting(), calendars=place)
    ) or "has a user's name in it" in refused(lambda: timetable_page(*meeting(), calendars=place))


def test_everything_wrong_with_the_arguments_is_said_at_once() -> None:
    problem, schedule = meeting()
    other = evolve(schedule, problem="another", bookings=[evolve(schedule.bookings[0], room="Z")])
    naive = datetime(2010, 10, 28)
    text = refused(lambda: timetable_page(problem, other, now=naive, stamp=naive, calendars="javascript:x"))
    for path in ("$.problem", "$.bookings[0].room", "$.now", "$.stamp", "$.calendars"):
        assert path in text


def test_without_jinja2_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert "pip install 'unsched[html]'" in refused(lambda: timetable_page(*meeting()))


def test_an_empty_schedule_is_a_page_that_says_so() -> None:
    problem, schedule = meeting()
    page = parse(timetable_page(problem, evolve(schedule, bookings=[])))
    assert page.all("table") == []
    assert "hidden" not in page.one("p", id="empty").attributes


def test_what_is_assumed_stands_at_the_foot(founding: tuple[Problem, Schedule]) -> None:
    problem, schedule = founding
    foot = parse(timetable_page(problem, schedule)).one("footer")
    assert [one.text for one in foot.all("li")] == [clean(str(one)) for one in schedule.assumptions]
    assert len(schedule.assumptions) > 20


@pytest.fixture(scope="module")
def founding() -> tuple[Problem, Schedule]:
    """The founding case as a schedule of one session; all that it assumes goes with it."""
    from unsched.palais import cstd_2010

    problem = cstd_2010()
    start, end = "2010-12-17T10:00+01:00", "2010-12-17T13:00+01:00"
    one = {"session": "consultation-morning", "room": "XXVI", "start": start, "end": end}
    return problem, Schedule(problem.id, "Europe/Zurich", [Booking(**one)], assumptions=problem.assumptions)
