"""Facts: when, where, who and what; the problem that they make; the schedule that answers it."""
