"""What a calendar file has to keep to: clauses of RFCs and what clients were measured to need, each by itself."""
