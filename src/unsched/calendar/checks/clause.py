"""The clauses that calendar files are held to, each with a name for ever and the section that says so."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from unsched.calendar.finding import Finding

__all__ = ["CLAUSES", "Clause"]

_FOUND: Final[list[Clause]] = []


@frozen
class Clause:
    """Something that a file has to keep to.

    Args:
        code: its name, for ever.
        section: where it is written, such as "RFC 5545, 3.1"; "client" is what clients were measured to need.
        text: what it asks for, as a sentence.
        kinds: the kinds of file that it is about; empty is every kind.
    """

    code: str
    section: str
    text: str
    kinds: tuple[str, ...] = ()

    def at(self, line: int, component: str, message: str, remedy: str) -> Finding:
        """Return a finding at a place where it is not kept."""
        return Finding(line, component, message, remedy, self.section, code=self.code)


def _clause(code: str, section: str, text: str, *kinds: str) -> Clause:
    clause = Clause(code, section, text, kinds)
    _FOUND.append(clause)
    return clause


# -- lines ------------------------------------------------------------------------------------------------------------

LINE_LENGTH: Final = _clause("line-length", "RFC 5545, 3.1", "A line has at most 75 octets, without its CRLF.")
LINE_ENDING: Final = _clause("line-ending", "RFC 5545, 3.1", "Every line, the last one too, ends in CRLF.")
CONTROL: Final = _clause("control", "RFC 5545, 3.1", "There is no control character but the tab.")
UTF_8: Final = _clause("utf-8", "RFC 5545, 3.1.4", "The file is in UTF-8, and no character is folded in two.")
CONTENT_LINE: Final = _clause("content-line", "RFC 5545, 3.1", "Every line is a name, parameters, a colon and a value.")
STRUCTURE: Final = _clause("structure", "RFC 5545, 3.6", "Every BEGIN has its END, all of it inside a VCALENDAR.")
ONE_CALENDAR: Final = _clause("one-calendar", "RFC 5545, 3.4", "One VCALENDAR is in one file.")
NOT_EMPTY: Final = _clause("not-empty", "RFC 5545, 3.6", "There is at least one component in a calendar.")
REGISTERED: Final = _clause(
    "registered", "RFC 5545, 8.3", "Names of properties, parameters and components are registered, or begin with X-."
)

# -- properties -------------------------------------------------------------------------------------------------------

PRODID: Final = _clause("prodid", "RFC 5545, 3.7.3", "A calendar says what has made it.")
VERSION: Final = _clause("version", "RFC 5545, 3.7.4", "A calendar is of version 2.0.")
CALSCALE: Final = _clause("calscale", "RFC 5545, 3.7.1", "CALSCALE, where it stands, is GREGORIAN.")
UID: Final = _clause("uid", "RFC 5545, 3.8.4.7", "An event and busy times have a UID.")
DTSTAMP: Final = _clause("dtstamp", "RFC 5545, 3.8.7.2", "An event and busy times have a DTSTAMP, in UTC.")
DTSTART: Final = _clause("dtstart", "RFC 5545, 3.6.1", "An event has a DTSTART.")
ONCE: Final = _clause("once", "RFC 5545, 3.6", "What can stand only once stands only once.")
TEXT: Final = _clause("text", "RFC 5545, 3.3.11", "Backslashes, semicolons and commas of a text are escaped.")
DATE_TIME: Final = _clause("date-time", "RFC 5545, 3.3.5", "A moment is a date or a date-time that there is.")
VALUE_TYPE: Final = _clause("value-type", "RFC 5545, 3.2.20", "VALUE=DATE stands where a value is a date.")
UTC_TZID: Final = _clause("utc-tzid", "RFC 5545, 3.2.19", "A time in UTC has no TZID.")
TIMESTAMP: Final = _clause("timestamp", "RFC 5545, 3.8.7.3", "CREATED and LAST-MODIFIED are in UTC.")
DURATION: Final = _clause("duration", "RFC 5545, 3.3.6", "A length of time is one such as PT1H30M.")
INTEGER: Final = _clause("sequence", "RFC 5545, 3.8.7.4", "SEQUENCE is a whole number, not less than 0.")
STATUS: Final = _clause("status", "RFC 5545, 3.8.1.11", "STATUS is TENTATIVE, CONFIRMED or CANCELLED.")
TRANSP: Final = _clause("transp", "RFC 5545, 3.8.2.7", "TRANSP is OPAQUE or TRANSPARENT.")
CLASS: Final = _clause("class", "RFC 5545, 3.8.1.3", "CLASS is PUBLIC, PRIVATE or CONFIDENTIAL.")
BUSY_STATUS: Final = _clause(
    "busy-status",
    "MS-OXCICAL, 2.1.3.1.1.20.31",
    "X-MICROSOFT-CDO-BUSYSTATUS says what TRANSP says: FREE, or else busy.",
)
ADDRESS: Final = _clause("address", "RFC 5545, 3.3.3", "ORGANIZER and ATTENDEE are URIs; a mailto: has one address.")
COMMON_NAME: Final = _clause("common-name", "RFC 6868, 3", "A CN has no quotes or breaks, which many readers miss.")
CUTYPE: Final = _clause("cutype", "RFC 5545, 3.2.3", "CUTYPE is INDIVIDUAL, GROUP, RESOURCE, ROOM or UNKNOWN.")
PARTSTAT: Final = _clause("partstat", "RFC 5545, 3.2.12", "PARTSTAT of an event is one that there is.")
ROLE: Final = _clause("role", "RFC 5545, 3.2.16", "ROLE is one that there is.")
RSVP: Final = _clause("rsvp", "RFC 5545, 3.2.17", "RSVP is TRUE or FALSE.")
URI: Final = _clause("uri", "RFC 5545, 3.3.13", "URL and SOURCE are addresses.")
COLOR: Final = _clause("color", "RFC 7986, 5.9", "COLOR is the name of a colour of CSS.")
REFRESH: Final = _clause("refresh", "RFC 7986, 5.7", "REFRESH-INTERVAL says VALUE=DURATION.")
RELTYPE: Final = _clause("reltype", "RFC 9253, 5", "RELTYPE is one that there is, and a GAP is a length of time.")

# -- times ------------------------------------------------------------------------------------------------------------

END_TYPE: Final = _clause("end-type", "RFC 5545, 3.8.2.2", "DTEND is of the type of DTSTART, and after it.")
END_ONCE: Final = _clause("end-once", "RFC 5545, 3.6.1", "DTEND and DURATION do not stand together.")
ZONE_DEFINED: Final = _clause("zone-defined", "RFC 5545, 3.2.19", "Each TZID that is named has its VTIMEZONE.")
ZONE_ONCE: Final = _clause("zone-once", "RFC 5545, 3.6.5", "A time zone is defined once.")
ZONE_PARTS: Final = _clause("zone-parts", "RFC 5545, 3.6.5", "A VTIMEZONE has a TZID, and STANDARD or DAYLIGHT.")
ZONE_RULE: Final = _clause(
    "zone-rule", "RFC 5545, 3.6.5", "STANDARD and DAYLIGHT have DTSTART, without a zone, and both offsets."
)
ZONE_COVERS: Final = _clause(
    "zone-covers", "RFC 5545, 3.6.5", "A VTIMEZONE begins before the first time that needs it."
)
OFFSET: Final = _clause("offset", "RFC 5545, 3.3.14", "An offset from UTC is one such as +0100.")
RRULE: Final = _clause(
    "rrule", "RFC 5545, 3.3.10", "A recurrence rule is one, and its UNTIL in UTC where there is a zone."
)
EXCEPTION: Final = _clause(
    "exception", "RFC 5545, 3.8.4.4", "RECURRENCE-ID and EXDATE are of the type and zone of the event's DTSTART."
)
UID_ONCE: Final = _clause("uid-once", "RFC 5545, 3.8.4.7", "No two events have one UID and one RECURRENCE-ID.")
SAME_UID: Final = _clause(
    "exception-master", "RFC 5545, 3.8.4.4", "An event with a RECURRENCE-ID stands beside the one that recurs."
)
FREE_BUSY: Final = _clause("freebusy-utc", "RFC 5545, 3.8.2.6", "FREEBUSY is periods in UTC, in ascending order.")
FBTYPE: Final = _clause("fbtype", "RFC 5545, 3.2.9", "FBTYPE is FREE, BUSY, BUSY-UNAVAILABLE or BUSY-TENTATIVE.")

# -- kinds of file ----------------------------------------------------------------------------------------------------

_TOLD: Final = ("invitation", "update", "cancellation")
_ASKED: Final = ("invitation", "update")

METHOD: Final = _clause("method", "RFC 5546, 1.4", "METHOD is the one of its kind of file.")
NO_METHOD: Final = _clause("no-method", "RFC 4791, 4.1", "What a server keeps has no METHOD.", "caldav")
COMPONENTS: Final = _clause("components", "RFC 5546, 3.2", "Only the components of its kind of file are in it.")
ONE_UID: Final = _clause(
    "one-uid", "RFC 5546, 3.2.2", "One event is in a message, so that each client takes all.", *_TOLD
)
ONE_RESOURCE: Final = _clause("one-resource", "RFC 4791, 4.1", "One UID is in what a server keeps.", "caldav")
ORGANIZER: Final = _clause(
    "organizer", "RFC 5546, 3.2", "What is published or sent has an ORGANIZER.", *_TOLD, "feed", "freebusy"
)
NEEDED: Final = _clause(
    "needed", "RFC 5546, 3.2.2", "An invitation has SEQUENCE, SUMMARY, LOCATION, STATUS and TRANSP.", *_ASKED
)
CANCEL_NEEDED: Final = _clause(
    "cancel-needed", "RFC 5546, 3.2.5", "A cancellation has SEQUENCE, STATUS:CANCELLED and ATTENDEE.", "cancellation"
)
NOT_CANCELLED: Final = _clause("not-cancelled", "RFC 5546, 3.2.2", "A REQUEST is not CANCELLED.", *_ASKED)
ONE_INVITEE: Final = _clause(
    "one-invitee", "client", "One invitee is named, and no other's address: INDIVIDUAL or GROUP.", *_TOLD
)
ASKED: Final = _clause(
    "asked",
    "RFC 5546, 3.2.2",
    "The invitee is asked: PARTSTAT=NEEDS-ACTION, RSVP=TRUE, and a ROLE that takes part.",
    *_ASKED,
)
ROOM: Final = _clause(
    "room",
    "RFC 5545, 3.2.3",
    "The room is an ATTENDEE: CUTYPE=ROOM, ROLE=NON-PARTICIPANT, PARTSTAT=ACCEPTED, RSVP=FALSE.",
    *_ASKED,
)
NO_ALARM: Final = _clause(
    "no-alarm", "RFC 5545, 3.6.6", "There is no VALARM: nobody asked to be woken.", *_TOLD, "feed", "freebusy", "rich"
)
NO_CALENDAR: Final = _clause(
    "no-calendar", "client", "It says nothing of a calendar, for which Outlook would open a new one.", *_TOLD, "caldav"
)
FEED_HEAD: Final = _clause(
    "feed-head",
    "RFC 7986, 5",
    "A feed has NAME, COLOR and REFRESH-INTERVAL, and what older clients read of them.",
    "feed",
    "rich",
)
FEED_SEQUENCE: Final = _clause(
    "feed-sequence", "RFC 5546, 2.1.4", "Each event of a feed has its SEQUENCE.", "feed", "rich"
)
FEED_ORDER: Final = _clause("feed-order", "client", "The events of a feed are in order of start.", "feed", "rich")
FEED_CANCELLED: Final = _clause(
    "feed-cancelled", "client", "What is cancelled says so in SUMMARY, for clients that show no STATUS.", "feed"
)
NO_ATTENDEE: Final = _clause("no-attendee", "RFC 5546, 3.2.1", "What is published has no ATTENDEE.", "feed", "rich")
BUSY_ALONE: Final = _clause(
    "busy-alone", "RFC 5546, 3.3.1", "Busy times have DTSTART and DTEND in UTC, and not a word of what for.", "freebusy"
)
AGENT: Final = _clause(
    "schedule-agent", "RFC 6638, 7.1", "ORGANIZER and ATTENDEE say SCHEDULE-AGENT=CLIENT: our mails do that.", "caldav"
)
PART_UID: Final = _clause(
    "part-uid", "RFC 9073, 7", "Each place, participant and resource has a UID of its own.", "rich"
)
PART_TYPE: Final = _clause("participant-type", "RFC 9073, 6.2", "A PARTICIPANT has a PARTICIPANT-TYPE.", "rich")
PART_ADDRESS: Final = _clause("part-address", "client", "No address of anybody stands in the rich programme.", "rich")

# -- a message after another ------------------------------------------------------------------------------------------

AFTER_UID: Final = _clause("after-uid", "RFC 5546, 2.1.4", "It is of the same UID as what was told before.", "update")
AFTER_ORGANIZER: Final = _clause(
    "after-organizer", "RFC 5546, 3.2.2", "It is by the ORGANIZER of what was told before.", "update"
)
AFTER_SEQUENCE: Final = _clause("after-sequence", "RFC 5546, 2.1.4", "Its SEQUENCE is greater than before.", "update")
AFTER_STAMP: Final = _clause("after-stamp", "RFC 5546, 2.1.5", "Its DTSTAMP is later than before.", "update")

# -- mail and jCal ----------------------------------------------------------------------------------------------------

MAIL_LINES: Final = _clause(
    "mail-lines", "RFC 5322, 2.1.1", "Lines end in CRLF, have at most 998 octets, and are ASCII.", "mail"
)
MAIL_HEAD: Final = _clause(
    "mail-head", "RFC 5322, 3.6", "From, To, Date, Subject and Message-ID stand once each.", "mail"
)
MAIL_PARTS: Final = _clause(
    "mail-parts",
    "RFC 6047, 2.4",
    "mixed[alternative[plain, html, text/calendar], application/ics], in that order.",
    "mail",
)
MAIL_METHOD: Final = _clause(
    "mail-method", "RFC 6047, 2.4", "The parameter method is the METHOD of the calendar.", "mail"
)
MAIL_CHARSET: Final = _clause("mail-charset", "RFC 6047, 2.4", "The parameter charset is utf-8.", "mail")
MAIL_COPY: Final = _clause("mail-copy", "client", "The attachment is the same calendar, named .ics.", "mail")
MAIL_ADDRESS: Final = _clause(
    "mail-address", "RFC 6047, 2.3", "To is the ATTENDEE; From, or else Reply-To, is the ORGANIZER.", "mail"
)
JCAL: Final = _clause("jcal", "RFC 7265, 3.3", "A component is an array: name, properties, components.", "jcal")
JCAL_PROPERTY: Final = _clause(
    "jcal-property",
    "RFC 7265, 3.4",
    "A property is an array: name, parameters, type, values; names in lower case.",
    "jcal",
)
JCAL_VALUE: Final = _clause("jcal-value", "RFC 7265, 3.6", "A value is written in the way of its type.", "jcal")

CLAUSES: Final[tuple[Clause, ...]] = tuple(_FOUND)
"""All of them, in the order of this module."""
