"""How fast and how good: public instances, read into problems of catalogue rules, solved, and scored by others' rules."""
