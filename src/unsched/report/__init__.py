"""Schedules, problems, breaches and rules as people read them: plain text and HTML."""
