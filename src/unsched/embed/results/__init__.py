"""The shapes of what is answered, from which its JSON Schema is made; the tests hold what is really sent against it.

Where a field has the class of a problem, a schedule and so on, a document of that kind stands there, as in a file.
"""

from unsched.embed.results.asked import Alternatives, Explained, Why, WhyNot
from unsched.embed.results.made import Amended, Calendars, Checked, Published
from unsched.embed.results.parts import Diff
from unsched.embed.results.searched import Progress, Repaired, Solved, WhatIf
from unsched.embed.results.served import Cancelled, Error, Hello, Schema

__all__ = [
    "Alternatives",
    "Amended",
    "Calendars",
    "Cancelled",
    "Checked",
    "Diff",
    "Error",
    "Explained",
    "Hello",
    "Progress",
    "Published",
    "Repaired",
    "Schema",
    "Solved",
    "WhatIf",
    "Why",
    "WhyNot",
]
