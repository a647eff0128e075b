"""What the commands do, a theme a module, and the options of those that have many."""
