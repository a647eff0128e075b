"""Names that are registered (RFC 5545, section 8.3, and the RFCs that have added to it)."""

from __future__ import annotations

from typing import Final

__all__ = ["COLOURS", "COMPONENTS", "PARAMETERS", "PROPERTIES", "RELATIONS", "words"]


def words(text: str) -> frozenset[str]:
    """Return the words of a text.

    >>> sorted(words("UID DTSTAMP"))
    ['DTSTAMP', 'UID']
    """
    return frozenset(text.split())


COMPONENTS: Final = words("""
    AVAILABLE DAYLIGHT PARTICIPANT STANDARD VALARM VAVAILABILITY VCALENDAR VEVENT VFREEBUSY VJOURNAL VLOCATION
    VRESOURCE VTIMEZONE VTODO
""")

PROPERTIES: Final = words("""
    ACKNOWLEDGED ACTION ATTACH ATTENDEE BUSYTYPE CALENDAR-ADDRESS CALSCALE CATEGORIES CLASS COLOR COMMENT COMPLETED
    CONCEPT CONFERENCE CONTACT CREATED DESCRIPTION DTEND DTSTAMP DTSTART DUE DURATION EXDATE EXRULE FREEBUSY GEO
    IMAGE LAST-MODIFIED LINK LOCATION LOCATION-TYPE METHOD NAME ORGANIZER PARTICIPANT-TYPE PERCENT-COMPLETE PRIORITY
    PRODID PROXIMITY RDATE RECURRENCE-ID REFID REFRESH-INTERVAL RELATED-TO REPEAT REQUEST-STATUS RESOURCE-TYPE
    RESOURCES RRULE SEQUENCE SOURCE STATUS STRUCTURED-DATA STYLED-DESCRIPTION SUMMARY TRANSP TRIGGER TZID TZID-
    ALIAS-OF TZNAME TZOFFSETFROM TZOFFSETTO TZUNTIL TZURL UID URL VERSION
""")

PARAMETERS: Final = words("""
    ALTREP CN CUTYPE DELEGATED-FROM DELEGATED-TO DERIVED DIR DISPLAY EMAIL ENCODING FBTYPE FEATURE FILENAME FMTTYPE
    GAP LABEL LANGUAGE LINKREL MANAGED-ID MEMBER ORDER PARTSTAT RANGE RELATED RELTYPE ROLE RSVP SCHEDULE-AGENT
    SCHEDULE-FORCE-SEND SCHEDULE-STATUS SCHEMA SENT-BY SIZE TZID VALUE
""")

RELATIONS: Final = words("""
    CHILD CONCEPT DEPENDS-ON FINISHTOFINISH FINISHTOSTART FIRST NEXT PARENT REFID SIBLING SNOOZE STARTTOFINISH
    STARTTOSTART
""")

COLOURS: Final = words("""
    aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood
    cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod
    darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon
    darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray
    dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green
    greenyellow grey honeydew hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon
    lightblue lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon
    lightseagreen lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen magenta
    maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen
    mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive
    olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru
    pink plum powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen
    seashell sienna silver skyblue slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato
    turquoise violet wheat white whitesmoke yellow yellowgreen
""")
"""Names of colours (CSS Color Module Level 4, section 6.1)."""
