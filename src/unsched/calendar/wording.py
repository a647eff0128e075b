"""The words of mails, by language; the languages' own tables, since the machine's locale must change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from attrs import frozen

__all__ = ["LANGUAGES", "Words"]


@frozen
class Words:
    """What a language calls things.

    Args:
        days: days of the week, from Monday.
        months: months, from January.
        first: the number of the first day of a month.
        colon: what separates a label from what follows it; French has a space before it that no line breaks at.
        subjects: the start of a subject, by reason.
        sentences: what has happened, in a sentence, by reason.
        labels: what stands before a title, a time, a place, an organizer, and what was and what is.
    """

    days: tuple[str, ...]
    months: tuple[str, ...]
    first: str
    colon: str
    subjects: Mapping[str, str]
    sentences: Mapping[str, str]
    labels: Mapping[str, str]

    def date(self, day: date) -> str:
        """Return a date in words.

        >>> LANGUAGES["fr"].date(date(2026, 5, 1))
        'vendredi 1er mai 2026'
        """
        number = self.first if day.day == 1 else str(day.day)
        return f"{self.days[day.weekday()]} {number} {self.months[day.month - 1]} {day.year}"

    def span(self, start: datetime, end: datetime, zone: str) -> str:
        """Return a time from its start to its end, with the zone.

        >>> LANGUAGES["en"].span(datetime(2010, 12, 17, 10), datetime(2010, 12, 17, 13), "Europe/Zurich")
        'Friday 17 December 2010, 10:00-13:00 (Europe/Zurich)'
        """
        last = f"{end:%H:%M}" if end.date() == start.date() else f" {self.date(end)}, {end:%H:%M}"
        return f"{self.date(start)}, {start:%H:%M}-{last} ({zone})"


_ENGLISH: Final = Words(
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "1",
    ":",
    {
        "new": "Invitation",
        "moved": "Moved",
        "changed": "Changed",
        "cancelled": "Cancelled",
        "added": "You have been added",
        "removed": "You are no longer invited",
        "readdressed": "Sent to another address from now on",
    },
    {
        "new": "You are invited to this meeting.",
        "moved": "This meeting has been moved.",
        "changed": "What is known of this meeting has changed.",
        "cancelled": "This meeting has been cancelled.",
        "added": "You have been added to the participants of this meeting.",
        "removed": "You are no longer invited to this meeting, which takes place without you.",
        "readdressed": "What concerns this meeting is sent to another address from now on.",
    },
    {
        "title": "Meeting",
        "when": "Time",
        "where": "Place",
        "organizer": "Organizer",
        "to": "For",
        "before": "Before",
        "now": "Now",
    },
)
_FRENCH: Final = Words(
    ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "1er",
    "\u00a0:",
    {
        "new": "Invitation",
        "moved": "Déplacée",
        "changed": "Modifiée",
        "cancelled": "Annulée",
        "added": "Vous avez été ajouté aux participants",
        "removed": "Vous n\u2019êtes plus invité",
        "readdressed": "Envoyée désormais à une autre adresse",
    },
    {
        "new": "Vous êtes invité à cette réunion.",
        "moved": "Cette réunion a été déplacée.",
        "changed": "Les indications sur cette réunion ont changé.",
        "cancelled": "Cette réunion a été annulée.",
        "added": "Vous avez été ajouté aux participants de cette réunion.",
        "removed": "Vous n\u2019êtes plus invité à cette réunion, qui se tiendra sans vous.",
        "readdressed": "Ce qui concerne cette réunion est envoyé désormais à une autre adresse.",
    },
    {
        "title": "Réunion",
        "when": "Heure",
        "where": "Lieu",
        "organizer": "Organisateur",
        "to": "Pour",
        "before": "Avant",
        "now": "Maintenant",
    },
)

LANGUAGES: Final[Mapping[str, Words]] = {"en": _ENGLISH, "fr": _FRENCH}
"""The languages in which mails can be written."""
