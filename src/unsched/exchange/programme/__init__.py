"""What programmes of other tools have in common: reading them safely, and stating them as a problem."""
