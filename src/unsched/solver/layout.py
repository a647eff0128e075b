"""Where in its two arrays the walk finds what: one that is only read, and one that holds all that changes."""

from __future__ import annotations

from typing import Final, TypeAlias

COST, BROKEN, AWRY, WAITING, LOGGED, BAD, WORK, BEST, SPREAD, STAY, ROUND, COUNTERS = range(12)
"""What the first numbers of a state are: the cost; by how much rows of decisions alone are broken, and others; how many
variables wait for their value, changes can be taken back, rows may be broken; entries looked at; the least cost so far;
whether what can be taken back has been followed into rows of other kinds; how many of a hundred moves leave a session
at its time; how often what follows has been worked out; and their number."""

DECIDED, MIXED = 1, 2
"""Which rows count: those that speak of decisions alone, and others. The former are looked at before anything that
follows is worked out."""

SHARED, LEAST, MOST = 4, 8, 16
"""Added to that of a row that gives what it has to several variables, or to one, on its least or on its most side."""

GIVES = 5
"""From which bit on it says to how many a row gives a value."""

WIDE = 7
"""How many numbers there are of each row."""

CHAIN = 8
"""How many sessions move together at most."""

BAD_ROWS = 4_096
"""How many rows that may be broken are kept in mind."""

Layout: TypeAlias = "tuple[int, ...]"
"""How many there are of what, and where in the two arrays each thing starts."""

# Of the layout: how many sessions, variables, rows, formulas and rooms there are.
SESSIONS, SIZE, HEIGHT, FORMULAS, ROOMS_MANY = range(5)

READ: Final = (
    # The model (`Flat`): of each variable where its rows start, and where those that speak of more than decisions do;
    # the rows, each with the factor; and of each row some numbers together: what it is not below, what it is not above,
    # whether it counts, is shared, and how many variables it gives a value; where those start; and of the one that it
    # gives a value, which it is, the value that it takes where nothing stops it, and its factor without the sign.
    "lower",
    "upper",
    "weights",
    "starts",
    "columns",
    "factors",
    "row_starts",
    "splits",
    "entries",
    "heads",
    # Its formulas (`Formulas`), and the session that each variable places.
    "order",
    "directions",
    "rule_starts",
    "rule_rows",
    "rule_factors",
    "given",
    "given_factors",
    "owners",
    # Where the positions of each session start, and of each position its hour, its room and its literals.
    "stand_starts",
    "hours",
    "in_rooms",
    "literal_starts",
    "literals",
    # Where the siblings of each session start, and who they are.
    "sibling_starts",
    "siblings",
)
"""What is read, in the order of the layout."""

CHANGED: Final = (
    "values",
    "activity",
    # Of each row that is shared, when it was last seen, who has had a share, and what those who come later have.
    "seen",
    "served",
    "taken",
    "current",
    "record",
    # What waits for its value (a heap of ranks), what can be taken back, what may be broken, and chance.
    "queue",
    "waits",
    "log",
    "changes",
    "suspects",
    "random",
)
"""What changes, in the order of the layout."""

(
    LOWER,
    UPPER,
    WEIGHTS,
    STARTS,
    COLUMNS,
    FACTORS,
    ROW_STARTS,
    SPLITS,
    ENTRIES,
    HEADS,
    ORDER,
    DIRECTIONS,
    RULE_STARTS,
    RULE_ROWS,
    RULE_FACTORS,
    GIVEN,
    GIVEN_FACTORS,
    OWNERS,
    STAND_STARTS,
    HOURS,
    IN_ROOMS,
    LITERAL_STARTS,
    LITERALS,
    SIBLING_STARTS,
    SIBLINGS,
    VALUES,
    ACTIVITY,
    SEEN,
    SERVED,
    TAKEN,
    CURRENT,
    RECORD,
    QUEUE,
    WAITS,
    LOG,
    CHANGES,
    SUSPECTS,
    RANDOM,
) = range(5, 43)
