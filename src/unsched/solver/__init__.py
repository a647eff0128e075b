"""The search: the board that speaks CP-SAT, and everything that is done with it. Only this package loads OR-Tools."""
