"""What the page says itself, in each language of its interface; dates and times as that language writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from unsched.errors import Fault, InputError, nearest
from unsched.report.text import day_name

__all__ = ["LANGUAGES", "WORDS", "check_language", "day_in", "days_in"]

_ENGLISH: Final = {
    "access_governments": "Governments only",
    "access_members": "Members only",
    "add": "Add to my calendar",
    "add_shown": "Save what is shown as a calendar",
    "agenda": "Agenda",
    "agenda_of": "Agenda of {name}",
    "all_days": "All days",
    "all_delegations": "All delegations",
    "all_groups": "All groups",
    "all_people": "All people",
    "all_rooms": "All rooms",
    "all_tracks_body": "All bodies",
    "all_tracks_kind": "All kinds",
    "all_tracks_tag": "All themes",
    "and_more": "and {n} more",
    "assumed": "What this schedule assumes",
    "building": "Building {name}",
    "calendar_of": "Calendar of {name}",
    "calendar_programme": "Calendar of everything",
    "chair": "Chair",
    "clear": "Show everything",
    "close": "Close",
    "colon": ": ",
    "closed_part": "Closed part",
    "copied": "The link is copied.",
    "copy": "Copy link",
    "count_of_one": "{n} of {all} sessions",
    "count_of_other": "{n} of {all} sessions",
    "day": "Day",
    "delegation": "Delegation",
    "details": "Details",
    "filters": "Filters",
    "grid": "Grid",
    "group": "Group",
    "interpretation": "Interpretation",
    "invited": "Invited",
    "languages_one": "{n} language",
    "languages_other": "{n} languages",
    "list": "List",
    "made": "Schedule of {moment}, revision {revision}.",
    "mine": "My picks",
    "minutes_left_one": "{n} minute left",
    "minutes_left_other": "{n} minutes left",
    "my_time": "My time ({zone})",
    "next": "Next",
    "next_at": "Next, {time}",
    "none": "No session matches.",
    "none_next": "Nothing more is planned.",
    "none_now": "No session is running.",
    "now": "Now",
    "now_and_next": "Now and next",
    "on": "{day}, {time}",
    "part_only": "For a part: {time}",
    "parts": "Parts",
    "person": "Person",
    "pick": "Add to my picks",
    "picks_none": "You have picked no session yet: the star beside a title picks it.",
    "provided": "Provided",
    "required": "Required",
    "room": "Room",
    "search": "Search",
    "search_hint": "Title, person, room\u2026",
    "session": "Session",
    "sessions_one": "{n} session",
    "sessions_other": "{n} sessions",
    "skip": "Skip to the timetable",
    "time": "Time",
    "timetable": "Timetable",
    "track_body": "Body",
    "track_kind": "Kind",
    "track_tag": "Theme",
    "unpick": "Remove from my picks",
    "until": "until {time}",
    "venue_time": "Venue time ({zone})",
    "view": "View",
    "zone": "Time zone",
    "zone_all": "Every time zone",
    "zone_note": "Times are those of {zone}.",
}

# U+00A0 and U+202F keep a sign beside its word, as French typography has it; U+2019 is the apostrophe.
_FRENCH: Final = {
    "access_governments": "Gouvernements uniquement",
    "access_members": "Membres uniquement",
    "add": "Ajouter à mon agenda",
    "add_shown": "Enregistrer la sélection dans un agenda",
    "agenda": "Agenda",
    "agenda_of": "Agenda\u00a0: {name}",
    "all_days": "Tous les jours",
    "all_delegations": "Toutes les délégations",
    "all_groups": "Tous les groupes",
    "all_people": "Toutes les personnes",
    "all_rooms": "Toutes les salles",
    "all_tracks_body": "Tous les organes",
    "all_tracks_kind": "Tous les types",
    "all_tracks_tag": "Tous les thèmes",
    "and_more": "et {n} de plus",
    "assumed": "Ce que ce programme suppose",
    "building": "Bâtiment {name}",
    "calendar_of": "Calendrier\u00a0: {name}",
    "calendar_programme": "Calendrier de tout le programme",
    "chair": "Présidence",
    "clear": "Tout afficher",
    "close": "Fermer",
    "colon": "\u00a0: ",
    "closed_part": "Partie à huis clos",
    "copied": "Le lien est copié.",
    "copy": "Copier le lien",
    "count_of_one": "{n} séance sur {all}",
    "count_of_other": "{n} séances sur {all}",
    "day": "Jour",
    "delegation": "Délégation",
    "details": "Détails",
    "filters": "Filtres",
    "grid": "Grille",
    "group": "Groupe",
    "interpretation": "Interprétation",
    "invited": "Invités",
    "languages_one": "{n} langue",
    "languages_other": "{n} langues",
    "list": "Liste",
    "made": "Programme du {moment}, révision {revision}.",
    "mine": "Mes choix",
    "minutes_left_one": "encore {n}\u00a0minute",
    "minutes_left_other": "encore {n}\u00a0minutes",
    "my_time": "Mon heure ({zone})",
    "next": "À suivre",
    "next_at": "À suivre, {time}",
    "none": "Aucune séance ne correspond.",
    "none_next": "Plus rien n\u2019est prévu.",
    "none_now": "Aucune séance n\u2019est en cours.",
    "now": "En cours",
    "now_and_next": "En cours et à suivre",
    "on": "{day}, {time}",
    "part_only": "Pour une partie\u00a0: {time}",
    "parts": "Parties",
    "person": "Personne",
    "pick": "Ajouter à mes choix",
    "picks_none": "Vous n\u2019avez encore choisi aucune séance\u00a0: choisissez par l\u2019étoile près du titre.",
    "provided": "Mis à disposition",
    "required": "Présence requise",
    "room": "Salle",
    "search": "Rechercher",
    "search_hint": "Titre, personne, salle\u2026",
    "session": "Séance",
    "sessions_one": "{n} séance",
    "sessions_other": "{n} séances",
    "skip": "Aller au programme",
    "time": "Heure",
    "timetable": "Programme",
    "track_body": "Organe",
    "track_kind": "Type",
    "track_tag": "Thème",
    "unpick": "Retirer de mes choix",
    "until": "jusqu\u2019à {time}",
    "venue_time": "Heure du lieu ({zone})",
    "view": "Affichage",
    "zone": "Fuseau horaire",
    "zone_all": "Tous les fuseaux",
    "zone_note": "Les heures sont celles de {zone}.",
}

WORDS: Final[Mapping[str, Mapping[str, str]]] = {"en": _ENGLISH, "fr": _FRENCH}
"""Every text of the interface, by language and key; the same keys in each language."""

LANGUAGES: Final = tuple(WORDS)

_FRENCH_DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_FRENCH_MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def check_language(language: str) -> None:
    """Refuse a language that the interface does not have.

    Raises:
        InputError: there is no such language.
    """
    if language not in WORDS:
        remedy = nearest(language, LANGUAGES) or f"one of {', '.join(map(repr, LANGUAGES))}."
        raise InputError([Fault("language", f"the page does not speak {language!r}", remedy)], "the timetable page")


def day_in(language: str, day: date) -> str:
    """Return a date as a language writes it.

    >>> day_in("fr", date(2010, 12, 17)), day_in("en", date(2010, 12, 17))
    ('vendredi 17 décembre 2010', 'Friday 17 December 2010')
    """
    if language == "fr":
        return f"{_FRENCH_DAYS[day.weekday()]} {_ordinal(day)} {_FRENCH_MONTHS[day.month - 1]} {day.year}"
    return day_name(day)


def days_in(language: str, first: date, last: date) -> str:
    """Return the days from one to another, shortly.

    >>> days_in("en", date(2010, 12, 15), date(2010, 12, 17)), days_in("fr", date(2010, 11, 30), date(2010, 12, 1))
    ('15\u201317 December 2010', '30 novembre \u2013 1er décembre 2010')
    """
    ends = [(_ordinal(day) if language == "fr" else str(day.day), _month(language, day)) for day in (first, last)]
    (one, month), (other, later) = ends
    if first == last:
        return day_in(language, first)
    if first.year != last.year:
        return f"{one} {month} {first.year} \u2013 {other} {later} {last.year}"
    if first.month != last.month:
        return f"{one} {month} \u2013 {other} {later} {last.year}"
    return f"{one}\u2013{other} {later} {last.year}"


def _month(language: str, day: date) -> str:
    return _FRENCH_MONTHS[day.month - 1] if language == "fr" else day_name(day).split(" ")[2]


def _ordinal(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)
