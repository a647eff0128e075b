"""How fast and how good: public instances as problems of catalogue rules, solved, and scored by others' rules."""
