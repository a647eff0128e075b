"""The search: the board that speaks CP-SAT, and everything that is done with it. Only this package loads OR-Tools."""

import logging

# What is logged is for whoever asks for it: without this, Python itself would print warnings.
logging.getLogger("unsched").addHandler(logging.NullHandler())
